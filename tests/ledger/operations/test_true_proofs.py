"""Whoever may change a record: the proof that the book gives of it is never invalid, whether the
change is in a batch or newer than all of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.core.kinds.registry import Service
from ledger.core.records.record import Record, record_to_json
from tests.builders.bundles import World
from tests.builders.records import DAY, START, address

Live = Callable[["Street"], None]


class Street(World):
    """Hours of ann by `org`, in a batch."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.record = self.town.served(self.book, "org", "ann", self.activity, START + 90000, 120)
        self.target = self.town.id(self.record)
        self.take(self.record)
        self.seal()

    def take(self, *records: Record) -> None:
        for record in records:
            self.book.append(record)

    def succession(self) -> None:
        """`heir` becomes the successor of `org`."""
        town = self.town
        named = {"action": "succeed", "successor": address("heir"), "valid_from": town.now}
        self.take(town.certify("heir"), town.certify("org", **named))


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    made = Street(tmp_path)
    yield made
    made.book.close()
    made.book.engine.dispose()


def _by_the_organisation(s: Street) -> None:
    s.take(s.town.void(s.target, "org"))


def _by_an_authority(s: Street) -> None:
    s.take(s.town.void(s.target, None))


def _by_a_new_delegate(s: Street) -> None:
    s.take(s.town.grant("org", "clerk", "void"))
    s.take(s.town.record(s.town.void(s.target, "org").body, ("organisation", "clerk")))


def _by_a_successor(s: Street) -> None:
    s.succession()
    s.take(s.town.void(s.target, "heir"))


def _by_a_delegate_of_a_successor(s: Street) -> None:
    s.succession()
    s.take(s.town.grant("heir", "clerk", "void"))
    s.take(s.town.record(s.town.void(s.target, "heir").body, ("organisation", "clerk")))


def _by_a_successor_backdated(s: Street) -> None:
    """The organisation ended before it entered the hours: the succession takes back, too."""
    named = {"action": "succeed", "successor": address("heir"), "valid_from": START + DAY}
    s.take(s.town.certify("heir"), s.town.certify("org", **named))
    s.take(s.town.void(s.target, "heir"))


def _while_disputed(s: Street) -> None:
    s.take(s.town.objection(s.target, "ann"))
    s.seal()
    s.take(s.town.void(s.target, "org"))


def _objected(s: Street) -> None:
    s.take(s.town.objection(s.target, "ann"))


def _objected_again(s: Street) -> None:
    """The first objection is in a batch; that it was rejected is newer."""
    first = s.town.objection(s.target, "ann")
    s.take(first)
    s.seal()
    s.take(s.town.decision(s.town.id(first), s.target, "org", "rejected"))
    s.take(s.town.objection(s.target, "ann", reason="other"))


def _amended(s: Street) -> None:
    assert isinstance(s.record.body, Service)
    s.take(s.town.amend(s.target, replace(s.record.body, minutes=60)))


def _amended_by_new_delegates(s: Street) -> None:
    assert isinstance(s.record.body, Service)
    s.take(s.town.grant("org", "clerk", "service"), s.town.grant("org", "third", "approve"))
    body = s.town.amend(s.target, replace(s.record.body, minutes=60)).body
    s.take(s.town.record(body, ("organisation", "clerk"), ("approver", "third")))


def _amended_while_disputed(s: Street) -> None:
    _objected(s)
    s.seal()
    _amended(s)


WAYS: dict[str, tuple[Live, str]] = {
    "void by the organisation": (_by_the_organisation, "void"),
    "void by an authority": (_by_an_authority, "void"),
    "void by a new delegate": (_by_a_new_delegate, "void"),
    "void by a successor": (_by_a_successor, "void"),
    "void by a delegate of a successor": (_by_a_delegate_of_a_successor, "void"),
    "void by a successor of an organisation that ended before": (
        _by_a_successor_backdated,
        "void",
    ),
    "void of a disputed record": (_while_disputed, "void"),
    "objection": (_objected, "disputed"),
    "objection after a rejected one": (_objected_again, "disputed"),
    "amendment": (_amended, "amended"),
    "amendment by new delegates": (_amended_by_new_delegates, "amended"),
    "amendment of a disputed record": (_amended_while_disputed, "amended"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_change_by_who_may_is_proved_before_a_seal_and_after(street: Street, way: str) -> None:
    live, verdict = WAYS[way]
    live(street)
    since = street.verify(street.bundle(street.target))
    assert since.verdict == verdict, since.checks
    assert since.facts["change"]["accepted_at"] is None
    street.seal()
    sealed = street.verify(street.bundle(street.target))
    assert sealed.verdict == verdict, sealed.checks
    assert sealed.facts["change"]["by"] == since.facts["change"]["by"]
    assert sealed.facts["change"]["accepted_at"] is not None


def test_the_void_of_an_amended_version_is_about_that_version(street: Street) -> None:
    assert isinstance(street.record.body, Service)
    amend = street.town.amend(street.target, replace(street.record.body, minutes=60))
    newest = street.town.id(amend)
    street.take(amend, street.town.void(newest, "org"))
    for _ in range(2):
        assert street.verify(street.bundle(street.target)).verdict == "amended"
        assert street.verify(street.bundle(newest)).verdict == "void"
        street.seal()


def test_a_child_objects_with_the_own_key_not_with_the_guardians(street: Street) -> None:
    town = street.town
    street.take(town.enrol("kid", "guardian"))
    record = town.served(street.book, "org", "kid", street.activity, START + 90000, 60)
    street.take(record)
    street.seal()
    found = street.bundle(town.id(record))
    street.take(town.objection(town.id(record), "kid"))
    disputed = street.bundle(town.id(record))
    assert street.verify(disputed).verdict == "disputed"
    by_another = record_to_json(town.objection(town.id(record), "guardian"))
    forged = disputed["change"] | {"record": by_another}
    assert street.verify(found | {"change": forged}).verdict == "invalid"
