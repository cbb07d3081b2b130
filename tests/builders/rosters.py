"""Rosters as registrars send them."""

from __future__ import annotations

from collections.abc import Mapping

from api.credits.matched import Matched
from api.credits.roster import match
from api.credits.roster_file import read_roster
from ledger.core.format.volunteer_number import number_of
from tests.builders.records import address

ANN, BOB, EVE = address("ann"), address("bob"), address("eve")
HEADER = ("学号", "姓名", "志愿者编号")


class Names:
    """Those who consented, and what they are called."""

    def __init__(self, names: Mapping[str, str | None]) -> None:
        self.names = names

    def accounts(self, identifier: str) -> tuple[str, ...]:
        return tuple(a for a in self.names if identifier in (a, a.lower(), number_of(a)))

    def name(self, account: str) -> str | None:
        return self.names[account]


CAMPUS = Names({ANN: "安娜", BOB: "包勃", EVE: None})


def csv_of(*rows: tuple[str, ...], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    return "\r\n".join(delimiter.join(row) for row in (HEADER, *rows)).encode(encoding)


def matched(data: bytes, confirmed: tuple[str, ...] = (), who: Names = CAMPUS) -> list[Matched]:
    return match(read_roster(data).rows, who, confirmed)
