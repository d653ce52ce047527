"""Tests of the smart bot over its long connection."""
