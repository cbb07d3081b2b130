"""Anchors count only where the charter in force for their size says: whoever anchors another
history elsewhere, with every key, has anchored nothing. Both verifiers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.core.kinds.constitution import Target
from tests.builders.both_verifiers import BESIDE, BY_HAND, judged
from tests.builders.bundles import AnchoredLedger
from tests.builders.councils import Council
from tests.builders.records import ANCHOR, CONTRACT, START, TARGETS, Town, address

CLOCK, SECOND = TARGETS
FINAL, SETTLING, MINED, DISOWNED = 1, 7, 2, 8
ELSEWHERE = "anchored where no charter of this ledger says"
NOT_BY_CLOCK = "not anchored yet on the chain that is the ledger's clock"

File = dict[str, Any]


def at(target: Target, block: int = FINAL, **changes: Any) -> File:
    """An anchor at a target, of which the chain says what its block stands for."""
    place = {"chain_id": target.chain_id, "contract": target.anchor, "founder": target.founder}
    return {**ANCHOR, **place, "block_number": block, **changes}


def of(file: File, *anchors: File) -> File:
    """The file with these anchors, of its size."""
    size = int(file["record"]["tlog_proof"].split("\n\n")[1].split("\n")[1])
    return {**file, "anchors": [{**anchor, "size": size} for anchor in anchors]}


def said(*files: File) -> list[tuple[str, str]]:
    """Verdicts and reasons of the check `anchor`, the same of both verifiers."""
    named = [("", json.dumps(file).encode()) for file in files]
    return [
        (report.verdict, check.reason)
        for report in judged(named, None, None, BY_HAND)
        for check in report.checks
        if check.name == "anchor"
    ]


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    made = Council(tmp_path_factory.mktemp("council"))
    yield made
    made.ledger.close()
    made.ledger.engine.dispose()


@pytest.fixture(scope="module")
def served(council: Council) -> File:
    record = council.serve(0)
    council.seal()
    return council.bundle(record)


@pytest.mark.parametrize(
    "changes",
    [
        {"contract": address("operator")},
        {"founder": address("operator")},
        {"founder": address("operator"), "contract": address("operator")},
        {"chain_id": 137},
        {"contract": CONTRACT.lower()},
    ],
    ids=["another contract", "another founder", "both", "another chain", "spelled otherwise"],
)
def test_an_anchor_where_no_charter_says_is_none(served: File, changes: File) -> None:
    blocks = (FINAL, SETTLING, DISOWNED, 4)
    false = [of(served, at(CLOCK, block, **changes)) for block in blocks]
    assert said(*false) == [("pending", ELSEWHERE)] * 4
    beside = [at(CLOCK, **changes)] if {"chain_id", "contract"} & changes.keys() else []
    assert said(of(served, *beside, at(CLOCK))) == [("valid", "as told")]


def test_a_target_beside_the_clock_alone_does_not_make_a_file_valid(served: File) -> None:
    lists = ([at(SECOND)], [at(SECOND), at(CLOCK, MINED)], [at(SECOND), at(CLOCK, DISOWNED)])
    assert said(*(of(served, *anchors) for anchors in lists)) == [
        ("pending", NOT_BY_CLOCK),
        ("pending", "as told"),
        ("disowned", "as told"),
    ]


def beside(folder: Path, state: int) -> File:
    """A proof of a ledger whose second target says this."""
    second = replace(SECOND, chain_id=BESIDE + state)
    made = AnchoredLedger(folder, Town(targets=(CLOCK, second)))
    record = made.town.honour("org", "second", "bob", START + 90000, 45)
    made.ledger.append(record)
    made.seal(anchored=False)
    found = made.bundle(made.town.id(record))
    made.ledger.close()
    made.ledger.engine.dispose()
    return found


def test_another_root_at_a_target_beside_the_clock_is_a_second_history(tmp_path: Path) -> None:
    """Whether the file names an anchor there or not: who lies would leave it out."""
    file, chain = beside(tmp_path, 4), BESIDE + 4
    bad = ("invalid", f"as told; this is chain {chain}, not the clock")
    there = at(replace(SECOND, chain_id=chain))
    lists = ([at(CLOCK)], [at(CLOCK, MINED)], [there], [at(CLOCK), there])
    assert said(*(of(file, *anchors) for anchors in lists)) == [bad] * 4


@pytest.mark.parametrize("state", [FINAL, SETTLING])
def test_a_target_beside_the_clock_adds_to_it(tmp_path: Path, state: int) -> None:
    file = beside(tmp_path, state)
    also = f"as told; also on chain {BESIDE + state}"
    found = said(of(file, at(CLOCK)), of(file, at(CLOCK, MINED)))
    assert found == [("valid", also), ("pending", "as told")]


@pytest.mark.parametrize("state", [MINED, 3, 5, DISOWNED, 9])
def test_a_target_beside_the_clock_that_says_less_takes_nothing(tmp_path: Path, state: int) -> None:
    assert said(of(beside(tmp_path, state), at(CLOCK))) == [("valid", "as told")]


def test_the_size_says_which_charter_names_the_place(tmp_path: Path) -> None:
    """The head of a charter's own batch is still the old one's matter; the next is not."""
    council = Council(tmp_path)
    old = council.serve(0)
    council.seal()
    before = council.bundle(old)
    new = replace(CLOCK, anchor=address("new contract"), founder=address("new founder"))
    council.adopt(targets=(new,))
    own = council.bundle(old)
    young = council.serve(1)
    council.seal()
    after, later = council.bundle(old), council.bundle(young)
    council.ledger.close()
    council.ledger.engine.dispose()
    assert [len(file["charters"]) for file in (before, own, after, later)] == [0, 1, 1, 1]
    places = ((before, CLOCK, new), (own, CLOCK, new), (after, new, CLOCK), (later, new, CLOCK))
    found = said(*(of(file, at(named)) for file, named, _ in places))
    assert found == [("valid", "as told")] * 4
    found = said(*(of(file, at(other)) for file, _, other in places))
    assert found == [("pending", ELSEWHERE)] * 4
