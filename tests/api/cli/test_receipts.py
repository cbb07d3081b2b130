"""`hourledger verify` on receipts: what was promised, and that a broken promise is said aloud."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders.commands import Run
from tests.vectors import receipts

PUBLISHED: dict[str, Any] = json.loads(receipts.FILE.read_text(encoding="utf-8"))
NAMED: dict[str, dict[str, Any]] = {v["name"]: v for v in PUBLISHED["receipts"]}
LEDGER: str = PUBLISHED["ledger_id"]


def written(folder: Path, name: str) -> Path:
    file = folder / "receipt.json"
    file.write_text(json.dumps(NAMED[name]["file"]), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("name", "verdict", "code"),
    [
        ("another entry in its place", "broken", 1),
        ("the log ends before it", "broken", 1),
        # Judged by the clock of today, years after these were due, and without a chain.
        ("awaited", "unchecked", 3),
        ("kept", "unchecked", 3),
        ("kept, on no chain", "pending", 3),
        ("signed by a stranger", "invalid", 1),
    ],
)
def test_a_receipt_is_judged_by_the_clock_of_whoever_verifies_it(
    run: Run, tmp_path: Path, name: str, verdict: str, code: int
) -> None:
    file = written(tmp_path, name)
    done = run("verify", file, "--json", "--ledger", LEDGER)
    strange = run("verify", file, "--json")
    if verdict != "invalid":
        assert (strange.code, strange.json["verdict"]) == (3, "unpinned")
        assert strange.json["within"] == verdict
    assert (done.code, done.json["verdict"], done.json["document"]) == (code, verdict, "receipt")


def test_a_broken_promise_is_told_in_words_with_what_was_promised(run: Run, tmp_path: Path) -> None:
    out = run(*("verify", written(tmp_path, "another entry in its place"), "--ledger", LEDGER)).out
    assert "BROKEN" in out
    assert "账本的密钥承诺收录一条记录" in out
    assert "another entry stands at index 9 than the one promised" in out
    assert "in the log by" in out
