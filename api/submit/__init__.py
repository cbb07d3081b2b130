"""Making, signing and handing in a record of any kind, here or to a server elsewhere."""
