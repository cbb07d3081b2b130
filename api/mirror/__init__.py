"""Following a ledger from outside: fetch, compare with what was seen before, raise the alarm."""
