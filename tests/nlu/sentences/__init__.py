"""Sentences with their meaning, by what they are about. All are sent on Friday, 2026-11-20 at 10:00."""
