"""Understanding Chinese messages: numbers, money, times, names, intents. Pure: no I/O, no settings, no database."""
