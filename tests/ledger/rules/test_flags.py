"""What is remarkable about an hour is flagged, and the nearest thing that is not is not."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from ledger.core.kinds.registry import Calendar
from ledger.core.records.record import Record
from ledger.core.state.flags import FLAGS, KEY_REVOKED
from tests.builders.records import DAY, START, key
from tests.builders.settled import NINE, SettledLedger

CHINA = timezone(timedelta(hours=8))


def at(month: int, day: int, hour: int = 9, minute: int = 0, year: int = 2024) -> int:
    """A time in China (Unix s)."""
    return int(datetime(year, month, day, hour, minute, tzinfo=CHINA).timestamp())


def day_of(month: int, day: int, year: int = 2024) -> int:
    return (date(year, month, day) - date(1970, 1, 1)).days


def typed(s: SettledLedger, start: int = NINE, name: str = "ann", **changes: Any) -> Record:
    """An honour hour that the ledger takes now."""
    return s.take(s.town.honour("org", "second", name, start, 60, **changes))


def entered(s: SettledLedger, now: int, start: int = NINE, name: str = "ann") -> Record:
    """An honour hour that the ledger takes at a time."""
    s.town.now = now
    return typed(s, start, name)


def clocked(s: SettledLedger, start: int, activity: bytes, **changes: Any) -> Record:
    """An hour of ann whose clock events, changed so, the ledger takes first."""
    town = s.town
    came = town.clock_event("org", "ann", activity, "in", start, **changes)
    went = town.clock_event("org", "ann", activity, "out", start + 3600)
    s.take(came, went)
    hours = town.credit("org", "ann", activity, start, 60, clock_in=town.id(came))
    return s.take(hours)


def published_at_its_start(s: SettledLedger, seconds: int) -> Record:
    """An hour that is typed in for an activity that starts so much after it was published."""
    start = s.town.now + seconds
    where = s.published(start, start + 7200)
    s.town.now += 7200
    return typed(s, start, activity=where)


def third_of_an_hour(s: SettledLedger, pause: int) -> Record:
    """The third entry of a key under a policy of two, the last after a pause."""
    s.take(s.policy(2, bulk_entries_hour=2))
    s.town.now += -s.town.now % 3600
    first = typed(s, NINE)
    typed(s, NINE + 3600)
    # A void takes no entry back: it was made in this hour.
    s.take(s.town.void(s.town.id(first), "org"))
    return entered(s, s.town.now + pause, NINE + 7200)


def long_day(s: SettledLedger, minutes: int) -> Record:
    """The last hours of a day of 600 minutes and so many, which an authority allows."""
    s.take(s.town.approval("org", "ann", day_of(11, 16, 2023), 700))
    s.take(s.town.honour("org", "second", "ann", NINE, 480))
    return s.take(s.visit("ann", NINE + 8 * 3600, 120 + minutes))


def with_a_device(s: SettledLedger, whose: str, somewhere_else: bool = False) -> Record:
    """Ann clocks in with the device of somebody who clocked before, here or elsewhere."""
    other = s.published(s.town.now + 600, s.town.now + 7200)
    here = s.published(s.town.now + 700, s.town.now + 7200)
    s.town.now += 7200
    start = s.town.now - 3600
    where = other if somewhere_else else here
    s.take(*s.town.pair("org", "bob", where, start, 10))
    return clocked(s, start, here, device=key("device " + whose))


def by_staff(s: SettledLedger, organisation: str) -> Record:
    """An hour of ann at org, who was a clerk until her key was revoked as of long ago."""
    s.take(s.town.certify("other"), s.town.grant(organisation, "ann", "void"))
    s.take(s.town.grant(organisation, "ann", "void", action="revoke", valid_from=0))
    return s.take(s.visit("ann", NINE, 60))


SHOWN: dict[str, tuple[Callable[[SettledLedger], Record], Callable[[SettledLedger], Record]]] = {
    "LATE": (
        lambda s: entered(s, at(12, 1, 0, year=2023)),
        lambda s: entered(s, at(11, 30, 23, 59, year=2023)),
    ),
    "CREATED_AFTER_START": (
        lambda s: published_at_its_start(s, 0),
        lambda s: published_at_its_start(s, 1),
    ),
    "NO_ACTIVITY": (typed, lambda s: typed(s, activity=s.activity)),
    "NIGHT_ENTRY": (
        lambda s: entered(s, at(11, 25, 22, year=2023)),
        lambda s: entered(s, at(11, 25, 22, year=2023) - 1),
    ),
    "BULK_ENTRY": (lambda s: third_of_an_hour(s, 3599), lambda s: third_of_an_hour(s, 3600)),
    "OVER_DAY_CAP": (lambda s: long_day(s, 1), lambda s: long_day(s, 0)),
    "SAME_DEVICE": (
        lambda s: with_a_device(s, "bob"),
        lambda s: with_a_device(s, "bob", somewhere_else=True),
    ),
    "POSITION_UNCHECKED": (
        lambda s: clocked(s, NINE, s.activity, distance="under_200_m"),
        lambda s: clocked(s, NINE, s.activity, distance="unknown", methods=("site_code",)),
    ),
    "STAFF": (lambda s: by_staff(s, "org"), lambda s: by_staff(s, "other")),
}
"""Flag → an hour that gets it, and the nearest that does not."""


def test_every_flag_that_a_rule_can_give_is_shown_here() -> None:
    assert list(SHOWN) == [flag for flag in FLAGS if flag != KEY_REVOKED]


@pytest.mark.parametrize("flag", SHOWN)
def test_the_remarkable_hour_has_its_flag(flag: str, settled: SettledLedger) -> None:
    remarkable, _ = SHOWN[flag]
    assert flag in settled.flags(remarkable(settled))


@pytest.mark.parametrize("flag", SHOWN)
def test_the_nearest_ordinary_hour_does_not(flag: str, settled: SettledLedger) -> None:
    _, ordinary = SHOWN[flag]
    assert flag not in settled.flags(ordinary(settled))


def test_an_hour_clocked_and_signed_in_time_has_no_flag(settled: SettledLedger) -> None:
    assert settled.flags(settled.take(settled.visit("ann", NINE, 60))) == ()


def test_whoever_holds_a_key_of_any_scope_is_staff(settled: SettledLedger) -> None:
    settled.take(settled.town.grant("org", "bob", "clock"))
    assert settled.flags(settled.take(settled.visit("bob", NINE, 60))) == ("STAFF",)


def test_a_new_grant_does_not_hide_staff(settled: SettledLedger) -> None:
    town = settled.town
    settled.take(town.grant("org", "ann", "service"))
    settled.take(town.grant("org", "ann", "service", valid_from=town.now + DAY))
    assert settled.flags(settled.take(settled.visit("ann", NINE, 60))) == ("STAFF",)


NATIONAL_DAY = Calendar(
    2024,
    tuple(day_of(10, day) for day in range(1, 8)),
    (day_of(9, 29), day_of(10, 12)),
    START,
)
"""2024: the first week of October is free; a Sunday and a Saturday are worked for it."""

FRIDAY = at(9, 27)
"""The last Friday before the holiday of 2024."""


@pytest.mark.parametrize(
    ("calendar", "last"),
    [(None, (10, 11)), (NATIONAL_DAY, (10, 16))],
    ids=["without a calendar Monday to Friday count", "the calendar moves them"],
)
def test_ten_working_days_end_with_the_tenth(
    settled: SettledLedger, calendar: Calendar | None, last: tuple[int, int]
) -> None:
    if calendar is not None:
        settled.take(settled.town.record(calendar, ("authority", "authority")))
    timely = entered(settled, at(*last, 23, 59), FRIDAY, "ann")
    late = entered(settled, at(*last, 23, 59) + 60, FRIDAY, "bob")
    assert "LATE" not in settled.flags(timely)
    assert "LATE" in settled.flags(late)


def test_a_calendar_that_comes_later_changes_no_flag_and_a_new_one_replaces_the_old(
    settled: SettledLedger,
) -> None:
    late = entered(settled, at(10, 12), FRIDAY, "ann")
    settled.take(settled.town.record(NATIONAL_DAY, ("authority", "authority")))
    timely = entered(settled, at(10, 12, 10), FRIDAY, "bob")
    nothing_free = Calendar(2024, (), (), START)
    settled.take(settled.town.record(nothing_free, ("authority", "authority")))
    again = entered(settled, at(10, 12, 11), FRIDAY + 3600, "bob")
    found = ["LATE" in settled.flags(record) for record in (late, timely, again)]
    assert found == [True, False, True]


def test_the_days_of_new_year_count_by_the_calendar_of_their_year(settled: SettledLedger) -> None:
    free = Calendar(2024, (day_of(1, 1),), (), START)
    settled.take(settled.policy(2, late_working_days=1))
    settled.take(settled.town.record(free, ("authority", "authority")))
    friday = at(12, 29, year=2023)
    assert "LATE" not in settled.flags(entered(settled, at(1, 2, 23, 59), friday, "ann"))
    assert "LATE" in settled.flags(entered(settled, at(1, 3, 0), friday, "bob"))


def test_with_no_working_days_given_only_the_same_day_is_timely(settled: SettledLedger) -> None:
    settled.take(settled.policy(2, late_working_days=0))
    friday = at(12, 1, year=2023)
    # The next day is a Saturday: no working day has passed, and it is late all the same.
    assert "LATE" not in settled.flags(entered(settled, at(12, 1, 23, 59, 2023), friday, "ann"))
    assert "LATE" in settled.flags(entered(settled, at(12, 2, 0, 0, 2023), friday, "bob"))


@pytest.mark.parametrize(
    ("first", "until", "night"),
    [(22, 6, {22, 23, 0, 1, 2, 3, 4, 5}), (1, 3, {1, 2}), (0, 24, set(range(24))), (5, 5, set())],
)
def test_the_night_is_what_the_policy_says(
    settled: SettledLedger, first: int, until: int, night: set[int]
) -> None:
    settled.take(settled.policy(2, night_from_hour=first, night_until_hour=until))
    found = set()
    for hour in (0, 1, 2, 3, 5, 6, 21, 22, 23):
        record = entered(settled, at(11, 26, hour, 59, 2023), NINE + hour * 10_000)
        found |= {hour} if "NIGHT_ENTRY" in settled.flags(record) else set()
    assert found == night & {0, 1, 2, 3, 5, 6, 21, 22, 23}


def test_clocked_hours_may_be_signed_at_night_and_many_at_once(settled: SettledLedger) -> None:
    settled.take(settled.policy(2, bulk_entries_hour=0))
    settled.town.now = at(11, 25, 23, year=2023)
    hours = [settled.take(settled.visit(name, NINE, 60)) for name in ("ann", "bob")]
    assert [settled.flags(record) for record in hours] == [(), ()]


def test_the_entries_of_another_key_do_not_count(settled: SettledLedger) -> None:
    settled.take(settled.policy(2, bulk_entries_hour=1))
    town = settled.town
    settled.take(town.grant("org", "clerk", "service"))
    typed(settled, NINE)
    body = town.honour("org", "second", "ann", NINE + 3600, 60).body
    of_a_clerk = settled.take(town.record(body, ("organisation", "clerk"), ("approver", "second")))
    assert "BULK_ENTRY" not in settled.flags(of_a_clerk)
    assert "BULK_ENTRY" in settled.flags(typed(settled, NINE + 7200))


def test_a_service_from_before_the_activity_was_published_shows_it(settled: SettledLedger) -> None:
    later = settled.published(settled.town.now + 3600, settled.town.now + 7200)
    settled.town.now += 1
    assert "CREATED_AFTER_START" in settled.flags(typed(settled, NINE, activity=later))


def test_clocking_in_within_the_second_of_publishing_shows_it(settled: SettledLedger) -> None:
    found = []
    for seconds in (0, 1):
        start = settled.town.now + seconds
        where = settled.published(settled.town.now + 600, settled.town.now + 7200)
        settled.town.now += 7200
        found.append("CREATED_AFTER_START" in settled.flags(clocked(settled, start, where)))
    assert found == [True, False]


def test_whoever_takes_a_device_later_flags_only_what_is_signed_afterwards(
    settled: SettledLedger,
) -> None:
    anns = settled.take(settled.visit("ann", NINE, 60))
    shared = [
        settled.town.clock_event(
            "org", "bob", settled.activity, direction, when, device=key("device ann")
        )
        for direction, when in (("in", NINE), ("out", NINE + 3600))
    ]
    settled.take(*shared)
    hours = settled.town.credit(
        "org", "bob", settled.activity, NINE, 60,
        clock_in=settled.town.id(shared[0]), clock_out=settled.town.id(shared[1]),
    )  # fmt: skip
    settled.take(hours)
    assert "SAME_DEVICE" not in settled.flags(anns)
    assert "SAME_DEVICE" in settled.flags(hours)


@pytest.mark.parametrize("direction", ["in", "out"])
def test_a_shared_device_is_seen_at_both_clock_events_and_stays_shared(
    direction: str, settled: SettledLedger
) -> None:
    town, tablet = settled.town, {"device": key("device tablet")}
    events = [
        town.clock_event("org", "ann", settled.activity, way, when, **tablet)
        if way == direction
        else town.clock_event("org", "ann", settled.activity, way, when)
        for way, when in (("in", NINE), ("out", NINE + 3600))
    ]
    bobs = [
        town.clock_event("org", "bob", settled.activity, "in", NINE + later, **tablet)
        for later in (0, 7200)
    ]
    settled.take(bobs[0], *events, bobs[1])
    ids = {"clock_in": town.id(events[0]), "clock_out": town.id(events[1])}
    hours = settled.take(town.credit("org", "ann", settled.activity, NINE, 60, **ids))
    assert settled.flags(hours) == ("SAME_DEVICE",)


def test_an_activity_published_after_its_own_start_shows_it_whenever_one_served(
    settled: SettledLedger,
) -> None:
    late = settled.published(settled.town.now, settled.town.now + 7200)
    settled.town.now += 7200
    assert "CREATED_AFTER_START" in settled.flags(
        typed(settled, settled.town.now - 3600, activity=late)
    )


@pytest.mark.parametrize("direction", ["in", "out"])
def test_both_clock_events_must_show_the_place(direction: str, settled: SettledLedger) -> None:
    town = settled.town
    events = [
        town.clock_event(
            "org", "ann", settled.activity, way, when,
            **({"distance": "unknown", "methods": ("face",)} if way == direction else {}),
        )
        for way, when in (("in", NINE), ("out", NINE + 3600))
    ]  # fmt: skip
    settled.take(*events)
    ids = {"clock_in": town.id(events[0]), "clock_out": town.id(events[1])}
    hours = settled.take(town.credit("org", "ann", settled.activity, NINE, 60, **ids))
    assert settled.flags(hours) == ("POSITION_UNCHECKED",)
