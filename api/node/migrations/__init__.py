"""The tables of `ledger` and `anchoring` as a sequence of migrations. A released one is frozen."""
