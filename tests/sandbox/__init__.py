"""Tests of the sandbox, over the wire."""
