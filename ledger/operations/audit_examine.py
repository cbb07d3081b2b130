"""The part of an audit that needs no order: every entry for itself, so any number at once.

Canonical bytes, signatures, record id, leaf hash: by far most of the work. What comes back is small
and plain, so that it may have been made in another process or on another machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.core.kinds.registry import Seal
from ledger.core.records.decode import read_entry
from ledger.core.records.intake import check_intake
from ledger.core.records.record import Entry, home_ledger, record_id
from ledger.core.trees.merkle import leaf_hash
from ledger.errors import Refused


@dataclass(frozen=True, slots=True)
class Work:
    """Entries one after the other as they are stored, and the ledger id that their genesis gives
    (None: there is no genesis)."""

    ledger: bytes | None
    entries: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """One entry by itself: what it is (None: `unreadable` says why), its leaf hash, its record id,
    and why its signatures do not hold (empty: they do)."""

    entry: Entry | None
    leaf: bytes
    record: bytes = b""
    unreadable: str = ""
    refused: str = ""


def examine(work: Work) -> list[Examined]:
    """Examine some entries. Pure, and never raises for what they say."""
    return [_examine(work.ledger, data) for data in work.entries]


def _examine(ledger: bytes | None, data: bytes) -> Examined:
    leaf = leaf_hash(data)
    try:
        entry = read_entry(data)
    except Refused as error:
        return Examined(None, leaf, unreadable=error.code.value)
    home = home_ledger(entry.record, ledger)
    if home is None:
        return Examined(entry, leaf, refused="the log does not begin with a genesis")
    if isinstance(entry.record.body, Seal):
        return Examined(entry, leaf, record_id(home, entry.record.body))
    try:
        return Examined(entry, leaf, check_intake(home, entry.record))
    except Refused as error:
        refused = f"{error.code.value} {error.detail}".strip()
        return Examined(entry, leaf, refused=refused)
