"""Receipts that people give a mirror: whether the log that it follows keeps them.

The leaf at a promised index is the mirror's own, verified with its root: a server that falls
silent hides nothing. It is asked for the head that shows the same to others, and shows how long the
log was when a promise was due.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from api.errors import WrongUse
from api.fetching import Unreachable
from api.mirror.evidence import KNOWN, Alarm
from api.mirror.fetching import Source
from api.mirror.stored import StoredHeads
from ledger.core.records.decode import parse_json
from ledger.core.records.record import ledger_id
from ledger.core.trees.tiles import HASH, TILE_WIDTH
from ledger.core.verify.receipt import Receipt, parse_receipt, verify_receipt
from ledger.errors import ProofError, Refused
from ledger.operations.archive import as_json
from ledger.refusals import Code

RECEIPT_MAX: Final = 1 << 20
"""Longest receipt in bytes: a genesis, a record and two notes."""


def compare_receipts(source: Source, stored: StoredHeads, files: Iterable[Path]) -> int:
    """How many of the receipts the log is known to have kept. Raises `Alarm` for one that was
    broken, `WrongUse` for what is no receipt of the ledger, and `Unreachable`."""
    return sum(_is_kept(source, stored, file) for file in files)


def _is_kept(source: Source, stored: StoredHeads, file: Path) -> bool:
    value, receipt = _read(file, stored)
    index = receipt.entry.index
    own = _leaf(stored, index)
    if own == receipt.entry.leaf():
        return True
    shown = _with_head(source, value, index, is_needed=own is None)
    if own is not None:
        number = stored.holding(index).number
        sentence = f"batch {number}: holds another entry at index {index} than {file.name} promised"
    elif shown["head"] is not None:
        sentence = f"batch {stored.last}: ends before entry {index}, which {file.name} promised"
    else:
        return False
    exhibits: dict[str, str | bytes | None] = {KNOWN: stored.note, "receipt.json": as_json(shown)}
    raise Alarm(sentence, exhibits)


def _with_head(
    source: Source, value: dict[str, Any], index: int, *, is_needed: bool
) -> dict[str, Any]:
    """The receipt with the server's head, if that shows to everybody that it was broken."""
    try:
        shown = {**value, "head": source.head(index)}
    except Unreachable:
        if is_needed:
            raise
        return value
    return shown if verify_receipt(shown).verdict == "broken" else value


def _read(file: Path, stored: StoredHeads) -> tuple[dict[str, Any], Receipt]:
    assert stored.manifest is not None
    try:
        value = parse_json(file.read_bytes(), RECEIPT_MAX)
        if type(value) is not dict:
            raise Refused(Code.BAD_FORM, "an object is needed")
        alone = _alone(value)
        receipt = parse_receipt(alone)
    except (OSError, Refused, ProofError) as error:
        raise WrongUse(f"{file} is no receipt that can be read") from error
    if ledger_id(receipt.root.genesis) != stored.manifest.ledger_id:
        raise WrongUse(f"{file} is no receipt of this ledger: it is of another")
    report = verify_receipt(alone)
    if report.verdict == "invalid":
        reason = next(check.reason for check in report.checks if check.ok is False)
        raise WrongUse(f"{file} is no receipt of this ledger: {reason}")
    return alone, receipt


def _leaf(stored: StoredHeads, index: int) -> bytes | None:
    if index >= stored.size:
        return None
    tile, place = divmod(index, TILE_WIDTH)
    return stored.leaves(tile, place + 1)[place * HASH :]


def _alone(value: dict[str, Any]) -> dict[str, Any]:
    """A receipt without its head, and without the paths to it."""
    charters = value.get("charters")
    if type(charters) is list and all(type(one) is dict for one in charters):
        charters = [{**one, "path": ""} for one in charters]
    return {**value, "charters": charters, "head": None}
