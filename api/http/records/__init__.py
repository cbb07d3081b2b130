"""Records and the log over HTTP: append, read, health."""
