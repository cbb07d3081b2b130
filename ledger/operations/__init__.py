"""Operations: the orders of steps on the ledger. Append, seal, prove, audit."""
