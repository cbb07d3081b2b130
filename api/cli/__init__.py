"""The commands of `hourledger`, by what they are about."""
