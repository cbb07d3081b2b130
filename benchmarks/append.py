"""Appending and sealing, against SQLite and SHA-256 alone on the same bytes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, seconds
from ledger.core.records.record import Entry, Record
from ledger.operations.ledger import Ledger
from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town

CALL = 1000
"""Records of one call: what a bulk client sends at once."""


DAYS = 8
"""Days on which each volunteer serves once."""


def figures(count: int) -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        town = Town()
        ledger = opened_ledger(town, Path(folder))
        settle(town, ledger)
        names = [f"volunteer {i}" for i in range(count // DAYS)]
        ledger.append_many([town.enrol(name) for name in names])
        seal(ledger, town.log_key)
        records = [
            town.honour("org", "second", name, START + 90000 + day * 86400, 60)
            for day in range(DAYS)
            for name in names
        ]
        yield _append(ledger, records, Path(folder) / "bare.sqlite")
        yield _seal(town, ledger, records)
        ledger.close()
        ledger.engine.dispose()


def _append(ledger: Ledger, records: list[Record], file: Path) -> Figure:
    def ours() -> None:
        for start in range(0, len(records), CALL):
            ledger.append_many(records[start : start + CALL])

    value = len(records) / seconds(ours, runs=1)
    rows = [(i, bytes(32), Entry(i, START, r).to_bytes()) for i, r in enumerate(records)]

    def bare() -> None:
        with closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            database.execute("CREATE TABLE entry (i INTEGER PRIMARY KEY, id BLOB, data BLOB)")
            for start in range(0, len(rows), CALL):
                with database:
                    rest = rows[start : start + CALL]
                    database.executemany("INSERT INTO entry VALUES (?, ?, ?)", rest)

    limit = len(records) / seconds(bare, runs=1)
    how = f"honour services, {CALL} a call: two signatures each, rules, one durable transaction"
    return Figure("append", value, "records/s", "durable inserts of the bytes", limit, how)


def _seal(town: Town, ledger: Ledger, records: list[Record]) -> Figure:
    value = len(records) / seconds(lambda: seal(ledger, town.log_key), runs=1)
    data = [Entry(i, START, r).to_bytes() for i, r in enumerate(records)]

    def bare() -> None:
        for entry in data:
            leaf = sha256(b"\x00" + entry).digest()
            sha256(b"\x01" + leaf + leaf).digest()

    how = f"one batch of {len(records):,}: log tiles, state tree of accounts and statuses, commit"
    return Figure(
        "seal", value, "leaves/s", "hashlib, a leaf and a node", len(data) / seconds(bare), how
    )
