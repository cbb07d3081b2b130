"""The spelling of values: fields, types, limits."""
