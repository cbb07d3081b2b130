"""Rule sets of practice credits: which minutes count, up to what, and what they are worth.

A rule set is data, in TOML or JSON. Its hash stands in every report, so nobody changes it unseen.
Days are local and count from midnight; `until` is the first day that is not in a period any more.
Minutes are whole; factors are fractions, written as text ("1/2"); nothing is a floating number.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from ledger.core.credits.days import Period
from ledger.core.format.fields import Address, Text
from ledger.core.format.limits import TEXT_MAX
from ledger.core.records.decode import parse_json
from ledger.core.records.record import jcs
from ledger.errors import Refused
from ledger.refusals import Code

FORMAT: Final = "hourledger-credit-rules/v1"
"""Value of a rule set's `format`, and what its hash begins with."""

RULES_BYTES_MAX: Final = 256 * 1024
"""Longest file of a rule set: thousands of organisations on its list."""

DOTS_MAX: Final = 64
"""Most dots in a line of one."""

_FRACTION: Final = re.compile(r"(?:0|[1-9][0-9]{0,3})(?:/[1-9][0-9]{0,3})?\Z")


def _fraction(text: str) -> str:
    if not _FRACTION.match(text) or not 0 < Fraction(text) <= 1:
        raise ValueError('a fraction above 0 and up to 1 is needed, such as "1" or "1/2"')
    return text


def _address(text: str) -> str:
    try:
        return Address().decode(text, "organisation")
    except Refused as refusal:
        raise ValueError(refusal.detail) from refusal


def _line(text: str) -> str:
    try:
        return Text().decode(text, "text")
    except Refused as refusal:
        raise ValueError(refusal.detail) from refusal


Minutes = Annotated[StrictInt, Field(ge=0, le=10_000_000)]
Factor = Annotated[StrictStr, AfterValidator(_fraction)]
Organisation = Annotated[StrictStr, AfterValidator(_address)]
Line = Annotated[StrictStr, Field(min_length=1, max_length=TEXT_MAX), AfterValidator(_line)]


class _Part(BaseModel):
    """What all parts share: frozen, and nothing in them that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Part):
    """One text in both languages."""

    zh: Line
    en: Line


class Term(_Part):
    """A period whose services count; several do not overlap."""

    name: Line
    since: Annotated[date, Field(alias="from")]
    until: date

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.until <= self.since:
            raise ValueError("until must lie after from")
        return self


class MakeUp(Term):
    """A later period whose services fill up what is missing to pass, up to a ceiling."""

    minutes_max: Annotated[Minutes, Field(ge=1)]


class Entered(_Part):
    """By when a service must be in the ledger: before a day, and so many days after it ended."""

    until: date | None = None
    within_days: Annotated[StrictInt, Field(ge=1, le=3650)] | None = None


class Classes(_Part):
    """What an hour of each class is worth; a class that is not named does not count."""

    credit: Factor | None = None
    honour: Factor | None = None


class Caps(_Part):
    """Most minutes that count of one service, day, category, term, and in all; of one service of
    a category, where that is less."""

    session: Minutes | None = None
    day: Minutes | None = None
    term: Minutes | None = None
    total: Minutes | None = None
    category: dict[Line, Minutes] = {}
    category_session: dict[Line, Minutes] = {}

    def of_session(self, category: str) -> int | None:
        """Most minutes of one service of a category."""
        caps = (self.session, self.category_session.get(category))
        return min((cap for cap in caps if cap is not None), default=None)


class Rounding(_Part):
    """Units in minutes: `session` is what each service is cut down to, `total` what their sum is
    rounded to, down or to the nearest (half up)."""

    session: Annotated[StrictInt, Field(ge=1, le=1440)] = 1
    total: Annotated[StrictInt, Field(ge=1, le=1440)] = 1
    mode: Literal["down", "nearest"] = "down"


class Credit(_Part):
    """What minutes are worth. `step_hundredths` is the smallest part of a credit that is given."""

    minutes_per_credit: Annotated[StrictInt, Field(ge=1, le=1_000_000)]
    step_hundredths: Annotated[StrictInt, Field(ge=1, le=10_000)] = 1
    max_hundredths: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = None
    pass_hundredths: Annotated[StrictInt, Field(ge=0, le=1_000_000)] = 0


class RuleSet(_Part):
    """A version of a scheme's rules. What was counted under a scheme never counts again under it,
    by whatever version."""

    format: Literal["hourledger-credit-rules/v1"]
    scheme: Line
    version: Line
    title: Words
    source: Line
    valid_from: date
    utc_offset_minutes: Annotated[StrictInt, Field(ge=-840, le=840)] = 480
    terms: Annotated[tuple[Term, ...], Field(min_length=1, max_length=24)]
    make_up: MakeUp | None = None
    entered: Entered = Entered()
    classes: Classes
    categories_allowed: tuple[Line, ...] | None = None
    categories_denied: tuple[Line, ...] = ()
    organisations_allowed: tuple[Organisation, ...] | None = None
    organisations_denied: tuple[Organisation, ...] = ()
    disputed: Literal["exclude", "count"] = "exclude"
    suspended: Literal["exclude", "count"] = "exclude"
    history_from: date | None = None
    caps: Caps = Caps()
    rounding: Rounding = Rounding()
    credit: Credit

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        periods = sorted((t.since, t.until) for t in self.periods())
        if any(b[0] < a[1] for a, b in pairwise(periods)):
            raise ValueError("terms and make_up must not overlap")
        if periods[0][0] < self.valid_from:
            raise ValueError("the rules are not valid yet when the first term begins")
        if self.history_from is not None and self.history_from > periods[0][0]:
            raise ValueError("history_from must not lie after the first term's begin")
        if not (self.classes.credit or self.classes.honour):
            raise ValueError("no class of hours counts")
        if len({t.name for t in self.terms}) != len(self.terms):
            raise ValueError("two terms have one name")
        most = self.credit.max_hundredths
        if most is not None and most < self.credit.pass_hundredths:
            raise ValueError("nobody can pass: max_hundredths is below pass_hundredths")
        return self

    def periods(self) -> tuple[Term, ...]:
        """The terms, and the period of making up."""
        return (*self.terms, self.make_up) if self.make_up else self.terms

    def period(self, term: Term) -> Period:
        """A term in Unix seconds, half-open."""
        return Period.of_days(term.since, term.until, self.utc_offset_minutes)

    def served(self) -> Period:
        """From the begin of the first period to the end of the last one."""
        periods = [self.period(term) for term in self.periods()]
        return Period(min(p.start for p in periods), max(p.end for p in periods))

    def history_start(self) -> int:
        """The time (Unix s) from which the entries of a student are needed."""
        if self.history_from is None:
            return self.served().start
        day = self.history_from
        return Period.of_days(day, day, self.utc_offset_minutes).start

    def factor(self, hour_class: str) -> Fraction | None:
        """What a minute of a class is worth; None: it does not count."""
        text = self.classes.credit if hour_class == "credit" else self.classes.honour
        return Fraction(text) if text else None

    def to_json(self) -> dict[str, object]:
        """The rule set as a JSON object, what is not set left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    def hash(self) -> bytes:
        """SHA-256(format || LF || JCS of the rule set): 32 bytes."""
        return sha256(f"{FORMAT}\n".encode() + jcs(self.to_json())).digest()


def parse_rules(value: object) -> RuleSet:
    """A rule set from its JSON object. Raises `Refused(BAD_VALUE)` that says where and why."""
    try:
        return RuleSet.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "rules"
        raise Refused(Code.BAD_VALUE, f"{where}: {first['msg']}") from error


def read_rules(data: bytes) -> RuleSet:
    """A rule set from the bytes of a TOML or JSON file. Raises `Refused`."""
    if len(data) > RULES_BYTES_MAX:
        raise Refused(Code.TOO_LARGE, f"a rule set has at most {RULES_BYTES_MAX} bytes")
    if data.lstrip()[:1] == b"{":
        return parse_rules(parse_json(data, RULES_BYTES_MAX))
    # `tomllib` takes memory by the square of a key's parts.
    if any(line.count(b".") > DOTS_MAX for line in data.splitlines()):
        raise Refused(Code.TOO_LARGE, f"a line of a rule set has at most {DOTS_MAX} dots")
    try:
        return parse_rules(tomllib.loads(data.decode()))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(Code.BAD_FORM, f"no TOML: {error}") from error
    except RecursionError:
        raise Refused(Code.TOO_LARGE, "the rule set is nested too deeply") from None


def choose(rule_sets: Iterable[RuleSet], scheme: str, day: date) -> RuleSet | None:
    """The version of a scheme that is valid on a day: the one that became so last."""
    valid = [r for r in rule_sets if r.scheme == scheme and r.valid_from <= day]
    return max(valid, key=lambda r: r.valid_from, default=None)
