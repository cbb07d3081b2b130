"""The kinds of records."""
