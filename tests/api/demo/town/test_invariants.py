"""What always holds, recomputed from the entries of simulated towns without any rule of the ledger.

I11 (certificates) and I15 (practice credits) are about records that there are not yet; I13 has a
file of its own.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest

from api.terminal.format import hours
from ledger.core.kinds import registry as bodies
from ledger.core.records.record import Entry
from ledger.core.verify.record import verify
from ledger.operations.audit import audit
from ledger.operations.prove import bundle
from ledger.operations.read import account, batches, find_service
from tests.builders.simulations import LARGE, RECORDS_MIN, Lived


@dataclass(frozen=True)
class Version:
    """A version of a service that counts at the end."""

    record: bytes
    body: bodies.Service
    entry: Entry


def counting(lived: Lived) -> list[Version]:
    """Services and amended versions, without those that were voided or amended."""
    found: dict[bytes, Version] = {}
    for record, entry in lived.entries:
        body = entry.record.body
        if isinstance(body, bodies.Service):
            found[record] = Version(record, body, entry)
        elif isinstance(body, bodies.Amend):
            del found[body.target]
            found[record] = Version(record, body.service, entry)
        elif isinstance(body, bodies.Void):
            del found[body.target]
    return list(found.values())


def of_kind(lived: Lived, kind: str) -> Iterator[tuple[bytes, Entry]]:
    return ((record, entry) for record, entry in lived.entries if entry.record.kind == kind)


def test_the_town_went_as_expected_and_is_large_enough(lived: Lived) -> None:
    assert lived.report.surprises == []
    assert {
        f"F{n}" for n in (1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 17, 18, 19, 20, 21)
    } == lived.report.frauds.keys()
    if lived.size == LARGE:
        assert lived.report.records >= RECORDS_MIN


def test_i1_a_credit_hour_has_one_pair_and_coins_follow_from_credit_minutes(lived: Lived) -> None:
    clocks = {record: entry for record, entry in of_kind(lived, "clock")}
    used: set[bytes] = set()
    minutes: dict[str, int] = defaultdict(int)
    for version in counting(lived):
        if version.body.hour_class != "credit":
            continue
        assert version.body.clock_out not in used
        used |= {version.body.clock_in, version.body.clock_out}
        assert clocks.keys() >= {version.body.clock_in, version.body.clock_out}
        minutes[version.body.volunteer] += version.body.minutes
    assert minutes
    for volunteer, credit in minutes.items():
        found = account(lived.ledger, volunteer)
        assert (found.credit_minutes, found.minted) == (credit, credit // 60)


def test_i2_honour_hours_mint_nothing(lived: Lived) -> None:
    honour: dict[str, int] = defaultdict(int)
    for version in counting(lived):
        if version.body.hour_class == "honour":
            honour[version.body.volunteer] += version.body.minutes
    assert honour
    for volunteer, minutes in honour.items():
        found = account(lived.ledger, volunteer)
        assert found.honour_minutes == minutes
        assert found.minted == found.credit_minutes // 60


def test_i3_no_transfer_spends_what_is_not_there_and_i4_coins_add_up(lived: Lived) -> None:
    credit: dict[str, int] = defaultdict(int)
    moved: dict[str, int] = defaultdict(int)
    versions: dict[bytes, bodies.Service] = {}
    for record, entry in lived.entries:
        body = entry.record.body
        if isinstance(body, bodies.Amend | bodies.Void) and body.target in versions:
            old = versions.pop(body.target)
            credit[old.volunteer] -= old.minutes
        service = bodies.service_of(body)
        if service is not None and service.hour_class == "credit":
            versions[record] = service
            credit[service.volunteer] += service.minutes
        if isinstance(body, bodies.Transfer):
            assert credit[body.sender] // 60 + moved[body.sender] >= body.coins
            moved[body.sender] -= body.coins
            moved[body.recipient] += body.coins
    assert sum(moved.values()) == 0
    people = set(credit) | set(moved)
    balances = sum(account(lived.ledger, who).balance for who in people)
    assert balances == sum(minutes // 60 for minutes in credit.values())


def test_i5_nobody_serves_twice_at_one_time(lived: Lived) -> None:
    days: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for version in counting(lived):
        days[version.body.volunteer].append((version.body.started_at, version.body.ended_at))
    for times in days.values():
        times.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(times))


def test_i6_times_minutes_and_caps_are_in_order(lived: Lived) -> None:
    policy = lived.ledger.policy
    clocks = {record: entry.record.body for record, entry in of_kind(lived, "clock")}
    a_day: dict[tuple[str, int], int] = defaultdict(int)
    for version in counting(lived):
        body = version.body
        assert body.started_at < body.ended_at <= version.entry.accepted_at
        assert 0 < body.minutes <= (body.ended_at - body.started_at) // 60
        assert body.minutes <= policy.session_minutes_max
        a_day[body.volunteer, (body.started_at + 8 * 3600) // 86400] += body.minutes
        if body.hour_class == "credit":
            came, went = clocks[body.clock_in], clocks[body.clock_out]
            assert isinstance(came, bodies.Clock)
            assert isinstance(went, bodies.Clock)
            assert came.clocked_at <= body.started_at < body.ended_at <= went.clocked_at
    assert max(a_day.values()) <= policy.day_minutes_max
    for _, entry in of_kind(lived, "clock"):
        body = entry.record.body
        assert isinstance(body, bodies.Clock)
        assert 0 <= entry.accepted_at - body.clocked_at <= policy.clock_answer_seconds


def test_i7_clocks_are_inside_the_window_and_i8_after_the_publication(lived: Lived) -> None:
    policy = lived.ledger.policy
    published = {record: entry for record, entry in of_kind(lived, "activity")}
    for _, entry in of_kind(lived, "clock"):
        body = entry.record.body
        assert isinstance(body, bodies.Clock)
        activity = published[body.activity]
        plan = activity.record.body
        assert isinstance(plan, bodies.Activity)
        assert activity.accepted_at <= body.clocked_at
        assert plan.starts_at - policy.clock_in_early_minutes * 60 <= body.clocked_at
        assert body.clocked_at <= plan.ends_at + policy.clock_out_late_minutes * 60


def test_i9_every_total_and_state_of_every_batch_is_rebuilt_from_the_entries(lived: Lived) -> None:
    report = audit(lived.ledger.engine)
    assert report.findings == []
    assert report.checked["entries"] == len(lived.entries)
    assert report.checked["batches"] == len(batches(lived.ledger, 0, 1000)) > lived.size.days


def test_i10_a_void_after_the_coins_were_spent_is_a_debt_and_never_a_payment(lived: Lived) -> None:
    accounts = {v.body.volunteer: account(lived.ledger, v.body.volunteer) for v in counting(lived)}
    for found in accounts.values():
        assert found.balance == found.minted + found.received - found.sent
        assert found.minted == found.credit_minutes // 60


def test_i12_every_sampled_proof_holds_with_no_network(lived: Lived) -> None:
    versions = counting(lived)
    for version in versions[:: max(1, len(versions) // 40)]:
        found = verify(bundle(lived.ledger, version.record, lambda *_: []))
        assert found.verdict in ("pending", "disputed"), found.checks
        assert found.facts["flags"] is not None


def test_i14_honour_hours_stay_within_the_ceilings_of_permits_and_activities(lived: Lived) -> None:
    used: dict[bytes, int] = defaultdict(int)
    for version in counting(lived):
        if version.body.hour_class == "honour":
            used[version.body.permit] += version.body.minutes
            used[version.body.activity] += version.body.minutes
    for record, entry in lived.entries:
        body = entry.record.body
        if isinstance(body, bodies.Permit):
            assert used[record] <= body.minutes_max
        if isinstance(body, bodies.Activity):
            assert used[record] <= body.honour_minutes_max


def working_days_after(day: date, count: int, free: set[date], extra: set[date]) -> date:
    while count:
        day += timedelta(days=1)
        count -= (day.weekday() < 5 and day not in free) or day in extra
    return day


def test_i16_lateness_is_counted_in_working_days_of_the_calendars_in_the_ledger(
    lived: Lived,
) -> None:
    epoch, free, extra = date(1970, 1, 1), set[date](), set[date]()
    for _, entry in of_kind(lived, "calendar"):
        body = entry.record.body
        assert isinstance(body, bodies.Calendar)
        free |= {epoch + timedelta(days=d) for d in body.holidays}
        extra |= {epoch + timedelta(days=d) for d in body.workdays}
    assert free
    late = 0
    for record, entry in of_kind(lived, "service"):
        body = entry.record.body
        assert isinstance(body, bodies.Service)
        ended, entered = (
            epoch + timedelta(days=(time + 8 * 3600) // 86400)
            for time in (body.ended_at, entry.accepted_at)
        )
        service = find_service(lived.ledger, record)
        assert service is not None
        expected = entered > working_days_after(ended, 10, free, extra)
        assert ("LATE" in service.flags) == expected
        late += expected
    if lived.size == LARGE:
        assert late


@pytest.mark.parametrize("minutes", [0, 1, 59, 60, 61, 719, 6001])
def test_i17_hours_are_shown_from_the_sum_of_minutes_and_lose_none(minutes: int) -> None:
    whole, rest = hours(minutes).removesuffix(" min").split(" h ")
    assert int(whole) * 60 + int(rest) == minutes
