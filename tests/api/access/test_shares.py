"""Share links: whose they are, how long they show something, and what is kept of who looks."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.access.errors import AccessProblem, AccessRefused
from api.access.grants import DAY_SECONDS
from api.access.shares import (
    REMEMBERED_DAYS,
    SHARES_MAX,
    VIEWS_MAX,
    Shares,
    coarse,
)
from ledger.core.records.record import Record
from ledger.errors import NotFound
from ledger.operations.ledger import Ledger
from ledger.store.access import open_access
from tests.builders.certificate_records import certificate, issuer_key
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town, address

ANN, BOB = address("ann"), address("bob")


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def ledger(town: Town, tmp_path: Path) -> Iterator[Ledger]:
    found = opened_ledger(town, tmp_path)
    yield found
    found.close()
    found.engine.dispose()


@pytest.fixture
def service(town: Town, ledger: Ledger) -> Record:
    activity = settle(town, ledger)
    record = town.served(ledger, "org", "ann", activity, START + 90000, 90)
    ledger.append(record)
    return record


@pytest.fixture
def target(town: Town, service: Record) -> bytes:
    return town.id(service)


@pytest.fixture
def shares(ledger: Ledger, tmp_path: Path) -> Iterator[Shares]:
    engine = open_access(tmp_path / "access.sqlite")
    yield Shares(engine, ledger)
    engine.dispose()


def test_a_link_shows_its_record_until_its_end_and_notes_each_look(
    town: Town, shares: Shares, target: bytes
) -> None:
    secret, stored = shares.share(ANN, target, "Registrar", 7)
    assert secret.text not in repr((secret, stored))
    for minute in (1, 2):
        town.now = stored.issued_at + 60 * minute
        assert shares.look(secret.text, "203.0.113.77") == target
    (share,) = shares.list_of(ANN)
    assert share.stored == stored
    assert [(v.seen_at - stored.issued_at, v.network) for v in share.views] == [
        (120, "203.0.0.0/16"),
        (60, "203.0.0.0/16"),
    ]
    town.now = stored.expires_at
    with pytest.raises(NotFound):
        shares.look(secret.text, "203.0.113.77")
    (share,) = shares.list_of(ANN)
    assert len(share.views) == 2


def test_a_link_is_withdrawn_by_its_owner_alone_and_at_once(shares: Shares, target: bytes) -> None:
    secret, stored = shares.share(ANN, target, "", 7)
    assert not shares.revoke(BOB, stored.share_id)
    assert shares.look(secret.text, "::1") == target
    assert shares.revoke(ANN, stored.share_id)
    assert not shares.revoke(ANN, stored.share_id)
    with pytest.raises(NotFound):
        shares.look(secret.text, "::1")
    assert shares.list_of(BOB) == []


@pytest.mark.parametrize("text", ["", "hlh_", "hlh_" + "A" * 43, "hls_" + "A" * 43])
def test_what_is_no_secret_of_a_link_shows_nothing(shares: Shares, text: str) -> None:
    with pytest.raises(NotFound):
        shares.look(text, "127.0.0.1")


def test_only_an_hour_or_a_certificate_of_one_s_own_is_shared(
    town: Town, ledger: Ledger, shares: Shares, service: Record, target: bytes
) -> None:
    ledger.append(issuer_key(town, "org"))
    paper = certificate(town, "org", "ann", (target,))
    ledger.append(paper)
    assert shares.share(ANN, town.id(paper), "", 1)
    for who, record in ((BOB, target), (BOB, town.id(paper)), (ANN, town.id(town.genesis()))):
        with pytest.raises(NotFound):
            shares.share(who, record, "", 1)


@pytest.mark.parametrize(
    ("name", "days"), [("", 0), ("", 367), ("", -1), ("x" * 61, 1), ("a\u0000b", 1)]
)
def test_terms_that_are_out_of_bounds_are_refused(
    shares: Shares, target: bytes, name: str, days: int
) -> None:
    with pytest.raises(AccessRefused) as refused:
        shares.share(ANN, target, name, days)
    assert refused.value.problem is AccessProblem.SHARE


def test_there_are_only_so_many_links_and_looks(shares: Shares, target: bytes) -> None:
    secret, _ = shares.share(ANN, target, "", 1)
    for number in range(VIEWS_MAX + 3):
        shares.look(secret.text, f"10.{number}.0.1")
    (share,) = shares.list_of(ANN)
    assert len(share.views) == VIEWS_MAX
    assert share.views[0].network == f"10.{VIEWS_MAX + 2}.0.0/16"
    for _ in range(SHARES_MAX - 1):
        shares.share(ANN, target, "", 1)
    with pytest.raises(AccessRefused):
        shares.share(ANN, target, "", 1)


def test_links_that_ended_long_ago_are_forgotten_with_who_looked(
    town: Town, shares: Shares, target: bytes, tmp_path: Path
) -> None:
    secret, old = shares.share(ANN, target, "old", 1)
    shares.look(secret.text, "127.0.0.1")
    _, revoked = shares.share(ANN, target, "revoked", 300)
    shares.revoke(ANN, revoked.share_id)
    town.now = old.expires_at + REMEMBERED_DAYS * DAY_SECONDS + 1
    _, new = shares.share(ANN, target, "new", 1)
    assert [share.stored for share in shares.list_of(ANN)] == [new]
    access = sqlite3.connect(tmp_path / "access.sqlite")
    assert access.execute("SELECT count(*) FROM share_view").fetchone() == (0,)
    access.close()


@pytest.mark.parametrize(
    ("seen", "network"),
    [
        ("203.0.113.77", "203.0.0.0/16"),
        ("2001:db8:1:2::3", "2001:db8::/32"),
        ("fe80::1%eth0", "fe80::/32"),
        ("::ffff:203.0.113.77", "203.0.0.0/16"),
        ("testclient", ""),
        ("", ""),
    ],
)
def test_of_a_network_address_too_little_is_kept_to_tell_a_person(seen: str, network: str) -> None:
    assert coarse(seen) == network
