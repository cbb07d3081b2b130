"""`hourledger trust` and what `verify` makes of it: nothing is green that nobody named."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders.commands import Done, Run
from tests.vectors import bundles

PUBLISHED: dict[str, Any] = json.loads(bundles.FILE.read_text(encoding="utf-8"))
LEDGER: str = PUBLISHED["ledger_id"]
OTHER = "0x" + "11" * 32


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    return tmp_path / "config" / "pins.json"


@pytest.fixture
def call(run: Run, pins: Path) -> Callable[..., Done]:
    """A command of somebody with these pins."""
    return lambda *words: run(*words, HOURLEDGER_PINS=str(pins))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A true proof."""
    path = tmp_path / "proof.json"
    path.write_text(json.dumps(PUBLISHED["bundles"][0]["bundle"]), encoding="utf-8")
    return path


def test_a_pin_changes_the_verdict_and_its_removal_changes_it_back(
    call: Callable[..., Done], file: Path, pins: Path
) -> None:
    assert call("verify", file, "--json").json["verdict"] == "unpinned"
    assert not pins.exists(), "a file that is checked writes no pin"
    assert call("trust", "add", OTHER).code == 0
    assert call("verify", file, "--json").json["verdict"] == "unpinned"
    assert call("trust", "add", LEDGER).code == 0
    named = call("verify", file, "--json").json
    assert (named["verdict"], named["within"]) == ("unchecked", None)
    assert named["facts"]["ledger"]["named"] == {"by": "hand", "host": ""}
    assert call("trust", "remove", LEDGER).code == 0
    assert call("verify", file, "--json").json["verdict"] == "unpinned"
    assert call("trust", "remove", LEDGER).code == 1


def test_the_newest_head_is_remembered_and_listed(
    run: Run, call: Callable[..., Done], file: Path, pins: Path
) -> None:
    call("trust", "add", LEDGER)
    assert call("trust", "list", "--json").json[0]["newest"] is None
    call("verify", file)
    (pin,) = call("trust", "list", "--json").json
    size = pin["newest"]["size"]
    assert size > 0
    assert call("trust", "add", LEDGER, "--json").code == 0
    assert call("trust", "list", "--json").json == [pin], "what was seen is kept"
    said = run("trust", "list", HOURLEDGER_PINS=str(pins)).out
    assert LEDGER[:9] in said, "on a narrow terminal an id goes over several lines"
    assert "人工" in said
    assert str(size) in said


def test_two_heads_of_one_size_are_invalid_and_both_notes_are_written_out(
    call: Callable[..., Done], file: Path, pins: Path
) -> None:
    call("trust", "add", LEDGER)
    call("verify", file)
    value = json.loads(pins.read_text(encoding="utf-8"))
    newest = value["ledgers"][0]["newest"]
    shown = newest["note"]
    newest |= {"root": "0x" + "22" * 32, "note": "what another was shown"}
    pins.write_text(json.dumps(value), encoding="utf-8")
    done = call("verify", file, "--json")
    assert (done.code, done.json["verdict"]) == (1, "invalid")
    assert [c["name"] for c in done.json["checks"] if c["ok"] is False] == ["ledger"]
    (folder,) = (pins.parent / "evidence").iterdir()
    assert str(folder) in done.err
    notes = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert notes["known-checkpoint"] == "what another was shown"
    assert notes["shown-checkpoint"] == shown
    assert LEDGER in notes["alarm.txt"]
    kept = json.loads(pins.read_text(encoding="utf-8"))["ledgers"][0]["newest"]
    assert kept["note"] == "what another was shown", "what was seen first is not forgotten"
    by_name = call("verify", file, "--ledger", LEDGER, "--json")
    assert by_name.json["verdict"] == "invalid", "nor when the ledger is named once more"


def test_pins_that_cannot_be_read_are_no_reason_to_guess(
    call: Callable[..., Done], file: Path, pins: Path
) -> None:
    pins.parent.mkdir()
    pins.write_text("{}")
    for words in (("verify", file), ("trust", "list"), ("trust", "add", LEDGER)):
        done = call(*words)
        assert (done.code, done.out) == (2, "")
        assert "pins.json" in "".join(done.err.split())


def test_what_is_no_ledger_is_wrong_use(call: Callable[..., Done], pins: Path) -> None:
    for which in ("Town", "0x12", LEDGER.upper(), "http://example.org/"):
        assert call("trust", "add", which).code == 2
    assert not pins.exists()


def test_a_verdict_stands_where_nothing_can_be_kept(
    run: Run, call: Callable[..., Done], file: Path, pins: Path
) -> None:
    call("trust", "add", LEDGER)
    (pins.parent / f".{pins.name}.lock").unlink()
    (pins.parent / f".{pins.name}.lock").mkdir()
    done = call("verify", file, "--json")
    assert (done.code, done.json["verdict"]) == (3, "unchecked")
    assert "cannot be written" in " ".join(done.err.split())


def test_neither_a_demonstration_nor_a_new_ledger_writes_a_pin(
    call: Callable[..., Done], pins: Path, tmp_path: Path
) -> None:
    assert call("init", "--name", "Town", "--dir", tmp_path / "new").code == 0
    assert call("demo", "--dir", tmp_path / "demo").code == 0
    assert not pins.exists()
