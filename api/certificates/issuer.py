"""The issuer: an organisation that certifies what it recorded.

    1 collect   the services that the organisation recorded and that nothing has changed
    2 state     what the certificate says, with what the vault opens of its commitments
    3 sign      the credential, by the organisation's Ed25519 key
    4 keep      the signed credential, sealed for its holder
    5 record    a record that commits to it, by a key that acts for the organisation

It acts by the organisation's key, or by one that it delegated (`certificate`): nobody else can
issue for it. Where the platform runs it for an organisation, the delegation says so in every proof.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.certificates.credential import StatusEntry
from api.certificates.masking import masked
from api.certificates.signed import commitment_to, signed_credential
from api.certificates.status_list import draw_index
from api.certificates.stored import StoredCredential, keep
from api.pdf.statement import Opening, Row, Statement
from ledger.core.format.fields import ZERO_HASH
from ledger.core.format.structs import Body, body_to_json, decode_body
from ledger.core.kinds.registry import CREDIT, HONOUR, Certificate, IssuerKey
from ledger.core.records.record import Record, record_id
from ledger.core.records.signing import leaf_of, sign
from ledger.core.trees.merkle import root
from ledger.errors import NotFound
from ledger.operations.certificates import Certifiable, bound_domain, certifiable
from ledger.operations.ledger import Ledger
from ledger.operations.read import organisation as find_organisation
from ledger.operations.status_lists import take_place
from ledger.operations.vault import Vault
from ledger.operations.vault_parts import Purpose

_LETTERS: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of numbers: none is taken for another when it is read aloud or copied by hand."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the holder, a half-open period (Unix s), the purpose, the language, and
    which services of that time (None: all)."""

    holder: str
    served_from: int
    served_until: int
    purpose: str
    language: str
    services: Collection[bytes] | None = None
    supersedes: bytes = ZERO_HASH


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that was recorded: its record id, its number, what it states."""

    record: bytes
    statement: Statement


@dataclass(frozen=True, slots=True)
class Issuer:
    """An organisation that issues: its address, and the private key (32 bytes) by which it acts."""

    organisation: str
    key: bytes

    def credential_key(self) -> Ed25519PrivateKey:
        """The Ed25519 key of this issuer. It follows from the other one: nothing more to back
        up."""
        info = b"hourledger credentials/v1 " + self.organisation.encode()
        return Ed25519PrivateKey.from_private_bytes(HKDF(SHA256(), 32, None, info).derive(self.key))

    def public_key(self) -> bytes:
        """Its public key (32 bytes)."""
        return self.credential_key().public_key().public_bytes_raw()


def bind(ledger: Ledger, issuer: Issuer, organisation_key: bytes, domain: str = "") -> bytes:
    """Have the organisation's own key bind the issuer's Ed25519 key; the record id."""
    now = ledger.clock()
    body = IssuerKey(issuer.organisation, "bind", issuer.public_key(), domain, now, 0, now)
    return _append(ledger, body, organisation_key)


def issue(ledger: Ledger, vault: Vault, issuer: Issuer, wanted: Wanted, public_url: str) -> Issued:
    """Issue a certificate; `public_url` is where its status list is served. Raises `NotFound` where
    there is nothing to certify or the issuer's key is not bound, `Refused` as the ledger does,
    `Withdrawn` for a holder who withdrew."""
    domain = bound_domain(ledger, issuer.organisation, issuer.public_key())
    if domain is None:
        raise NotFound("the organisation has not bound the key of this issuer yet")
    statement = state(ledger, vault, issuer.organisation, wanted)
    salt = secrets.token_bytes(32)
    status = _place(vault, statement, public_url)
    credential = signed_credential(statement, issuer.credential_key(), domain, status)
    names = tuple(row.record for row in statement.rows)
    body = Certificate(
        organisation=issuer.organisation,
        volunteer=statement.holder,
        number=statement.number,
        credential=commitment_to(credential, salt),
        services=root([leaf_of(name) for name in names]),
        count=len(names),
        credit_minutes=statement.credit_minutes,
        honour_minutes=statement.honour_minutes,
        served_from=statement.served_from,
        served_until=statement.served_until,
        supersedes=wanted.supersedes,
        issued_at=statement.issued_at,
    )
    record = record_id(ledger.ledger_id, body)
    # StoredCredential before it is recorded: there is never a certificate whose credential is lost.
    keep(
        vault,
        statement.holder,
        record,
        StoredCredential(credential, salt, names, issuer.public_key()),
    )
    _append(ledger, body, issuer.key)
    return Issued(record, statement)


def list_url(public_url: str, organisation: str, number: int) -> str:
    """Where a status list of an organisation is served."""
    return f"{public_url.rstrip('/')}/organisations/{organisation}/status/{number}"


def _place(vault: Vault, statement: Statement, public_url: str) -> StatusEntry:
    number, index = take_place(
        vault,
        statement.organisation,
        statement.number,
        lambda taken: draw_index(taken, secrets.randbelow),
    )
    return StatusEntry(list_url(public_url, statement.organisation, number), index)


def state(ledger: Ledger, vault: Vault, organisation: str, wanted: Wanted) -> Statement:
    """What a certificate is to state, under a new number. Raises `NotFound` where there is nothing
    to certify, or a service is wanted that is not among what may be certified."""
    found = certifiable(
        ledger, organisation, wanted.holder, wanted.served_from, wanted.served_until
    )
    if wanted.services is not None:
        chosen = set(wanted.services)
        if not chosen <= {item.record for item in found}:
            raise NotFound("a chosen service is not in the period, or was changed since")
        found = [item for item in found if item.record in chosen]
    certified = find_organisation(ledger, organisation)
    if not found or certified is None:
        raise NotFound("there is nothing to certify")
    openings, name = _opened(vault, wanted.holder)
    return Statement(
        ledger=ledger.ledger_id,
        ledger_name=ledger.genesis.name,
        number=new_number(),
        organisation=organisation,
        organisation_name=certified.name,
        holder=wanted.holder,
        holder_name=masked(name),
        purpose=wanted.purpose,
        language=wanted.language,
        served_from=wanted.served_from,
        served_until=wanted.served_until,
        issued_at=ledger.clock(),
        rows=tuple(_row(item, openings) for item in found),
        supersedes=wanted.supersedes if wanted.supersedes != ZERO_HASH else None,
    )


def new_number() -> str:
    """A number of 12 characters in groups, 60 random bits: not to be guessed, easy to copy."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join(letters[i : i + 4] for i in (0, 4, 8))


def _opened(vault: Vault, holder: str) -> tuple[Mapping[bytes, Opening], str]:
    """What the vault opens of a holder's commitments, and the holder's name where it is known."""
    try:
        held = vault.holdings(holder, actor=holder, purpose=Purpose.CERTIFICATE)
    except NotFound:
        return {}, ""
    identity = [content for content in held if content.kind == "identity"]
    name = identity[-1].fields.get("name", "") if identity else ""
    services = (content for content in held if content.kind == "service")
    return {c.commitment: Opening(c.fields, c.salt) for c in services}, name


def _row(item: Certifiable, openings: Mapping[bytes, Opening]) -> Row:
    service, activity = item.service, item.activity
    assert service.hour_class in (CREDIT, HONOUR)
    return Row(
        record=item.record,
        hour_class=service.hour_class,
        activity=activity.title if activity else "",
        category=activity.category if activity else "",
        started_at=service.started_at,
        ended_at=service.ended_at,
        minutes=service.minutes,
        accepted_at=item.entry.accepted_at,
        flags=item.flags,
        evidence=len(service.evidence),
        content=openings.get(service.content),
        charge=openings.get(activity.person_in_charge) if activity else None,
    )


def _append(ledger: Ledger, body: Body, key: bytes) -> bytes:
    # What a person typed must be what the format allows before it is signed.
    checked = decode_body(type(body), body_to_json(body))
    claim = sign(ledger.ledger_id, checked, "organisation", key)
    return ledger.append(Record(checked, (claim,))).record_id
