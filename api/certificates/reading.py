"""Read a credential back: what it states, or why it is not one of ours.

What the members state is taken out first, loosely; then the document is built again from it and
must be the one that was read, to the byte of its canonical form. So nothing can be added to a
document that a person would read and no check would see.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.certificates.credential import Credential, StatusEntry, to_document
from api.certificates.did import read_holder_did
from api.certificates.times import from_stamp
from api.pdf.statement import Opening, Row, Statement
from ledger.core.records.decode import parse_json
from ledger.core.records.record import jcs
from ledger.errors import ProofError, Refused


def read_document(document: Mapping[str, Any]) -> Credential:
    """What a credential is made of. Its proofs are not looked at. Raises
    `ProofError("format", …)` unless it is exactly as `to_document` writes it."""
    bare = {name: value for name, value in document.items() if name != "proof"}
    try:
        found = _read(bare)
        if jcs(to_document(found)) != jcs(bare):
            raise ProofError("format", "the credential has members that are not of its form")
    except Refused as error:
        raise ProofError("format", f"{error.code.value}: {error.detail}") from error
    except (ValueError, RecursionError) as error:
        raise ProofError("format", "the credential is not canonical JSON") from error
    return found


def _read(document: Mapping[str, Any]) -> Credential:
    issuer, subject = _object(document, "issuer"), _object(document, "credentialSubject")
    ledger, achievement = _object(document, "hourledger:ledger"), _object(subject, "achievement")
    statement = Statement(
        ledger=_bytes(ledger, "hourledger:ledgerId"),
        ledger_name=_text(ledger, "name"),
        number=_text(subject, "licenseNumber"),
        organisation=_text(_only(issuer, "otherIdentifier"), "identifier"),
        organisation_name=_text(issuer, "name"),
        holder=read_holder_did(subject.get("id")),
        holder_name=_text(_only(subject, "identifier"), "identityHash")
        if "identifier" in subject
        else "",
        purpose=_text(subject, "hourledger:purpose"),
        language=_text(achievement, "inLanguage"),
        served_from=_time(subject, "activityStartDate"),
        served_until=_time(subject, "activityEndDate"),
        issued_at=_time(document, "validFrom"),
        rows=tuple(_row(item) for item in _list(document, "evidence")),
        supersedes=_bytes(document, "hourledger:supersedes")
        if "hourledger:supersedes" in document
        else None,
    )
    status = _status(document) if "credentialStatus" in document else None
    return Credential(statement, _text(issuer, "id"), status)


def _row(evidence: Mapping[str, Any]) -> Row:
    return Row(
        record=_bytes(evidence, "hourledger:record"),
        hour_class=_text(evidence, "hourledger:hourClass"),
        activity=_text(evidence, "name") if "name" in evidence else "",
        category=_text(evidence, "genre") if "genre" in evidence else "",
        started_at=_time(evidence, "hourledger:startedAt"),
        ended_at=_time(evidence, "hourledger:endedAt"),
        minutes=_integer(evidence, "hourledger:minutes"),
        accepted_at=_time(evidence, "hourledger:acceptedAt"),
        flags=_words(evidence, "hourledger:flags"),
        evidence=_integer(evidence, "hourledger:evidenceCount"),
        content=_opening(evidence, "hourledger:content"),
        charge=_opening(evidence, "hourledger:personInCharge"),
    )


def _opening(evidence: Mapping[str, Any], name: str) -> Opening | None:
    if name not in evidence:
        return None
    opening = _object(evidence, name)
    fields = parse_json(_text(opening, "hourledger:fields").encode())
    if type(fields) is not dict or not all(type(value) is str for value in fields.values()):
        raise ProofError("format", f"{name} does not open a commitment")
    return Opening(fields, _bytes(opening, "hourledger:salt"))


def _status(document: Mapping[str, Any]) -> StatusEntry:
    status = _object(document, "credentialStatus")
    index = _text(status, "statusListIndex")
    if not index.isascii() or not index.isdigit() or len(index) > 10:
        raise ProofError("format", "statusListIndex is no index")
    return StatusEntry(_text(status, "statusListCredential"), int(index))


def _object(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parent.get(name)
    if type(value) is not dict:
        raise _missing(name)
    return value


def _list(parent: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = parent.get(name)
    if type(value) is not list or not all(type(item) is dict for item in value):
        raise _missing(name)
    return value


def _only(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = _list(parent, name)
    if len(found) != 1:
        raise _missing(name)
    return found[0]


def _words(parent: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = parent.get(name)
    if type(value) is not list or not all(type(item) is str for item in value):
        raise _missing(name)
    return tuple(value)


def _text(parent: Mapping[str, Any], name: str) -> str:
    value = parent.get(name)
    if type(value) is not str:
        raise _missing(name)
    return value


def _integer(parent: Mapping[str, Any], name: str) -> int:
    value = parent.get(name)
    if type(value) is not int:
        raise _missing(name)
    return value


def _time(parent: Mapping[str, Any], name: str) -> int:
    seconds = from_stamp(parent.get(name))
    if seconds is None:
        raise _missing(name)
    return seconds


def _bytes(parent: Mapping[str, Any], name: str) -> bytes:
    value = parent.get(name)
    if type(value) is not str or len(value) != 66 or not value.startswith("0x"):
        raise _missing(name)
    return bytes.fromhex(value[2:])


def _missing(name: str) -> ProofError:
    return ProofError("format", f"{name} is missing or of another form")
