"""Receipts: a promise of the log key, whether it was kept, and who can make it read otherwise."""

import copy
import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

import pytest

from ledger.core.documents import verify_bytes
from ledger.core.verify.anchor import AnchorFinding, AnchorLookup
from ledger.core.verify.checks import EXIT_CODES, Report
from ledger.core.verify.pinned import only
from tests.builders.both_verifiers import compare, on_chain
from tests.builders.mutations import mutations
from tests.builders.trusting import everybody
from tests.vectors import receipts as vectors

PUBLISHED: dict[str, Any] = json.loads(vectors.FILE.read_text(encoding="utf-8"))
NAMED: dict[str, dict[str, Any]] = {v["name"]: v for v in PUBLISHED["receipts"]}
LEDGER: str = PUBLISHED["ledger_id"]
DUE: int = NAMED["kept"]["now"]


class Published:
    """A chain that holds what the vectors publish, and of other sizes nothing, or another root."""

    def __init__(self, otherwise: str = "absent") -> None:
        self._otherwise = otherwise

    def look_up(
        self, anchor: Mapping[str, Any], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        known = anchor in PUBLISHED["anchors"].values()
        return AnchorFinding("final" if known else self._otherwise, "as published")


def judged(
    file: object,
    now: int | None = DUE,
    trusted: str | None = LEDGER,
    chain: AnchorLookup | None = None,
) -> Report:
    pins = only(bytes.fromhex(trusted[2:])) if trusted else everybody
    return verify_bytes(json.dumps(file).encode(), chain or Published(), pins=pins, now=now)


def failed(report: Report) -> list[str]:
    return [check.name for check in report.checks if check.ok is False]


def test_a_fresh_generation_gives_the_published_bytes() -> None:
    assert vectors.FILE.read_text(encoding="utf-8") == vectors.rendered(), (
        "run: python -m tests.vectors.receipts"
    )


@pytest.mark.parametrize("name", NAMED)
def test_each_published_receipt_has_its_verdict(name: str) -> None:
    vector = NAMED[name]
    report = judged(vector["file"], vector["now"])
    assert report.verdict == vector["verdict"], report.checks
    if report.verdict == "invalid":
        assert failed(report)[0] == vector["fails"][0]
        assert not report.facts
    else:
        assert failed(report) == (["promise"] if report.verdict == "broken" else [])


@pytest.mark.parametrize("name", NAMED)
def test_both_verifiers_agree_on_it_and_on_its_mutations(name: str) -> None:
    vector = NAMED[name]
    file = vector["file"]
    if file["head"] is not None:
        file = {**file, "head": on_chain(file["head"], 1)}
    changed = islice(mutations(file), len(name) % 13, None, 13)
    files = [(name, json.dumps(file).encode())]
    files += [(what, json.dumps(one).encode()) for what, one in changed]
    assert compare(files, LEDGER, vector["now"])[0] == vector["verdict"]


def test_of_a_kept_promise_no_change_reads_broken() -> None:
    """Whoever has a true receipt and a true head cannot accuse an operator who kept his word."""
    file = NAMED["kept"]["file"]
    found = {judged(changed).verdict for _, changed in mutations(file)}
    assert "broken" not in found
    parts = [vector["file"]["head"] for vector in NAMED.values() if vector["verdict"] != "broken"]
    for head in parts:
        assert judged({**file, "head": head}).verdict != "broken"


def test_a_receipt_of_another_ledger_holds_under_none() -> None:
    file = NAMED["of another ledger"]["file"]
    assert set(failed(judged(file, trusted=None))) >= {"note"}


def test_a_broken_promise_needs_no_chain_and_ends_with_1() -> None:
    file = copy.deepcopy(NAMED["another entry in its place"]["file"])
    report = verify_bytes(json.dumps(file).encode(), pins=everybody)
    assert (report.verdict, EXIT_CODES[report.verdict]) == ("broken", 1)
    assert report.document == "receipt"
    assert report.facts["sealed_by"] == file["sealed_by"]


def test_a_kept_promise_under_a_head_that_the_chain_contradicts_is_invalid() -> None:
    file = {**NAMED["kept"]["file"], "head": on_chain(NAMED["kept"]["file"]["head"], 99)}
    assert failed(judged(file, chain=Published("contradicted"))) == ["anchor"]
    assert judged(file).verdict == "pending", "nothing is held yet"
