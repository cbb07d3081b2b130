"""Courses: by one who acts for the organisation, of an enrolled volunteer."""

from __future__ import annotations

from ledger.core.kinds.training import Training

from ledger.core.records.record import Record
from ledger.core.state.state import Change, State, volunteer_key
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.judging import judges
from ledger.rules.roles import demand_organisation, not_future


@judges(Training)
def judge_training(
    state: State, body: Training, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """It is stated and changes nothing else."""
    demand_organisation(state, record, body.organisation, "train", time)
    not_future(state, time, body.issued_at)
    if state.get(volunteer_key(body.volunteer)) is None:
        raise Refused(Code.VOLUNTEER_UNKNOWN, body.volunteer)
    return []
