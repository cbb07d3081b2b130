"""The documents that carry proofs: parsing only."""
