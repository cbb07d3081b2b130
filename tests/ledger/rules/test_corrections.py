"""The life of a recorded hour: amended, objected to, decided, voided; totals always follow."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.core.records.record import Record
from ledger.core.state.attendance_state import activity_key, permit_key
from ledger.operations import read
from ledger.store.engine import snapshot
from ledger.store.state import SqlState
from tests.builders.records import DAY, Town, address
from tests.builders.settled import (
    ACCEPTED,
    NINE,
    SettledLedger,
    audited,
    copied_ledger,
    new_version,
)


class Corrected(SettledLedger):
    """One credit and one honour service of ann, and one credit of bob."""

    def __init__(self, folder: Path, town: Town, activity: bytes) -> None:
        super().__init__(folder, town, activity)
        self.credit = self.take(self.visit("ann", NINE, 150))
        self.honour = self.take(
            town.honour("org", "second", "ann", NINE + DAY, 60, activity=activity)
        )
        self.bobs = self.take(self.visit("bob", NINE, 60))

    def used(self) -> tuple[int, int]:
        """Minutes taken from the permit, and from the ceiling of the activity."""
        with snapshot(self.ledger.engine) as connection:
            state = SqlState(connection)
            permit = state.get(permit_key(new_version(self.honour).permit))
            activity = state.get(activity_key(self.activity))
        assert permit is not None
        assert activity is not None
        return permit.minutes, activity.honour_minutes


@pytest.fixture
def settled(model: SettledLedger, tmp_path: Path) -> Iterator[Corrected]:
    with audited(copied_ledger(model, tmp_path, Corrected)) as made:
        yield made


def test_an_amendment_moves_the_totals_by_the_difference(settled: Corrected) -> None:
    town = settled.town
    shorter = new_version(settled.credit, minutes=90, ended_at=NINE + 5400)
    amend = town.amend(town.id(settled.credit), shorter)
    settled.take(amend)
    assert settled.minutes() == (90, 60, 0)
    assert settled.status(settled.credit) == "amended"
    assert settled.status(amend) == "recorded"
    assert read.account(settled.ledger, address("ann")).minted == 1


def test_the_time_that_an_amendment_frees_can_be_served_again(settled: Corrected) -> None:
    town = settled.town
    settled.take(
        town.amend(
            town.id(settled.credit), new_version(settled.credit, minutes=90, ended_at=NINE + 5400)
        )
    )
    settled.take(town.honour("org", "second", "ann", NINE + 5400, 60))
    late = town.honour("org", "second", "ann", NINE + 5399, 1)
    assert settled.code(late) == "OVERLAP"


def test_honour_hours_can_be_amended_to_more_within_all_caps(settled: Corrected) -> None:
    town = settled.town
    more = new_version(settled.honour, minutes=240, ended_at=NINE + DAY + 240 * 60)
    settled.take(town.amend(town.id(settled.honour), more))
    assert settled.minutes() == (150, 240, 0)


def test_a_chain_of_amendments_counts_its_newest_version_only(settled: Corrected) -> None:
    town = settled.town
    target = town.id(settled.credit)
    for minutes in (120, 90, 30):
        amend = town.amend(target, new_version(settled.credit, minutes=minutes))
        settled.take(amend)
        target = town.id(amend)
        assert settled.minutes()[0] == minutes
    settled.take(town.void(target, "org"))
    assert settled.minutes() == (0, 60, 30)


def _amended(settled: Corrected, record: Record, **changes: Any) -> Record:
    return settled.town.amend(settled.town.id(record), new_version(record, **changes))


BAD: dict[str, tuple[str, Callable[[Corrected], Record]]] = {
    "credit to more": ("AMEND_GROWS", lambda s: _amended(s, s.credit, minutes=151)),
    "credit to later": (
        "AMEND_GROWS",
        lambda s: _amended(s, s.credit, ended_at=NINE + 151 * 60),
    ),
    "credit to earlier": ("AMEND_GROWS", lambda s: _amended(s, s.credit, started_at=NINE - 1)),
    "of nothing": ("AMEND_TARGET", lambda s: s.town.amend(b"\1" * 32, new_version(s.credit))),
    "another volunteer": (
        "AMEND_TARGET",
        lambda s: _amended(s, s.credit, volunteer=address("bob")),
    ),
    "another class": ("AMEND_TARGET", lambda s: _amended(s, s.honour, hour_class="credit")),
    "another activity": ("AMEND_TARGET", lambda s: _amended(s, s.credit, activity=bytes(32))),
    "over a cap": (
        "OVER_SESSION_CAP",
        lambda s: _amended(s, s.honour, minutes=481, ended_at=NINE + DAY + 481 * 60),
    ),
    "onto another service": (
        "OVERLAP",
        lambda s: _amended(s, s.honour, started_at=NINE, ended_at=NINE + 3600),
    ),
    "ends before it begins": ("TIMES_REVERSED", lambda s: _amended(s, s.credit, ended_at=NINE)),
    "by one key alone": (
        "APPROVER_NOT_SECOND",
        lambda s: s.town.record(
            _amended(s, s.credit, minutes=1).body, ("organisation", "org"), ("approver", "org")
        ),
    ),
    "by the volunteer": (
        "WRONG_ROLES",
        lambda s: s.town.record(
            _amended(s, s.credit, minutes=1).body, ("organisation", "org"), ("volunteer", "ann")
        ),
    ),
    "from the future": (
        "FROM_THE_FUTURE",
        lambda s: s.town.amend(
            s.town.id(s.credit), new_version(s.credit, minutes=1), issued_at=s.town.now + 121
        ),
    ),
    "another permit": ("AMEND_TARGET", lambda s: _amended(s, s.honour, permit=b"\1" * 32)),
    "another clock-in": ("AMEND_TARGET", lambda s: _amended(s, s.credit, clock_in=b"\1" * 32)),
    "another clock-out": ("AMEND_TARGET", lambda s: _amended(s, s.credit, clock_out=b"\1" * 32)),
    "with a confirmation that came later": (
        "AMEND_TARGET",
        lambda s: _amended(s, s.credit, confirmation=b"\1" * 32),
    ),
    "without evidence": ("NO_EVIDENCE", lambda s: _amended(s, s.honour, evidence=())),
    "objection to another's service": (
        "OBJECTION_TARGET",
        lambda s: s.town.objection(s.town.id(s.bobs), "ann"),
    ),
    "objection to nothing": ("OBJECTION_TARGET", lambda s: s.town.objection(b"\1" * 32, "ann")),
    "objection signed by another": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(
            s.town.objection(s.town.id(s.bobs), "bob").body, ("volunteer", "ann")
        ),
    ),
    "decision without objection": (
        "DECISION_TARGET",
        lambda s: s.town.decision(b"\1" * 32, s.town.id(s.credit), "org", "rejected"),
    ),
    "decision by a stranger": (
        "VOID_NOT_YOURS",
        lambda s: s.town.decision(b"\1" * 32, s.town.id(s.credit), "ann", "rejected"),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_refused(settled: Corrected, name: str) -> None:
    code, make = BAD[name]
    before = (settled.minutes(), settled.used())
    assert settled.code(make(settled)) == code
    assert (settled.minutes(), settled.used()) == before


def test_corrections_name_the_newest_version(settled: Corrected) -> None:
    town, old = settled.town, town_id(settled)
    settled.take(town.amend(old, new_version(settled.credit, minutes=90)))
    again = town.amend(old, new_version(settled.credit, minutes=80))
    assert settled.code(again) == "SUPERSEDED"
    assert settled.code(town.void(old, "org")) == "SUPERSEDED"
    assert settled.code(town.objection(old, "ann")) == "SUPERSEDED"


def town_id(settled: Corrected) -> bytes:
    return settled.town.id(settled.credit)


def test_what_is_void_can_be_neither_amended_nor_objected_to(settled: Corrected) -> None:
    town, target = settled.town, town_id(settled)
    settled.take(town.void(target, "org"))
    assert settled.code(town.amend(target, new_version(settled.credit))) == "VOID_TWICE"
    assert settled.code(town.objection(target, "ann")) == "OBJECTION_TARGET"


def test_a_record_is_disputed_until_the_objection_is_decided(settled: Corrected) -> None:
    town, target = settled.town, town_id(settled)
    objection = town.objection(target, "ann")
    settled.take(objection)
    assert settled.status(settled.credit) == "disputed"
    second = town.objection(target, "ann", reason="wrong_time")
    assert settled.code(second) == "OBJECTION_OPEN"
    settled.take(town.decision(town.id(objection), target, "org", "rejected"))
    assert settled.status(settled.credit) == "recorded"
    assert settled.minutes() == (150, 60, 0)
    # Rejected once, a person may object again, and an authority may decide it.
    town.now += 1
    again = town.objection(target, "ann")
    settled.take(again)
    settled.take(town.decision(town.id(again), target, None, "rejected"))


def test_an_objection_is_upheld_only_after_the_record_was_corrected(settled: Corrected) -> None:
    town, target = settled.town, town_id(settled)
    objection = town.objection(target, "ann")
    settled.take(objection)
    upheld = town.decision(town.id(objection), target, "org", "upheld")
    assert settled.code(upheld) == "DECISION_NOT_DONE"
    settled.take(town.void(target, "org"))
    settled.take(upheld)
    assert settled.status(settled.credit) == "void"


def test_coins_follow_and_a_debt_blocks_spending(settled: Corrected) -> None:
    town = settled.town
    settled.take(town.transfer("ann", "bob", 2))
    settled.take(town.amend(town_id(settled), new_version(settled.credit, minutes=30)))
    assert read.account(settled.ledger, address("ann")).balance == -2
    assert settled.code(town.transfer("ann", "bob", 1, nonce=1)) == "NO_COINS"


def test_a_void_gives_back_time_and_coins_but_not_the_pair(settled: Corrected) -> None:
    town, target = settled.town, town_id(settled)
    settled.take(town.transfer("ann", "bob", 2))
    settled.take(town.void(target, "org"))
    ann = read.account(settled.ledger, address("ann"))
    assert (ann.credit_minutes, ann.voided_minutes, ann.minted, ann.balance) == (0, 150, 0, -2)
    assert settled.code(town.void(target, None, reason="other")) == "VOID_TWICE"
    again = town.record(new_version(settled.credit, content=b"\3" * 32), ("organisation", "org"))
    assert settled.code(again) == "PAIR_USED"
    # The time is free again: for hours that are typed in, and for another visit that was clocked.
    settled.take(town.honour("org", "second", "ann", NINE, 150))
    settled.take(settled.visit("ann", NINE + 9060, 120))
    assert read.account(settled.ledger, address("ann")).balance == 0


def test_a_void_gives_minutes_back_to_the_permit_and_the_activity(settled: Corrected) -> None:
    assert settled.used() == (60, 60)
    settled.take(settled.town.void(settled.town.id(settled.honour), "org"))
    assert settled.used() == (0, 0)
    assert settled.minutes() == (150, 0, 60)


def test_an_amendment_gives_back_the_difference_or_takes_it(settled: Corrected) -> None:
    more = _amended(settled, settled.honour, minutes=90, ended_at=NINE + DAY + 90 * 60)
    settled.take(more)
    assert settled.used() == (90, 90)
    settled.take(settled.town.amend(settled.town.id(more), new_version(settled.honour, minutes=20)))
    assert settled.used() == (20, 20)
    assert settled.minutes() == (150, 20, 0)


def test_an_amendment_stays_within_the_permit_but_may_come_after_it(settled: Corrected) -> None:
    town, soon = settled.town, settled.town.now + 60
    permit = settled.take(town.permit("org", minutes_max=100, enter_until=soon))
    hours = settled.take(
        town.honour("org", "second", "bob", NINE + DAY, 60, permit=town.id(permit))
    )
    town.now = soon
    late = town.honour("org", "second", "bob", NINE + 2 * DAY, 10, permit=town.id(permit))
    assert settled.code(late) == "PERMIT_OUTSIDE"
    for minutes, code in ((101, "PERMIT_SPENT"), (100, ACCEPTED)):
        end = NINE + DAY + minutes * 60
        assert settled.code(_amended(settled, hours, minutes=minutes, ended_at=end)) == code


def test_an_amendment_stays_within_the_cap_of_the_day(settled: Corrected) -> None:
    town = settled.town
    settled.take(town.honour("org", "second", "ann", NINE + DAY + 10_800, 480))
    for minutes, code in ((121, "OVER_DAY_CAP"), (120, ACCEPTED)):
        end = NINE + DAY + minutes * 60
        amend = _amended(settled, settled.honour, minutes=minutes, ended_at=end)
        assert settled.code(amend) == code


def test_an_amendment_keeps_the_flags_of_the_first_entry(settled: Corrected) -> None:
    town = settled.town
    town.now += 30 * DAY
    late = settled.take(town.honour("org", "second", "bob", NINE + DAY, 60))
    assert settled.flags(late) == ("LATE", "NO_ACTIVITY")
    amend = settled.take(_amended(settled, late, minutes=50))
    assert settled.flags(amend) == ("LATE", "NO_ACTIVITY")
    timely = settled.take(_amended(settled, settled.bobs, minutes=50))
    assert settled.flags(timely) == settled.flags(settled.bobs) == ()


def test_a_successor_voids_for_the_dissolved_and_a_stranger_does_not(settled: Corrected) -> None:
    town, target = settled.town, town_id(settled)
    settled.take(town.certify("heir"), town.certify("stranger"))
    assert settled.code(town.void(target, "heir")) == "VOID_NOT_YOURS"
    settled.take(
        town.certify("org", action="succeed", successor=address("heir"), valid_from=town.now)
    )
    assert settled.code(town.void(target, "stranger")) == "VOID_NOT_YOURS"
    assert settled.code(town.void(target, "org")) == "ORG_NOT_CERTIFIED"
    town.now += 1
    settled.take(town.void(target, "heir"))
