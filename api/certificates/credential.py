"""A statement as a W3C Verifiable Credential 2.0, shaped as an Open Badges 3.0 achievement.

One statement has one document, and a document is read by building it again from what it states:
whatever is not exactly that, an unknown member, another spelling, a sentence of the issuer's own, a
total that is not the sum, is refused. Every member and its source: `docs/spec/certificates.md`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from api.certificates.did import domain_of, holder_did
from api.certificates.rdf import CONTEXTS
from api.certificates.times import to_stamp
from api.certificates.wording import WORDINGS, Wording
from api.pdf.statement import Opening, Row, Statement
from ledger.core.format.fields import ZERO_HASH, Address, Text
from ledger.core.format.limits import INTEGER_MAX
from ledger.core.kinds.services import CREDIT, HONOUR
from ledger.core.records.record import jcs
from ledger.errors import Refused
from ledger.refusals import Code

MEDIA_TYPE: Final = "application/vc"
"""Media type of a credential file."""

ROWS_MAX: Final = 1000
"""Most rows, as in the ledger's proof."""

OPENED_MAX: Final = 4096
"""Longest text of an opened commitment in bytes."""

LIST_URL: Final = re.compile(r"https?://[a-z0-9.:\[\]-]{1,200}/[A-Za-z0-9._~/-]{0,160}\Z")
"""Address of a status list: no query, nothing that has a second spelling."""

_TEXT, _MAYBE, _ADDRESS = Text(), Text(empty_allowed=True), Address()


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where a wallet looks the credential up: the address of a status list, and the index in it."""

    list_url: str
    index: int


@dataclass(frozen=True, slots=True)
class Credential:
    """What a credential is made of: the statement, who issues it (a DID), where its status is."""

    statement: Statement
    issuer: str
    status: StatusEntry | None = None


def to_document(credential: Credential) -> dict[str, Any]:
    """The unsigned credential. Raises `Refused` for what it cannot state in its one spelling, and
    `ProofError("format", …)` for an issuer that is not named by a DID of the organisation."""
    statement, status = credential.statement, credential.status
    _check(statement)
    domain_of(credential.issuer, statement.organisation)
    document: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": _name(statement, "number/" + statement.number),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": WORDINGS[statement.language].title,
        "issuer": _issuer(credential.issuer, statement),
        "validFrom": _stamp(statement.issued_at),
        "credentialSubject": _subject(statement, WORDINGS[statement.language]),
        "hourledger:ledger": {
            "hourledger:ledgerId": _hex(statement.ledger),
            "name": statement.ledger_name,
        },
        "evidence": [_evidence(row) for row in statement.rows],
    }
    if statement.supersedes is not None:
        document["hourledger:supersedes"] = _hex(statement.supersedes)
    if status is not None:
        document["credentialStatus"] = _status(status)
    return document


def _issuer(did: str, statement: Statement) -> dict[str, Any]:
    address = {
        "type": "IdentifierEntry",
        "identifier": statement.organisation,
        "identifierType": "ext:HourledgerAddress",
    }
    name = statement.organisation_name
    return {"id": did, "type": ["Profile"], "name": name, "otherIdentifier": [address]}


def _subject(statement: Statement, wording: Wording) -> dict[str, Any]:
    totals = {
        "credit_minutes": (wording.credit, statement.credit_minutes),
        "honour_minutes": (wording.honour, statement.honour_minutes),
    }
    subject: dict[str, Any] = {
        "id": holder_did(statement.holder),
        "type": ["AchievementSubject"],
        "licenseNumber": statement.number,
        "hourledger:purpose": statement.purpose,
        "activityStartDate": _stamp(statement.served_from),
        "activityEndDate": _stamp(statement.served_until),
        "achievement": {
            "id": _name(statement, "achievement"),
            "type": ["Achievement"],
            "achievementType": "CommunityService",
            "name": wording.title,
            "description": wording.description,
            "inLanguage": statement.language,
            "criteria": {"narrative": wording.criteria},
            "resultDescription": [
                {
                    "id": _name(statement, key),
                    "type": ["ResultDescription"],
                    "name": name,
                    "resultType": "ext:Minutes",
                }
                for key, (name, _) in totals.items()
            ],
        },
        "result": [
            {
                "type": ["Result"],
                "resultDescription": _name(statement, key),
                "value": str(minutes),
            }
            for key, (_, minutes) in totals.items()
        ],
    }
    if statement.holder_name:
        subject["identifier"] = [
            {
                "type": "IdentityObject",
                "identityHash": statement.holder_name,
                "identityType": "name",
                "hashed": False,
            }
        ]
    return subject


def _evidence(row: Row) -> dict[str, Any]:
    evidence: dict[str, Any] = {
        "type": ["Evidence"],
        "hourledger:record": _hex(row.record),
        "hourledger:hourClass": row.hour_class,
        "hourledger:startedAt": _stamp(row.started_at),
        "hourledger:endedAt": _stamp(row.ended_at),
        "hourledger:minutes": row.minutes,
        "hourledger:acceptedAt": _stamp(row.accepted_at),
        "hourledger:flags": list(row.flags),
        "hourledger:evidenceCount": row.evidence,
    }
    optional = {
        "name": row.activity or None,
        "genre": row.category or None,
        "hourledger:content": row.content and _opening(row.content),
        "hourledger:personInCharge": row.charge and _opening(row.charge),
    }
    return evidence | {name: value for name, value in optional.items() if value is not None}


def _opening(opening: Opening) -> dict[str, str]:
    return {
        "hourledger:fields": jcs(dict(opening.fields)).decode(),
        "hourledger:salt": _hex(opening.salt),
    }


def _status(status: StatusEntry) -> dict[str, str]:
    if not LIST_URL.match(status.list_url) or not 0 <= status.index < 2**31:
        raise Refused(Code.BAD_VALUE, "status: the address of a list and an index are needed")
    return {
        "id": f"{status.list_url}#{status.index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(status.index),
        "statusListCredential": status.list_url,
    }


def _check(statement: Statement) -> None:
    _sizes(statement)
    if statement.language not in WORDINGS:
        raise Refused(Code.BAD_VALUE, "language: zh-Hans, zh-Hant or en is needed")
    _ADDRESS.decode(statement.organisation, "organisation")
    _ADDRESS.decode(statement.holder, "holder")
    for path in ("ledger_name", "number", "organisation_name", "purpose"):
        _TEXT.decode(getattr(statement, path), path)
    _MAYBE.decode(statement.holder_name, "holder_name")
    for row in statement.rows:
        if row.hour_class not in (CREDIT, HONOUR):
            raise Refused(Code.BAD_VALUE, "hour_class: credit or honour is needed")
        for text in (row.activity, row.category):
            _MAYBE.decode(text, "activity")
        for flag in row.flags:
            _TEXT.decode(flag, "flags")


def _sizes(statement: Statement) -> None:
    if not 0 < len(statement.rows) <= ROWS_MAX:
        raise Refused(Code.TOO_LARGE, f"one to {ROWS_MAX} rows are stated")
    hashes = [statement.ledger, statement.supersedes or ZERO_HASH]
    for row in statement.rows:
        hashes.append(row.record)
        if not (0 <= row.minutes <= INTEGER_MAX and 0 <= row.evidence <= INTEGER_MAX):
            raise Refused(Code.BAD_VALUE, "minutes: a whole number is needed")
        for opening in (row.content, row.charge):
            if opening is not None:
                hashes.append(opening.salt)
                if len(jcs(dict(opening.fields))) > OPENED_MAX:
                    raise Refused(Code.TOO_LARGE, f"content: at most {OPENED_MAX} bytes are opened")
    if any(len(value) != 32 for value in hashes):
        raise Refused(Code.BAD_VALUE, "32 bytes are needed for each hash and salt")


def _name(statement: Statement, what: str) -> str:
    """A name that follows from what it names (RFC 9562, UUID version 8)."""
    parts: Mapping[str, str] = {
        "ledger": _hex(statement.ledger),
        "organisation": statement.organisation,
        "what": what,
    }
    data = bytearray(sha256(b"hourledger-certificate/v1" + jcs(dict(parts))).digest()[:16])
    data[6] = data[6] & 0x0F | 0x80
    data[8] = data[8] & 0x3F | 0x80
    return uuid.UUID(bytes=bytes(data)).urn


def _stamp(seconds: int) -> str:
    try:
        return to_stamp(seconds)
    except ValueError as error:
        raise Refused(Code.BAD_VALUE, str(error)) from error


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
