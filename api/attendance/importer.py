"""The import: rows in, one outcome a row out. Never stops at a bad row; can be run again.

A row becomes a record that depends on nothing but the row, the map, the keys, the vault and the
permit, so a second run meets the same record ids and changes nothing. No memory of the import is
kept.

Every row is typed in, so every row is back-filled: *honour*, which mints nothing, under a permit,
with the row itself as evidence. Credit hours come from the clock alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from api.attendance.mapping import AttendanceMap
from api.attendance.published import Published
from api.attendance.reading import Session, read_session
from api.attendance.signing import Signers
from api.node.directory import AUTHORITY, LedgerDir
from api.tables.rows import Row
from api.words import chinese
from ledger.core.format.fields import ZERO_HASH
from ledger.core.kinds.registry import Service
from ledger.core.records.record import Record, record_id
from ledger.core.state.attendance_state import PermitState
from ledger.errors import Refused
from ledger.operations.hours import permits
from ledger.operations.ledger import Acceptance
from ledger.operations.read import is_delegate, not_enrolled, organisation
from ledger.operations.seal import seal, waiting
from ledger.refusals import Code

CHUNK: Final = 500
"""Rows that are made durable together."""

TYPED_IN: Final = "Honour: what is imported is typed in; credit comes from the clock alone."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row. `code` is empty for an accepted one; `reason` may explain its class;
    `known`: the record was in the ledger before."""

    row: int
    accepted: bool
    code: str = ""
    reason: str = ""
    reason_zh: str = ""
    record_id: bytes = b""
    hour_class: str = ""
    minutes: int = 0
    known: bool = False

    @property
    def word(self) -> str:
        """`accepted` or `refused`."""
        return "accepted" if self.accepted else "refused"


class Import:
    """One run over one file into one ledger."""

    def __init__(self, home: LedgerDir, mapping: AttendanceMap) -> None:
        """Into `ledger`, read by `mapping`; the keystore must be there."""
        self._home = home
        self._ledger = home.ledger
        self._mapping = mapping
        self._signers = Signers(home.ledger.ledger_id, home.keys, home.vault, mapping)
        self._settled: set[str] = set()
        self._published = Published(home.ledger)
        self._permits: dict[str, list[tuple[bytes, PermitState]]] = {}
        self._seen: dict[bytes, int] = {}

    def run(self, rows: Iterable[Row]) -> Iterator[Outcome]:
        """The outcomes of the rows, in order; each is durable when it is given."""
        for chunk in _chunks(rows):
            yield from self._chunk(chunk)
            # A batch without end would hold the lock, and the memory, for as long as it is long.
            if waiting(self._ledger) >= self._home.settings.batch_entries:
                seal(self._ledger, self._home.log_key)

    def _chunk(self, rows: tuple[Row, ...]) -> list[Outcome]:
        outcomes: dict[int, Outcome] = {}
        sessions: dict[int, Session] = {}
        for row in rows:
            try:
                if row.cells is None:
                    raise Refused(Code.ROW_SHAPE)
                session = read_session(self._mapping, row.cells)
                self._signers.know(session)
                sessions[row.number] = session
            except Refused as refusal:
                outcomes[row.number] = _refused(row.number, refusal)
        self._signers.prepare(sessions.values())
        self._settle(sessions.values())
        records: dict[int, tuple[Record, str]] = {}
        for number, session in sessions.items():
            try:
                record, note = self._record(session)
                self._demand_new(number, record)
                records[number] = record, note
            except Refused as refusal:
                outcomes[number] = _refused(number, refusal)
        answers = self._ledger.append_many([record for record, _ in records.values()])
        for (number, (record, note)), answer in zip(records.items(), answers, strict=True):
            if isinstance(answer, Refused):
                outcomes[number] = _refused(number, answer)
            else:
                outcomes[number] = _accepted(number, record, note, answer)
        return [outcomes[row.number] for row in rows]

    def _record(self, session: Session) -> tuple[Record, str]:
        if self._mapping.kind == "activity":
            return self._signers.activity(session), ""
        activity, permit = self._activity_of(session), self._permit_for(session)
        note = TYPED_IN if session.clocked else ""
        return self._signers.service(session, activity, permit), note

    def _permit_for(self, session: Session) -> bytes:
        """The first permit of the ledger that covers the service. Raises `Refused(PERMIT_UNKNOWN)`.
        No later permit can change the answer."""
        address = self._signers.address("organisation", session.organisation)
        if address not in self._permits:
            self._permits[address] = permits(self._ledger, address)
        for found, permit in self._permits[address]:
            if permit.served_from <= session.started_at and session.ended_at <= permit.served_until:
                return found
        raise Refused(Code.PERMIT_UNKNOWN, session.organisation)

    def _activity_of(self, session: Session) -> bytes:
        """The activity of the row's title that holds it; the zero id when there is none."""
        if not session.title:
            return ZERO_HASH
        address = self._signers.address("organisation", session.organisation)
        times = session.started_at, session.ended_at
        return self._published.before(address, session.title, *times) or ZERO_HASH

    def _demand_new(self, number: int, record: Record) -> None:
        first = self._seen.setdefault(record_id(self._ledger.ledger_id, record.body), number)
        if first != number:
            raise Refused(Code.ROW_REPEATED, f"row {first}")

    def _settle(self, sessions: Collection[Session]) -> None:
        """Organisations, their second approvers and volunteers that the ledger does not know."""
        now = self._ledger.clock()
        names = dict.fromkeys(s.organisation for s in sessions)
        waiting = [n for n in names if n not in self._settled]
        self._settled.update(waiting)
        certified_from = self._mapping.organisations.certified_from
        if certified_from is not None:
            self._append(
                partial(self._signers.certification, n, AUTHORITY, certified_from, now)
                for n in waiting
                if organisation(self._ledger, self._signers.address("organisation", n)) is None
            )
        if self._mapping.kind == "service":
            self._append(
                partial(self._signers.approver_grant, n, now)
                for n in waiting
                if not self._has_approver(n, now)
            )
            self._permit(waiting, now)
            self._enrol(dict.fromkeys(s.volunteer for s in sessions), now)

    def _permit(self, names: list[str], now: int) -> None:
        terms = self._mapping.permit
        if terms is not None and self._home.keys.key(AUTHORITY) is not None:
            self._append(
                partial(self._signers.permit, n, AUTHORITY, terms, now)
                for n in names
                if not permits(self._ledger, self._signers.address("organisation", n))
            )

    def _has_approver(self, name: str, now: int) -> bool:
        address, approver = (self._signers.address(r, name) for r in ("organisation", "approver"))
        return is_delegate(self._ledger, address, approver, "approve", now)

    def _enrol(self, names: Iterable[str], now: int) -> None:
        waiting = {self._signers.address("volunteer", n): n for n in names}
        unknown = not_enrolled(self._ledger, waiting)
        self._append(partial(self._signers.enrolment, waiting[a], now) for a in unknown)

    def _append(self, makers: Iterable[Callable[[], Record]]) -> None:
        """Append what can be made. A refusal here shows again, by name, in the rows it concerns."""
        records = []
        for make in makers:
            with suppress(Refused):
                records.append(make())
        self._ledger.append_many(records)


def _chunks(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    source = iter(rows)
    while chunk := tuple(islice(source, CHUNK)):
        yield chunk


def _refused(row: int, refusal: Refused) -> Outcome:
    reason = f"{refusal.code.en} {refusal.detail}".strip()
    return Outcome(row, False, refusal.code.value, reason, chinese(refusal.code.en))


def _accepted(row: int, record: Record, note: str, acceptance: Acceptance) -> Outcome:
    body = record.body
    hour_class, minutes = (body.hour_class, body.minutes) if isinstance(body, Service) else ("", 0)
    note_zh = chinese(TYPED_IN) if note else ""
    return Outcome(
        row,
        True,
        "",
        note,
        note_zh,
        acceptance.record_id,
        hour_class,
        minutes,
        acceptance.duplicate,
    )
