"""Who is calling, and what they may see: sign-in, tokens, roles out of the ledger, limits."""
