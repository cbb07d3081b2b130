"""Ledgers on disk, empty or settled."""

from pathlib import Path

from ledger.operations.ledger import Ledger
from ledger.store.engine import create_tables, open_engine
from tests.builders.records import START, Town


def opened_ledger(town: Town, folder: Path) -> Ledger:
    """A ledger over a fresh or existing database in a folder."""
    engine = open_engine(folder / "ledger.sqlite")
    create_tables(engine)
    return Ledger(engine, clock=town.clock)


def settle(town: Town, ledger: Ledger) -> bytes:
    """Genesis, organisation `org` with approver `second`, a station and a permit, volunteers `ann`
    and `bob`, one activity of ten days from an hour after START; the activity's record id."""
    activity = town.activity("org", START + 3600, START + 864000)
    for record in (
        town.genesis(),
        town.certify("org"),
        town.grant("org", "second", "approve"),
        town.grant("org", "station", "clock"),
        town.permit("org"),
        town.enrol("ann"),
        town.enrol("bob"),
        activity,
    ):
        ledger.append(record)
    town.now = START + 10 * 86400
    return town.id(activity)
