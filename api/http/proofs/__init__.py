"""Transcripts, disclosures and statements of accounts over HTTP."""
