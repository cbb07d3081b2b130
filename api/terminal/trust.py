"""The ledgers that are trusted, as a table."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table

from api.trust.pins import Pinned
from api.words import both, mark
from ledger.core.verify.pinned import HAND, SITE

NAMED = {HAND: mark("named by hand"), SITE: mark("named by its own site")}


def pinned_table(pins: Iterable[Pinned]) -> Table:
    """A line for each: host, id, who named it, the size of the newest log that was seen."""
    table = Table(box=None, padding=(0, 1))
    for name in (both("Site"), both("Ledger"), both("Trusted because"), both("Newest log seen")):
        table.add_column(name, overflow="fold")
    for pinned in pins:
        seen = f"{pinned.newest.size:,}" if pinned.newest else "–"
        table.add_row(pinned.host or "–", "0x" + pinned.ledger.hex(), both(NAMED[pinned.by]), seen)
    return table
