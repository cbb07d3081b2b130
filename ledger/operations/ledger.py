"""The ledger: one write path with group commit. Nothing is acknowledged before it is durable.

Callers submit checked records to a queue; one writer thread takes all that wait, judges them in
order inside one transaction, commits, and only then answers. Indices are handed out under the
lock of the sequence row, so any number of processes may write to one database.
"""

from __future__ import annotations

import queue
import threading
import time as _time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine

from ledger.core.kinds.registry import Genesis, Policy, service_of
from ledger.core.records.charters import Root
from ledger.core.records.decode import read_entry
from ledger.core.records.intake import check_intake
from ledger.core.records.record import Entry, Record, home_ledger
from ledger.core.state.hours_by_month import MonthHours, month_of_service
from ledger.core.state.state import HEAD, Head, Key
from ledger.core.state.totals import follow
from ledger.errors import Busy, Damaged, NotFound, Refused, Unavailable
from ledger.operations.parties import parties_of, strangers_to
from ledger.operations.roots import charters_of
from ledger.operations.sequence import close_batch
from ledger.refusals import Code
from ledger.rules.flags import entered_with
from ledger.rules.keys import keys_of
from ledger.rules.registry import judge
from ledger.store import entries as store
from ledger.store.engine import snapshot, transaction
from ledger.store.entries import StoredEntry
from ledger.store.state import SqlState

Clock = Callable[[], int]
"""Unix seconds UTC."""

CHARTER: Final = "charter"
"""The kind that the engine seals at once."""

GROUP_MAX: Final = 2000
"""Most records of one transaction: bounds how long another process waits for the lock."""

WAITING_MAX: Final = 10 * GROUP_MAX
"""Most records that wait to be written: what more is handed in is refused, not kept."""


def system_clock() -> int:
    """The server's clock."""
    return int(_time.time())


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Durable acceptance. `duplicate`: the record was in the ledger before; this is that answer."""

    record_id: bytes
    index: int
    accepted_at: int
    duplicate: bool


Answer = Acceptance | Refused
_Checked = tuple[bytes, Record]
_Waiting = tuple[list[_Checked], "Future[list[Answer]]"]


class Ledger:
    """One ledger, open for reading and appending. Safe to share between threads."""

    def __init__(self, engine: Engine, clock: Clock = system_clock) -> None:
        """Over an engine whose tables exist; starts the writer thread."""
        self.engine = engine
        self.clock = clock
        self._head: Head | None = None
        self._genesis: Genesis | None = None
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._held = 0
        self._lock = threading.Lock()
        self._closed = False
        self._writer = threading.Thread(target=self._write_loop, name="ledger-writer", daemon=True)
        self._writer.start()

    def close(self) -> None:
        """Finish what waits and stop."""
        if not self._closed:
            self._closed = True
            self._waiting.put(None)
            self._writer.join()

    @property
    def genesis(self) -> Genesis:
        """The genesis body; `NotFound` before there is one."""
        if self._genesis is None:
            with snapshot(self.engine) as connection:
                first = store.entry_at(connection, 0)
            if first is None:
                raise NotFound("the ledger has no genesis yet")
            body = read_entry(first.data).record.body
            assert isinstance(body, Genesis)
            self._genesis = body
        return self._genesis

    def root(self) -> Root:
        """The genesis and the charters after it; `NotFound` before genesis."""
        genesis = self.genesis
        with snapshot(self.engine) as connection:
            return charters_of(connection, genesis)

    def head(self) -> Head:
        """The constitution as it stands now; `NotFound` before genesis."""
        with snapshot(self.engine) as connection:
            head = SqlState(connection).get(HEAD)
        if head is None:
            raise NotFound("the ledger has no genesis yet")
        self._head = head
        return head

    @property
    def ledger_id(self) -> bytes:
        """The ledger's id (32 bytes); `NotFound` before genesis."""
        return (self._head or self.head()).ledger_id

    @property
    def policy(self) -> Policy:
        """The policy in force."""
        return self.head().policy

    @property
    def size(self) -> int:
        """How many entries the log has."""
        with snapshot(self.engine) as connection:
            return store.log_size(connection)

    def append(self, record: Record) -> Acceptance:
        """Append one record; returns when it is durable. Raises `Refused`, or `Unavailable`
        (`Busy` where too many wait)."""
        (answer,) = self.append_many([record])
        if isinstance(answer, Refused):
            raise answer
        return answer

    def append_many(self, records: Sequence[Record]) -> list[Answer]:
        """Append records in order, one answer each; one bad record does not stop the rest. Raises
        `Unavailable`, and `Busy` where too many wait."""
        answers: list[Answer | None] = []
        checked: list[_Checked] = []
        ledger: bytes | None = self._known_ledger()
        for record in records:
            home = home_ledger(record, ledger)
            try:
                if record.kind == "seal":
                    raise Refused(Code.ENGINE_ONLY)
                if home is None:
                    raise Refused(Code.NOT_OPEN)
                checked.append((check_intake(home, record), record))
                answers.append(None)
            except Refused as refusal:
                answers.append(refusal)
            ledger = ledger or home
        appended = iter(self._submit(checked))
        return [next(appended) if answer is None else answer for answer in answers]

    def _known_ledger(self) -> bytes | None:
        try:
            return self.ledger_id
        except NotFound:
            return None

    def _submit(self, checked: list[_Checked]) -> list[Answer]:
        if not checked:
            return []
        if self._closed:
            raise Unavailable("the ledger is closed")
        with self._lock:
            # However many one call hands in: alone it must get through.
            if self._held and self._held + len(checked) > WAITING_MAX:
                raise Busy("too many records wait to be written")
            self._held += len(checked)
        future: Future[list[Answer]] = Future()
        try:
            self._waiting.put((checked, future))
            return future.result()
        finally:
            with self._lock:
                self._held -= len(checked)

    def _write_loop(self) -> None:
        while (first := self._waiting.get()) is not None:
            group, last = [first], False
            while sum(len(checked) for checked, _ in group) < GROUP_MAX:
                try:
                    more = self._waiting.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    last = True
                    break
                group.append(more)
            self._write_group(group)
            if last:
                return

    def _write_group(self, group: list[_Waiting]) -> None:
        records = [item for checked, _ in group for item in checked]
        try:
            with transaction(self.engine) as connection:
                answers = iter(_append(connection, records, self.clock()))
        except Exception as error:  # noqa: BLE001 - callers wait: each must get an answer
            for _, future in group:
                future.set_exception(error)
            return
        for checked, future in group:
            future.set_result([next(answers) for _ in checked])


def _append(connection: Connection, records: list[_Checked], now: int) -> list[Answer]:
    """One after the other. A charter ends its batch: what comes behind it is for the next one."""
    answers: list[Answer] = []
    while records:
        ends = (n for n, (_, record) in enumerate(records, 1) if record.kind == CHARTER)
        count = next(ends, len(records))
        answers += _append_group(connection, records[:count], now)
        last, kind = answers[-1], records[count - 1][1].kind
        if kind == CHARTER and isinstance(last, Acceptance) and not last.duplicate:
            close_batch(connection, last.index + 1, now)
        records = records[count:]
    return answers


def _append_group(connection: Connection, records: list[_Checked], now: int) -> list[Answer]:
    next_index, last_time = store.lock_sequence(connection)
    if now < last_time:
        raise Unavailable("the clock went backwards; nothing is accepted until it has caught up")
    ids = [record for record, _ in records]
    accepted = store.find_accepted(connection, ids)
    refused = store.find_refused(connection, ids)
    state = SqlState(connection)
    state.prefetch(key for _, record in records for key in keys_of(record))
    state.prefetch(_months(state, records))
    answers: list[Answer] = []
    new: list[StoredEntry] = []
    parties: list[tuple[str, int]] = []
    remembered: list[tuple[bytes, str, str]] = []
    for record_id, record in records:
        if record_id in accepted:
            answers.append(Acceptance(record_id, *accepted[record_id], duplicate=True))
            continue
        if record_id in refused:
            code, detail = refused[record_id]
            answers.append(Refused(Code(code), detail))
            continue
        try:
            changes = judge(state, record, record_id, now)
        except Refused as refusal:
            if refusal.code.remembered:
                refused[record_id] = (refusal.code.value, refusal.detail)
                remembered.append((record_id, refusal.code.value, refusal.detail))
            answers.append(refusal)
            continue
        index = next_index + len(new)
        entry = Entry(index, now, record, entered_with(changes, record_id))
        data = entry.to_bytes()
        new.append(StoredEntry(index, record_id, record.kind, now, data))
        state.apply(changes)
        whom = parties_of(record, state)
        if strangers := strangers_to(changes, whom):
            raise Damaged("rules", f"a {record.kind} changes accounts of {', '.join(strangers)}")
        parties.extend((address, index) for address in whom)
        state.apply(follow(state, changes, record_id, whom, entry, data))
        accepted[record_id] = (index, now)
        answers.append(Acceptance(record_id, index, now, duplicate=False))
    store.insert_entries(connection, new)
    store.insert_parties(connection, parties)
    store.insert_refusals(connection, remembered)
    state.flush()
    if new:
        store.move_sequence(connection, next_index + len(new), now)
    return answers


def _months(state: SqlState, records: list[_Checked]) -> list[Key[MonthHours]]:
    """The months in which the services of some records count."""
    head = state.get(HEAD)
    services = [service_of(record.body) for _, record in records]
    if head is None:
        return []
    return [month_of_service(s, head.policy.utc_offset_minutes) for s in services if s is not None]
