"""Calendars that a new ledger can take in: which days are free, and which weekends are not."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Final

from api.errors import WrongUse
from ledger.core.kinds.registry import Calendar

FOLDER: Final = Path(__file__).parent

_EPOCH: Final = date(1970, 1, 1).toordinal()


def calendars(name: str, first_year: int, issued_at: int) -> list[Calendar]:
    """The bodies of the years from `first_year` on that a calendar here knows. Raises `WrongUse`
    for a name that is none."""
    file = FOLDER / f"{name}.toml"
    if not name.isalpha() or not file.is_file():
        known = ", ".join(sorted(f.stem for f in FOLDER.glob("*.toml")))
        raise WrongUse(f"there is no calendar {name!r}; there is: {known}")
    years = tomllib.loads(file.read_text(encoding="utf-8"))
    return [
        Calendar(int(year), _days(year, days["holidays"]), _days(year, days["workdays"]), issued_at)
        for year, days in years.items()
        if int(year) >= first_year
    ]


def _days(year: str, days: list[str]) -> tuple[int, ...]:
    return tuple(date.fromisoformat(f"{year}-{day}").toordinal() - _EPOCH for day in days)
