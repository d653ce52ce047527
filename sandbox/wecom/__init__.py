"""A simulated WeCom for self-built apps: its API, its encrypted callbacks, its limits."""
