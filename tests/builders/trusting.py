"""Pins for tests that are not about whose ledger it is."""

from ledger.core.verify.pinned import HAND, Pin


def everybody(ledger: bytes, home: str) -> Pin:
    """Whatever ledger it is, somebody named it by hand."""
    return Pin(HAND)
