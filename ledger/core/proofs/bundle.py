"""The proof bundle: one JSON file with everything a stranger needs but the chain. Parsing only.

Media type `application/vnd.hourledger.proof+json`. `ledger.core.verify.record` judges.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.core.format.fields import decode_body
from ledger.core.format.limits import LIST_MAX
from ledger.core.kinds.registry import Genesis
from ledger.core.proofs.basis import Basis, parse_basis
from ledger.core.records.decode import decode_entry
from ledger.core.records.record import Entry
from ledger.core.state.totals import STATES, Status
from ledger.core.trees.notes import TlogProof, parse_tlog_proof
from ledger.core.trees.patricia_proof import decode_steps
from ledger.errors import ProofError, Refused

FORMAT: Final = "hourledger-proof/v1"
"""Value of the bundle's `format` field."""

DELEGATIONS_MAX: Final = 6
"""Two signers of the record, two of what changed it or one and a succession, two stations."""

REVOCATIONS_MAX: Final = 8
"""One for each delegation, and those of the organisation."""

PATH_MAX: Final = 1024
"""Most hashes of the shared path: far above what 20 entries of any log need."""

_FIELDS: Final = frozenset(
    (
        "format",
        "genesis",
        "record",
        "certification",
        "delegations",
        "basis",
        "change",
        "revocations",
        "seal",
        "path",
        "status",
        "anchors",
    )
)
_HEX32 = re.compile(r"0x[0-9a-f]{64}\Z")
_FLAG = re.compile(r"[A-Z][A-Z_]{0,31}\Z")
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
class StatusProof:
    """The status of the record, and its path in the state tree whose root the seal carries."""

    status: Status
    steps: tuple[tuple[int, bytes], ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A parsed bundle: the record with its own proof, and the entries that stand behind it.

    `basis`: what a service rests on. `revocations`: what was taken back, from a time on, of what
    the signers rest on. `path` proves all entries but the record at once; what changed the record,
    with the grants that this needs, and a revocation may be newer than the checkpoint.
    """

    genesis: Genesis
    record: Proven
    certification: Entry | None
    delegations: tuple[Entry, ...]
    basis: Basis
    change: Entry | None
    revocations: tuple[Entry, ...]
    seal: Entry | None
    path: tuple[bytes, ...]
    status: StatusProof | None
    anchors: tuple[Mapping[str, Any], ...]

    def others(self) -> tuple[Entry, ...]:
        """All entries but the record's, without the seal."""
        return (*filter(None, (self.certification,)), *self.late())

    def late(self) -> tuple[Entry, ...]:
        """Those of them that may be newer than the checkpoint: a grant that is so serves no entry
        older than itself."""
        return (*self.delegations, *filter(None, (self.change,)), *self.revocations)


def leaves_below(size: int, firm: Iterable[Entry], late: Iterable[Entry]) -> dict[int, bytes]:
    """Index → leaf of the entries of a proof that must be in the log of a size: the firm ones, and
    those of the late ones that are not newer. Raises `ProofError("inclusion", …)` for two entries
    of one index."""
    must, may = list(firm), list(late)
    leaves: dict[int, bytes] = {}
    for entry in (*must, *may):
        if leaves.setdefault(entry.index, entry.leaf()) != entry.leaf():
            raise ProofError("inclusion", "two entries are given for one index")
    inside = {e.index for e in must} | {e.index for e in may if e.index < size}
    return {index: leaves[index] for index in inside}


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
    record = parse_proven(value["record"])
    if record is None:
        raise ProofError("format", "the record is needed")
    return Bundle(
        genesis=decode_body(Genesis, value["genesis"], "genesis"),
        record=record,
        certification=_entry(value["certification"]),
        delegations=_entries(value, "delegations", DELEGATIONS_MAX),
        basis=parse_basis(value["basis"]),
        change=_entry(value["change"]),
        revocations=_entries(value, "revocations", REVOCATIONS_MAX),
        seal=_entry(value["seal"]),
        path=parse_hashes(value["path"], PATH_MAX),
        status=_status(value["status"]),
        anchors=parse_anchors(value["anchors"]),
    )


def _entry(value: object) -> Entry | None:
    return None if value is None else decode_entry(value)


def _entries(bundle: Mapping[str, Any], name: str, most: int) -> tuple[Entry, ...]:
    value = bundle[name]
    if type(value) is not list or len(value) > most:
        raise ProofError("format", f"{name} are a list of at most {most} entries")
    return tuple(decode_entry(entry) for entry in value)


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


def _status(value: object) -> StatusProof | None:
    if value is None:
        return None
    if type(value) is not dict or value.keys() != {"value", "path"}:
        raise ProofError("format", "value and path of the status are needed")
    return StatusProof(
        parse_status(value["value"]), decode_steps(parse_base64(value["path"], "path"))
    )


def parse_status(stated: object) -> Status:
    """The value of a record in the state tree, from its JSON object; raises `ProofError`."""
    if type(stated) is not dict or stated.keys() != {"status", "changed_by", "flags"}:
        raise ProofError("format", "status, changed_by and flags are needed")
    word, by, flags = stated["status"], stated["changed_by"], stated["flags"]
    if word not in STATES or (by is None) != (word == "recorded"):
        raise ProofError("format", "no such status")
    if by is not None and not (type(by) is str and _HEX32.match(by)):
        raise ProofError("format", "changed_by is a record id")
    if type(flags) is not list or len(flags) > LIST_MAX:
        raise ProofError("format", f"flags are a list of at most {LIST_MAX} words")
    if not all(type(flag) is str and _FLAG.match(flag) for flag in flags):
        raise ProofError("format", "a flag is a word of capital letters")
    return Status(word, None if by is None else bytes.fromhex(by[2:]), tuple(flags))
