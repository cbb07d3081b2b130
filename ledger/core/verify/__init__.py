"""The verifier: what strangers must trust."""
