"""The fields of a record, each read from the words around it."""
