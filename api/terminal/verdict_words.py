"""What each verdict comes to, in one sentence, and its colour in a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.words import mark

VERDICTS: Final[Mapping[str, tuple[str, str]]] = {
    "valid": ("green", mark("The record is in the ledger and was not changed since.")),
    "pending": (
        "yellow",
        mark("Accepted, but not anchored deep enough yet. Check again later."),
    ),
    "unpinned": (
        "magenta",
        mark("Nobody whom you trust has named this ledger: anybody can found one, under any name."),
    ),
    "broken": (
        "red",
        mark("The ledger's key promised to hold a record, and signed a log that does not hold it."),
    ),
    "amended": ("yellow", mark("A newer version exists.")),
    "void": ("red", mark("The record was voided and counts no longer.")),
    "disputed": (
        "yellow",
        mark("An objection is open, or a key behind the record was revoked."),
    ),
    "disowned": (
        "yellow",
        mark(
            "The ledger took the anchor of this file back, for all to see. "
            "Ask it for a fresh proof."
        ),
    ),
    "no_proof": (
        "bright_black",
        mark("There is no proof of ours in this file. Whatever it says, nothing here proves it."),
    ),
    "damaged": (
        "bright_black",
        mark(
            "The file cannot be read, so nothing was checked. Download it again, or ask for it "
            "again, and do not open it in an editor."
        ),
    ),
    "unknown": ("yellow", mark("This ledger has no such record or certificate.")),
    "unchecked": (
        "yellow",
        mark("Not everything could be checked: neither valid nor invalid."),
    ),
    "invalid": ("red", mark("The proof does not hold.")),
}
"""Verdict → colour and sentence. Only `valid` is green."""
