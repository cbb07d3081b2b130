"""One verdict: a real bundle is valid, and no change to it ever is."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.core.kinds.registry import Service
from ledger.core.verify.checks import AnchorFinding, Report
from ledger.core.verify.record import verify
from ledger.operations.book import Book
from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from tests.builders.records import START, Town, open_book, settle

ANCHOR = {
    "chain_id": 1,
    "contract": "0x" + "11" * 20,
    "epoch": 0,
    "size": 0,
    "transaction": "0x" + "22" * 32,
    "block_number": 7,
    "block_hash": "0x" + "33" * 32,
}


class OneChain:
    """A chain that holds what it was told, and compares every claimed field."""

    def __init__(self) -> None:
        self.held: dict[int, tuple[dict[str, Any], bytes, bytes]] = {}
        self.mined: dict[int, int] = {}

    def look_up(
        self, anchor: Mapping[str, Any], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        if dict(anchor).get("chain_id") != 1:
            return AnchorFinding("unreachable", "another chain")
        if self.held.get(size) != (dict(anchor), ledger_id, root):
            return AnchorFinding("contradicted", "the chain says otherwise")
        return AnchorFinding("final", "held", self.mined.get(size, START))


class World:
    def __init__(self, folder: Path) -> None:
        self.town, self.chain = Town(), OneChain()
        self.book: Book = open_book(self.town, folder)
        self.activity = settle(self.town, self.book)

    def seal(self, *, anchored: bool = True) -> None:
        batch = seal(self.book, self.town.log_key)
        if batch is not None and anchored:
            anchor = {**ANCHOR, "size": batch.size}
            self.chain.held[batch.size] = (anchor, self.town.ledger, batch.root)
            self.chain.mined[batch.size] = batch.sealed_at + 5

    def bundle(self, record: bytes) -> dict[str, Any]:
        return bundle(self.book, record, self._anchors)

    def _anchors(self, size: int) -> list[dict[str, Any]]:
        return [self.chain.held[size][0]] if size in self.chain.held else []

    def verify(self, found: object) -> Report:
        return verify(found, self.chain)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.book.close()
    world.book.engine.dispose()


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value, containers included."""
    yield here
    if isinstance(value, dict):
        for name in value:
            yield from paths(value[name], (*here, name))
    elif isinstance(value, list):
        for place in range(len(value)):
            yield from paths(value[place], (*here, place))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    value = copy.copy(value)
    value[path[0]] = replaced(value[path[0]], path[1:], new)
    return value


def swap(character: str) -> str:
    if character.isdigit():
        return str((int(character) + 1) % 10)
    return "b" if character in "aA" else "a" if character.isalpha() else "0"


def mutations(found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for path in paths(found):
        value = at(found, path)
        name = "/".join(map(str, path)) or "all"
        for odd in (None, "", [], {}, 0, -1, True, 2**53, "x"):
            if odd != value or type(odd) is not type(value):
                yield f"{name} := {odd!r}", replaced(found, path, odd)
        if isinstance(value, int):
            yield f"{name} + 1", replaced(found, path, value + 1)
            yield f"{name} - 1", replaced(found, path, value - 1)
        if isinstance(value, str):
            for place in range(len(value)):
                changed = value[:place] + swap(value[place]) + value[place + 1 :]
                yield f"{name}[{place}]", replaced(found, path, changed)
            yield f"{name} cut", replaced(found, path, value[:-1])
            yield f"{name} grown", replaced(found, path, value + "a")
            yield f"{name} upper", replaced(found, path, value.swapcase())
        if isinstance(value, dict):
            for key in value:
                yield (
                    f"{name} - {key}",
                    replaced(found, path, {k: v for k, v in value.items() if k != key}),
                )
            yield f"{name} + extra", replaced(found, path, {**value, "extra": 1})
        if isinstance(value, list):
            yield f"{name} reversed", replaced(found, path, value[::-1])
            yield f"{name} doubled", replaced(found, path, value + value)


@pytest.mark.parametrize("hour_class", ["credit", "honour"])
def test_every_mutation_of_a_valid_bundle_is_not_valid(world: World, hour_class: str) -> None:
    town = world.town
    if hour_class == "credit":
        record = town.served(world.book, "org", "ann", world.activity, START + 90000, 120)
    else:
        record = town.honour("org", "second", "ann", START + 90000, 120)
    world.book.append(record)
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


def test_verdicts_along_the_life_of_a_record(world: World) -> None:
    town = world.town
    record = town.served(world.book, "org", "ann", world.activity, START + 90000, 120)
    world.book.append(record)
    assert world.verify(world.bundle(town.id(record))).verdict == "pending"
    world.seal(anchored=False)
    sealed = world.bundle(town.id(record))
    assert world.verify(sealed).verdict == "pending"
    world.book.append(town.served(world.book, "org", "bob", world.activity, START + 90000, 120))
    world.seal()
    anchored = world.bundle(town.id(record))
    assert world.verify(anchored).verdict == "valid"
    assert verify(anchored, None).verdict == "unchecked"
    assert verify(anchored, world.chain, trusted_ledger=b"\1" * 32).verdict == "invalid"
    world.book.append(town.void(town.id(record), "org"))
    assert world.verify(world.bundle(town.id(record))).verdict == "void"
    world.seal()
    voided = world.bundle(town.id(record))
    report = world.verify(voided)
    assert report.verdict == "void"
    assert report.facts["change"]["reason"] == "not_served"
    assert world.verify({**voided, "change": None}).verdict == "invalid"
    assert world.verify({**voided, "status": anchored["status"]}).verdict == "invalid"


def test_a_dispute_and_an_amendment_are_the_verdict(world: World) -> None:
    town = world.town
    record = town.served(world.book, "org", "ann", world.activity, START + 90000, 120)
    objection = town.objection(town.id(record), "ann")
    world.book.append(record)
    world.seal()
    clean = world.bundle(town.id(record))
    world.book.append(objection)
    world.seal()
    disputed = world.bundle(town.id(record))
    assert world.verify(disputed).verdict == "disputed"
    world.book.append(town.decision(town.id(objection), town.id(record), "org", "rejected"))
    world.seal()
    assert world.verify(world.bundle(town.id(record))).verdict == "valid"
    assert isinstance(record.body, Service)
    amend = town.amend(town.id(record), replace(record.body, minutes=60))
    world.book.append(amend)
    world.seal()
    amended, newest = world.bundle(town.id(record)), world.bundle(town.id(amend))
    assert world.verify(amended).verdict == "amended"
    assert world.verify(amended).facts["change"]["record_id"] == "0x" + town.id(amend).hex()
    assert world.verify(newest).verdict == "valid"
    assert world.verify(newest).facts["minutes"] == 60
    for found in (disputed, amended):
        assert world.verify({**found, "change": None}).verdict == "invalid"
    assert world.verify({**disputed, "change": amended["change"]}).verdict == "invalid"
    assert world.verify({**clean, "status": amended["status"]}).verdict == "invalid"
    assert world.verify({**amended, "change": amended["record"]["entry"]}).verdict == "invalid"


def test_every_kind_of_record_has_a_proof(world: World) -> None:
    town = world.town
    service = town.served(world.book, "org", "ann", world.activity, START + 90000, 120)
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
        world.book.append(record)
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


def test_a_delegates_record_carries_its_delegation(world: World) -> None:
    town = world.town
    town.now += 1
    world.book.append(town.grant("org", "clerk", "service"))
    body = town.served(world.book, "org", "ann", world.activity, START + 90000, 60).body
    record = town.record(body, ("organisation", "clerk"))
    world.book.append(record)
    world.seal()
    found = world.bundle(town.id(record))
    assert world.verify(found).verdict == "valid"
    assert world.verify({**found, "delegations": []}).verdict == "invalid"


def test_a_void_by_a_delegate_carries_its_delegation(world: World) -> None:
    town = world.town
    town.now += 1
    world.book.append(town.grant("org", "clerk", "void"))
    record = town.served(world.book, "org", "ann", world.activity, START + 90000, 60)
    world.book.append(record)
    void = town.record(town.void(town.id(record), "org").body, ("organisation", "clerk"))
    world.book.append(void)
    world.seal()
    assert world.verify(world.bundle(town.id(record))).verdict == "void"
