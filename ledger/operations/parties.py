"""Whom a record concerns: the addresses under which its entry is listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.kind import kind_of
from ledger.core.records.record import Record
from ledger.core.state.state import Change, State
from ledger.rules.keys import key_of


def parties_of(record: Record, state: State) -> list[str]:
    """Addresses that the record concerns, without repetition, in a fixed order."""
    kind = kind_of(record.body)
    found = [*kind.parties_of(record.body), *_behind(record, state)]
    return [a for a in dict.fromkeys(found) if a != ZERO_ADDRESS]


def strangers_to(changes: Iterable[Change], concerned: Iterable[str]) -> list[str]:
    """Accounts that the changes of a record touch although it does not concern them. There must be
    none: their totals would stay as they are in the state tree, and nobody would see why."""
    touched = (change.key for change in changes if change.key.table == "account")
    return sorted({str(key.parts[0]) for key in touched} - set(concerned))


def _behind(record: Record, state: State) -> Iterator[str]:
    """Those whom it concerns through a value of the state that it names."""
    for value in kind_of(record.body).reads:
        named: Any = state.get(key_of(value, record.body)) if value.concerns else None
        for whom in ("volunteer", "organisation"):
            if hasattr(named, whom):
                yield getattr(named, whom)
