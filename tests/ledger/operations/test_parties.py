"""Whom a record concerns is all whose account it changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.core.kinds.registry import Transfer
from ledger.core.records.record import Record
from ledger.core.state.state import Account, Change, State, account_key
from ledger.errors import Damaged
from ledger.operations.audit import audit
from ledger.rules.judging import RULES
from tests.builders.bundles import AnchoredLedger
from tests.builders.records import START, address


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AnchoredLedger]:
    """Ann has served an hour and thanks Bob."""
    world = AnchoredLedger(tmp_path)
    world.ledger.append(
        world.town.served(world.ledger, "org", "ann", world.activity, START + 7200, 60)
    )
    yield world
    world.ledger.close()
    world.ledger.engine.dispose()


@pytest.fixture
def leaking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule of transfers that changes a third account too."""
    honest = RULES["transfer"]

    def rule(state: State, body: Transfer, record: Record, name: bytes, now: int) -> list[Change]:
        third = Change(account_key(address("org")), Account(received=1))
        return [*honest(state, body, record, name, now), third]

    monkeypatch.setitem(RULES, "transfer", rule)


@pytest.mark.usefixtures("leaking")
def test_a_record_that_changes_the_account_of_a_stranger_is_not_taken(
    world: AnchoredLedger,
) -> None:
    size = world.ledger.size
    with pytest.raises(Damaged, match=address("org")):
        world.ledger.append(world.town.transfer("ann", "bob", 1))
    assert world.ledger.size == size


def test_an_audit_finds_a_record_that_changes_the_account_of_a_stranger(
    world: AnchoredLedger, request: pytest.FixtureRequest
) -> None:
    world.ledger.append(world.town.transfer("ann", "bob", 1))
    assert audit(world.ledger.engine).findings == []
    request.getfixturevalue("leaking")
    (finding,) = audit(world.ledger.engine).findings
    assert (finding.check, address("org") in finding.reason) == ("rules", True)
