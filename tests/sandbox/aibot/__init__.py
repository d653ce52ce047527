"""The smart bot's long connection, over the wire."""
