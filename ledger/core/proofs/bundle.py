"""The proof bundle: one JSON file with everything a stranger needs but the chain. Parsing only.

Media type `application/vnd.hourledger.proof+json`. `ledger.core.verify.record` judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.core.proofs.basis import Basis, parse_basis
from ledger.core.proofs.parts import (
    Proven,
    parse_anchors,
    parse_base64,
    parse_entries,
    parse_hashes,
    parse_proven,
    parse_status,
    parses,
)
from ledger.core.proofs.roots import parse_root
from ledger.core.proofs.standing import Taken, parse_taken
from ledger.core.records.charters import Root
from ledger.core.records.decode import decode_entry
from ledger.core.records.record import Entry
from ledger.core.state.totals import Status
from ledger.errors import ProofError

FORMAT: Final = "hourledger-proof/v1"
"""Value of the bundle's `format` field."""

DELEGATIONS_MAX: Final = 6
"""Two signers of the record, two of what changed it or one and a succession, two stations."""

PATH_MAX: Final = 1024
"""Most hashes of the shared path: far above what 20 entries of any log need."""

_FIELDS: Final = frozenset(
    (
        "format",
        "genesis",
        "charters",
        "record",
        "certification",
        "delegations",
        "basis",
        "change",
        "standing",
        "seal",
        "path",
        "anchors",
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the state tree whose root the seal carries says of the record, and the proof of that:
    its status, and what was taken back of what it rests on."""

    taken: Taken
    status: Status
    proof: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """A parsed bundle: the record with its own proof, and the entries that stand behind it.

    `basis`: what a service rests on. `path` proves all entries but the record at once; what changed
    the record, with the grants that this needs, may be newer than the checkpoint.
    """

    root: Root
    record: Proven
    certification: Entry | None
    delegations: tuple[Entry, ...]
    basis: Basis
    change: Entry | None
    standing: Standing | None
    seal: Entry | None
    path: tuple[bytes, ...]
    anchors: tuple[Mapping[str, Any], ...]

    def others(self) -> tuple[Entry, ...]:
        """All entries but the record's, without the seal."""
        return (*filter(None, (self.certification,)), *self.late())

    def late(self) -> tuple[Entry, ...]:
        """Those of them that may be newer than the checkpoint: a grant that is so serves no entry
        older than itself."""
        return (*self.delegations, *filter(None, (self.change,)))


@parses
def parse_bundle(value: object) -> Bundle:
    """A bundle from its JSON object; `ProofError("format", …)` for anything else."""
    if type(value) is not dict or value.keys() != _FIELDS or value["format"] != FORMAT:
        raise ProofError("format", f"not a bundle of the form {FORMAT}")
    record = parse_proven(value["record"])
    if record is None:
        raise ProofError("format", "the record is needed")
    return Bundle(
        root=parse_root(value),
        record=record,
        certification=_entry(value["certification"]),
        delegations=parse_entries(value["delegations"], "delegations", DELEGATIONS_MAX),
        basis=parse_basis(value["basis"]),
        change=_entry(value["change"]),
        standing=_standing(value["standing"]),
        seal=_entry(value["seal"]),
        path=parse_hashes(value["path"], PATH_MAX),
        anchors=parse_anchors(value["anchors"]),
    )


def _entry(value: object) -> Entry | None:
    return None if value is None else decode_entry(value)


def _standing(value: object) -> Standing | None:
    if value is None:
        return None
    if type(value) is not dict or value.keys() != {"organisation", "revoked", "status", "proof"}:
        raise ProofError("format", "organisation, revoked, status and proof are needed")
    taken = parse_taken(value["organisation"], value["revoked"])
    return Standing(taken, parse_status(value["status"]), parse_base64(value["proof"], "proof"))
