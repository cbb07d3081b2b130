"""Operations: the orders of steps on the book. Append, seal, prove, audit."""
