"""Store: all SQL of the ledger. Signed bytes are the truth, every other column is an index."""
