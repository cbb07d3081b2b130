"""The file of pins decides what is green: it is read strictly and replaced as a whole."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.errors import WrongUse
from api.trust.pins import (
    FILE_MAX,
    FORMAT,
    Charter,
    Pinned,
    as_json,
    change_pins,
    read_pins,
    usual_file,
)
from ledger.core.verify.checks import SignedHead
from ledger.core.verify.pinned import HAND, SITE

FULL = Pinned(
    b"\1" * 32,
    SITE,
    "hours.example.org",
    Charter(1, b"\1" * 32),
    SignedHead(7, b"\2" * 32, "example.org/town\n7\n…\n\n— example.org/town AAAA\n"),
)
BARE = Pinned(b"\3" * 32, HAND)


def written(file: Path, *ledgers: Any, **others: Any) -> Path:
    value = {"format": FORMAT, "ledgers": [*ledgers], **others}
    file.write_text(json.dumps(value), encoding="utf-8")
    return file


def test_what_is_written_is_read_again_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "pins.json"
    assert read_pins(file) == ()
    change_pins(file, lambda before: [*before, FULL])
    change_pins(file, lambda before: [*before, BARE])
    assert read_pins(file) == (FULL, BARE)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_changes_made_at_one_time_are_all_kept(tmp_path: Path) -> None:
    file = tmp_path / "pins.json"

    def add(number: int) -> None:
        change_pins(file, lambda before: [*before, Pinned(bytes([number]) * 32, HAND)])

    with ThreadPoolExecutor(8) as many:
        list(many.map(add, range(40)))
    assert len(read_pins(file)) == 40


def test_a_change_that_fails_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "pins.json"
    change_pins(file, lambda _: [FULL])

    def fails(before: tuple[Pinned, ...]) -> list[Pinned]:
        raise WrongUse("no")

    with pytest.raises(WrongUse):
        change_pins(file, fails)
    assert read_pins(file) == (FULL,)
    assert {path.name for path in tmp_path.iterdir()} == {"pins.json", ".pins.json.lock"}


@pytest.mark.parametrize(
    "two",
    [
        (as_json(FULL), as_json(FULL)),
        (as_json(FULL), as_json(replace(BARE, ledger=FULL.ledger))),
        (as_json(FULL), as_json(replace(FULL, ledger=b"\4" * 32))),
    ],
    ids=["the same twice", "one ledger by two", "one host for two"],
)
def test_a_file_in_which_something_stands_twice_is_refused(tmp_path: Path, two: Any) -> None:
    with pytest.raises(WrongUse, match="twice"):
        read_pins(written(tmp_path / "pins.json", *two))


@pytest.mark.parametrize(
    "change",
    [
        {"ledger": "0x" + "AB" * 32},
        {"ledger": "0x12"},
        {"by": "built_in"},
        {"by": "hand"},
        {"host": ""},
        {"host": "Hours.example.org"},
        {"host": "10.0.0.1"},
        {"host": "hours.example.org:8000"},
        {"host": None},
        {"surplus": 1},
        {"charter": {"version": 0, "hash": "0x" + "11" * 32}},
        {"charter": {"version": True, "hash": "0x" + "11" * 32}},
        {"charter": {"version": 1}},
        {"newest": {"size": 7, "root": "0x" + "11" * 32}},
        {"newest": {"size": -1, "root": "0x" + "11" * 32, "note": ""}},
        {"newest": {"size": 7, "root": "0x" + "11" * 32, "note": 1}},
        {"newest": []},
    ],
    ids=str,
)
def test_a_pin_of_another_form_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    file = written(tmp_path / "pins.json", {**as_json(FULL), **change})
    with pytest.raises(WrongUse, match=r"pins\.json"):
        read_pins(file)
    assert read_pins(written(file, as_json(FULL))) == (FULL,)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b'{"format": "hourledger-pins/v1"}',
        b'{"format": "hourledger-pins/v2", "ledgers": []}',
        b'{"format": "hourledger-pins/v1", "ledgers": {}}',
        b'{"format": "hourledger-pins/v1", "ledgers": [], "ledgers": []}',
        b'{"format": "hourledger-pins/v1", "ledgers": [], "more": 1}',
        b'{"format": "hourledger-pins/v1", "ledgers": []}{}',
        b" " * (FILE_MAX + 1),
        b"\xff",
    ],
    ids=lambda content: str(content[:48]),
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "pins.json"
    file.write_bytes(content)
    with pytest.raises(WrongUse, match=r"pins\.json"):
        read_pins(file)
    with pytest.raises(WrongUse):
        change_pins(file, lambda before: [*before, BARE])
    assert file.read_bytes() == content


def test_where_pins_lie_follows_the_xdg_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    monkeypatch.setenv("XDG_CONFIG_HOME", "")
    assert str(usual_file()) == "/home/somebody/.config/hourledger/pins.json"
    monkeypatch.setenv("XDG_CONFIG_HOME", "not/absolute")
    assert str(usual_file()) == "/home/somebody/.config/hourledger/pins.json"
    monkeypatch.setenv("XDG_CONFIG_HOME", "/etc/xdg")
    assert str(usual_file()) == "/etc/xdg/hourledger/pins.json"
