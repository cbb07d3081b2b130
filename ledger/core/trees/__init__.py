"""Trees of hashes, tiles and signed checkpoints; they know no record."""
