"""An account's hours by month, class and category, committed so that each can be shown alone.

One leaf of the state tree for each local month in which an account has, or once had, hours:

    key     SHA-256(0x0D || 0x02 || 20 bytes of address || "YYYY-MM")
    value   SHA-256(0x06 || hash of each cell)
    cell    SHA-256(0x07 || salt || JCS [class, category, minutes]), by class, then by category
    salt    SHA-256(0x08 || opening of the month || JCS [class, category])

The opening (openings.py) is known to whoever has all entries of the address, and to nobody else: a
cell that is not shown cannot be guessed, though it has few possible values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Final

from ledger.core.kinds.registry import Service
from ledger.core.records.record import jcs
from ledger.core.state.openings import opening_of
from ledger.core.state.state import Key, ServiceState
from ledger.core.state.tree_keys import month_name

MONTHS: Final = "month_hours"
"""The table of the state in which they are."""

_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """Minutes that count, of one class and category; the category is empty without an activity."""

    hour_class: str
    category: str
    minutes: int

    def salt(self, opening: bytes) -> bytes:
        """What hides it: none of another cell, and nothing of the month's opening, follows."""
        return sha256(b"\x08" + opening + jcs([self.hour_class, self.category])).digest()


@dataclass(frozen=True, slots=True)
class MonthHours:
    """The cells of one account and local month, in order, and the secret of the account after what
    changed them last."""

    volunteer: str
    month: str
    secret: bytes = bytes(32)
    cells: tuple[Cell, ...] = ()

    def moved(self, hour_class: str, category: str, minutes: int) -> MonthHours:
        """After minutes were added to a cell, or taken away (< 0)."""
        held = {(c.hour_class, c.category): c.minutes for c in self.cells}
        held[hour_class, category] = held.get((hour_class, category), 0) + minutes
        cells = tuple(Cell(*place, held[place]) for place in sorted(held) if held[place])
        return replace(self, cells=cells)

    @property
    def opening(self) -> bytes:
        """What the salts of its cells are made of."""
        return opening_of(self.secret, month_name(self.volunteer, self.month))

    def value(self) -> bytes:
        """The value in the tree."""
        opening = self.opening
        return month_value(cell_hash(cell, cell.salt(opening)) for cell in self.cells)


def cell_hash(cell: Cell, salt: bytes) -> bytes:
    """The hash of a cell."""
    stated = jcs([cell.hour_class, cell.category, cell.minutes])
    return sha256(b"\x07" + salt + stated).digest()


def month_value(hashes: Iterable[bytes]) -> bytes:
    """The value of a month in the tree, from the hashes of its cells in order."""
    return sha256(b"\x06" + b"".join(hashes)).digest()


def hours_key(address: str, month: str) -> Key[MonthHours]:
    """Key of a month of an account in the state."""
    return Key(MONTHS, (month_name(address, month),))


def month_of(time: int, utc_offset_minutes: int) -> str:
    """The local month ("YYYY-MM") of a time (Unix s)."""
    day = date.fromordinal(_EPOCH + (time + utc_offset_minutes * 60) // 86400)
    return f"{day.year:04d}-{day.month:02d}"


def month_of_service(service: ServiceState | Service, utc_offset_minutes: int) -> Key[MonthHours]:
    """Key of the month in which a service counts: the one in which it began."""
    return hours_key(service.volunteer, month_of(service.started_at, utc_offset_minutes))


def months_between(first: str, last: str) -> list[str]:
    """All months from one to another, both counted; none if they stand the other way round."""
    start, stop = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (first, last))
    return [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in range(start, stop + 1)]
