"""The order in time that every true proof keeps: served, signed, accepted, sealed, anchored.

Clocks of people and servers differ by at most `SKEW_SECONDS`, which the rules grant to nobody more
than (`clock_skew_seconds`). The times of entries are the operator's word; the block of an anchor
bounds them from above, the genesis and what was served from below. All times in Unix seconds. Pure.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from ledger.core.format.limits import SKEW_SECONDS
from ledger.core.format.structs import Body
from ledger.core.kinds.kind import expired
from ledger.core.kinds.registry import Amend, Clock, Genesis, Seal, Service, service_of
from ledger.core.records.record import Entry, Record
from ledger.core.verify.anchor import AnchorFinding
from ledger.errors import ProofError

DAY_SECONDS: Final = 86400
_EPOCH: Final = date(1970, 1, 1).toordinal()


def check_times(
    genesis: Genesis,
    entries: Iterable[Entry],
    seal: Entry | None,
    finding: AnchorFinding | None,
    beside: Iterable[tuple[Record, int]] = (),
) -> str:
    """The check `times`: all entries that a file shows, the seal too, in the order of time, and the
    seal before the block that was found. `beside`: records that the file shows without an entry,
    each with the time before which it was taken. Raises `ProofError`."""
    shown = sorted((*entries, *((seal,) if seal else ())), key=lambda e: (e.index, e.accepted_at))
    before = genesis.issued_at - SKEW_SECONDS
    for entry in shown:
        where, time = f"entry {entry.index}", entry.accepted_at
        if time < before:
            raise _fail(f"{where} was accepted before what stands before it in the log")
        check_record(entry.record, time, where)
        before = time
    for record, time in beside:
        check_record(record, time, f"a record of kind {record.kind}")
    return f"{len(shown)} entries stand in the order of time" + _check_block(seal, finding)


def check_record(record: Record, accepted_at: int, where: str) -> None:
    """A record states no time later than its acceptance, had not expired, and no service is longer
    than it lasted."""
    body = record.body
    if max(_stated(body), default=0) - accepted_at > SKEW_SECONDS:
        raise _fail(f"{where} was accepted before it was served or signed")
    if expired(body, accepted_at):
        raise _fail(f"{where} was accepted when its signature had expired")
    if isinstance(body, Seal) and accepted_at - body.sealed_at > SKEW_SECONDS:
        raise _fail(f"{where}: the seal says another time than its acceptance")
    service = service_of(body)
    if service is None:
        return
    if service.ended_at <= service.started_at:
        raise _fail(f"{where}: the service ends before it starts")
    if service.minutes * 60 > service.ended_at - service.started_at:
        raise _fail(f"{where}: the service has more minutes than it lasted")


def _stated(body: Body) -> list[int]:
    """The times at which it says that it was signed, or that something was over."""
    match body:
        case Seal():
            return [body.sealed_at]
        case Clock():
            return [body.clocked_at]
        case Service():
            return [body.issued_at, body.ended_at]
        case Amend():
            return [body.issued_at, *_stated(body.service)]
    return [int(getattr(body, "issued_at", 0))]


def _check_block(seal: Entry | None, finding: AnchorFinding | None) -> str:
    body, time = seal.record.body if seal else None, finding.block_time if finding else None
    if not isinstance(body, Seal) or time is None:
        return ""
    if body.sealed_at - time > SKEW_SECONDS:
        raise _fail("the block is older than the seal")
    return ", the block behind them"


def check_totals(genesis: Genesis, seal: Entry, totals: Mapping[str, Any] | None) -> None:
    """Nobody has more credit hours than passed from the genesis to the seal: they come from clocks,
    and no two of a person overlap. Raises `ProofError`; where the seal is none, says nothing."""
    body = seal.record.body
    if totals is None or not isinstance(body, Seal):
        return
    if totals["credit_minutes"] * 60 > body.sealed_at - genesis.issued_at + 2 * SKEW_SECONDS:
        raise _fail("there are more credit hours than have passed since the genesis")


def check_month(genesis: Genesis, seal: Entry, month: str, minutes: int) -> None:
    """The services that began in a local month ("YYYY-MM") have no more minutes than its days, nor
    than had passed of it at the seal. Raises `ProofError`."""
    body = seal.record.body
    if not isinstance(body, Seal):
        return
    year, number = max(1969, int(month[:4])), int(month[5:])
    began = (date(year, number, 1).toordinal() - _EPOCH) * DAY_SECONDS
    passed = body.sealed_at + SKEW_SECONDS - (began - genesis.policy.utc_offset_minutes * 60)
    lasted = monthrange(year, number)[1] * DAY_SECONDS
    if minutes and (year < 1970 or minutes * 60 > min(lasted, passed)):
        raise _fail(f"{month} is shown with more minutes than it had")


def _fail(reason: str) -> ProofError:
    return ProofError("times", reason)
