"""The parts that proof files share: bytes, entries, their proofs, statuses, anchors. Form only."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar

from ledger.core.format.limits import LIST_MAX
from ledger.core.records.decode import decode_entry
from ledger.core.records.record import Entry
from ledger.core.state.openings import Opened
from ledger.core.state.totals import RECORDED, STATES, Status, totals_stated
from ledger.core.trees.notes import TlogProof, parse_tlog_proof
from ledger.errors import ProofError, Refused

_HEX32 = re.compile(r"0x[0-9a-f]{64}\Z")
_HEX = re.compile(r"0x(?:[0-9a-f]{2})*\Z")
_ANCHOR: Final = {
    "chain_id": int,
    "contract": str,
    "founder": str,
    "size": int,
    "transaction": str,
    "block_number": int,
    "block_hash": str,
}


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry with the proof that it is in the log; None while it is not in a batch yet."""

    entry: Entry
    proof: TlogProof | None


Parsed = TypeVar("Parsed")


def parses(parse: Callable[[object], Parsed]) -> Callable[[object], Parsed]:
    """A parser of a whole file: however the file is malformed, the check `format` fails."""

    @wraps(parse)
    def wrapped(value: object) -> Parsed:
        try:
            return parse(value)
        except Refused as error:
            raise ProofError("format", f"{error.code.value}: {error.detail}") from error
        except ProofError as error:
            raise ProofError("format", error.reason) from error

    return wrapped


def parse_list(value: object, name: str, most: int, of: str = "") -> list[object]:
    """A list that is not too long; raises `ProofError`."""
    if type(value) is not list or len(value) > most:
        raise ProofError("format", f"{name} are a list of at most {most}{of}")
    return value


def parse_entries(value: object, name: str, most: int) -> tuple[Entry, ...]:
    """A list of entries; raises `ProofError` and `Refused`."""
    return tuple(decode_entry(entry) for entry in parse_list(value, name, most, " entries"))


def parse_hashes(value: object, most: int) -> tuple[bytes, ...]:
    """Hashes of 32 bytes from base64; raises `ProofError`."""
    data = parse_base64(value, "path")
    if len(data) % 32 or len(data) > 32 * most:
        raise ProofError("format", f"the path has whole hashes, at most {most}")
    return tuple(data[i : i + 32] for i in range(0, len(data), 32))


def parse_base64(value: object, name: str) -> bytes:
    """Bytes from base64 in its one spelling; raises `ProofError`."""
    try:
        data = base64.b64decode(value, validate=True) if type(value) is str else None
    except ValueError:
        data = None
    if data is None or base64.b64encode(data).decode() != value:
        raise ProofError("format", f"{name}: base64 in its one spelling is needed")
    return data


def parse_hex(value: object, name: str) -> bytes:
    """Bytes from lower-case 0x-hex; raises `ProofError`."""
    if type(value) is not str or not _HEX.match(value):
        raise ProofError("format", f"{name}: bytes are lower-case 0x-hex")
    return bytes.fromhex(value[2:])


def parse_anchors(value: object) -> tuple[Mapping[str, Any], ...]:
    """The anchors of a proof, as claims; raises `ProofError`."""
    if type(value) is not list or len(value) > LIST_MAX or not all(map(_is_anchor, value)):
        raise ProofError("format", f"anchors are a list of at most {LIST_MAX} anchors")
    if len({(a["chain_id"], a["contract"]) for a in value}) != len(value):
        raise ProofError("format", "one contract is named twice")
    return tuple(value)


def _is_anchor(value: object) -> bool:
    if type(value) is not dict or value.keys() != _ANCHOR.keys():
        return False
    return all(type(value[name]) is kind for name, kind in _ANCHOR.items())


def parse_proven(value: object) -> Proven | None:
    """A proven entry from its JSON object, None from null; raises `ProofError` and `Refused`."""
    if value is None:
        return None
    if type(value) is not dict or value.keys() != {"entry", "tlog_proof"}:
        raise ProofError("format", "entry and tlog_proof are needed")
    proof = value["tlog_proof"]
    if proof is not None and type(proof) is not str:
        raise ProofError("format", "tlog_proof is text")
    return Proven(decode_entry(value["entry"]), None if proof is None else parse_tlog_proof(proof))


def parse_status(stated: object) -> Status:
    """The value of a record in the state tree, from its JSON object, or from null where it has
    none; raises `ProofError`."""
    if stated is None:
        return RECORDED
    if type(stated) is not dict or stated.keys() != {"status", "changed_by", "opening"}:
        raise ProofError("format", "status, changed_by and opening are needed")
    word, by = stated["status"], stated["changed_by"]
    if word not in STATES:
        raise ProofError("format", "no such status")
    if type(by) is not str or not _HEX32.match(by):
        raise ProofError("format", "changed_by is a record id")
    return Status(word, bytes.fromhex(by[2:]), parse_opening(stated["opening"]))


def parse_opening(value: object) -> bytes:
    """What opens a leaf of the state tree (32 bytes); raises `ProofError`."""
    if type(value) is not str or not _HEX32.match(value):
        raise ProofError("format", "an opening has 32 bytes")
    return bytes.fromhex(value[2:])


def parse_totals(totals: object, opening: object) -> Opened | None:
    """What the leaf of an account states and what opens it, from their JSON values, both null where
    the tree has no such leaf; raises `ProofError`."""
    if totals is None and opening is None:
        return None
    return Opened(parse_opening(opening), totals_stated(totals))
