"""The demonstration: a story told on the terminal, and the made-up town that it is told of."""
