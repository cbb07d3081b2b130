"""The proof bundle: one JSON file with everything a stranger needs but the chain. Parsing only.

Media type `application/vnd.hourledger.proof+json`. No judgement here: `ledger.core.verify` judges.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.core.bodies import Genesis
from ledger.core.encoding import decode_entry
from ledger.core.fields import decode_body
from ledger.core.limits import LIST_MAX
from ledger.core.notes import TlogProof, parse_tlog_proof
from ledger.core.patricia_proof import decode_steps
from ledger.core.records import Entry
from ledger.core.totals import STATES, Status
from ledger.errors import ProofError, Refused

FORMAT: Final = "hourledger-proof/v1"
"""Value of the bundle's `format` field."""

DELEGATIONS_MAX: Final = 4
"""Two signers of the record and two of what changed it."""

_FIELDS: Final = frozenset(
    ("format", "genesis", "record", "certification", "delegations", "change", "status", "anchors")
)
_HEX32 = re.compile(r"0x[0-9a-f]{64}\Z")
_HEX = re.compile(r"0x(?:[0-9a-f]{2})*\Z")
_ANCHOR: Final = {
    "chain_id": int,
    "contract": str,
    "epoch": int,
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


@dataclass(frozen=True, slots=True)
class Bundle:
    """A parsed bundle."""

    genesis: Genesis
    record: Proven
    certification: Proven | None
    delegations: tuple[Proven, ...]
    change: Proven | None
    status: StatusProof | None
    anchors: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class StatusProof:
    """The status of the record as the state tree of one batch has it: the batch's seal, which
    carries the root, and the path to it."""

    seal: Proven
    status: Status
    steps: tuple[tuple[int, bytes], ...]


def parse_bundle(value: object) -> Bundle:
    """A bundle from its JSON object; `ProofError("format", …)` for anything else."""
    try:
        return _parse(value)
    except Refused as error:
        raise ProofError("format", f"{error.code.value}: {error.detail}") from error
    except ProofError as error:
        raise ProofError("format", error.reason) from error


def _parse(value: object) -> Bundle:
    if type(value) is not dict or value.keys() != _FIELDS or value["format"] != FORMAT:
        raise ProofError("format", f"not a bundle of the form {FORMAT}")
    record, chain = parse_proven(value["record"]), value["delegations"]
    if record is None:
        raise ProofError("format", "the record is needed")
    if type(chain) is not list or len(chain) > DELEGATIONS_MAX:
        raise ProofError("format", f"delegations are a list of at most {DELEGATIONS_MAX}")
    return Bundle(
        genesis=decode_body(Genesis, value["genesis"], "genesis"),
        record=record,
        certification=parse_proven(value["certification"]),
        delegations=tuple(p for p in map(parse_proven, chain) if p is not None),
        change=parse_proven(value["change"]),
        status=_status(value["status"]),
        anchors=parse_anchors(value["anchors"]),
    )


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


def _status(value: object) -> StatusProof | None:
    if value is None:
        return None
    if type(value) is not dict or value.keys() != {"seal", "value", "path"}:
        raise ProofError("format", "seal, value and path of the status are needed")
    seal, stated, path = parse_proven(value["seal"]), value["value"], value["path"]
    if seal is None or type(stated) is not dict or stated.keys() != {"status", "changed_by"}:
        raise ProofError("format", "status and changed_by are needed")
    word, by = stated["status"], stated["changed_by"]
    if word not in STATES or (by is None) != (word == "recorded"):
        raise ProofError("format", "no such status")
    if by is not None and not (type(by) is str and _HEX32.match(by)):
        raise ProofError("format", "changed_by is a record id")
    if type(path) is not str or not _HEX.match(path):
        raise ProofError("format", "the path is lower-case 0x-hex")
    status = Status(word, None if by is None else bytes.fromhex(by[2:]))
    return StatusProof(seal, status, decode_steps(bytes.fromhex(path[2:])))
