"""What the state tree grows by for a service, in the two shapes in which hours come."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from benchmarks.figure import Figure
from ledger.core.records.record import Record
from ledger.operations.ledger import Ledger
from ledger.operations.seal import seal
from ledger.store import tables
from ledger.store.engine import snapshot
from ledger.store.tables import table_of
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town

DAYS = 8
"""Days on which each volunteer serves once."""

DAY = 86400


def figures(count: int) -> Iterator[Figure]:
    """Of `count` services of an eighth as many volunteers."""
    people = count // DAYS
    for name, days_together in (("once a batch", 1), ("in bulk", DAYS)):
        how = f"{people:,} volunteers, {DAYS} days, {days_together} of them in each batch"
        grown = _grown(people, days_together)
        yield Figure(f"state nodes a service, {name}", grown, "nodes", "", None, how)


def _grown(people: int, days_together: int) -> float:
    with TemporaryDirectory() as folder:
        town = Town()
        ledger = opened_ledger(town, Path(folder))
        settle(town, ledger)
        names = [f"volunteer {i}" for i in range(people)]
        _append(ledger, [town.enrol(name) for name in names])
        seal(ledger, town.log_key)
        before = _nodes(ledger)
        for first in range(0, DAYS, days_together):
            days = range(first, first + days_together)
            _append(
                ledger,
                [
                    town.honour("org", "second", name, START + 90000 + day * DAY, 60)
                    for day in days
                    for name in names
                ],
            )
            seal(ledger, town.log_key)
        grown = _nodes(ledger) - before
        ledger.close()
        ledger.engine.dispose()
    return grown / (people * DAYS)


def _append(ledger: Ledger, records: Sequence[Record]) -> None:
    for start in range(0, len(records), 1000):
        ledger.append_many(records[start : start + 1000])


def _nodes(ledger: Ledger) -> int:
    with snapshot(ledger.engine) as connection:
        query = select(func.count()).select_from(table_of(tables.StateNodeRow))
        return int(connection.execute(query).scalar_one())
