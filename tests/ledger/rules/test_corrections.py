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
from tests.builders.settled import ACCEPTED, NINE, Street, audited, copied_street, new_version


class Corrected(Street):
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
        with snapshot(self.book.engine) as connection:
            state = SqlState(connection)
            permit = state.get(permit_key(new_version(self.honour).permit))
            activity = state.get(activity_key(self.activity))
        assert permit is not None
        assert activity is not None
        return permit.minutes, activity.honour_minutes


@pytest.fixture
def street(model: Street, tmp_path: Path) -> Iterator[Corrected]:
    with audited(copied_street(model, tmp_path, Corrected)) as made:
        yield made


def test_an_amendment_moves_the_totals_by_the_difference(street: Corrected) -> None:
    town = street.town
    shorter = new_version(street.credit, minutes=90, ended_at=NINE + 5400)
    amend = town.amend(town.id(street.credit), shorter)
    street.take(amend)
    assert street.minutes() == (90, 60, 0)
    assert street.status(street.credit) == "amended"
    assert street.status(amend) == "recorded"
    assert read.account(street.book, address("ann")).minted == 1


def test_the_time_that_an_amendment_frees_can_be_served_again(street: Corrected) -> None:
    town = street.town
    street.take(
        town.amend(
            town.id(street.credit), new_version(street.credit, minutes=90, ended_at=NINE + 5400)
        )
    )
    street.take(town.honour("org", "second", "ann", NINE + 5400, 60))
    late = town.honour("org", "second", "ann", NINE + 5399, 1)
    assert street.code(late) == "OVERLAP"


def test_honour_hours_can_be_amended_to_more_within_all_caps(street: Corrected) -> None:
    town = street.town
    more = new_version(street.honour, minutes=240, ended_at=NINE + DAY + 240 * 60)
    street.take(town.amend(town.id(street.honour), more))
    assert street.minutes() == (150, 240, 0)


def test_a_chain_of_amendments_counts_its_newest_version_only(street: Corrected) -> None:
    town = street.town
    target = town.id(street.credit)
    for minutes in (120, 90, 30):
        amend = town.amend(target, new_version(street.credit, minutes=minutes))
        street.take(amend)
        target = town.id(amend)
        assert street.minutes()[0] == minutes
    street.take(town.void(target, "org"))
    assert street.minutes() == (0, 60, 30)


def _amended(street: Corrected, record: Record, **changes: Any) -> Record:
    return street.town.amend(street.town.id(record), new_version(record, **changes))


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
def test_refused(street: Corrected, name: str) -> None:
    code, make = BAD[name]
    before = (street.minutes(), street.used())
    assert street.code(make(street)) == code
    assert (street.minutes(), street.used()) == before


def test_corrections_name_the_newest_version(street: Corrected) -> None:
    town, old = street.town, town_id(street)
    street.take(town.amend(old, new_version(street.credit, minutes=90)))
    again = town.amend(old, new_version(street.credit, minutes=80))
    assert street.code(again) == "SUPERSEDED"
    assert street.code(town.void(old, "org")) == "SUPERSEDED"
    assert street.code(town.objection(old, "ann")) == "SUPERSEDED"


def town_id(street: Corrected) -> bytes:
    return street.town.id(street.credit)


def test_what_is_void_can_be_neither_amended_nor_objected_to(street: Corrected) -> None:
    town, target = street.town, town_id(street)
    street.take(town.void(target, "org"))
    assert street.code(town.amend(target, new_version(street.credit))) == "VOID_TWICE"
    assert street.code(town.objection(target, "ann")) == "OBJECTION_TARGET"


def test_a_record_is_disputed_until_the_objection_is_decided(street: Corrected) -> None:
    town, target = street.town, town_id(street)
    objection = town.objection(target, "ann")
    street.take(objection)
    assert street.status(street.credit) == "disputed"
    second = town.objection(target, "ann", reason="wrong_time")
    assert street.code(second) == "OBJECTION_OPEN"
    street.take(town.decision(town.id(objection), target, "org", "rejected"))
    assert street.status(street.credit) == "recorded"
    assert street.minutes() == (150, 60, 0)
    # Rejected once, a person may object again, and an authority may decide it.
    town.now += 1
    again = town.objection(target, "ann")
    street.take(again)
    street.take(town.decision(town.id(again), target, None, "rejected"))


def test_an_objection_is_upheld_only_after_the_record_was_corrected(street: Corrected) -> None:
    town, target = street.town, town_id(street)
    objection = town.objection(target, "ann")
    street.take(objection)
    upheld = town.decision(town.id(objection), target, "org", "upheld")
    assert street.code(upheld) == "DECISION_NOT_DONE"
    street.take(town.void(target, "org"))
    street.take(upheld)
    assert street.status(street.credit) == "void"


def test_coins_follow_and_a_debt_blocks_spending(street: Corrected) -> None:
    town = street.town
    street.take(town.transfer("ann", "bob", 2))
    street.take(town.amend(town_id(street), new_version(street.credit, minutes=30)))
    assert read.account(street.book, address("ann")).balance == -2
    assert street.code(town.transfer("ann", "bob", 1, nonce=1)) == "NO_COINS"


def test_a_void_gives_back_time_and_coins_but_not_the_pair(street: Corrected) -> None:
    town, target = street.town, town_id(street)
    street.take(town.transfer("ann", "bob", 2))
    street.take(town.void(target, "org"))
    ann = read.account(street.book, address("ann"))
    assert (ann.credit_minutes, ann.voided_minutes, ann.minted, ann.balance) == (0, 150, 0, -2)
    assert street.code(town.void(target, None, reason="other")) == "VOID_TWICE"
    again = town.record(new_version(street.credit, content=b"\3" * 32), ("organisation", "org"))
    assert street.code(again) == "PAIR_USED"
    # The time is free again: for hours that are typed in, and for another visit that was clocked.
    street.take(town.honour("org", "second", "ann", NINE, 150))
    street.take(street.visit("ann", NINE + 9060, 120))
    assert read.account(street.book, address("ann")).balance == 0


def test_a_void_gives_minutes_back_to_the_permit_and_the_activity(street: Corrected) -> None:
    assert street.used() == (60, 60)
    street.take(street.town.void(street.town.id(street.honour), "org"))
    assert street.used() == (0, 0)
    assert street.minutes() == (150, 0, 60)


def test_an_amendment_gives_back_the_difference_or_takes_it(street: Corrected) -> None:
    more = _amended(street, street.honour, minutes=90, ended_at=NINE + DAY + 90 * 60)
    street.take(more)
    assert street.used() == (90, 90)
    street.take(street.town.amend(street.town.id(more), new_version(street.honour, minutes=20)))
    assert street.used() == (20, 20)
    assert street.minutes() == (150, 20, 0)


def test_an_amendment_stays_within_the_permit_but_may_come_after_it(street: Corrected) -> None:
    town, soon = street.town, street.town.now + 60
    permit = street.take(town.permit("org", minutes_max=100, enter_until=soon))
    hours = street.take(town.honour("org", "second", "bob", NINE + DAY, 60, permit=town.id(permit)))
    town.now = soon
    late = town.honour("org", "second", "bob", NINE + 2 * DAY, 10, permit=town.id(permit))
    assert street.code(late) == "PERMIT_OUTSIDE"
    for minutes, code in ((101, "PERMIT_SPENT"), (100, ACCEPTED)):
        end = NINE + DAY + minutes * 60
        assert street.code(_amended(street, hours, minutes=minutes, ended_at=end)) == code


def test_an_amendment_stays_within_the_cap_of_the_day(street: Corrected) -> None:
    town = street.town
    street.take(town.honour("org", "second", "ann", NINE + DAY + 10_800, 480))
    for minutes, code in ((121, "OVER_DAY_CAP"), (120, ACCEPTED)):
        end = NINE + DAY + minutes * 60
        amend = _amended(street, street.honour, minutes=minutes, ended_at=end)
        assert street.code(amend) == code


def test_an_amendment_keeps_the_flags_of_the_first_entry(street: Corrected) -> None:
    town = street.town
    town.now += 30 * DAY
    late = street.take(town.honour("org", "second", "bob", NINE + DAY, 60))
    assert street.flags(late) == ("LATE", "NO_ACTIVITY")
    amend = street.take(_amended(street, late, minutes=50))
    assert street.flags(amend) == ("LATE", "NO_ACTIVITY")
    timely = street.take(_amended(street, street.bobs, minutes=50))
    assert street.flags(timely) == street.flags(street.bobs) == ()


def test_a_successor_voids_for_the_dissolved_and_a_stranger_does_not(street: Corrected) -> None:
    town, target = street.town, town_id(street)
    street.take(town.certify("heir"), town.certify("stranger"))
    assert street.code(town.void(target, "heir")) == "VOID_NOT_YOURS"
    street.take(
        town.certify("org", action="succeed", successor=address("heir"), valid_from=town.now)
    )
    assert street.code(town.void(target, "stranger")) == "VOID_NOT_YOURS"
    assert street.code(town.void(target, "org")) == "ORG_NOT_CERTIFIED"
    town.now += 1
    street.take(town.void(target, "heir"))
