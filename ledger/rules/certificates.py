"""Certificates: who may sign credentials, what is certified, replaced and taken back."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.format.fields import ZERO_HASH
from ledger.core.kinds.registry import Certificate, IssuerKey, Void
from ledger.core.records.record import Record
from ledger.core.state.certificate_state import (
    CertificateState,
    IssuerKeyState,
    RecordRef,
    certificate_key,
    issuer_key_key,
    number_key,
)
from ledger.core.state.state import Change, State, volunteer_key
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.judging import judges
from ledger.rules.roles import demand_keys, demand_organisation, not_future, revoked, taken_of


@judges(IssuerKey, replaces=("organisation", "public_key"))
def judge_issuer_key(
    state: State, body: IssuerKey, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The organisation's own key binds or revokes; a delegate never does."""
    demand_keys(state, body, time)
    key = issuer_key_key(body.organisation, body.public_key)
    if body.action == "bind":
        if body.public_key == ZERO_HASH:
            raise Refused(Code.ISSUER_KEY, "no key is named")
        taken = taken_of(state.get(key), Code.ISSUER_KEY)
        bound = IssuerKeyState(body.domain, body.valid_from, body.valid_until, record_id, taken)
        return [Change(key, bound)]
    return [Change(key, revoked(state.get(key), body.valid_from, Code.ISSUER_KEY))]


@judges(Certificate)
def judge_certificate(
    state: State, body: Certificate, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """One who acts for the organisation (`certificate`), under a number of its own."""
    demand_organisation(state, record, body.organisation, "certificate", time)
    not_future(state, time, body.issued_at)
    if body.served_until <= body.served_from:
        raise Refused(Code.TIMES_REVERSED, "served_until must lie after served_from")
    if state.get(volunteer_key(body.volunteer)) is None:
        raise Refused(Code.VOLUNTEER_UNKNOWN, body.volunteer)
    number = number_key(body.organisation, body.number)
    if state.get(number) is not None:
        raise Refused(Code.CERTIFICATE_NUMBER, body.number)
    return [
        *_superseded(state, body, record_id),
        Change(number, RecordRef(record_id)),
        Change(certificate_key(record_id), CertificateState(body.organisation, body.volunteer)),
    ]


def _superseded(state: State, body: Certificate, record_id: bytes) -> list[Change]:
    if body.supersedes == ZERO_HASH:
        return []
    key = certificate_key(body.supersedes)
    old = state.get(key)
    if old is None or (old.organisation, old.volunteer) != (body.organisation, body.volunteer):
        raise Refused(Code.CERTIFICATE_TARGET, "0x" + body.supersedes.hex())
    _demand_standing(old)
    return [Change(key, replace(old, superseded_by=record_id))]


def void_certificate(
    certificate: CertificateState, state: State, body: Void, record_id: bytes, time: int
) -> list[Change]:
    """Taken back, once; its services stay as they are. The signers are judged already."""
    not_future(state, time, body.issued_at)
    _demand_standing(certificate)
    return [Change(certificate_key(body.target), replace(certificate, voided_by=record_id))]


def _demand_standing(certificate: CertificateState) -> None:
    if certificate.voided_by:
        raise Refused(Code.VOID_TWICE, "by 0x" + certificate.voided_by.hex())
    if certificate.superseded_by:
        raise Refused(Code.SUPERSEDED, "by 0x" + certificate.superseded_by.hex())
