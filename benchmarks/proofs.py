"""Proving and verifying one service in a log of a million entries.

The records around it are stood in for by random leaf hashes and random statuses, which the proofs
cannot tell from real ones: tiles, state tree, checkpoint and bundle are made by the real code.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.figure import Figure, each, seconds
from ledger.core.kinds.registry import Seal
from ledger.core.records.record import Entry, Record, jcs, record_id
from ledger.core.state.totals import Status
from ledger.core.state.tree_keys import delegation_name, organisation_name, status_name
from ledger.core.trees.merkle import inclusion_path, leaf_hash, reader_of, root
from ledger.core.trees.notes import Checkpoint, sign_note
from ledger.core.trees.patricia import EMPTY, Inner, Node, update
from ledger.core.trees.patricia_proof import find
from ledger.core.trees.tiles import extend
from ledger.core.verify.anchor import AnchorFinding
from ledger.core.verify.record import verify
from ledger.operations.ledger import Ledger
from ledger.operations.prove import bundle
from ledger.store import entries as store
from ledger.store import tiles as tile_store
from ledger.store.engine import snapshot, transaction
from ledger.store.entries import Batch, StoredEntry
from ledger.store.nodes import save_nodes
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import ANCHOR, START, Town, address


class AnyChain:
    """A chain that is asked in no time: what is measured is our part."""

    def look_up(self, anchor: Any, ledger_id: bytes, size: int, root: bytes) -> AnchorFinding:
        return AnchorFinding("final", "not asked", START + 10**8)


def figures(size: int) -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        town = Town()
        ledger = opened_ledger(town, Path(folder))
        activity = settle(town, ledger)
        record = town.credit("org", "ann", activity, START + 90000, 120)
        came, went = town.pair("org", "ann", activity, START + 90000, 120)
        # Far from the certification and from each other, as in a busy ledger.
        far = {size // 2: came, size * 51 // 100: went, size * 53 // 100: record}
        leaves = _grow(town, ledger, Path(folder), far, size)
        yield from _measure(town, ledger, town.id(record), size)
        yield _paths(leaves, size)
        ledger.close()
        ledger.engine.dispose()


def _grow(
    town: Town, ledger: Ledger, folder: Path, far: dict[int, Record], size: int
) -> list[bytes]:
    """Make the log `size` entries long: records at the indices of `far`, the last of which is to be
    proved, and at the end a seal with the root of `size` statuses."""
    record = town.id(list(far.values())[-1])
    some = Status("void", secrets.token_bytes(32)).value()
    assert some is not None
    statuses = {secrets.token_bytes(40): some for _ in range(size)}
    state_root, nodes = update(lambda names: {}, EMPTY, statuses)
    org, kept = address("org"), dict[bytes, Node]()
    for key in (
        status_name(address("ann"), record),
        organisation_name(org),
        delegation_name(org, address("station")),
    ):
        path = find(lambda names: {n: nodes[n] for n in names}, state_root, key)
        assert path is not None
        name = state_root
        for bit, _ in reversed(path.steps):
            node = kept[name] = nodes[name]
            assert isinstance(node, Inner)
            name = node.right if _right(key, bit) else node.left
        kept[name] = nodes[name]
    body = Seal(1, state_root, town.ledger, town.now)
    entry = Entry(size - 1, town.now, Record(body, ())).to_bytes()
    with snapshot(ledger.engine) as connection:
        rows = store.entries_from(connection, 0, size)
    filler = [secrets.token_bytes(32) for _ in range(size - len(rows) - 1)]
    leaves = [leaf_hash(row.data) for row in rows] + filler + [leaf_hash(entry)]
    stored = []
    for index, placed in far.items():
        data = Entry(index, town.now, placed).to_bytes()
        stored.append(StoredEntry(index, town.id(placed), placed.kind, town.now, data))
        leaves[index] = leaf_hash(data)
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as raw, raw:
        raw.execute("DROP TRIGGER entry_gapless")
    origin = ledger.genesis.origin
    note = sign_note(Checkpoint(origin, size, root(leaves)).body(), origin, town.log_key)
    with transaction(ledger.engine) as connection:
        row = StoredEntry(size - 1, record_id(town.ledger, body), "seal", town.now, entry)
        store.insert_entries(connection, [*stored, row])
        tile_store.save_tiles(connection, extend(lambda *_: b"", 0, leaves), size)
        save_nodes(connection, kept.values())
        store.insert_batch(connection, Batch(1, 0, size, root(leaves), town.now, note))
    return leaves


def _right(key: bytes, bit: int) -> bool:
    return bool(key[bit >> 3] >> (7 - (bit & 7)) & 1)


def _measure(town: Town, ledger: Ledger, record: bytes, size: int) -> Iterator[Figure]:
    def prove() -> dict[str, Any]:
        return bundle(ledger, record, lambda _, most: [{**ANCHOR, "size": most}])

    found = json.loads(json.dumps(prove()))
    report = verify(found, AnyChain())
    assert report.verdict == "valid", report.checks
    where = f"a credit service in a log of {size:,}"
    length = len(jcs(found))
    yield Figure("bundle size", length, "bytes", "promise", 8192, f"{where}, JCS, one anchor")
    times = each(lambda: verify(found, AnyChain()), 500)
    how = f"{where}: all checks in-process, the chain's answer not counted"
    yield Figure("verify, median", times[250] * 1000, "ms", "promise", 5, how)
    yield Figure("verify, 99 of 100", times[495] * 1000, "ms", "promise", 5, how)
    made = each(prove, 200)
    how = f"{where}, from SQLite, one thread"
    yield Figure("bundles", 1 / made[100], "/s", "", None, how)


def _paths(leaves: list[bytes], size: int) -> Figure:
    read = reader_of(leaves)
    places = [secrets.randbelow(size) for _ in range(2000)]
    value = len(places) / seconds(lambda: [inclusion_path(read, i, size) for i in places])
    return Figure("inclusion paths", value, "/s", "", None, f"from a tree of {size:,} in memory")
