"""Names in a message: the organisation's customers, companies nobody knows yet, contacts and colleagues."""
