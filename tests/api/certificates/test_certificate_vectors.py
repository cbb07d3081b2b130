"""The published certificates are what the library makes, with the verdicts that are published."""

import json
from typing import Any

import pytest

from api.certificates.checking import verify_any
from ledger.core.verify.pinned import only
from tests.builders.published import PublishedChain
from tests.vectors.certificates import FILE, rendered

PUBLISHED: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


def test_a_fresh_generation_gives_the_published_bytes() -> None:
    hint = "run: python -m tests.vectors.certificates"
    assert FILE.read_text(encoding="utf-8") == rendered(), hint


@pytest.mark.parametrize("vector", PUBLISHED["certificates"], ids=lambda v: v["name"])
def test_the_verdict_is_the_published_one(vector: dict[str, Any]) -> None:
    ledger = bytes.fromhex(PUBLISHED["ledger_id"][2:])
    data = json.dumps(vector["file"]).encode()
    report = verify_any(data, PublishedChain(PUBLISHED["anchors"]), pins=only(ledger))
    assert report.verdict == vector["verdict"], report.checks
    failed = {check.name for check in report.checks if check.ok is False}
    assert ("fails" in vector) == bool(failed)
    assert {vector.get("fails")} - {None} <= failed
