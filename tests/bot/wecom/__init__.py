"""Tests of the WeCom edge: callback, client, sender."""
