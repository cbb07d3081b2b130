"""Genesis, policy, calendar and seal, written once more from docs/spec/kinds/opening.md."""

from dataclasses import replace
from datetime import date, timedelta

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from ledger.core.trees.merkle import EMPTY_ROOT
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.records import POLICY, START, Town
from tests.builders.story import TIGHT_POLICY, Story
from tests.ledger.rules.oracle_ledger import History, ahead, by_authorities, by_authority, newest


def _genesis(h: History, record: Record, body: b.Genesis, now: int) -> Codes:
    if h.accepted:
        yield "ALREADY_OPEN"


def _policy(h: History, record: Record, body: b.PolicyChange, now: int) -> Codes:
    yield from by_authorities(h, record, now, h.charter().threshold)
    yield from ahead(h, now, body.issued_at)
    new, old = body.policy, h.policy()
    hours = (new.night_from_hour, new.night_until_hour)
    if (
        new.day_minutes_max > new.day_minutes_parent_max
        or any(hour > 24 for hour in hours)
        or new.late_working_days > 366
        or new.day_minutes_parent_max > 1440
        or new.clock_skew_seconds > 300
    ):
        yield "BAD_VALUE"
    if body.version != 2 + len(h.of(b.PolicyChange)):
        yield "POLICY_VERSION"
    if old.minutes_per_yibi != new.minutes_per_yibi:
        yield "POLICY_UNIT_FIXED"
    if old.utc_offset_minutes != new.utc_offset_minutes:
        yield "POLICY_UNIT_FIXED"


def _calendar(h: History, record: Record, body: b.Calendar, now: int) -> Codes:
    yield from by_authority(h, record)
    yield from newest(h, body, "year")
    yield from ahead(h, now, body.issued_at)
    days = [*body.holidays, *body.workdays]
    years = {(date(1970, 1, 1) + timedelta(days=day)).year for day in days}
    if years - {body.year} or any(days.count(day) > 1 for day in days):
        yield "CALENDAR_DAYS"


def _seal(h: History, record: Record, body: b.Seal, now: int) -> Codes:
    yield "ENGINE_ONLY"


def _change(story: Story, version: int, day: int, changes: dict[str, int]) -> Records:
    policy = replace(TIGHT_POLICY, **{"day_minutes_max": day, **changes})
    body = b.PolicyChange(policy, version, "a reason", story.town.now)
    yield story.town.by_authorities(body)


def _year(story: Story, free: int, worked: int, signer: str) -> Records:
    today = story.oracle.day(story.town.now)
    year = (date(1970, 1, 1) + timedelta(days=today)).year
    body = b.Calendar(year, (today + free,), (today + worked,), story.town.now)
    yield story.town.record(body, ("authority", signer))


_bounds = one_of(
    {}, {}, {}, {"minutes_per_yibi": 30}, {"utc_offset_minutes": 0}, {"night_until_hour": 25},
    {"late_working_days": 367}, {"late_working_days": 0}, {"day_minutes_parent_max": 1},
    {"night_from_hour": 0, "night_until_hour": 24}, {"clock_skew_seconds": 301},
    {"day_minutes_parent_max": 1441}, {"clock_skew_seconds": 300},
    {"session_minutes_max": 60},
)  # fmt: skip


def _examples(town: Town) -> list[Example]:
    change = b.PolicyChange(replace(POLICY, day_minutes_max=480), 2, "shorter days", START)
    # A free Tuesday and Wednesday in September 2023, and a Friday of work.
    calendar = b.Calendar(2023, (19612, 19613), (19615,), START)
    return [
        Example(0, "genesis", town.genesis()),
        Example(1, "policy", town.record(change, ("authority", "authority"))),
        Example(6, "calendar", town.record(calendar, ("authority", "authority"))),
        Example(31, "seal", Record(b.Seal(1, EMPTY_ROOT, town.ledger, START), ())),
    ]


FAMILY = Family(
    judges={"genesis": _genesis, "policy": _policy, "calendar": _calendar, "seal": _seal},
    steps={
        "policy": Step(4, _change, (one_of(2, 2, 3), one_of(300, 60), _bounds)),
        "calendar": Step(
            3,
            _year,
            (one_of(0, 1, -1, -2), one_of(-1, -3, 3, 4, 400), one_of(*["authority"] * 5, "ann")),
        ),
    },
    examples=_examples,
)
