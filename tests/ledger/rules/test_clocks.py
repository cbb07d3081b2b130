"""Clock events make pairs, by the station's clock alone; and only pairs make credit hours."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.core.records.record import Record
from ledger.core.state.attendance_state import Pair, activity_key, pair_key
from ledger.store.engine import snapshot
from ledger.store.state import SqlState
from tests.builders.records import DAY, START, address
from tests.builders.settled import (
    ACCEPTED,
    NINE,
    SettledLedger,
    audited,
    new_version,
    settled_ledger,
)

ANSWER_SECONDS = 300


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[SettledLedger]:
    """A ledger whose policy gives five minutes for an answer; an activity begins in an hour."""
    made = settled_ledger(tmp_path, clock_answer_seconds=ANSWER_SECONDS)
    with audited(made) as settled:
        now = settled.town.now
        settled.activity = settled.published(now + 3600, now + 4 * 3600, seats=2)
        settled.town.now += 3600
        yield settled


def event(s: SettledLedger, direction: str, at: int, name: str = "ann") -> Record:
    return s.town.clock_event("org", name, s.activity, direction, at)


def pair(s: SettledLedger, clock_out: Record) -> Pair | None:
    with snapshot(s.ledger.engine) as connection:
        return SqlState(connection).get(pair_key(s.town.id(clock_out)))


def taken(s: SettledLedger, activity: bytes) -> int:
    with snapshot(s.ledger.engine) as connection:
        found = SqlState(connection).get(activity_key(activity))
    assert found is not None
    return found.taken


def signed(s: SettledLedger, came: Record, went: Record, start: int, minutes: int) -> Record:
    ids = {"clock_in": s.town.id(came), "clock_out": s.town.id(went)}
    return s.town.credit("org", "ann", s.activity, start, minutes, **ids)


def test_a_clock_in_and_a_clock_out_make_one_pair(settled: SettledLedger) -> None:
    came, went = settled.town.pair("org", "ann", settled.activity, NINE, 90)
    settled.take(came)
    assert pair(settled, came) is None
    settled.take(went)
    found = pair(settled, went)
    assert found is not None
    assert found.clock_in == settled.town.id(came)
    assert (found.started_at, found.ended_at) == (NINE, NINE + 5400)
    assert (found.volunteer, found.organisation) == (address("ann"), address("org"))
    assert (found.activity, found.service, found.placed) == (settled.activity, b"", True)


def test_a_clock_in_that_is_never_closed_gives_no_hours(settled: SettledLedger) -> None:
    came, went = settled.town.pair("org", "ann", settled.activity, NINE, 60)
    settled.take(came)
    assert settled.code(signed(settled, came, went, NINE, 60)) == "PAIR_UNKNOWN"
    assert settled.minutes() == (0, 0, 0)


def test_a_second_clock_in_replaces_the_one_that_was_not_closed(settled: SettledLedger) -> None:
    first, second = event(settled, "in", NINE), event(settled, "in", NINE + 3600)
    went = event(settled, "out", NINE + 7200)
    settled.take(first, second, went)
    found = pair(settled, went)
    assert found is not None
    assert (found.clock_in, found.started_at) == (settled.town.id(second), NINE + 3600)
    assert settled.code(signed(settled, first, went, NINE, 120)) == "PAIR_UNKNOWN"
    assert settled.code(signed(settled, second, went, NINE + 3600, 60)) == ACCEPTED


def test_replaced_clock_ins_count_among_those_of_the_day(settled: SettledLedger) -> None:
    settled.take(*(event(settled, "in", NINE + n * 60) for n in range(3)))
    assert settled.code(event(settled, "in", NINE + 180)) == "CLOCK_PAIRS"
    assert settled.code(event(settled, "out", NINE + 240)) == ACCEPTED


def test_clock_ins_are_counted_anew_on_every_local_day_and_activity(settled: SettledLedger) -> None:
    other = settled.published(settled.town.now, settled.town.now + 3600)
    for number in range(3):
        settled.take(*settled.town.pair("org", "ann", settled.activity, NINE + number * 600, 5))
    assert settled.code(event(settled, "in", NINE + 15 * 3600 - 1)) == "CLOCK_PAIRS"
    assert settled.code(event(settled, "in", NINE + 15 * 3600)) == ACCEPTED
    elsewhere = settled.town.clock_event("org", "ann", other, "in", settled.town.now)
    assert settled.code(elsewhere) == ACCEPTED


def test_a_visit_may_cross_midnight_and_counts_for_the_day_on_which_it_began(
    settled: SettledLedger,
) -> None:
    before = NINE + 14 * 3600
    hours = settled.take(settled.visit("ann", before, 120))
    assert settled.minutes() == (120, 0, 0)
    # The first day has 480 minutes left, the second all of its 600.
    town = settled.town
    assert new_version(hours).ended_at == before + 7200
    settled.take(town.honour("org", "second", "ann", NINE, 480))
    over = town.honour("org", "second", "ann", NINE + 9 * 3600, 1)
    assert settled.code(over) == "OVER_DAY_CAP"
    settled.take(town.honour("org", "second", "ann", NINE + DAY, 480))
    settled.take(town.honour("org", "second", "ann", NINE + DAY + 9 * 3600, 120))


def test_a_pair_of_less_than_a_minute_gives_nothing_to_sign(settled: SettledLedger) -> None:
    came, went = event(settled, "in", NINE), event(settled, "out", NINE + 59)
    settled.take(came, went)
    hours = settled.town.credit(
        "org", "ann", settled.activity, NINE, 1,
        ended_at=NINE + 59, clock_in=settled.town.id(came), clock_out=settled.town.id(went),
    )  # fmt: skip
    assert settled.code(hours) == "MINUTES_EXCEED_TIMES"


def test_seconds_beyond_the_last_whole_minute_are_not_counted(settled: SettledLedger) -> None:
    came, went = event(settled, "in", NINE), event(settled, "out", NINE + 3659)
    settled.take(came, went)
    ids = {"clock_in": settled.town.id(came), "clock_out": settled.town.id(went)}
    times = {"ended_at": NINE + 3659, **ids}
    less = settled.town.credit("org", "ann", settled.activity, NINE, 59, **times)
    assert settled.code(less) == "MINUTES_BY_RULE"
    right = settled.town.credit("org", "ann", settled.activity, NINE, 60, **times)
    assert settled.code(right) == ACCEPTED


def test_long_visits_count_up_to_the_session_cap_and_then_what_the_day_has_left(
    settled: SettledLedger,
) -> None:
    town, answers = settled.town, []
    for start, length, tries in ((NINE, 500, (480,)), (NINE + 31_000, 150, (150, 121, 120))):
        came, went = event(settled, "in", start), event(settled, "out", start + length * 60)
        settled.take(came, went)
        ids = {"clock_in": town.id(came), "clock_out": town.id(went)}
        for minutes in tries:
            hours = town.credit(
                "org", "ann", settled.activity, start, minutes, ended_at=start + length * 60, **ids
            )
            answers.append(settled.code(hours))
    assert answers == [ACCEPTED, "OVER_DAY_CAP", "OVER_DAY_CAP", ACCEPTED]
    assert settled.minutes() == (600, 0, 0)


def test_the_window_of_an_activity_is_open_from_early_to_late(settled: SettledLedger) -> None:
    town, now = settled.town, settled.town.now
    where = settled.published(now + 7200, now + 10_800)
    town.now = now + 20_000
    opens, closes = now + 7200 - 1800, now + 10_800 + 1800
    answers = [
        settled.code(town.clock_event("org", name, where, direction, at))
        for name, direction, at in (
            ("ann", "in", opens - 1),
            ("ann", "in", opens),
            ("ann", "out", closes + 1),
            ("ann", "out", closes),
            ("bob", "in", now + 10_801),
            ("bob", "in", now + 10_800),
        )
    ]
    assert answers == ["OUTSIDE_ACTIVITY", ACCEPTED] * 3


def test_an_activity_that_was_moved_has_the_new_window_and_place(settled: SettledLedger) -> None:
    town, now = settled.town, settled.town.now
    where = settled.published(now + 7200, now + 10_800)
    later = town.change(where, "org", starts_at=now + DAY, ends_at=now + DAY + 60, fence_metres=50)
    settled.take(later)
    town.now = now + DAY
    assert settled.code(town.clock_event("org", "ann", where, "in", now + 7200)) == (
        "OUTSIDE_ACTIVITY"
    )
    outside = town.clock_event("org", "ann", where, "in", now + DAY, distance="under_1_km")
    assert settled.code(outside) == "OUTSIDE_FENCE"
    code_shown = town.clock_event(
        "org", "ann", where, "in", now + DAY, distance="under_1_km", methods=("gps", "site_code")
    )
    assert settled.code(code_shown) == ACCEPTED


def test_who_clocks_in_takes_a_seat_once_and_who_left_gave_it_back(settled: SettledLedger) -> None:
    town = settled.town
    where = settled.published(town.now + 600, town.now + 7200, seats=1)
    settled.take(town.signup(where, "ann"))
    assert taken(settled, where) == 1
    assert settled.code(town.clock_event("org", "bob", where, "in", town.now)) == "SEATS_FULL"
    settled.take(town.signup(where, "ann", "leave"))
    assert taken(settled, where) == 0
    settled.take(*town.pair("org", "bob", where, town.now + 1, 1))
    settled.take(town.clock_event("org", "bob", where, "in", town.now + 62))
    assert taken(settled, where) == 1


def test_an_activity_can_be_changed_to_just_the_seats_taken_and_to_start_in_a_second(
    settled: SettledLedger,
) -> None:
    town, now = settled.town, settled.town.now
    where = settled.published(now + 3600, now + 7200)
    settled.take(town.signup(where, "ann"), town.signup(where, "bob"))

    def change(seats: int, start: int) -> Record:
        return town.change(where, "org", seats=seats, starts_at=start, ends_at=start + 60)

    assert settled.code(change(1, now + 1)) == "SEATS_FULL"
    assert settled.code(change(2, now)) == "ACTIVITY_STARTED"
    assert settled.code(change(2, now + 1)) == ACCEPTED


def test_what_the_recipient_confirms_is_named_by_the_hours(settled: SettledLedger) -> None:
    town = settled.town
    where = settled.published(town.now, town.now + 7200, recipient=address("school"))
    start = town.now
    town.now += 7200
    hours = settled.visit("ann", start, 60, where)
    answer = settled.take(town.confirmation(new_version(hours).clock_out, "school"))
    assert settled.code(hours) == "PAIR_UNKNOWN"
    named = town.record(new_version(hours, confirmation=town.id(answer)), ("organisation", "org"))
    assert settled.code(named) == ACCEPTED


def test_no_key_given_to_the_recipient_keeps_from_saying_that_nobody_served(
    settled: SettledLedger,
) -> None:
    town = settled.town
    where = settled.published(town.now, town.now + 7200, recipient=address("school"))
    start = town.now
    town.now += 7200
    hours = settled.visit("ann", start, 60, where)
    settled.take(town.grant("org", "school", "void"))
    clock_out = new_version(hours).clock_out
    assert settled.code(town.confirmation(clock_out, "school")) == "RECIPIENT_NOT_THIRD"
    assert settled.code(town.confirmation(clock_out, "school", "not_served")) == ACCEPTED
    assert settled.code(hours) == "NOT_SERVED"


@pytest.mark.parametrize(
    ("age", "code"),
    [(ANSWER_SECONDS, ACCEPTED), (ANSWER_SECONDS + 1, "CLOCK_STALE"), (-120, ACCEPTED),
     (-121, "FROM_THE_FUTURE")],
)  # fmt: skip
def test_the_time_is_the_server_s_within_what_the_policy_gives(
    strict: SettledLedger, age: int, code: str
) -> None:
    assert strict.code(event(strict, "in", strict.town.now - age)) == code


def test_nobody_can_clock_out_for_a_visit_that_was_long_ago(strict: SettledLedger) -> None:
    start = strict.town.now
    came, went = strict.town.pair("org", "ann", strict.activity, start, 60)
    strict.take(came)
    strict.town.now = start + 3600 + ANSWER_SECONDS + 1
    assert strict.code(went) == "CLOCK_STALE"
    now = event(strict, "out", strict.town.now)
    strict.take(now)
    found = pair(strict, now)
    assert found is not None
    assert found.ended_at - found.started_at == 3600 + ANSWER_SECONDS + 1


def test_a_station_witnesses_while_its_grant_holds_by_its_own_clock(strict: SettledLedger) -> None:
    town = strict.town
    end = town.now + 600
    revoked = town.grant("org", "station", "clock", action="revoke", valid_from=end)
    strict.take(event(strict, "in", town.now), revoked)
    town.now = end + 60
    # The answer was given in time and came in a minute after the grant had ended.
    assert strict.code(event(strict, "out", end)) == "SIGNER_NOT_ALLOWED"
    assert strict.code(event(strict, "out", end - 1)) == ACCEPTED


def test_a_new_station_begins_with_its_grant(strict: SettledLedger) -> None:
    town = strict.town
    strict.take(town.grant("org", "tablet", "clock", valid_from=town.now))
    answers = []
    for at in (town.now - 1, town.now):
        body = event(strict, "in", at).body
        by_tablet = town.record(body, ("volunteer", "ann"), ("station", "tablet"))
        answers.append(strict.code(by_tablet))
    assert answers == ["SIGNER_NOT_ALLOWED", ACCEPTED]
    assert town.now > START
