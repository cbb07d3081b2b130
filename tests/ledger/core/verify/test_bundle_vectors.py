"""The published bundles are what the library makes, and have the verdicts that are published."""

import json
from typing import Any

import pytest

from ledger.core.verify.record import verify
from tests.builders.published import PublishedChain
from tests.vectors.bundles import FILE, rendered

PUBLISHED: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def test_a_fresh_generation_gives_the_published_bytes() -> None:
    assert FILE.read_text(encoding="utf-8") == rendered(), "run: python -m tests.vectors.bundles"


@pytest.mark.parametrize("vector", PUBLISHED["bundles"], ids=lambda v: v["name"])
def test_the_verdict_is_the_published_one(vector: dict[str, Any]) -> None:
    ledger = bytes.fromhex(PUBLISHED["ledger_id"][2:])
    report = verify(vector["bundle"], PublishedChain(PUBLISHED["anchors"]), of=ledger)
    assert report.verdict == vector["verdict"], report.checks
    failed = {check.name for check in report.checks if check.ok is False}
    assert ("fails" in vector) == bool(failed)
    assert {vector.get("fails")} - {None} <= failed
