"""Every rule of the book refuses what breaks it, by its code."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.core.bodies import Genesis, PolicyChange
from ledger.core.fields import ZERO_ADDRESS
from ledger.core.records import Record, ledger_id
from ledger.core.signing import sign
from ledger.errors import Refused
from ledger.operations import read
from ledger.operations.book import Book
from ledger.refusals import Code
from tests.town import POLICY, START, ZERO, Town, address, key, open_book, settle

NINE = START + 3600 * 24


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def book(town: Town, tmp_path: Path) -> Iterator[Book]:
    book = open_book(town, tmp_path)
    yield book
    book.close()
    book.engine.dispose()


@pytest.fixture
def activity(town: Town, book: Book) -> bytes:
    return settle(town, book)


Make = Callable[[Town, bytes], Record]


def _policy(town: Town, version: int, **changes: int) -> Record:
    body = PolicyChange(replace(POLICY, **changes), version, "because", town.now)
    return town.record(body, ("authority", "authority"))


def _other_genesis(body: Genesis) -> Record:
    return Record(body, (sign(ledger_id(body), body, "authority", key("authority")),))


BAD: dict[str, tuple[Code, Make]] = {
    "genesis of another ledger": (
        Code.ALREADY_OPEN,
        lambda t, a: _other_genesis(replace(t.body, name="Other")),
    ),
    "policy version skipped": (Code.POLICY_VERSION, lambda t, a: _policy(t, 3)),
    "policy changes the coin": (
        Code.POLICY_UNIT_FIXED,
        lambda t, a: _policy(t, 2, minutes_per_yibi=30),
    ),
    "policy by a stranger": (
        Code.SIGNER_NOT_ALLOWED,
        lambda t, a: t.record(PolicyChange(POLICY, 2, "x", t.now), ("authority", "ann")),
    ),
    "certified until before from": (
        Code.TIMES_REVERSED,
        lambda t, a: t.certify("new", valid_until=1, valid_from=5),
    ),
    "suspended though never certified": (
        Code.ORG_ACTION,
        lambda t, a: t.certify("new", action="suspend"),
    ),
    "succeeded by nobody": (Code.BAD_VALUE, lambda t, a: t.certify("org", action="succeed")),
    "succeeded by the uncertified": (
        Code.ORG_ACTION,
        lambda t, a: t.certify("org", action="succeed", successor=address("ann"), valid_from=t.now),
    ),
    "certify by the organisation": (
        Code.SIGNER_NOT_ALLOWED,
        lambda t, a: t.record(t.certify("x").body, ("authority", "org")),
    ),
    "delegation by the uncertified": (
        Code.ORG_NOT_CERTIFIED,
        lambda t, a: t.grant("ann", "bob", "service"),
    ),
    "delegation by a delegate": (
        Code.SIGNER_NOT_ALLOWED,
        lambda t, a: t.record(t.grant("org", "x", "void").body, ("organisation", "second")),
    ),
    "revoked though never granted": (
        Code.DELEGATION_ACTION,
        lambda t, a: t.grant("org", "x", "void", action="revoke"),
    ),
    "delegated to itself": (Code.DELEGATION_ACTION, lambda t, a: t.grant("org", "org", "void")),
    "enrolled twice": (Code.VOLUNTEER_KNOWN, lambda t, a: t.enrol("ann")),
    "enrolled by another": (
        Code.SIGNER_NOT_ALLOWED,
        lambda t, a: t.record(t.enrol("eve").body, ("volunteer", "ann")),
    ),
    "blocked category": (
        Code.CATEGORY_BLOCKED,
        lambda t, a: t.activity("org", NINE, NINE + 60, category="meeting"),
    ),
    "activity ends first": (Code.TIMES_REVERSED, lambda t, a: t.activity("org", NINE, NINE)),
    "activity by approver": (
        Code.SIGNER_NOT_ALLOWED,
        lambda t, a: t.record(t.activity("org", NINE, NINE + 60).body, ("organisation", "second")),
    ),
    "service ends first": (
        Code.TIMES_REVERSED,
        lambda t, a: t.credit("org", "ann", a, NINE, 60, ended_at=NINE),
    ),
    "more minutes than time": (
        Code.MINUTES_EXCEED_TIMES,
        lambda t, a: t.credit("org", "ann", a, NINE, 60, ended_at=NINE + 3599),
    ),
    "service in the future": (
        Code.FROM_THE_FUTURE,
        lambda t, a: t.credit("org", "ann", a, t.now, 60),
    ),
    "issued in the future": (
        Code.FROM_THE_FUTURE,
        lambda t, a: t.credit("org", "ann", a, NINE, 60, issued_at=t.now + 121),
    ),
    "unknown volunteer": (
        Code.VOLUNTEER_UNKNOWN,
        lambda t, a: t.credit("org", "eve", a, NINE, 60),
    ),
    "unknown activity": (
        Code.ACTIVITY_UNKNOWN,
        lambda t, a: t.credit("org", "ann", b"\1" * 32, NINE, 60),
    ),
    "credit without activity": (
        Code.ACTIVITY_UNKNOWN,
        lambda t, a: t.credit("org", "ann", ZERO, NINE, 60),
    ),
    "activity published after the start": (
        Code.ACTIVITY_LATE,
        lambda t, a: t.credit("org", "ann", a, START, 60),
    ),
    "clocked in too early": (
        Code.OUTSIDE_ACTIVITY,
        lambda t, a: t.credit("org", "ann", a, START + 1799, 60),
    ),
    "over the session cap": (
        Code.OVER_SESSION_CAP,
        lambda t, a: t.credit("org", "ann", a, NINE, 481),
    ),
    "span of a century": (
        Code.OVER_SESSION_CAP,
        lambda t, a: t.honour("org", "second", "ann", START, 60, ended_at=START + 9 * 86400),
    ),
    "uncertified at the time": (
        Code.ORG_NOT_CERTIFIED,
        lambda t, a: t.honour("org", "second", "ann", 60, 60),
    ),
    "approved by the first signer": (
        Code.APPROVER_NOT_SECOND,
        lambda t, a: t.honour("org", "org", "ann", NINE, 60),
    ),
    "approved by a stranger": (
        Code.SIGNER_NOT_ALLOWED,
        lambda t, a: t.honour("org", "bob", "ann", NINE, 60),
    ),
    "credit without the volunteer": (
        Code.WRONG_ROLES,
        lambda t, a: t.record(t.credit("org", "ann", a, NINE, 60).body, ("organisation", "org")),
    ),
    "swapped roles": (
        Code.SIGNER_NOT_ALLOWED,
        lambda t, a: t.record(
            t.credit("org", "ann", a, NINE, 60).body, ("organisation", "ann"), ("volunteer", "org")
        ),
    ),
    "roles out of order": (
        Code.WRONG_ROLES,
        lambda t, a: t.record(
            t.credit("org", "ann", a, NINE, 60).body, ("volunteer", "ann"), ("organisation", "org")
        ),
    ),
    "honour signed as credit": (
        Code.WRONG_ROLES,
        lambda t, a: t.credit("org", "ann", a, NINE, 60, hour_class="honour"),
    ),
    "void of nothing": (Code.VOID_TARGET, lambda t, a: t.void(b"\1" * 32, "org")),
    "transfer of nothing": (Code.NO_COINS, lambda t, a: t.transfer("ann", "bob", 1)),
    "transfer to oneself": (Code.RECIPIENT_UNKNOWN, lambda t, a: t.transfer("ann", "ann", 1)),
    "transfer to a stranger": (Code.RECIPIENT_UNKNOWN, lambda t, a: t.transfer("ann", "eve", 1)),
    "transfer by another": (
        Code.SIGNER_NOT_ALLOWED,
        lambda t, a: t.record(t.transfer("ann", "bob", 1).body, ("sender", "bob")),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_refused(name: str, town: Town, book: Book, activity: bytes) -> None:
    code, make = BAD[name]
    before = book.size
    record = make(town, activity)
    with pytest.raises(Refused) as refused:
        book.append(record)
    assert refused.value.code is code
    assert book.size == before


def test_before_genesis_nothing_is_taken(town: Town, book: Book) -> None:
    with pytest.raises(Refused) as refused:
        book.append(town.enrol("ann"))
    assert refused.value.code is Code.NOT_OPEN


def test_overlap_and_touching(town: Town, book: Book, activity: bytes) -> None:
    book.append(town.credit("org", "ann", activity, NINE, 60))
    for start, minutes in ((NINE + 3599, 60), (NINE - 60, 2), (NINE, 60), (NINE + 60, 10)):
        with pytest.raises(Refused) as refused:
            book.append(town.credit("org", "ann", activity, start, minutes, content=b"\2" * 32))
        assert refused.value.code is Code.OVERLAP
    book.append(town.credit("org", "ann", activity, NINE + 3600, 60))
    book.append(town.credit("org", "bob", activity, NINE, 60))


def test_overlap_is_seen_across_midnight(town: Town, book: Book, activity: bytes) -> None:
    midnight = (NINE // 86400 + 1) * 86400 - POLICY.utc_offset_minutes * 60 + 86400
    book.append(town.honour("org", "second", "ann", midnight - 3600, 120))
    with pytest.raises(Refused) as refused:
        book.append(town.honour("org", "second", "ann", midnight + 1800, 120))
    assert refused.value.code is Code.OVERLAP


def test_day_cap_counts_the_local_day(town: Town, book: Book, activity: bytes) -> None:
    midnight = (NINE // 86400 + 1) * 86400 - POLICY.utc_offset_minutes * 60 + 86400
    book.append(town.honour("org", "second", "ann", midnight, 480))
    with pytest.raises(Refused) as refused:
        book.append(town.honour("org", "second", "ann", midnight + 480 * 60, 121))
    assert refused.value.code is Code.OVER_DAY_CAP
    book.append(town.honour("org", "second", "ann", midnight + 480 * 60, 120))
    book.append(town.honour("org", "second", "ann", midnight + 86400, 60))


def test_void_gives_back_time_and_coins_once(town: Town, book: Book, activity: bytes) -> None:
    service = town.credit("org", "ann", activity, NINE, 150)
    book.append(service)
    book.append(town.transfer("ann", "bob", 2))
    with pytest.raises(Refused) as refused:
        book.append(town.void(town.id(service), "ann"))
    assert refused.value.code is Code.VOID_NOT_YOURS
    book.append(town.void(town.id(service), "org"))
    ann = read.account(book, address("ann"))
    assert (ann.credit_minutes, ann.voided_minutes, ann.minted, ann.balance) == (0, 150, 0, -2)
    with pytest.raises(Refused) as refused:
        book.append(town.transfer("ann", "bob", 1, nonce=1))
    assert refused.value.code is Code.NO_COINS
    with pytest.raises(Refused) as refused:
        book.append(town.void(town.id(service), None))
    assert refused.value.code is Code.VOID_TWICE
    book.append(town.credit("org", "ann", activity, NINE, 150, content=b"\3" * 32))
    assert read.account(book, address("ann")).balance == 0


def test_honour_never_mints(town: Town, book: Book, activity: bytes) -> None:
    book.append(town.honour("org", "second", "ann", NINE, 480))
    book.append(town.honour("org", "authority", "bob", NINE, 480))
    assert read.account(book, address("ann")).minted == 0
    assert read.account(book, address("ann")).honour_minutes == 480


def test_coins_are_the_floor_of_all_credit_minutes(town: Town, book: Book, activity: bytes) -> None:
    book.append(town.credit("org", "ann", activity, NINE, 59))
    assert read.account(book, address("ann")).minted == 0
    book.append(town.credit("org", "ann", activity, NINE + 3600, 61))
    assert read.account(book, address("ann")).minted == 2


def test_a_suspended_organisation_is_refused_from_then_on(
    town: Town, book: Book, activity: bytes
) -> None:
    book.append(town.certify("org", action="suspend", valid_from=town.now - 10))
    with pytest.raises(Refused) as refused:
        book.append(town.credit("org", "ann", activity, NINE, 60))
    assert refused.value.code is Code.ORG_NOT_CERTIFIED


def test_a_successor_voids_for_the_dissolved(town: Town, book: Book, activity: bytes) -> None:
    service = town.credit("org", "ann", activity, NINE, 60)
    book.append(service)
    book.append(town.certify("heir"))
    book.append(
        town.certify("org", action="succeed", successor=address("heir"), valid_from=town.now)
    )
    book.append(town.void(town.id(service), "heir"))


def test_a_revoked_delegate_is_refused(town: Town, book: Book, activity: bytes) -> None:
    book.append(town.grant("org", "clerk", "service"))
    body = town.service_body("org", "ann", activity, NINE, 60)
    book.append(town.record(body, ("organisation", "clerk"), ("volunteer", "ann")))
    book.append(town.grant("org", "clerk", "service", action="revoke", valid_from=town.now))
    body = town.service_body("org", "bob", activity, NINE, 60)
    with pytest.raises(Refused) as refused:
        book.append(town.record(body, ("organisation", "clerk"), ("volunteer", "bob")))
    assert refused.value.code is Code.SIGNER_NOT_ALLOWED


def test_a_remembered_refusal_stays(town: Town, book: Book, activity: bytes) -> None:
    transfer = town.transfer("ann", "bob", 1)
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            book.append(transfer)
        assert refused.value.code is Code.NO_COINS
        book.append(town.credit("org", "ann", activity, NINE + book.size * 36000, 60))
    book.append(town.transfer("ann", "bob", 1, nonce=9))


def test_zero_address_is_nobody(town: Town, book: Book, activity: bytes) -> None:
    service = town.credit("org", "ann", activity, NINE, 60)
    book.append(service)
    body = replace(town.void(town.id(service), "org").body, organisation=ZERO_ADDRESS)
    with pytest.raises(Refused) as refused:
        book.append(town.record(body, ("organisation", "org")))
    assert refused.value.code is Code.VOID_NOT_YOURS
