"""The transcript: all entries that concern an address since some batch, as one JSON file. Parsing.

`before` and `after` are the seals of two batches with what their state trees say of the account;
the chain of its entries leads from the first head to the second: nothing is left out or added.
Media type `application/vnd.hourledger.transcript+json`; `ledger.core.verify_transcript` judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.core.bodies import Genesis
from ledger.core.bundle import Proven, parse_anchors, parse_hashes, parse_proven
from ledger.core.encoding import decode_entry
from ledger.core.fields import Address, UInt, decode_body
from ledger.core.patricia_proof import Path
from ledger.core.records import Entry
from ledger.core.verify_account import parse_path
from ledger.errors import ProofError, Refused

FORMAT: Final = "hourledger-transcript/v1"
"""Value of the transcript's `format` field."""

ENTRIES_MAX: Final = 20_000
"""Most entries of one transcript: a lifetime of clocked days."""

_FIELDS: Final = frozenset(
    ("format", "genesis", "account", "from", "to", "before", "after", "entries", "path", "anchors")
)
_ADDRESS: Final = Address()
_TIME: Final = UInt(64)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the tree under a seal says of the account: a leaf of its own, or where a lookup ends."""

    seal: Entry
    path: Path | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A parsed transcript. The period is half-open (Unix s); `before` is None where the account's
    entries are told from the first one on. `proof` is of the seal of `after`."""

    genesis: Genesis
    account: str
    period: tuple[int, int]
    before: Standing | None
    after: Standing
    proof: Proven
    entries: tuple[Entry, ...]
    path: tuple[bytes, ...]
    anchors: tuple[Mapping[str, Any], ...]


def parse_transcript(value: object) -> Transcript:
    """A transcript from its JSON object; `ProofError("format", …)` for anything else."""
    try:
        return _parse(value)
    except Refused as error:
        raise ProofError("format", f"{error.code.value}: {error.detail}") from error
    except ProofError as error:
        raise ProofError("format", error.reason) from error


def _parse(value: object) -> Transcript:
    if type(value) is not dict or value.keys() != _FIELDS or value["format"] != FORMAT:
        raise ProofError("format", f"not a transcript of the form {FORMAT}")
    after, entries = value["after"], value["entries"]
    if type(after) is not dict or after.keys() != {"seal", "leaf", "path"}:
        raise ProofError("format", "seal, leaf and path of the later batch are needed")
    proof = parse_proven(after["seal"])
    if proof is None or proof.proof is None:
        raise ProofError("format", "the later seal with its proof is needed")
    if type(entries) is not list or len(entries) > ENTRIES_MAX:
        raise ProofError("format", f"entries are a list of at most {ENTRIES_MAX}")
    return Transcript(
        genesis=decode_body(Genesis, value["genesis"], "genesis"),
        account=_ADDRESS.decode(value["account"], "account"),
        period=(_TIME.decode(value["from"], "from"), _TIME.decode(value["to"], "to")),
        before=_before(value["before"]),
        after=Standing(proof.entry, parse_path(after["leaf"], after["path"])),
        proof=proof,
        entries=tuple(decode_entry(entry) for entry in entries),
        path=parse_hashes(value["path"], 64 * ENTRIES_MAX),
        anchors=parse_anchors(value["anchors"]),
    )


def _before(value: object) -> Standing | None:
    if value is None:
        return None
    if type(value) is not dict or value.keys() != {"seal", "leaf", "path"}:
        raise ProofError("format", "seal, leaf and path of the earlier batch are needed")
    return Standing(decode_entry(value["seal"]), parse_path(value["leaf"], value["path"]))
