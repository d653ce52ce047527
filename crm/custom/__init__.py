"""What the organisation adds itself: fields of any kind of record, and kinds of records of its own."""
