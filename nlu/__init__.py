"""Understanding Chinese messages: numbers, money, times, names, intents. Pure: no I/O, no settings."""

VERSION = "4"
"""The grammar's version: kept with every record that it read, and raised when it reads differently."""
