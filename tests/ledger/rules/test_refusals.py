"""Every rule refuses what breaks it, by its code: the tables `refused_*.py` beside this."""

from pathlib import Path

import pytest

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.registry import Seal
from ledger.core.records.record import Record
from ledger.core.state.state import MemoryState
from ledger.errors import Refused
from ledger.operations import read
from ledger.refusals import Code
from ledger.rules.registry import judge
from tests.builders.ledgers import opened_ledger
from tests.builders.records import ZERO, Town, address
from tests.builders.settled import NINE, SettledLedger, codes_of_the_rules, refused_tables

TABLES = refused_tables()


@pytest.mark.parametrize(("family", "name"), [(f, n) for f, table in TABLES.items() for n in table])
def test_refused(family: str, name: str, settled: SettledLedger) -> None:
    code, make = TABLES[family][name]
    assert settled.code(make(settled)) == code


def test_before_genesis_nothing_is_taken(tmp_path: Path) -> None:
    town = Town()
    ledger = opened_ledger(town, tmp_path)
    with pytest.raises(Refused) as refused:
        ledger.append(town.enrol("ann"))
    ledger.close()
    ledger.engine.dispose()
    assert refused.value.code is Code.NOT_OPEN


def test_a_seal_is_never_submitted(settled: SettledLedger) -> None:
    seal = Record(Seal(1, ZERO, ZERO, settled.town.now), ())
    assert settled.code(seal) == "ENGINE_ONLY"
    with pytest.raises(Refused) as refused:
        judge(MemoryState(), seal, ZERO, settled.town.now)
    assert refused.value.code is Code.ENGINE_ONLY


def test_every_code_that_a_rule_can_give_is_provoked_here() -> None:
    provoked = {code for table in TABLES.values() for code, _ in table.values()}
    # The two that need no town have their tests above.
    assert provoked | {"NOT_OPEN", "ENGINE_ONLY"} == codes_of_the_rules()


def test_a_suspended_organisation_is_refused_from_then_on(settled: SettledLedger) -> None:
    hours = settled.visit("ann", NINE, 60)
    settled.take(settled.town.certify("org", action="suspend", valid_from=settled.town.now - 10))
    assert settled.code(hours) == "ORG_NOT_CERTIFIED"


def test_a_revoked_delegate_is_refused(settled: SettledLedger) -> None:
    town = settled.town
    settled.take(town.grant("org", "clerk", "service"))
    hours, others = settled.visit("ann", NINE, 60), settled.visit("bob", NINE, 60)
    settled.take(town.record(hours.body, ("organisation", "clerk")))
    settled.take(town.grant("org", "clerk", "service", action="revoke", valid_from=town.now))
    assert settled.code(town.record(others.body, ("organisation", "clerk"))) == "SIGNER_NOT_ALLOWED"
    assert settled.code(others) == "accepted"


def test_a_grant_revoked_from_the_beginning_of_time_holds_no_more(settled: SettledLedger) -> None:
    town = settled.town
    settled.take(town.grant("org", "clerk", "service"))
    # An end of 0 would leave it open.
    settled.take(town.grant("org", "clerk", "service", action="revoke", valid_from=0))
    hours = settled.visit("ann", NINE, 60)
    assert settled.code(town.record(hours.body, ("organisation", "clerk"))) == "SIGNER_NOT_ALLOWED"


def test_a_child_is_enrolled_with_the_consent_of_a_guardian(settled: SettledLedger) -> None:
    settled.take(settled.town.enrol("kid", "mum"))
    hours = settled.take(settled.visit("kid", NINE, 60))
    assert settled.status(hours) == "recorded"


def test_a_remembered_refusal_stays(settled: SettledLedger) -> None:
    transfer = settled.town.transfer("ann", "bob", 1)
    assert settled.code(transfer) == "NO_COINS"
    settled.take(settled.visit("ann", NINE, 60))
    assert settled.code(transfer) == "NO_COINS"
    settled.take(settled.town.transfer("ann", "bob", 1, nonce=9))


def test_coins_are_the_floor_of_all_credit_minutes(settled: SettledLedger) -> None:
    settled.take(settled.visit("ann", NINE, 59))
    assert read.account(settled.ledger, address("ann")).minted == 0
    settled.take(settled.visit("ann", NINE + 3600, 61))
    assert read.account(settled.ledger, address("ann")).minted == 2


def test_coins_go_to_organisations_in_force_too(settled: SettledLedger) -> None:
    settled.take(settled.visit("ann", NINE, 60))
    settled.take(settled.town.transfer("ann", "org", 1))
    assert read.account(settled.ledger, address("org")).balance == 1
    assert read.account(settled.ledger, ZERO_ADDRESS).balance == 0
