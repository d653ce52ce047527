"""What the writer wants."""
