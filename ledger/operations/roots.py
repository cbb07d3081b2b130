"""The genesis and the charters of a ledger, read from its log, and as every file carries them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from ledger.core.kinds.registry import Genesis
from ledger.core.proofs.roots import root_json
from ledger.core.records.charters import Root
from ledger.core.records.decode import read_entry
from ledger.core.state.state import HEAD
from ledger.core.trees.merkle import inclusion_path
from ledger.errors import Damaged
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.state import SqlState


def charters_of(connection: Connection, genesis: Genesis) -> Root:
    """The genesis with the charters that the log holds after it."""
    head = SqlState(connection).get(HEAD)
    rows = [store.entry_of(connection, record) for record in (head.charters if head else ())]
    if None in rows:
        raise Damaged("log", "a charter is missing")
    return Root(genesis, tuple(read_entry(row.data) for row in rows if row is not None))


def with_paths(connection: Connection, root: Root, size: int | None) -> Root:
    """The charters as a file shows them that rests on the head of a size: each in that log, with
    its path. On no head (None): all charters, without paths."""
    if size is None:
        return Root(root.genesis, root.charters, ((),) * len(root.charters))
    read = tile_store.reader(connection)
    shown = tuple(entry for entry in root.charters if entry.index < size)
    paths = (tuple(inclusion_path(read, entry.index, size)) for entry in shown)
    return Root(root.genesis, shown, tuple(paths))


def rooted(connection: Connection, genesis: Genesis, size: int | None) -> dict[str, Any]:
    """The members `genesis` and `charters` of such a file."""
    return root_json(with_paths(connection, charters_of(connection, genesis), size))
