"""Drafts: the credit hours that a clock pair gives by rule, before the organisation signs them."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.core.format.fields import ZERO_HASH
from ledger.core.kinds.registry import CREDIT, Policy, Service
from ledger.core.state.attendance_state import Pair, activity_key
from ledger.core.state.state import Change, State
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.days import deadline, local_day, working_days_left
from ledger.rules.hours import check_service, minutes_by_rule


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be signed for one pair. `over_cap` are whole minutes that need an approval first;
    `last_day` is the last local day on which signing is timely; `answer` is the recipient's;
    `refusal` says why the ledger would not take it now, None where it would."""

    body: Service
    over_cap: int
    last_day: int
    working_days_left: int
    answer: str
    refusal: Refused | None = None


def draft_of(state: State, policy: Policy, clock_out: bytes, pair: Pair, now: int) -> Draft | None:
    """The draft of a pair as the ledger stands; None for a pair of less than a minute."""
    start, end = pair.started_at, pair.ended_at
    if end - start < 60:
        return None
    minutes = minutes_by_rule(state, policy, pair.volunteer, start, end)
    refusal = None
    if pair.answer == "not_served":
        refusal = Refused(Code.NOT_SERVED)
    elif not minutes:
        refusal = Refused(Code.OVER_DAY_CAP)
    activity = state.get(activity_key(pair.activity))
    body = Service(
        hour_class=CREDIT,
        volunteer=pair.volunteer,
        organisation=pair.organisation,
        activity=pair.activity,
        clock_in=pair.clock_in,
        clock_out=clock_out,
        confirmation=pair.confirmation or ZERO_HASH,
        permit=ZERO_HASH,
        started_at=start,
        ended_at=end,
        minutes=max(minutes, 1),
        content=activity.details if activity else ZERO_HASH,
        evidence=(),
        issued_at=end,
    )
    last = deadline(state, local_day(end, policy), policy.late_working_days)
    left = working_days_left(state, local_day(now, policy), last)
    return Draft(body, (end - start) // 60 - minutes, last, left, pair.answer, refusal)


def taking_time(state: State, draft: Draft) -> list[Change]:
    """What the ledger will be like when a draft is signed: the next one of the day gets the
    rest."""
    return check_service(state, draft.body, draft.body.clock_out, draft.body.ended_at)
