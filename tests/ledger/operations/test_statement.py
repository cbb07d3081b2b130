"""A statement proves totals, or that there are none, and no change of it is valid."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.core.documents import verify_bytes
from ledger.core.verify.account import CHECKS, verify_account
from ledger.errors import NotFound
from ledger.operations.prove_account import statement
from tests.builders.bundles import AnchoredLedger
from tests.builders.mutations import mutations
from tests.builders.records import START, address
from tests.builders.trusting import everybody


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AnchoredLedger]:
    world = AnchoredLedger(tmp_path)
    town = world.town
    world.ledger.append(town.served(world.ledger, "org", "ann", world.activity, START + 90000, 120))
    world.ledger.append(town.honour("org", "second", "ann", START + 190000, 30))
    world.ledger.append(town.transfer("ann", "bob", 1))
    yield world
    world.ledger.close()
    world.ledger.engine.dispose()


def test_the_totals_are_proved_by_class_and_with_their_chain(world: AnchoredLedger) -> None:
    world.seal()
    found = statement(world.ledger, address("ann"), world._anchors)
    report = verify_account(found, world.chain)
    assert report.verdict == "valid", report.checks
    assert [check.name for check in report.checks] == list(CHECKS)
    totals = report.facts["totals"]
    assert (totals["credit_minutes"], totals["honour_minutes"]) == (120, 30)
    assert (totals["minted"], totals["sent"], totals["entries"]) == (2, 1, 6)
    assert verify_bytes(json.dumps(found).encode(), world.chain, pins=everybody).verdict == "valid"


def test_that_nothing_concerns_an_address_is_proved_too(world: AnchoredLedger) -> None:
    world.seal()
    found = statement(world.ledger, address("nobody"), world._anchors)
    report = verify_account(found, world.chain)
    assert (report.verdict, report.facts["totals"]) == ("valid", None)
    someone = statement(world.ledger, address("ann"), world._anchors)
    nothing = {name: found[name] for name in ("totals", "opening", "proof")}
    assert verify_account({**someone, **nothing}, world.chain).verdict == "invalid"


def test_a_statement_shows_nobody_elses_totals(world: AnchoredLedger) -> None:
    """Neither a neighbour's key nor its value says whose it is, or what it states."""
    world.seal()
    for name in ("nobody", "eve", "second"):
        found = statement(world.ledger, address(name), world._anchors)
        shown = base64.b64decode(found["proof"])
        for other in ("ann", "bob", "org"):
            assert bytes.fromhex(address(other)[2:]) not in shown
        assert b"minutes" not in shown


def test_an_opening_opens_its_own_leaf_of_its_own_batch_alone(world: AnchoredLedger) -> None:
    world.seal()
    old = statement(world.ledger, address("ann"), world._anchors)
    other = statement(world.ledger, address("bob"), world._anchors)
    world.ledger.append(world.town.transfer("ann", "bob", 1, nonce=7))
    world.seal()
    new = statement(world.ledger, address("ann"), world._anchors)
    assert len({found["opening"] for found in (old, other, new)}) == 3
    for wrong in (old["opening"], other["opening"], "0x" + "00" * 32):
        report = verify_account({**new, "opening": wrong}, world.chain)
        assert {check.name for check in report.checks if check.ok is False} == {"state"}


def test_verdicts_along_the_way(world: AnchoredLedger) -> None:
    with pytest.raises(NotFound):
        statement(world.ledger, address("ann"), world._anchors)
    world.seal(anchored=False)
    found = statement(world.ledger, address("ann"), world._anchors)
    assert verify_account(found, world.chain).verdict == "pending"
    world.ledger.append(world.town.enrol("eve"))
    world.seal()
    found = statement(world.ledger, address("ann"), world._anchors)
    assert verify_account(found, world.chain).verdict == "valid"
    assert verify_account(found).verdict == "unchecked"


def test_an_older_statement_says_as_of_when_it_is(world: AnchoredLedger) -> None:
    world.seal()
    old = statement(world.ledger, address("ann"), world._anchors)
    world.ledger.append(world.town.transfer("ann", "bob", 1, nonce=7))
    world.seal()
    new = statement(world.ledger, address("ann"), world._anchors)
    sent = {}
    for found in (old, new):
        report = verify_account(found, world.chain)
        assert report.verdict == "valid"
        sent[report.facts["as_of"]["batch"]] = report.facts["totals"]["sent"]
    assert sent == {1: 1, 2: 2}


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_every_mutation_of_a_statement_is_not_valid_or_says_the_same(
    world: AnchoredLedger, name: str
) -> None:
    world.seal()
    found = statement(world.ledger, address(name), world._anchors)
    valid = verify_account(found, world.chain)
    assert valid.verdict == "valid"
    passed, tried = [], 0
    for change, changed in mutations(found):
        if json.dumps(changed) == json.dumps(found):
            continue
        tried += 1
        report = verify_account(changed, world.chain)
        if report.verdict == "valid":
            passed.append(change)
    # One lookup shows the absence of every address that ends at the same leaf.
    absent = [c for c in passed if name == "nobody" and c.startswith("account")]
    assert passed == absent
    assert tried > 1000
