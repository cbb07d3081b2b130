"""Files as people hand them in: what proof is in them, and why none can be read."""
