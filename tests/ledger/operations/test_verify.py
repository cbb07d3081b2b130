"""One verdict: a real bundle is valid, and no change to it ever is."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.core.kinds.registry import Service
from ledger.core.verify.record import verify
from tests.builders.bundles import AnchoredLedger
from tests.builders.mutations import mutations
from tests.builders.records import START


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AnchoredLedger]:
    world = AnchoredLedger(tmp_path)
    yield world
    world.ledger.close()
    world.ledger.engine.dispose()


@pytest.mark.parametrize("hour_class", ["credit", "honour"])
def test_every_mutation_of_a_valid_bundle_is_not_valid(
    world: AnchoredLedger, hour_class: str
) -> None:
    town = world.town
    if hour_class == "credit":
        record = town.served(world.ledger, "org", "ann", world.activity, START + 90000, 120)
    else:
        record = town.honour("org", "second", "ann", START + 90000, 120)
    world.ledger.append(record)
    world.seal()
    found = world.bundle(town.id(record))
    assert world.verify(found).verdict == "valid", world.verify(found).checks
    passed, tried = [], 0
    for name, changed in mutations(found):
        if json.dumps(changed) == json.dumps(found):
            continue
        tried += 1
        if world.verify(changed).verdict == "valid":
            passed.append(name)
    assert passed == []
    assert tried > 3000


def test_verdicts_along_the_life_of_a_record(world: AnchoredLedger) -> None:
    town = world.town
    record = town.served(world.ledger, "org", "ann", world.activity, START + 90000, 120)
    world.ledger.append(record)
    assert world.verify(world.bundle(town.id(record))).verdict == "pending"
    world.seal(anchored=False)
    sealed = world.bundle(town.id(record))
    assert world.verify(sealed).verdict == "pending"
    world.ledger.append(town.served(world.ledger, "org", "bob", world.activity, START + 90000, 120))
    world.seal()
    anchored = world.bundle(town.id(record))
    assert world.verify(anchored).verdict == "valid"
    assert verify(anchored, None).verdict == "unchecked"
    assert verify(anchored, world.chain, of=b"\1" * 32).verdict == "invalid"
    world.ledger.append(town.void(town.id(record), "org"))
    assert world.verify(world.bundle(town.id(record))).verdict == "void"
    world.seal()
    voided = world.bundle(town.id(record))
    report = world.verify(voided)
    assert report.verdict == "void"
    assert report.facts["change"]["reason"] == "not_served"
    assert world.verify({**voided, "change": None}).verdict == "invalid"
    assert world.verify({**voided, "standing": anchored["standing"]}).verdict == "invalid"


def test_a_dispute_and_an_amendment_are_the_verdict(world: AnchoredLedger) -> None:
    town = world.town
    record = town.served(world.ledger, "org", "ann", world.activity, START + 90000, 120)
    objection = town.objection(town.id(record), "ann")
    world.ledger.append(record)
    world.seal()
    clean = world.bundle(town.id(record))
    world.ledger.append(objection)
    world.seal()
    disputed = world.bundle(town.id(record))
    assert world.verify(disputed).verdict == "disputed"
    world.ledger.append(town.decision(town.id(objection), town.id(record), "org", "rejected"))
    world.seal()
    assert world.verify(world.bundle(town.id(record))).verdict == "valid"
    assert isinstance(record.body, Service)
    amend = town.amend(town.id(record), replace(record.body, minutes=60))
    world.ledger.append(amend)
    world.seal()
    amended, newest = world.bundle(town.id(record)), world.bundle(town.id(amend))
    assert world.verify(amended).verdict == "amended"
    assert world.verify(amended).facts["change"]["record_id"] == "0x" + town.id(amend).hex()
    assert world.verify(newest).verdict == "valid"
    assert world.verify(newest).facts["minutes"] == 60
    for found in (disputed, amended):
        assert world.verify({**found, "change": None}).verdict == "invalid"
    assert world.verify({**disputed, "change": amended["change"]}).verdict == "invalid"
    assert world.verify({**clean, "standing": amended["standing"]}).verdict == "invalid"
    assert world.verify({**amended, "change": amended["record"]["entry"]}).verdict == "invalid"


def test_every_kind_of_record_has_a_proof(world: AnchoredLedger) -> None:
    town = world.town
    service = town.served(world.ledger, "org", "ann", world.activity, START + 90000, 120)
    records = [
        town.genesis(),
        town.certify("org"),
        town.grant("org", "second", "approve"),
        town.enrol("ann"),
        service,
        town.transfer("ann", "bob", 1),
        town.void(town.id(service), "org"),
    ]
    town.now = START + 10 * 86400
    for record in records[4:]:
        world.ledger.append(record)
    world.seal()
    town.now = START
    for record in (
        town.genesis(),
        town.certify("org"),
        town.grant("org", "second", "approve"),
        town.enrol("ann"),
    ):
        assert world.verify(world.bundle(town.id(record))).verdict == "valid"
    for record in records[5:]:
        assert world.verify(world.bundle(town.id(record))).verdict == "valid"


def test_a_delegates_record_carries_its_delegation(world: AnchoredLedger) -> None:
    town = world.town
    town.now += 1
    world.ledger.append(town.grant("org", "clerk", "service"))
    body = town.served(world.ledger, "org", "ann", world.activity, START + 90000, 60).body
    record = town.record(body, ("organisation", "clerk"))
    world.ledger.append(record)
    world.seal()
    found = world.bundle(town.id(record))
    assert world.verify(found).verdict == "valid"
    assert world.verify({**found, "delegations": []}).verdict == "invalid"


def test_a_void_by_a_delegate_carries_its_delegation(world: AnchoredLedger) -> None:
    town = world.town
    town.now += 1
    world.ledger.append(town.grant("org", "clerk", "void"))
    record = town.served(world.ledger, "org", "ann", world.activity, START + 90000, 60)
    world.ledger.append(record)
    void = town.record(town.void(town.id(record), "org").body, ("organisation", "clerk"))
    world.ledger.append(void)
    world.seal()
    assert world.verify(world.bundle(town.id(record))).verdict == "void"
