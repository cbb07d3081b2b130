"""How the columns of one export become services or activities: the map, a TOML file."""

from __future__ import annotations

import codecs
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from api.errors import WrongUse


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error
    return name


def _known_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError as error:
        raise ValueError(f"unknown encoding {name!r}") from error
    return name


Zone = Annotated[str, AfterValidator(_known_zone)]
Columns = Annotated[list[str], Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class When(_Strict):
    """A local time: the columns that state it, joined by a blank, and their strptime format."""

    columns: Columns
    format: str


class Zones(_Strict):
    """The time zone of a row: by the value of a column, or else the default."""

    default: Zone
    column: str | None = None
    by: dict[str, Zone] = {}


class Clocked(_Strict):
    """Which rows another system had from a clock: those with `value` in `column`. Imported they are
    back-filled all the same; the demonstration plays them as clock events."""

    column: str
    value: str


class Organisations(_Strict):
    """How an organisation that the ledger does not know is entered. Without `certified_from` it is
    not: its rows are refused."""

    category: str = "organisation"
    certified_from: int | None = Field(None, ge=0, description="Unix seconds UTC")


class PermitTerms(_Strict):
    """The permit that the authority signs for an organisation of the export that has none, if its
    key is here. Without terms, rows without a permit in the ledger are refused."""

    reason: Literal["before_platform", "outage", "dispatched", "paper", "other"]
    hours_max: int = Field(ge=1, le=10_000_000)
    served_from: int = Field(ge=0, description="Unix seconds UTC")
    served_until: int = Field(ge=0, description="Unix seconds UTC")
    enter_days: int = Field(366, ge=1, le=3660, description="days from the import on")


class AttendanceMap(_Strict):
    """A map. `source` names the exporting system: people of two sources are never mixed up."""

    source: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    kind: Literal["service", "activity"] = "service"
    encoding: Annotated[str, AfterValidator(_known_encoding)] = "utf-8-sig"
    delimiter: str = Field(",", min_length=1, max_length=1)
    organisation: str
    start: When
    end: When | None = None
    minutes: str | None = None
    hours: str | None = None
    entered: When | None = None
    zone: Zones
    volunteer: str | None = None
    activity: str | None = None
    category: str | None = None
    seats: str | None = None
    clocked: Clocked | None = None
    content: list[str] = []
    organisations: Organisations = Organisations()
    permit: PermitTerms | None = None

    @model_validator(mode="after")
    def _whole(self) -> AttendanceMap:
        if sum(x is not None for x in (self.end, self.minutes, self.hours)) == 0:
            raise ValueError("one of end, minutes, hours is needed")
        if self.minutes is not None and self.hours is not None:
            raise ValueError("minutes and hours exclude each other")
        if self.kind == "service" and self.volunteer is None:
            raise ValueError("a service needs the column volunteer")
        if self.kind == "activity" and (self.activity is None or self.category is None):
            raise ValueError("an activity needs the columns activity (its title) and category")
        return self

    def columns(self) -> list[str]:
        """Every column that the map reads, without repetition."""
        whens = [w for w in (self.start, self.end, self.entered) if w is not None]
        single = (
            self.organisation,
            self.minutes,
            self.hours,
            self.volunteer,
            self.activity,
            self.category,
            self.seats,
            self.zone.column,
            self.clocked.column if self.clocked else None,
        )
        named = [c for w in whens for c in w.columns] + [c for c in single if c is not None]
        return list(dict.fromkeys([*named, *self.content]))


def read_map(file: Path) -> AttendanceMap:
    """A map from its file. Raises `WrongUse` naming what is wrong with it."""
    try:
        return AttendanceMap.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the map"
        raise WrongUse(f"{file}: {place}: {first['msg']}") from None
    except (OSError, ValueError) as error:
        raise WrongUse(f"{file}: {error}") from error
