"""Bodies of records and people: what is written into fields, and what they say in words."""
