"""The pins of a person: the ledgers that they trust, with the newest head of each that they saw.

One JSON file, `hourledger-pins/v1`. It decides what is green, so it is read strictly: what is not
exactly of this form is refused, never read as far as it goes. It is replaced as a whole.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from api.errors import WrongUse
from api.node.files import write_durably
from ledger.core.format.fields import Bytes32, UInt
from ledger.core.records.decode import parse_json
from ledger.core.trees.notes import NOTE_MAX
from ledger.core.verify.checks import SignedHead
from ledger.core.verify.facts import is_host
from ledger.core.verify.pinned import HAND, SITE
from ledger.errors import Refused

FORMAT: Final = "hourledger-pins/v1"

FILE_MAX: Final = 1 << 22
"""Longest file in bytes; a pin with its note has about 600."""

LEDGER: Final = re.compile(r"0x[0-9a-f]{64}\Z")

_HASH: Final = Bytes32()
_COUNT: Final = UInt(53, minimum=1)


@dataclass(frozen=True, slots=True)
class Charter:
    """The version of a ledger's newest charter and its hash; the genesis is the first."""

    version: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Pinned:
    """A ledger that is trusted: named by `HAND`, or by the `SITE` of a host."""

    ledger: bytes
    by: str
    host: str = ""
    charter: Charter | None = None
    newest: SignedHead | None = None


def usual_file() -> Path:
    """Where the pins lie unless somebody says otherwise (XDG Base Directory)."""
    base = os.environ.get("XDG_CONFIG_HOME", "")
    folder = Path(base) if Path(base).is_absolute() else Path.home() / ".config"
    return folder / "hourledger" / "pins.json"


def read_pins(file: Path) -> tuple[Pinned, ...]:
    """All pins of a file; none where there is no file. Raises `WrongUse` for any other content."""
    try:
        with file.open("rb") as opened:
            data = opened.read(FILE_MAX + 1)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise WrongUse(f"the pins in {file} cannot be read") from error
    try:
        return _decode(parse_json(data, FILE_MAX))
    except (Refused, _NotPins) as error:
        reason = error.detail if isinstance(error, Refused) else str(error)
        raise WrongUse(f"{file} is no file of pins: {reason}") from error


def change_pins(file: Path, edit: Callable[[tuple[Pinned, ...]], Sequence[Pinned]]) -> None:
    """Replace the pins of a file by what `edit` makes of them, as the only process. Raises
    `WrongUse`, and what `edit` raises: then nothing is changed."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(file):
            before = read_pins(file)
            after = tuple(edit(before))
            if after != before:
                write_durably(file, _encode(after))
    except OSError as error:
        raise WrongUse(f"the pins in {file} cannot be written") from error


class _NotPins(Exception):
    """Why a value is no list of pins."""


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    lock = file.with_name(f".{file.name}.lock")
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def as_json(pinned: Pinned) -> dict[str, Any]:
    """A pin as the file and `trust list --json` have it."""
    charter, newest = pinned.charter, pinned.newest
    return {
        "ledger": _hexed(pinned.ledger),
        "by": pinned.by,
        "host": pinned.host,
        "charter": charter and {"version": charter.version, "hash": _hexed(charter.hash)},
        "newest": newest
        and {"size": newest.size, "root": _hexed(newest.root), "note": newest.note},
    }


def _hexed(data: bytes) -> str:
    return "0x" + data.hex()


def _encode(pins: Sequence[Pinned]) -> bytes:
    value = {"format": FORMAT, "ledgers": [as_json(pinned) for pinned in pins]}
    return json.dumps(value, indent=1, ensure_ascii=False).encode() + b"\n"


def _decode(value: object) -> tuple[Pinned, ...]:
    members = _members(value, "format", "ledgers")
    if members["format"] != FORMAT:
        raise _NotPins(f"its format is not {FORMAT}")
    if type(members["ledgers"]) is not list:
        raise _NotPins("its ledgers are a list")
    pins = tuple(_pinned(one) for one in members["ledgers"])
    for names in ([p.ledger for p in pins], [p.host for p in pins if p.host]):
        if len(set(names)) != len(names):
            raise _NotPins("a ledger or a host stands in it twice, and which counts is not said")
    return pins


def _pinned(value: object) -> Pinned:
    members = _members(value, "ledger", "by", "host", "charter", "newest")
    by, host = members["by"], members["host"]
    named = type(host) is str and (by, host == "") in ((HAND, True), (SITE, False))
    if not named or not (host == "" or is_host(host)):
        raise _NotPins(f"a ledger is named by {HAND}, or by the {SITE} of a host")
    ledger = _HASH.decode(members["ledger"], "ledger")
    return Pinned(ledger, by, host, _charter(members["charter"]), _head(members["newest"]))


def _charter(value: object) -> Charter | None:
    if value is None:
        return None
    members = _members(value, "version", "hash")
    version = _COUNT.decode(members["version"], "version")
    return Charter(version, _HASH.decode(members["hash"], "hash"))


def _head(value: object) -> SignedHead | None:
    if value is None:
        return None
    members = _members(value, "size", "root", "note")
    note = members["note"]
    if type(note) is not str or len(note) > NOTE_MAX:
        raise _NotPins("the note of a head is text")
    size = _COUNT.decode(members["size"], "size")
    return SignedHead(size, _HASH.decode(members["root"], "root"), note)


def _members(value: object, *names: str) -> dict[str, Any]:
    if type(value) is not dict or value.keys() != set(names):
        raise _NotPins(f"an object of exactly {', '.join(names)} is needed")
    return value
