"""Tables, sessions, the single writer, search, inbox, outbox and migrations, on SQLite and PostgreSQL."""
