"""Whoever may change a record: the proof that the ledger gives of it is never invalid, whether the
change is in a batch or newer than all of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.core.kinds.registry import Service
from ledger.core.records.record import Record, record_to_json
from tests.builders.bundles import AnchoredLedger
from tests.builders.records import DAY, START, address

Live = Callable[["LedgerWithHours"], None]


class LedgerWithHours(AnchoredLedger):
    """Hours of ann by `org`, in a batch."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.record = self.town.served(self.ledger, "org", "ann", self.activity, START + 90000, 120)
        self.target = self.town.id(self.record)
        self.take(self.record)
        self.seal()

    def take(self, *records: Record) -> None:
        for record in records:
            self.ledger.append(record)

    def succession(self) -> None:
        """`heir` becomes the successor of `org`."""
        town = self.town
        named = {"action": "succeed", "successor": address("heir"), "valid_from": town.now}
        self.take(town.certify("heir"), town.certify("org", **named))


@pytest.fixture
def with_hours(tmp_path: Path) -> Iterator[LedgerWithHours]:
    made = LedgerWithHours(tmp_path)
    yield made
    made.ledger.close()
    made.ledger.engine.dispose()


def _by_the_organisation(s: LedgerWithHours) -> None:
    s.take(s.town.void(s.target, "org"))


def _by_an_authority(s: LedgerWithHours) -> None:
    s.take(s.town.void(s.target, None))


def _by_a_new_delegate(s: LedgerWithHours) -> None:
    s.take(s.town.grant("org", "clerk", "void"))
    s.take(s.town.record(s.town.void(s.target, "org").body, ("organisation", "clerk")))


def _by_a_successor(s: LedgerWithHours) -> None:
    s.succession()
    s.take(s.town.void(s.target, "heir"))


def _by_a_delegate_of_a_successor(s: LedgerWithHours) -> None:
    s.succession()
    s.take(s.town.grant("heir", "clerk", "void"))
    s.take(s.town.record(s.town.void(s.target, "heir").body, ("organisation", "clerk")))


def _by_a_successor_backdated(s: LedgerWithHours) -> None:
    """The organisation ended before it entered the hours: the succession takes back, too."""
    named = {"action": "succeed", "successor": address("heir"), "valid_from": START + DAY}
    s.take(s.town.certify("heir"), s.town.certify("org", **named))
    s.take(s.town.void(s.target, "heir"))


def _while_disputed(s: LedgerWithHours) -> None:
    s.take(s.town.objection(s.target, "ann"))
    s.seal()
    s.take(s.town.void(s.target, "org"))


def _objected(s: LedgerWithHours) -> None:
    s.take(s.town.objection(s.target, "ann"))


def _objected_again(s: LedgerWithHours) -> None:
    """The first objection is in a batch; that it was rejected is newer."""
    first = s.town.objection(s.target, "ann")
    s.take(first)
    s.seal()
    s.take(s.town.decision(s.town.id(first), s.target, "org", "rejected"))
    s.take(s.town.objection(s.target, "ann", reason="other"))


def _amended(s: LedgerWithHours) -> None:
    assert isinstance(s.record.body, Service)
    s.take(s.town.amend(s.target, replace(s.record.body, minutes=60)))


def _amended_by_new_delegates(s: LedgerWithHours) -> None:
    assert isinstance(s.record.body, Service)
    s.take(s.town.grant("org", "clerk", "service"), s.town.grant("org", "third", "approve"))
    body = s.town.amend(s.target, replace(s.record.body, minutes=60)).body
    s.take(s.town.record(body, ("organisation", "clerk"), ("approver", "third")))


def _amended_while_disputed(s: LedgerWithHours) -> None:
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
def test_a_change_by_who_may_is_proved_before_a_seal_and_after(
    with_hours: LedgerWithHours, way: str
) -> None:
    live, verdict = WAYS[way]
    live(with_hours)
    since = with_hours.verify(with_hours.bundle(with_hours.target))
    assert since.verdict == verdict, since.checks
    assert since.facts["change"]["accepted_at"] is None
    with_hours.seal()
    sealed = with_hours.verify(with_hours.bundle(with_hours.target))
    assert sealed.verdict == verdict, sealed.checks
    assert sealed.facts["change"]["by"] == since.facts["change"]["by"]
    assert sealed.facts["change"]["accepted_at"] is not None


def test_the_void_of_an_amended_version_is_about_that_version(with_hours: LedgerWithHours) -> None:
    assert isinstance(with_hours.record.body, Service)
    amend = with_hours.town.amend(with_hours.target, replace(with_hours.record.body, minutes=60))
    newest = with_hours.town.id(amend)
    with_hours.take(amend, with_hours.town.void(newest, "org"))
    for _ in range(2):
        assert with_hours.verify(with_hours.bundle(with_hours.target)).verdict == "amended"
        assert with_hours.verify(with_hours.bundle(newest)).verdict == "void"
        with_hours.seal()


def test_a_child_objects_with_the_own_key_not_with_the_guardians(
    with_hours: LedgerWithHours,
) -> None:
    town = with_hours.town
    with_hours.take(town.enrol("kid", "guardian"))
    record = town.served(with_hours.ledger, "org", "kid", with_hours.activity, START + 90000, 60)
    with_hours.take(record)
    with_hours.seal()
    found = with_hours.bundle(town.id(record))
    with_hours.take(town.objection(town.id(record), "kid"))
    disputed = with_hours.bundle(town.id(record))
    assert with_hours.verify(disputed).verdict == "disputed"
    by_another = record_to_json(town.objection(town.id(record), "guardian"))
    forged = disputed["change"] | {"record": by_another}
    assert with_hours.verify(found | {"change": forged}).verdict == "invalid"
