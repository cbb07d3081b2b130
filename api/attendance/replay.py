"""Plays clocked sessions as what they were: people who clock in and out before a station.

For a ledger whose clock can be set and whose keys are all in one keystore: the demonstration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from api.attendance.mapping import AttendanceMap
from api.attendance.published import Published
from api.attendance.reading import Session, read_session
from api.attendance.sign_all import SignedHours, sign_all
from api.attendance.signing import Signers
from api.node.directory import LedgerDir
from api.station.station import Station, Visit
from api.tables.rows import Row
from ledger.core.kinds.registry import CLOCK
from ledger.core.records.record import Record
from ledger.core.records.signing import sign
from ledger.errors import Refused
from ledger.operations.read import is_delegate, not_enrolled
from ledger.refusals import Code

QUIET_SECONDS: Final = 4 * 3600
"""When nobody clocks for so long, the day is over."""

SetClock = Callable[[int], None]
"""Sets the ledger's clock (Unix s)."""


@dataclass(slots=True)
class Replayed:
    """Clock events that were witnessed, the codes of those that were not, and what was signed.
    `unsigned`: activities at which somebody clocked, with the label of the organisation's key."""

    events: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    unsigned: dict[bytes, str] = field(default_factory=dict)
    signed: list[SignedHours] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Event:
    time: int
    direction: str
    session: Session


def replay(
    home: LedgerDir,
    station: Station,
    mapping: AttendanceMap,
    rows: Iterable[Row],
    set_clock: SetClock,
) -> Replayed:
    """Play the rows of a clock, event by event, each at its own time; when the last of a day have
    gone, the organisations sign that day's hours."""
    signers = Signers(home.ledger.ledger_id, home.keys, home.vault, mapping)
    done = Replayed()
    sessions = [s for s in map(lambda row: _session(mapping, row, done), rows) if s is not None]
    signers.prepare(sessions)
    events = [
        _Event(time, direction, session)
        for session in sessions
        for time, direction in ((session.started_at, "in"), (session.ended_at, "out"))
    ]
    published = Published(home.ledger)
    # At one second, whoever goes leaves before whoever comes.
    last = 0
    for event in sorted(events, key=lambda e: (e.time, e.direction == "in")):
        if event.time - last > QUIET_SECONDS:
            set_clock(last + QUIET_SECONDS // 2)
            _sign(home, done)
        last = event.time
        set_clock(event.time)
        try:
            _play(home, station, signers, published, event, done)
            done.events += 1
        except Refused as refusal:
            done.refused[refusal.code.value] += 1
    _sign(home, done)
    return done


def _sign(home: LedgerDir, done: Replayed) -> None:
    for found, label in done.unsigned.items():
        done.signed.append(sign_all(home.ledger, found, home.keys.demand(label)))
    done.unsigned.clear()


def _session(mapping: AttendanceMap, row: Row, done: Replayed) -> Session | None:
    try:
        return read_session(mapping, row.cells) if row.cells is not None else None
    except Refused as refusal:
        done.refused[refusal.code.value] += 1
        return None


def _play(
    home: LedgerDir,
    station: Station,
    signers: Signers,
    published: Published,
    event: _Event,
    done: Replayed,
) -> None:
    session, ledger = event.session, home.ledger
    organisation = signers.address("organisation", session.organisation)
    volunteer = signers.address("volunteer", session.volunteer)
    found = published.before(organisation, session.title, session.started_at, session.ended_at)
    if found is None:
        raise Refused(Code.ACTIVITY_UNKNOWN, session.title)
    now = ledger.clock()
    if not is_delegate(ledger, organisation, station.address, CLOCK, now):
        ledger.append(signers.station_grant(session.organisation, station.address, now))
    if not_enrolled(ledger, [volunteer]):
        ledger.append(signers.enrolment(session.volunteer, now))
    code, _ = station.code(found)
    visit = Visit(found, volunteer, event.direction, f"phone of {volunteer}", site_code=code)
    body, ticket = station.challenge(visit)
    key = home.keys.demand(signers.label("volunteer", session.volunteer))
    signed = sign(ledger.ledger_id, body, "volunteer", key)
    record: Record = station.answer(body, ticket, signed.signature)
    ledger.append(record)
    done.unsigned[found] = signers.label("organisation", session.organisation)
