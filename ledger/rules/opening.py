"""Genesis and policy changes."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.bodies import Genesis, PolicyChange
from ledger.core.records import Record, ledger_id
from ledger.core.state import HEAD, Change, Head, State
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.roles import demand_authority, demand_roles, head_of, not_future


def judge_genesis(state: State, record: Record, record_id: bytes, time: int) -> list[Change]:
    """Entry 0, signed by every authority that it names, in order."""
    body = record.body
    assert isinstance(body, Genesis)
    if state.get(HEAD) is not None:
        raise Refused(Code.ALREADY_OPEN)
    demand_roles(record, *("authority",) * len(body.authorities))
    if tuple(s.signer for s in record.signatures) != body.authorities:
        raise Refused(Code.SIGNER_NOT_ALLOWED, "every authority signs, in order")
    if body.issued_at > time + body.policy.clock_skew_seconds:
        raise Refused(Code.FROM_THE_FUTURE)
    return [Change(HEAD, Head(ledger_id(body), body.authorities, body.policy, 1))]


def judge_policy(state: State, record: Record, record_id: bytes, time: int) -> list[Change]:
    """A new policy; the coin unit and the local day stay as they were at genesis."""
    body = record.body
    assert isinstance(body, PolicyChange)
    demand_authority(state, record)
    not_future(state, time, body.issued_at)
    head = head_of(state)
    if body.version != head.policy_version + 1:
        raise Refused(Code.POLICY_VERSION, f"the next version is {head.policy_version + 1}")
    fixed = ("minutes_per_yibi", "utc_offset_minutes")
    if any(getattr(body.policy, f) != getattr(head.policy, f) for f in fixed):
        raise Refused(Code.POLICY_UNIT_FIXED, ", ".join(fixed))
    return [Change(HEAD, replace(head, policy=body.policy, policy_version=body.version))]
