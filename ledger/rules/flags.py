"""Which flags an hour gets when it is accepted: pure functions of the ledger as it is then.

They stand in the entry, and an audit finds them again. What each says stands in
`ledger.core.state.flags`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ledger.core.kinds.registry import CREDIT, Policy, Service
from ledger.core.state.attendance_state import ActivityState, Pair, burst_key, device_key
from ledger.core.state.flags import FLAGS
from ledger.core.state.state import Change, State, service_key
from ledger.rules.days import deadline, local_day, local_hour
from ledger.rules.persons import is_staff


def flags_of(
    state: State,
    policy: Policy,
    body: Service,
    signer: str,
    time: int,
    activity: ActivityState | None,
    pair: Pair | None,
    day_minutes: int,
) -> tuple[str, ...]:
    """The flags of a service that `signer` enters at `time`; `day_minutes` are those of its day
    with it."""
    honour = body.hour_class != CREDIT
    found = {
        "LATE": is_late(state, policy, body.ended_at, time),
        "CREATED_AFTER_START": activity is not None and _created_late(activity, body),
        "NO_ACTIVITY": activity is None,
        "NIGHT_ENTRY": honour and is_night(policy, time),
        "BULK_ENTRY": honour and is_bulk(state, policy, signer, time),
        "OVER_DAY_CAP": day_minutes > policy.day_minutes_max,
        "SAME_DEVICE": pair is not None and _shared(state, pair),
        "POSITION_UNCHECKED": pair is not None and not pair.placed,
        "STAFF": is_staff(state, body.organisation, body.volunteer),
    }
    return tuple(flag for flag in FLAGS if found.get(flag))


def entered_with(changes: Iterable[Change], record: bytes) -> tuple[str, ...]:
    """The flags with which a record is entered, out of the changes that it makes."""
    key = service_key(record)
    found = (change.value.flags for change in changes if change.key == key)
    return next(found, ())


def is_late(state: State, policy: Policy, ended_at: int, time: int) -> bool:
    """Whether a time lies beyond the working days that the law gives after a service."""
    ended, today = local_day(ended_at, policy), local_day(time, policy)
    # As many days as working days are never too many: no calendar need be read.
    soon = today - ended <= policy.late_working_days
    return not soon and today > deadline(state, ended, policy.late_working_days)


def is_night(policy: Policy, time: int) -> bool:
    """Whether a time lies in the night of the policy."""
    hour, first, end = local_hour(time, policy), policy.night_from_hour, policy.night_until_hour
    return first <= hour < end if first <= end else hour >= first or hour < end


def is_bulk(state: State, policy: Policy, signer: str, time: int) -> bool:
    """Whether a key has entered more than the policy's number within this hour, this one too."""
    burst = state.get(burst_key(signer, time // 3600))
    return (burst.entries if burst else 0) + 1 > policy.bulk_entries_hour


def _created_late(activity: ActivityState, body: Service) -> bool:
    return activity.accepted_at >= min(activity.starts_at, body.started_at)


def _shared(state: State, pair: Pair) -> bool:
    found = (state.get(device_key(pair.activity, d)) for d in (pair.device_in, pair.device_out))
    return any(device is not None and device.shared for device in found)
