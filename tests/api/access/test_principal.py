"""Roles are what the ledger says now: no more, no longer."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from api.access.principal import Mandate, Principal, TokenScope, resolve
from ledger.core.kinds.registry import Delegation, scopes
from ledger.operations.ledger import Ledger
from tests.builders.ledgers import opened_ledger
from tests.builders.records import Town, address

ALL = frozenset(scopes())


def mandates(ledger: Ledger, name: str) -> dict[str, tuple[set[str], bool]]:
    """Organisation → (scopes, certified) of a person of the town."""
    found = resolve(ledger, address(name)).mandates
    return {m.organisation: (set(m.scopes), m.certified) for m in found}


@pytest.fixture
def empty(town: Town, tmp_path: Path) -> Iterator[Ledger]:
    ledger = opened_ledger(town, tmp_path)
    yield ledger
    ledger.close()
    ledger.engine.dispose()


def test_a_stranger_is_an_address_and_nothing_more(ledger: Ledger) -> None:
    assert resolve(ledger, address("stranger")) == Principal(address("stranger"))


def test_before_genesis_nobody_has_a_role(empty: Ledger) -> None:
    assert resolve(empty, address("authority")) == Principal(address("authority"))


def test_the_authority_is_who_the_genesis_names(ledger: Ledger) -> None:
    assert resolve(ledger, address("authority")).authority
    assert not resolve(ledger, address("org")).authority


def test_a_volunteer_is_who_enrolled(ledger: Ledger) -> None:
    assert resolve(ledger, address("ann")) == Principal(address("ann"), volunteer=True)


def test_an_organisation_s_own_key_may_do_everything_for_it(ledger: Ledger) -> None:
    found = resolve(ledger, address("org"))
    assert found.mandates == (Mandate(address("org"), ALL, certified=True),)
    assert found.mandate_of(address("org")) is found.mandates[0]
    assert found.mandate_of(address("second")) is None


def test_a_suspended_organisation_keeps_its_mandate_uncertified(ledger: Ledger, town: Town) -> None:
    ledger.append(town.certify("org", action="suspend", valid_from=town.now - 1))
    assert mandates(ledger, "org") == {address("org"): (set(scopes()), False)}
    assert mandates(ledger, "second") == {address("org"): ({"approve"}, False)}


def test_a_delegate_acts_in_the_scopes_it_was_given(ledger: Ledger, town: Town) -> None:
    assert mandates(ledger, "second") == {address("org"): ({"approve"}, True)}
    ledger.append(town.certify("other"))
    ledger.append(town.grant("other", "second", "service", "void"))
    assert mandates(ledger, "second") == {
        address("org"): ({"approve"}, True),
        address("other"): ({"service", "void"}, True),
    }


def test_a_delegation_begins_and_ends_on_time(ledger: Ledger, town: Town) -> None:
    begin, end = town.now + 100, town.now + 200
    ledger.append(town.grant("org", "third", "service", valid_from=begin, valid_until=end))
    seen = {}
    for time in (begin - 1, begin, end - 1, end):
        town.now = time
        seen[time] = address("org") in mandates(ledger, "third")
    assert seen == {begin - 1: False, begin: True, end - 1: True, end: False}


def test_a_revoked_delegate_is_a_stranger_at_once(ledger: Ledger, town: Town) -> None:
    body = town.grant("org", "second", "approve", action="revoke", valid_from=town.now).body
    assert isinstance(body, Delegation)
    ledger.append(town.record(body, ("organisation", "org")))
    assert resolve(ledger, address("second")) == Principal(address("second"))


def test_who_delegates_gains_nothing_by_it(ledger: Ledger, town: Town) -> None:
    ledger.append(town.certify("other"))
    ledger.append(town.grant("org", "other", "service"))
    assert mandates(ledger, "org").keys() == {address("org")}
    assert mandates(ledger, "other").keys() == {address("other"), address("org")}


def test_one_key_may_have_every_role(ledger: Ledger, town: Town) -> None:
    ledger.append(town.enrol("authority"))
    ledger.append(town.certify("authority"))
    ledger.append(town.grant("org", "authority", "activity"))
    found = resolve(ledger, address("authority"))
    assert (found.authority, found.volunteer, len(found.mandates)) == (True, True, 2)


def test_a_token_s_bearer_is_known_by_its_scopes(ledger: Ledger) -> None:
    scopes = frozenset({TokenScope.READ})
    found = resolve(ledger, address("org"), scopes)
    assert found == replace(resolve(ledger, address("org")), token_scopes=scopes)


def test_a_principal_s_repr_tells_no_address(ledger: Ledger) -> None:
    assert "0x" not in repr(resolve(ledger, address("second")))
