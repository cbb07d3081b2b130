"""Records, their canonical bytes, signatures and commitments."""
