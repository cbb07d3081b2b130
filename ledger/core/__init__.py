"""Core: encoding, signing, Merkle trees, proofs. Frozen: a change here could make an old proof
verify differently, so it needs a new version beside the old one."""
