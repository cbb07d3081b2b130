"""The life of a recorded hour: amended, objected to, decided, voided; totals always follow."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.core.bodies import Service
from ledger.core.records import Record
from ledger.errors import Refused
from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.book import Book
from tests.town import START, Town, address, open_book, settle

NINE = START + 3600 * 24


class Street:
    """A settled book with one credit and one honour service of ann, and one credit of bob."""

    def __init__(self, folder: Path) -> None:
        self.town = Town()
        self.book: Book = open_book(self.town, folder)
        self.activity = settle(self.town, self.book)
        town = self.town
        self.credit = town.credit("org", "ann", self.activity, NINE, 150)
        self.honour = town.honour("org", "second", "ann", NINE + 86400, 60)
        self.bobs = town.credit("org", "bob", self.activity, NINE, 60)
        for record in (self.credit, self.honour, self.bobs):
            self.book.append(record)

    def new(self, record: Record, **changes: object) -> Service:
        assert isinstance(record.body, Service)
        return replace(record.body, **changes)  # type: ignore[arg-type]

    def minutes(self, name: str = "ann") -> tuple[int, int, int]:
        account = read.account(self.book, address(name))
        return account.credit_minutes, account.honour_minutes, account.voided_minutes

    def status(self, record: Record) -> str:
        service = read.find_service(self.book, self.town.id(record))
        assert service is not None
        return service.status


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    street = Street(tmp_path)
    yield street
    report = audit(street.book.engine)
    street.book.close()
    street.book.engine.dispose()
    assert report.sound, report.findings


def refusal(street: Street, record: Record) -> str:
    size = street.book.size
    with pytest.raises(Refused) as refused:
        street.book.append(record)
    assert street.book.size == size
    return refused.value.code.value


def test_an_amendment_moves_the_totals_by_the_difference(street: Street) -> None:
    town = street.town
    shorter = street.new(street.credit, minutes=90, ended_at=NINE + 5400)
    amend = town.amend(town.id(street.credit), shorter)
    street.book.append(amend)
    assert street.minutes() == (90, 60, 0)
    assert street.status(street.credit) == "amended"
    assert street.status(amend) == "recorded"
    assert read.account(street.book, address("ann")).minted == 1


def test_the_time_that_an_amendment_frees_can_be_served_again(street: Street) -> None:
    town = street.town
    street.book.append(
        town.amend(
            town.id(street.credit), street.new(street.credit, minutes=90, ended_at=NINE + 5400)
        )
    )
    street.book.append(town.credit("org", "ann", street.activity, NINE + 5400, 60))
    late = town.credit("org", "ann", street.activity, NINE + 5399, 1)
    assert refusal(street, late) == "OVERLAP"


def test_honour_hours_can_be_amended_to_more_within_all_caps(street: Street) -> None:
    town = street.town
    more = street.new(street.honour, minutes=240, ended_at=NINE + 86400 + 240 * 60)
    street.book.append(town.amend(town.id(street.honour), more))
    assert street.minutes() == (150, 240, 0)


def test_a_chain_of_amendments_counts_its_newest_version_only(street: Street) -> None:
    town = street.town
    target = town.id(street.credit)
    for minutes in (120, 90, 30):
        amend = town.amend(target, street.new(street.credit, minutes=minutes))
        street.book.append(amend)
        target = town.id(amend)
        assert street.minutes()[0] == minutes
    street.book.append(town.void(target, "org"))
    assert street.minutes() == (0, 60, 30)


Make = Callable[[Street], Record]


def _amended(street: Street, record: Record, **changes: object) -> Record:
    return street.town.amend(street.town.id(record), street.new(record, **changes))


BAD: dict[str, tuple[str, Make]] = {
    "credit to more": ("AMEND_GROWS", lambda s: _amended(s, s.credit, minutes=151)),
    "credit to later": (
        "AMEND_GROWS",
        lambda s: _amended(s, s.credit, ended_at=NINE + 151 * 60),
    ),
    "credit to earlier": ("AMEND_GROWS", lambda s: _amended(s, s.credit, started_at=NINE - 1)),
    "of nothing": ("AMEND_TARGET", lambda s: s.town.amend(b"\1" * 32, s.new(s.credit))),
    "another volunteer": (
        "AMEND_TARGET",
        lambda s: _amended(s, s.credit, volunteer=address("bob")),
    ),
    "another class": ("AMEND_TARGET", lambda s: _amended(s, s.honour, hour_class="credit")),
    "another activity": ("AMEND_TARGET", lambda s: _amended(s, s.credit, activity=bytes(32))),
    "over a cap": (
        "OVER_SESSION_CAP",
        lambda s: _amended(s, s.honour, minutes=481, ended_at=NINE + 86400 + 481 * 60),
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
            s.town.id(s.credit), s.new(s.credit, minutes=1), issued_at=s.town.now + 121
        ),
    ),
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
def test_refused(street: Street, name: str) -> None:
    code, make = BAD[name]
    before = street.minutes()
    assert refusal(street, make(street)) == code
    assert street.minutes() == before


def test_corrections_name_the_newest_version(street: Street) -> None:
    town, old = street.town, town_id(street)
    street.book.append(town.amend(old, street.new(street.credit, minutes=90)))
    again = town.amend(old, street.new(street.credit, minutes=80))
    assert refusal(street, again) == "SUPERSEDED"
    assert refusal(street, town.void(old, "org")) == "SUPERSEDED"
    assert refusal(street, town.objection(old, "ann")) == "SUPERSEDED"


def town_id(street: Street) -> bytes:
    return street.town.id(street.credit)


def test_what_is_void_can_be_neither_amended_nor_objected_to(street: Street) -> None:
    town, target = street.town, town_id(street)
    street.book.append(town.void(target, "org"))
    assert refusal(street, town.amend(target, street.new(street.credit))) == "VOID_TWICE"
    assert refusal(street, town.objection(target, "ann")) == "OBJECTION_TARGET"


def test_a_record_is_disputed_until_the_objection_is_decided(street: Street) -> None:
    town, target = street.town, town_id(street)
    objection = town.objection(target, "ann")
    street.book.append(objection)
    assert street.status(street.credit) == "disputed"
    second = town.objection(target, "ann", reason="wrong_time")
    assert refusal(street, second) == "OBJECTION_OPEN"
    street.book.append(town.decision(town.id(objection), target, "org", "rejected"))
    assert street.status(street.credit) == "recorded"
    assert street.minutes() == (150, 60, 0)
    # Rejected once, a person may object again, and an authority may decide it.
    town.now += 1
    again = town.objection(target, "ann")
    street.book.append(again)
    street.book.append(town.decision(town.id(again), target, None, "rejected"))


def test_an_objection_is_upheld_only_after_the_record_was_corrected(street: Street) -> None:
    town, target = street.town, town_id(street)
    objection = town.objection(target, "ann")
    street.book.append(objection)
    upheld = town.decision(town.id(objection), target, "org", "upheld")
    assert refusal(street, upheld) == "DECISION_NOT_DONE"
    street.book.append(town.void(target, "org"))
    street.book.append(upheld)
    assert street.status(street.credit) == "void"


def test_coins_follow_and_a_debt_blocks_spending(street: Street) -> None:
    town = street.town
    street.book.append(town.transfer("ann", "bob", 2))
    street.book.append(town.amend(town_id(street), street.new(street.credit, minutes=30)))
    assert read.account(street.book, address("ann")).balance == -2
    assert refusal(street, town.transfer("ann", "bob", 1, nonce=1)) == "NO_COINS"
