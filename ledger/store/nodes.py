"""Nodes of the state tree: named by their hashes, written once, never changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import sha256

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from ledger.core.trees.patricia import Load, Node, parse_node
from ledger.errors import Damaged, ProofError
from ledger.store import tables
from ledger.store.entries import ID_CHUNK
from ledger.store.tables import table_of

_NODE = table_of(tables.StateNodeRow)
_ONE = select(_NODE.c.hash, _NODE.c.data).where(_NODE.c.hash == bindparam("name"))


def loader(connection: Connection) -> Load:
    """Reads nodes. Raises `Damaged` for one that is missing or is not what its name says."""

    def load(names: Collection[bytes]) -> dict[bytes, Node]:
        found: dict[bytes, Node] = {}
        wanted = list(names)
        if len(wanted) == 1:
            # A lookup walks node by node: its question is made once.
            for name, data in connection.execute(_ONE, {"name": wanted[0]}):
                return {name: _checked(name, data)}
        for start in range(0, len(wanted), ID_CHUNK):
            chunk = wanted[start : start + ID_CHUNK]
            query = select(_NODE.c.hash, _NODE.c.data).where(_NODE.c.hash.in_(chunk))
            for name, data in connection.execute(query):
                found[name] = _checked(name, data)
        missing = next((name for name in wanted if name not in found), None)
        if missing is not None:
            raise Damaged("state", f"node {missing.hex()} is missing")
        return found

    return load


def remembering(load: Load, most: int) -> Load:
    """A loader that keeps up to so many nodes: paths of one tree have their upper nodes in common,
    and a node never changes."""
    known: dict[bytes, Node] = {}

    def remembered(names: Collection[bytes]) -> dict[bytes, Node]:
        found = {name: known[name] for name in names if name in known}
        missing = [name for name in names if name not in found]
        if missing:
            loaded = load(missing)
            if len(known) + len(loaded) > most:
                known.clear()
            known.update(loaded)
            found |= loaded
        return found

    return remembered


def _checked(name: bytes, data: object) -> Node:
    if type(data) is not bytes or sha256(data).digest() != name:
        raise Damaged("state", f"node {name.hex()} holds something else")
    try:
        return parse_node(data)
    except ProofError as error:
        raise Damaged("state", f"node {name.hex()}: {error.reason}") from error


def save_nodes(connection: Connection, nodes: Iterable[Node]) -> None:
    """Write nodes; one that is there already is the same."""
    rows = [{"hash": node.hash(), "data": node.preimage()} for node in nodes]
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(_NODE).on_conflict_do_nothing(), rows)
