"""The root document anew."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.kinds.registry import MODULES, AnyCharter, Charter
from ledger.core.records.charters import demand_next
from ledger.core.records.record import Record
from ledger.core.state.state import HEAD, Change, State
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.judging import judges
from ledger.rules.roles import head_of, not_future


@judges(Charter)
def judge_charter(
    state: State, body: Charter, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """It follows the charter in force, and names modules that this program knows."""
    head = head_of(state)
    demand_next(head.charter, record)
    demand_modules(body)
    not_future(state, time, body.issued_at)
    return [Change(HEAD, replace(head, charter=body, charters=(*head.charters, record_id)))]


def demand_modules(charter: AnyCharter) -> None:
    """A ledger is kept by a program that knows its rules. Raises `Refused`."""
    for module in charter.modules:
        if module not in MODULES:
            raise Refused(Code.BAD_VALUE, f"modules: this program does not know {module}")
