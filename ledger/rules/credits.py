"""Practice credits: a student's consent, and a university's decision what it counts."""

from __future__ import annotations

from ledger.core.kinds.certificates import PURPOSE
from ledger.core.kinds.registry import Consent, CreditDecision
from ledger.core.records.record import Record
from ledger.core.state.certificate_state import ConsentState, RecordRef, consent_key, credited_key
from ledger.core.state.state import Change, ServiceState, State, service_key, volunteer_key
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.judging import judges
from ledger.rules.roles import demand_organisation, not_future


@judges(Consent, replaces=("volunteer", "grantee", "purpose"))
def judge_consent(
    state: State, body: Consent, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The volunteer alone; a later consent to the same takes the place of the earlier one."""
    not_future(state, time, body.issued_at)
    if state.get(volunteer_key(body.volunteer)) is None:
        raise Refused(Code.VOLUNTEER_UNKNOWN, body.volunteer)
    key = consent_key(body.volunteer, body.grantee, body.purpose)
    if body.action == "withdraw":
        old = state.get(key)
        if old is None or not old.valid_until:
            raise Refused(Code.NO_CONSENT, "there is nothing to withdraw")
        return [Change(key, ConsentState(old.served_from, old.served_until, 0, record_id))]
    if body.served_until <= body.served_from:
        raise Refused(Code.TIMES_REVERSED, "served_until must lie after served_from")
    granted = ConsentState(body.served_from, body.served_until, body.valid_until, record_id)
    return [Change(key, granted)]


@judges(CreditDecision)
def judge_decision(
    state: State, body: CreditDecision, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """One who acts for the university (`credit`); each service counts once under one scheme,
    and never for more minutes than it has."""
    demand_organisation(state, record, body.organisation, "credit", time)
    not_future(state, time, body.issued_at)
    consent = state.get(consent_key(body.volunteer, body.organisation, PURPOSE))
    if consent is None or time >= consent.valid_until:
        raise Refused(Code.NO_CONSENT, body.volunteer)
    services = [_standing(state, body, service, consent) for service in body.services]
    most = sum(service.minutes for service in services)
    if body.minutes > most:
        raise Refused(Code.CREDIT_MINUTES, f"the services have {most} minutes")
    named = (credited_key(body.organisation, body.scheme, service) for service in body.services)
    return [Change(key, RecordRef(record_id)) for key in named]


def _standing(
    state: State, body: CreditDecision, service: bytes, consent: ConsentState
) -> ServiceState:
    """The service, if it may be counted."""
    found, where = state.get(service_key(service)), "0x" + service.hex()
    if found is None or found.volunteer != body.volunteer or found.status in ("void", "amended"):
        raise Refused(Code.CREDIT_TARGET, where)
    if not consent.served_from <= found.started_at < consent.served_until:
        raise Refused(Code.NO_CONSENT, where)
    before = state.get(credited_key(body.organisation, body.scheme, service))
    if before is not None:
        raise Refused(Code.ALREADY_CREDITED, f"{where} by 0x{before.record_id.hex()}")
    return found
