"""What the rules know of issuers' keys, certificates, consent and counted services."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.core.state.state import Key


@dataclass(frozen=True, slots=True)
class IssuerKeyState:
    """An Ed25519 key of an organisation, and when it may sign (half-open, end 0 = open); and what
    was taken back of it (index of the entry, from when on)."""

    domain: str
    valid_from: int
    valid_until: int
    bound_by: bytes
    revoked: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CertificateState:
    """A certificate, and the records that voided or replaced it (empty where there is none);
    the secret that hides its status, once it has changed."""

    organisation: str
    volunteer: str
    voided_by: bytes = b""
    superseded_by: bytes = b""
    secret: bytes = b""

    @property
    def status(self) -> str:
        """What is to be said of it: `void`, `amended` or `recorded`."""
        if self.voided_by:
            return "void"
        return "amended" if self.superseded_by else "recorded"

    @property
    def changed_by(self) -> bytes:
        """The record behind its status; empty while it is `recorded`."""
        return self.voided_by or self.superseded_by


@dataclass(frozen=True, slots=True)
class ConsentState:
    """The period of services that may be counted, and until when (half-open; 0 = withdrawn)."""

    served_from: int
    served_until: int
    valid_until: int
    granted_by: bytes


@dataclass(frozen=True, slots=True)
class RecordRef:
    """The record that took a name which is given once."""

    record_id: bytes


def issuer_key_key(organisation: str, public_key: bytes) -> Key[IssuerKeyState]:
    """Key of an Ed25519 key of an organisation."""
    return Key("issuer_key", (organisation, public_key))


def certificate_key(record: bytes) -> Key[CertificateState]:
    """Key of a certificate by record id."""
    return Key("certificate", (record,))


def number_key(organisation: str, number: str) -> Key[RecordRef]:
    """Key of the number of a certificate."""
    return Key("certificate_number", (organisation, number))


def consent_key(volunteer: str, grantee: str, purpose: str) -> Key[ConsentState]:
    """Key of what one person lets another do."""
    return Key("consent", (volunteer, grantee, purpose))


def credited_key(organisation: str, scheme: str, service: bytes) -> Key[RecordRef]:
    """Key of a service that a university counted under a scheme."""
    return Key("credited", (organisation, scheme, service))
