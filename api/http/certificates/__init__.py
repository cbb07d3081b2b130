"""Certificates over HTTP: issue, fetch, share, status lists and DID documents."""
