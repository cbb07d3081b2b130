"""Simulated towns, and what they left in a ledger."""

from dataclasses import dataclass
from pathlib import Path

from api.demo.town.inhabitants import Size
from api.demo.town.stage import Report
from api.node.directory import LedgerDir
from ledger.core.records.record import Entry
from ledger.operations.ledger import Ledger
from tests.builders.effort import effort

LARGE = effort(
    Size(volunteers=100, organisations=4, days=8, seed=20250301),
    Size(volunteers=310, organisations=6, days=13, seed=20250301),
)
RECORDS_MIN = effort(1_500, 10_000)
"""In the large town: the long form plays one of a real district's month."""


@dataclass
class Lived:
    """A town that was played: its directory, its ledger, all its entries with their record ids."""

    size: Size
    folder: Path
    report: Report
    home: LedgerDir
    entries: list[tuple[bytes, Entry]]

    @property
    def ledger(self) -> Ledger:
        return self.home.ledger
