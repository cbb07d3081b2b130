"""A site and a ledger speak for each other, or neither counts; and whoever writes a genesis cannot
make others ask where he likes."""

from pathlib import Path
from typing import Any

import pytest

from api.errors import WrongUse
from api.fetching import Unreachable
from api.server.app import create_app
from api.trust.home import (
    FORMAT,
    HOME_MAX,
    NO_HOME,
    PATH,
    Contradicted,
    Site,
    ask_home,
    home_json,
    is_public,
)
from api.trust.pins import Charter
from ledger.core.format.structs import body_to_json
from ledger.core.kinds.registry import Genesis
from ledger.core.records.charters import charter_hash
from ledger.core.records.record import ledger_id
from ledger.core.verify.pinned import SITE, Pin
from tests.builders.councils import Council
from tests.builders.http import Client, Open
from tests.builders.sites import EVIL, HOST, Homely, Serve, answering


def pages(genesis: Genesis, ledger: bytes | None = None) -> dict[str, Any]:
    """What an honest site publishes; of another `ledger` in its name, a liar."""
    named = ledger or ledger_id(genesis)
    return {
        "/.well-known/hourledger.json": home_json(named, Charter(1, named)),
        "/v1/ledger": {"genesis": body_to_json(genesis)},
    }


def test_a_site_and_its_ledger_name_each_other(homely: Homely, serve: Serve) -> None:
    at = serve(homely.app, HOST)
    pinned = Site(HOST, at).pin()
    ledger = ledger_id(homely.genesis)
    assert (pinned.ledger, pinned.by, pinned.host) == (ledger, SITE, HOST)
    assert pinned.charter == Charter(1, ledger), "the genesis is the first charter"
    assert ask_home(ledger, HOST, at) == Pin(SITE, HOST)


def test_a_site_publishes_the_newest_charter_of_its_ledger(tmp_path: Path) -> None:
    council = Council(tmp_path)
    client = Client(create_app(Open(council.town, council.ledger, tmp_path / "chain.sqlite")))
    ledger = council.town.ledger
    assert client.get(PATH).json() == home_json(ledger, Charter(1, ledger))
    council.adopt(certify_threshold=1)
    newest = Charter(2, charter_hash(council.charter))
    assert client.get(PATH).json() == home_json(ledger, newest)


def test_a_ledger_that_calls_a_host_its_home_is_not_its_ledger_for_that(
    homely: Homely, serve: Serve
) -> None:
    """A lookalike writes what it likes into its genesis: the host's own site decides."""
    at = serve(homely.app, HOST)
    found = ask_home(b"\1" * 32, HOST, at)
    assert found == f"{HOST}, which it calls its home, names another ledger"
    assert ask_home(b"\1" * 32, "", at) == NO_HOME


def test_a_site_that_names_a_ledger_whose_home_is_elsewhere_gets_no_pin(
    homely: Homely, serve: Serve
) -> None:
    """Its visitors would take the reputation of the ledger for its own."""
    at = serve(answering(pages(homely.genesis)), EVIL)
    with pytest.raises(Contradicted, match="names another home"):
        Site(EVIL, at).pin()


def test_a_site_that_shows_another_genesis_than_it_names_gets_no_pin(
    homely: Homely, serve: Serve
) -> None:
    at = serve(answering(pages(homely.genesis, b"\1" * 32)), HOST)
    with pytest.raises(Contradicted, match="the genesis of another"):
        Site(HOST, at).pin()


def test_a_site_under_another_name_is_not_believed(homely: Homely, serve: Serve) -> None:
    """Whoever can lead the name elsewhere has no certificate for it."""
    at = serve(homely.app, EVIL)
    with pytest.raises(Unreachable, match=HOST):
        Site(HOST, at).named()


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"[]",
        b" " * (HOME_MAX + 1),
        {"format": FORMAT, "ledger": "0x" + "11" * 32},
        {"format": "hourledger-home/v2", **{n: None for n in ("ledger", "charter")}},
        {"format": FORMAT, "ledger": "0x12", "charter": {"version": 1, "hash": "0x" + "11" * 32}},
        {"format": FORMAT, "ledger": "0x" + "11" * 32, "charter": {"version": 0, "hash": ""}},
        {**home_json(bytes(31) + b"\1", Charter(1, b"\1" * 32)), "more": 1},
    ],
    ids=lambda page: str(page)[:40],
)
def test_what_is_no_such_document_names_nothing(page: Any, serve: Serve) -> None:
    at = serve(answering({"/.well-known/hourledger.json": page}), HOST)
    with pytest.raises(Unreachable):
        Site(HOST, at).named()


def test_a_site_without_the_document_or_that_leads_elsewhere_names_nothing(serve: Serve) -> None:
    with pytest.raises(Unreachable, match="names no ledger"):
        Site(HOST, serve(answering({}), HOST)).named()
    elsewhere = answering({"/.well-known/hourledger.json": b""}, 302, location=f"https://{EVIL}/")
    with pytest.raises(Unreachable, match="302"):
        Site(HOST, serve(elsewhere, HOST)).named()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *((a, False) for a in ("127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254")),
        *((a, False) for a in ("0.0.0.0", "224.0.0.1", "100.64.0.1", "::1", "fe80::1%eth0")),
        *((a, False) for a in ("fd00::1", "::ffff:10.0.0.1", "2002:a00:1::1", "ff02::1")),
        *((a, True) for a in ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34")),
    ],
)
def test_only_public_addresses_are_asked_of_a_genesis_own_accord(
    address: str, public: bool
) -> None:
    assert is_public(address) is public


def test_a_host_that_leads_into_a_private_network_is_not_asked() -> None:
    with pytest.raises(Unreachable, match="private network"):
        Site("localhost").named()


@pytest.mark.parametrize("at", ["example.org", "10.0.0.1:0", "10.0.0.1:x", "[fd00::7", "", ":443"])
def test_an_address_to_ask_is_one(at: str) -> None:
    with pytest.raises(WrongUse):
        Site(HOST, at)
