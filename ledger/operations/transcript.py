"""Make a transcript: all entries of an account since the batch before a period."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from ledger.core.kinds.registry import service_of
from ledger.core.proofs.transcript import ENTRIES_MAX, FORMAT, MARGIN_SECONDS, PATHS
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry
from ledger.core.state.totals import Status
from ledger.core.state.tree_keys import account_name, status_name
from ledger.core.trees.merkle import inclusion_paths
from ledger.core.trees.patricia import Load
from ledger.core.trees.patricia_many import find_many
from ledger.errors import NotFound, Refused
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors, anchored_batch, seal_of
from ledger.operations.prove_account import totals_json
from ledger.operations.roots import rooted
from ledger.operations.summary import root_of
from ledger.refusals import Code
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot
from ledger.store.entries import Batch, StoredEntry
from ledger.store.nodes import loader, remembering
from ledger.store.openings import openings

NODES_KEPT: Final = 10_000
"""Nodes of the state tree that are kept while many transcripts are made: some 20 megabytes."""


def transcript(
    ledger: Ledger,
    address: str,
    start: int,
    end: int,
    anchors_within: Anchors,
    *,
    held_by: str = PATHS,
) -> dict[str, Any]:
    """The transcript of an account for the half-open period (Unix s) as a JSON object: it rests on
    the newest anchored batch, so it holds all that changed since. `held_by` `CHAIN` leaves out the
    paths of the entries, more than half of its size. Raises `NotFound` before the first batch and
    `Refused(TOO_LARGE)` for more entries than a transcript takes."""
    with telling(ledger, anchors_within) as teller:
        return teller.tell(address, start, end, held_by=held_by)


@contextmanager
def telling(ledger: Ledger, anchors_within: Anchors, as_of: int | None = None) -> Iterator[Teller]:
    """Transcripts as of one batch: that of this number, else the newest anchored one (or where none
    is, the newest). Raises `NotFound` where there is no such batch."""
    with snapshot(ledger.engine) as connection:
        if as_of is None:
            batch, anchors = anchored_batch(connection, anchors_within)
        else:
            batch = store.batch_numbered(connection, as_of)
            anchors = anchors_within(batch.size, batch.size) if batch else []
        if batch is None:
            raise NotFound("no such batch is sealed yet")
        load = remembering(loader(connection), NODES_KEPT)
        yield Teller(ledger, connection, batch, anchors, seal_of(connection, batch), load)


@dataclass(frozen=True, slots=True)
class Teller:
    """Makes transcripts as of one batch, from one snapshot of the ledger."""

    ledger: Ledger
    connection: Connection
    batch: Batch
    anchors: list[dict[str, Any]]
    seal: dict[str, Any]
    load: Load

    def tell(self, address: str, start: int, end: int, *, held_by: str) -> dict[str, Any]:
        """The entries of an account (see `transcript`)."""
        return self.tell_entries(address, start, end, held_by=held_by)[0]

    def tell_entries(
        self, address: str, start: int, end: int, *, held_by: str
    ) -> tuple[dict[str, Any], list[Entry]]:
        """As `transcript`, and the entries that are in it."""
        connection, batch = self.connection, self.batch
        margin = max(self.ledger.policy.clock_skew_seconds, MARGIN_SECONDS)
        before = store.batch_before(connection, start - margin)
        if before is not None and before.number >= batch.number:
            before = store.batch_numbered(connection, batch.number - 1)
        # Where the account was not there yet, all its entries are after that batch, so none is
        # needed; and that it was not there is proved by the key and totals of somebody else.
        earlier = self._before(before, address) if before else None
        if earlier is not None and earlier["totals"] is None:
            before = earlier = None
        rows = _rows(connection, address, before.size if before else 0, batch.size)
        entries = [read_entry(row.data) for row in rows]
        shown = [entry.index for entry in entries] if held_by == PATHS else []
        if before is not None:
            shown.append(before.size - 1)
        read = tile_store.reader(connection)
        path = inclusion_paths(read, shown, batch.size) if shown else []
        told = zip(rows, entries, strict=True)
        services = [row.record_id for row, entry in told if _is_own(entry, address)]
        state, statuses = self._state(batch, address, services)
        found = {
            "format": FORMAT,
            **rooted(connection, self.ledger.genesis, batch.size),
            "account": address,
            "from": start,
            "to": end,
            "before": earlier,
            "after": {"seal": self.seal, **state},
            "entries": [entry.to_json() for entry in entries],
            "statuses": statuses,
            "held_by": held_by,
            "path": base64.b64encode(b"".join(path)).decode(),
            "anchors": self.anchors,
        }
        return found, entries

    def _before(self, batch: Batch, address: str) -> dict[str, Any]:
        state, _ = self._state(batch, address, [])
        return {"seal": seal_of(self.connection, batch)["entry"], **state}

    def _state(
        self, batch: Batch, address: str, services: list[bytes]
    ) -> tuple[dict[str, Any], list[Any]]:
        """What the tree of a batch says of an account, the proof of it and of the statuses of some
        of its services; and these, in order."""
        account, *names = account_name(address), *(status_name(address, s) for s in services)
        values, proof = find_many(
            self.load, root_of(self.connection, batch), dict.fromkeys((account, *names))
        )
        opened = openings(self.connection, values.values())
        statuses = [Status.of(opened.get(values[name] or b"")).to_json() for name in names]
        stated = {
            **totals_json(opened.get(values[account] or b"")),
            "proof": base64.b64encode(proof).decode(),
        }
        return stated, statuses


def _rows(connection: Connection, address: str, first: int, stop: int) -> list[StoredEntry]:
    rows = store.entries_concerning(connection, address, first - 1, ENTRIES_MAX + 1)
    found = [row for row in rows if row.index < stop]
    if len(found) > ENTRIES_MAX:
        raise Refused(Code.TOO_LARGE, f"more than {ENTRIES_MAX} entries: ask for a later period")
    return found


def _is_own(entry: Entry, address: str) -> bool:
    service = service_of(entry.record.body)
    return service is not None and service.volunteer == address
