"""Settings, the clock, logging and default business configuration. Imports no other room."""
