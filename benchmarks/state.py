"""The state tree as it grows: an update, and the proof of an account, at three sizes."""

import time
from collections.abc import Iterator
from hashlib import sha256
from math import log2
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from benchmarks import transcripts
from benchmarks.figure import Figure, each
from ledger.core.records.record import jcs
from ledger.core.state.state import Account
from ledger.core.state.totals import account_json
from ledger.core.state.tree_keys import account_name
from ledger.core.trees.patricia import EMPTY, Node, update
from ledger.core.trees.patricia_proof import Path as Proof
from ledger.core.trees.patricia_proof import encode_steps, find, verify_present
from ledger.store.engine import create_tables, open_engine, snapshot, transaction
from ledger.store.nodes import loader, save_nodes

ALONE = 100
"""Accounts that are changed one after the other, each with a root of its own."""

TOGETHER = 1000
"""Accounts that one batch changes."""

Nodes = dict[bytes, Node]


def figures(accounts: int) -> Iterator[Figure]:
    """At a hundredth, a tenth and all of `accounts`; then transcripts over the largest tree."""
    first: tuple[int, float] | None = None
    for size in (accounts // 100, accounts // 10, accounts):
        tree, nodes = update(lambda names: {}, EMPTY, dict(map(_account, range(size))))
        where = f"{size:,} accounts"
        with TemporaryDirectory() as folder:
            engine = open_engine(Path(folder) / "ledger.sqlite")
            create_tables(engine)
            with transaction(engine) as connection:
                save_nodes(connection, nodes.values())
            alone = _changed(engine, tree, size, ALONE, 1)
            together = _changed(engine, tree, size, 1, TOGETHER)
            proof, made, checked = _proofs(engine, tree, size)
            engine.dispose()
        # The logarithm of the accounts, scaled to what the smallest tree takes.
        limit = first and first[1] * log2(size) / log2(first[0])
        first = first or (size, alone)
        how = "one changed account: its path read from SQLite, hashed, written; without the commit"
        yield Figure(f"state update, {where}", alone, "us", "log", limit, how)
        how = f"{TOGETHER:,} accounts changed by one batch, which share the upper levels"
        yield Figure(f"in a batch, {where}", together, "us/account", "", None, how)
        length = len(encode_steps(proof.steps)) + len(proof.leaf.preimage())
        how = f"key, value and {len(proof.steps)} steps, the median; made from SQLite"
        yield Figure(f"account proof, {where}", length, "bytes", "", None, how)
        yield Figure(f"made, {where}", made * 1e6, "us", "", None, "median of 200")
        yield Figure(f"checked, {where}", checked * 1e6, "us", "", None, "median of 200")
    yield from transcripts.figures(accounts, nodes, tree)


def _account(number: int, entries: int = 7) -> tuple[bytes, bytes]:
    name = sha256(b"account %d" % number).digest()
    totals = Account(credit_minutes=600, entries=entries, head=name)
    return account_name("0x" + name[:20].hex()), jcs(account_json(totals, 60))


def _changed(engine: Engine, tree: bytes, size: int, batches: int, changed: int) -> float:
    """Microseconds an account, for some batches that change some accounts each."""
    rounds = iter(range(8, 100))
    step = size // (batches * changed)

    def change() -> float:
        entries = next(rounds)
        values = [_account(number * step, entries) for number in range(batches * changed)]
        root = tree
        with transaction(engine) as connection:
            began = time.perf_counter()
            for start in range(0, len(values), changed):
                root, new = update(loader(connection), root, dict(values[start : start + changed]))
                save_nodes(connection, new.values())
            return time.perf_counter() - began

    return median(change() for _ in range(5)) / (batches * changed) * 1e6


def _proofs(engine: Engine, tree: bytes, size: int) -> tuple[Proof, float, float]:
    """One of median length, the seconds to make one, and to check one."""
    keys = iter([_account(number * (size // 200))[0] for number in range(200)])
    proofs: list[Proof] = []
    with snapshot(engine) as connection:

        def prove() -> None:
            path = find(loader(connection), tree, next(keys))
            assert path is not None
            proofs.append(path)

        made = each(prove, 200)[100]
    shown = iter(proofs)
    checked = each(lambda: verify_present(tree, next(shown)), 200)[100]
    return sorted(proofs, key=lambda proof: len(proof.steps))[100], made, checked
