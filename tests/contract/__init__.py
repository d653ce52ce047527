"""The vendors' own libraries against the sandbox; each test skips where its library is not installed."""
