"""Activities and clock events over HTTP."""
