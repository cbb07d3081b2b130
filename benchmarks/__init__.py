"""What Hourledger does in a second, beside what the machine could do at most."""
