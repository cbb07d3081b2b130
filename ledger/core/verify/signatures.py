"""The check `signatures`: each signature of a record recovers to the address that claims it."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.core.records.record import Record, home_ledger
from ledger.core.records.signing import check_signatures
from ledger.errors import ProofError


def check_signed(ledger: bytes, record: Record) -> None:
    """Each signature of a record of this ledger holds. Raises `ProofError` and `Refused`."""
    if home_ledger(record, ledger) != ledger:
        raise ProofError("signatures", "a record belongs to another ledger")
    check_signatures(ledger, record)


def check_all_signed(ledger: bytes, records: Iterable[Record]) -> str:
    """The same of many; how many signatures there are. Raises `ProofError` and `Refused`."""
    shown = list(records)
    for record in shown:
        check_signed(ledger, record)
    return recovered(shown)


def recovered(records: Iterable[Record]) -> str:
    """What the check says of records that are signed."""
    count = sum(len(record.signatures) for record in records)
    return f"{count} signatures recover to their signers"
