"""One ledger on this machine: its directory, settings, keys, worker and migrations."""
