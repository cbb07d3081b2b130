"""One table: which rule judges which kind of record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ledger.core.records.record import Record
from ledger.core.state.state import Change, State
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules import (
    activities,
    certificates,
    clocks,
    coins,
    corrections,
    credits,
    hours,
    members,
    objections,
    opening,
    permits,
)

Rule = Callable[[State, Record, bytes, int], list[Change]]
"""(state, record, record id, time of acceptance) → changes; raises `Refused`."""

RULES: Final[dict[str, Rule]] = {
    "genesis": opening.judge_genesis,
    "policy": opening.judge_policy,
    "calendar": permits.judge_calendar,
    "organisation": members.judge_organisation,
    "delegation": members.judge_delegation,
    "volunteer": members.judge_volunteer,
    "activity": activities.judge_activity,
    "activity_change": activities.judge_activity_change,
    "request": activities.judge_request,
    "signup": activities.judge_signup,
    "clock": clocks.judge_clock,
    "confirmation": clocks.judge_confirmation,
    "permit": permits.judge_permit,
    "approval": permits.judge_approval,
    "service": hours.judge_service,
    "void": corrections.judge_void,
    "amend": corrections.judge_amend,
    "objection": objections.judge_objection,
    "decision": objections.judge_decision,
    "transfer": coins.judge_transfer,
    "issuer_key": certificates.judge_issuer_key,
    "certificate": certificates.judge_certificate,
    "consent": credits.judge_consent,
    "credit_decision": credits.judge_decision,
}


def judge(state: State, record: Record, record_id: bytes, accepted_at: int) -> list[Change]:
    """The changes that an accepted record makes; `Refused` names the first rule it breaks.

    Signatures are checked before, by `ledger.core.records.signing.check_signatures`; here it is
    judged whether the signers are those whom the role demands, and then the rules of the kind.
    """
    rule = RULES.get(record.kind)
    if rule is None:
        raise Refused(Code.ENGINE_ONLY)
    return rule(state, record, record_id, accepted_at)
