"""The transcript: all entries that concern an address since some batch, as one JSON file. Parsing.

`before` and `after` are the seals of two batches with what their state trees say of the account;
the chain of its entries leads from the first head to the second: nothing is left out or added.
What became of each service of the account stands beside, under the state root of the later batch.
Media type `application/vnd.hourledger.transcript+json`; `ledger.core.verify.transcript` judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.core.format.fields import Address, UInt
from ledger.core.kinds.registry import Service, service_of
from ledger.core.proofs.parts import (
    Proven,
    parse_anchors,
    parse_base64,
    parse_entries,
    parse_hashes,
    parse_list,
    parse_proven,
    parse_status,
    parse_totals,
    parses,
)
from ledger.core.proofs.roots import parse_root
from ledger.core.records.charters import Root
from ledger.core.records.decode import decode_entry
from ledger.core.records.record import Entry
from ledger.core.state.openings import Opened
from ledger.core.state.totals import Status
from ledger.errors import ProofError

FORMAT: Final = "hourledger-transcript/v1"
"""Value of the transcript's `format` field."""

ENTRIES_MAX: Final = 20_000
"""Most entries of one transcript: a lifetime of clocked days."""

MARGIN_SECONDS: Final = 3600
"""How long before the period the earlier batch was sealed, at least: a service may be accepted
before it ends by the signer's clock, which may be ahead."""

PATHS: Final = "paths"
"""Each entry is shown to stand in the log, by one path for all."""

CHAIN: Final = "chain"
"""The entries are held by the chain of the account alone."""

_FIELDS: Final = frozenset(
    (
        "format",
        "genesis",
        "charters",
        "account",
        "from",
        "to",
        "before",
        "after",
        "entries",
        "statuses",
        "held_by",
        "path",
        "anchors",
    )
)
_STANDING: Final = frozenset(("seal", "totals", "opening", "proof"))
_ADDRESS: Final = Address()
_TIME: Final = UInt(64)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the tree under a seal says of the account: its totals, and what opens them, or None
    where it has none. The proof is of that key, and in the later tree of the services' statuses
    too."""

    seal: Entry
    totals: Mapping[str, Any] | None
    opened: Opened | None
    proof: bytes


@dataclass(frozen=True, slots=True)
class Transcript:
    """A parsed transcript. The period is half-open (Unix s); `before` is None where the account's
    entries are told from the first one on. `statuses` are those of the account's own services, in
    the order of `entries`. `proof` is of the seal of `after`; `path` of the earlier seal and, where
    they are `held_by` paths, of all entries."""

    root: Root
    account: str
    period: tuple[int, int]
    before: Standing | None
    after: Standing
    proof: Proven
    entries: tuple[Entry, ...]
    statuses: tuple[Status, ...]
    held_by: str
    path: tuple[bytes, ...]
    anchors: tuple[Mapping[str, Any], ...]

    def own_services(self) -> list[tuple[int, Service]]:
        """The services of the account itself, the new versions included, each with the place of its
        entry."""
        found = []
        for place, entry in enumerate(self.entries):
            service = service_of(entry.record.body)
            if service is not None and service.volunteer == self.account:
                found.append((place, service))
        return found

    def seals(self) -> tuple[Entry, ...]:
        """The seals, the earlier one first."""
        return (*((self.before.seal,) if self.before else ()), self.after.seal)


@parses
def parse_transcript(value: object) -> Transcript:
    """A transcript from its JSON object; `ProofError("format", …)` for anything else."""
    if type(value) is not dict or value.keys() != _FIELDS or value["format"] != FORMAT:
        raise ProofError("format", f"not a transcript of the form {FORMAT}")
    after, before = value["after"], value["before"]
    if type(after) is not dict or after.keys() != _STANDING:
        raise ProofError("format", "seal, totals, opening and proof of the later batch are needed")
    proof = parse_proven(after["seal"])
    if proof is None or proof.proof is None:
        raise ProofError("format", "the later seal with its proof is needed")
    if before is not None and (type(before) is not dict or before.keys() != _STANDING):
        raise ProofError(
            "format", "seal, totals, opening and proof of the earlier batch are needed"
        )
    if value["held_by"] not in (PATHS, CHAIN):
        raise ProofError("format", f"the entries are held by {PATHS} or by the {CHAIN}")
    return Transcript(
        root=parse_root(value),
        account=_ADDRESS.decode(value["account"], "account"),
        period=(_TIME.decode(value["from"], "from"), _TIME.decode(value["to"], "to")),
        before=None if before is None else _standing(decode_entry(before["seal"]), before),
        after=_standing(proof.entry, after),
        proof=proof,
        entries=parse_entries(value["entries"], "entries", ENTRIES_MAX),
        statuses=tuple(map(parse_status, parse_list(value["statuses"], "statuses", ENTRIES_MAX))),
        held_by=value["held_by"],
        path=parse_hashes(value["path"], 64 * ENTRIES_MAX),
        anchors=parse_anchors(value["anchors"]),
    )


def _standing(seal: Entry, value: Mapping[str, Any]) -> Standing:
    opened = parse_totals(value["totals"], value["opening"])
    return Standing(seal, value["totals"], opened, parse_base64(value["proof"], "proof"))
