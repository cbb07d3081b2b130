"""What the ledger proves of a certificate, inside the credential that it is about. Parsing only.

The record of the certificate, all services that it is about, who certified the organisation, what
became of each: one path for all entries, one for all statuses. `ledger.core.verify.certificate`
judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.core.kinds.registry import Certificate, IssuerKey
from ledger.core.proofs.parts import (
    Proven,
    parse_anchors,
    parse_base64,
    parse_entries,
    parse_hashes,
    parse_hex,
    parse_list,
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

FORMAT: Final = "hourledger-certificate/v1"
"""Value of the proof's `format` field."""

SERVICES_MAX: Final = 1000
"""Most services of one certificate: three years of daily service."""

_BEHIND_MAX: Final = 64
"""Most certifications or grants behind one certificate."""

_FIELDS: Final = frozenset(
    (
        "format",
        "genesis",
        "charters",
        "salt",
        "certificate",
        "services",
        "activities",
        "issuer_key",
        "certifications",
        "delegations",
        "changes",
        "standing",
        "seal",
        "path",
        "anchors",
    )
)


@dataclass(frozen=True, slots=True)
class CertificateStanding:
    """What the state tree whose root the seal carries says, with one proof: what was taken back of
    the organisation, of the issuer's key and of those that signed, and the statuses of the
    certificate and then of each service."""

    taken: Taken
    statuses: tuple[Status, ...]
    proof: bytes


@dataclass(frozen=True, slots=True)
class CertificateProof:
    """A parsed proof. `salt` (32 bytes) opens the record's commitment to the credential. `services`
    are in the order of the log, `activities` those that they name. `path` proves all entries but
    the certificate at once; a change with the grants that it needs may be newer than the
    checkpoint. Without a checkpoint there is neither `seal` nor `standing`."""

    root: Root
    salt: bytes
    certificate: Proven
    services: tuple[Entry, ...]
    activities: tuple[Entry, ...]
    issuer_key: Entry
    certifications: tuple[Entry, ...]
    delegations: tuple[Entry, ...]
    changes: tuple[Entry, ...]
    standing: CertificateStanding | None
    seal: Entry | None
    path: tuple[bytes, ...]
    anchors: tuple[Mapping[str, Any], ...]

    def parts(self) -> tuple[Entry, ...]:
        """What has a status: the certificate, then its services."""
        return (self.certificate.entry, *self.services)

    def firm(self) -> tuple[Entry, ...]:
        """All entries but the certificate's that must be in the log of the checkpoint."""
        return (
            *self.services,
            *self.activities,
            self.issuer_key,
            *self.certifications,
        )

    def late(self) -> tuple[Entry, ...]:
        """What may be newer than the checkpoint: a grant that is so serves no entry older than
        itself."""
        return (*self.delegations, *self.changes)


@parses
def parse_certificate_proof(value: object) -> CertificateProof:
    """A proof from its JSON object; `ProofError("format", …)` for anything else."""
    if type(value) is not dict or value.keys() != _FIELDS or value["format"] != FORMAT:
        raise ProofError("format", f"not a proof of the form {FORMAT}")
    certificate, salt = parse_proven(value["certificate"]), parse_hex(value["salt"], "salt")
    if certificate is None or len(salt) != 32:
        raise ProofError("format", "the certificate and a salt of 32 bytes are needed")
    seal = value["seal"]
    return CertificateProof(
        root=parse_root(value),
        salt=salt,
        certificate=certificate,
        services=parse_entries(value["services"], "services", SERVICES_MAX),
        activities=parse_entries(value["activities"], "activities", SERVICES_MAX),
        issuer_key=decode_entry(value["issuer_key"]),
        certifications=parse_entries(value["certifications"], "certifications", _BEHIND_MAX),
        delegations=parse_entries(value["delegations"], "delegations", _BEHIND_MAX),
        changes=parse_entries(value["changes"], "changes", SERVICES_MAX + 1),
        standing=_standing(value["standing"]),
        seal=None if seal is None else decode_entry(seal),
        path=parse_hashes(value["path"], 64 * SERVICES_MAX),
        anchors=parse_anchors(value["anchors"]),
    )


def _standing(value: object) -> CertificateStanding | None:
    if value is None:
        return None
    if type(value) is not dict or value.keys() != {"organisation", "revoked", "statuses", "proof"}:
        raise ProofError("format", "organisation, revoked, statuses and proof are needed")
    statuses = parse_list(value["statuses"], "statuses", SERVICES_MAX + 1)
    return CertificateStanding(
        parse_taken(value["organisation"], value["revoked"]),
        tuple(parse_status(status) for status in statuses),
        parse_base64(value["proof"], "proof"),
    )


def binds(entry: Entry, certificate: Certificate) -> bool:
    """Whether an entry binds a key to the organisation of a certificate for its time of issue."""
    body = entry.record.body
    if not isinstance(body, IssuerKey) or body.action != "bind":
        return False
    at, until = certificate.issued_at, body.valid_until
    whose = body.organisation == certificate.organisation
    return whose and body.valid_from <= at and (not until or at < until)
