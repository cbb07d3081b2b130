"""What developers run to bring up to date what is made of the code: `python -m api.renew.…`."""
