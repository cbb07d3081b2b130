"""Whom a person trusts about ledgers."""
