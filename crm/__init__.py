"""The business: services that change records and pure rules. Knows no vendor and no HTTP."""
