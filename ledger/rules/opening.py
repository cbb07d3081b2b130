"""Genesis and policy changes."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.format.limits import DAY_MINUTES_MAX, SKEW_SECONDS
from ledger.core.kinds.registry import Genesis, Policy, PolicyChange
from ledger.core.records.quorum import demand_sound
from ledger.core.records.record import Record, ledger_id
from ledger.core.state.state import HEAD, Change, Head, State
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.charters import demand_modules
from ledger.rules.judging import judges
from ledger.rules.roles import head_of, not_future


@judges(Genesis)
def judge_genesis(
    state: State, body: Genesis, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """Entry 0, signed by every authority that it names, in order."""
    if state.get(HEAD) is not None:
        raise Refused(Code.ALREADY_OPEN)
    if tuple(s.signer for s in record.signatures) != body.authorities:
        raise Refused(Code.SIGNER_NOT_ALLOWED, "every authority signs, in order")
    demand_sound(body)
    demand_modules(body)
    _demand_sense(body.policy)
    if body.issued_at > time + body.policy.clock_skew_seconds:
        raise Refused(Code.FROM_THE_FUTURE)
    return [Change(HEAD, Head(ledger_id(body), body, (), body.policy, 1))]


@judges(PolicyChange)
def judge_policy(
    state: State, body: PolicyChange, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """A new policy; the coin unit and the local day stay as they were at genesis."""
    not_future(state, time, body.issued_at)
    _demand_sense(body.policy)
    head = head_of(state)
    if body.version != head.policy_version + 1:
        raise Refused(Code.POLICY_VERSION, f"the next version is {head.policy_version + 1}")
    fixed = ("minutes_per_yibi", "utc_offset_minutes")
    if any(getattr(body.policy, f) != getattr(head.policy, f) for f in fixed):
        raise Refused(Code.POLICY_UNIT_FIXED, ", ".join(fixed))
    return [Change(HEAD, replace(head, policy=body.policy, policy_version=body.version))]


def _demand_sense(policy: Policy) -> None:
    """Bounds without which other rules would be empty, or endless."""
    if policy.day_minutes_parent_max < policy.day_minutes_max:
        raise Refused(Code.BAD_VALUE, "day_minutes_parent_max: not below day_minutes_max")
    if policy.day_minutes_parent_max > DAY_MINUTES_MAX:
        raise Refused(Code.BAD_VALUE, f"day_minutes_parent_max: at most {DAY_MINUTES_MAX}")
    if policy.clock_skew_seconds > SKEW_SECONDS:
        raise Refused(Code.BAD_VALUE, f"clock_skew_seconds: at most {SKEW_SECONDS}")
    if max(policy.night_from_hour, policy.night_until_hour) > 24:
        raise Refused(Code.BAD_VALUE, "night_from_hour, night_until_hour: hours of a day")
    if policy.late_working_days > 366:
        raise Refused(Code.BAD_VALUE, "late_working_days: at most 366")
