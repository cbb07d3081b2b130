"""Disclose: the hours of a period by class and category, with the proof and no single record."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from ledger.core.state.hours_by_month import Cell, MonthHours, cell_hash, hours_key
from ledger.core.state.tree_keys import month_name
from ledger.core.trees.patricia_many import find_many
from ledger.core.verify.disclosure import FORMAT, period_of
from ledger.errors import NotFound, ProofError, Refused, Unavailable
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors, anchored_batches, seal_of
from ledger.operations.roots import rooted
from ledger.operations.summary import root_of
from ledger.refusals import Code
from ledger.store import entries as store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch
from ledger.store.nodes import loader
from ledger.store.state import SqlState

Shown = Callable[[Cell], bool]
"""Which cells are shown; of the others the file has hashes."""


def disclosure(
    ledger: Ledger,
    address: str,
    period: tuple[str, str],
    anchors_within: Anchors,
    *,
    shown: Shown = lambda cell: True,
) -> dict[str, Any]:
    """The file as a JSON object, for a period of local months ("YYYY-MM"), both ends counted.

    It rests on the newest batch that is final on a chain; where the months have changed since, on a
    newer one.
    Raises `Refused` for a period that is none, `NotFound` before the first batch, and `Unavailable`
    while a change of these months is in no batch.
    """
    try:
        months = period_of(*period)
    except ProofError as error:
        raise Refused(Code.BAD_VALUE, error.reason) from error
    with snapshot(ledger.engine) as connection:
        state = SqlState(connection)
        state.prefetch(hours_key(address, month) for month in months)
        held = {month: state.get(hours_key(address, month)) for month in months}
        wanted = {
            month_name(address, name): None if month is None else month.value()
            for name, month in held.items()
        }
        batch, proof, anchors = _proved(connection, wanted, anchors_within)
        return {
            "format": FORMAT,
            **rooted(connection, ledger.genesis, batch.size),
            "account": address,
            "from": months[0],
            "to": months[-1],
            "seal": seal_of(connection, batch),
            "months": [_told(held[month], shown) for month in months],
            "proof": base64.b64encode(proof).decode(),
            "anchors": anchors,
        }


def _proved(
    connection: Connection, wanted: dict[bytes, bytes | None], anchors_within: Anchors
) -> tuple[Batch, bytes, list[dict[str, Any]]]:
    if store.last_batch(connection) is None:
        raise NotFound("no batch is sealed yet")
    for batch, anchors in anchored_batches(connection, anchors_within):
        values, proof = find_many(loader(connection), root_of(connection, batch), wanted)
        if values == wanted:
            return batch, proof, anchors
    raise Unavailable("hours of this period are in no batch yet")


def _told(month: MonthHours | None, shown: Shown) -> list[Any] | None:
    if month is None:
        return None
    return [_cell(cell, cell.salt(month.opening), shown) for cell in month.cells]


def _cell(cell: Cell, salt: bytes, shown: Shown) -> Any:
    if not shown(cell):
        return "0x" + cell_hash(cell, salt).hex()
    return {
        "hour_class": cell.hour_class,
        "category": cell.category,
        "minutes": cell.minutes,
        "salt": "0x" + salt.hex(),
    }
