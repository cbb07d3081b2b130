"""The part of an audit that needs order: rules, state tree, batches, entry after entry.

The first break in the log ends the replay, since nothing after it can be judged; every finding
names its place. The state is kept in memory: a few hundred bytes for each account and service.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from ledger.core.kinds import registry as bodies
from ledger.core.records.charters import Root
from ledger.core.records.decode import read_entry
from ledger.core.records.record import Entry, Record, home_ledger
from ledger.core.state.state import Key, MemoryState, State
from ledger.core.state.taken_back import touched
from ledger.core.state.totals import follow, leaves_of
from ledger.core.trees.notes import open_checkpoint
from ledger.core.trees.patricia import EMPTY, Node, update
from ledger.errors import ProofError, Refused
from ledger.operations.audit_examine import Examined, Work, examine
from ledger.operations.audit_report import AuditReport
from ledger.operations.audit_source import CHUNK, Source, Stored
from ledger.operations.growing import Edge
from ledger.operations.parties import parties_of, strangers_to
from ledger.operations.spread import Spread
from ledger.operations.summary import target_of
from ledger.rules.flags import entered_with
from ledger.rules.registry import judge
from ledger.store.entries import Batch

Watch = Callable[[Entry, bytes, State], None]
"""Is handed an entry, its record id, and the state after it."""


class Replay:
    """Walks the entries once, growing its own tree and its own state."""

    def __init__(
        self, source: Source, report: AuditReport, spread: Spread, watch: Watch | None = None
    ) -> None:
        """Over a source; `spread` says where entries are examined; `watch` sees each entry after it
        was judged."""
        self._source = source
        self._report = report
        self._spread = spread
        self._watch = watch
        self.state = MemoryState()
        self.batches: list[Batch] = []
        self.ledger: bytes | None = None
        self._charters: Root | None = None
        self._edge = Edge()
        self._pending: list[bytes] = []
        self._last_time = 0
        self._nodes: dict[bytes, Node] = {}
        self._root = EMPTY
        self._addresses: set[str] = set()
        self._records: set[bytes] = set()
        self._taken: set[Key[Any]] = set()

    @property
    def next_index(self) -> int:
        """How many entries were replayed."""
        return self._edge.size + len(self._pending)

    def run(self) -> None:
        """Every entry, then what must be left over: nothing. Raises `Broken` after a break that
        ends it, and `Damaged` for what cannot be read."""
        total = self._source.size()
        kept: list[Sequence[Stored]] = []
        for examined in self._spread(examine, self._work(total, kept)):
            for row, found in zip(kept.pop(0), examined, strict=True):
                self._entry(row, found)
        if self.next_index < total:
            raise self._report.stop("log", f"entry {self.next_index}", "the entry is missing")
        odd = self._source.left_over(self.ledger, self.batches)
        if odd:
            where, _, reason = odd.rpartition(": ")
            raise self._report.stop("batch", where or "the head", reason)

    def _work(self, total: int, kept: list[Sequence[Stored]]) -> Iterator[Work]:
        """Chunks in order; what stands beside the bytes waits in `kept` for their results."""
        ledger: bytes | None = None
        for start in range(0, total, CHUNK):
            rows = self._source.entries(start)
            if start == 0 and rows:
                ledger = _ledger_of(rows[0].data)
            kept.append(rows)
            yield Work(ledger, tuple(row.data for row in rows))

    def _entry(self, row: Stored, found: Examined) -> None:
        where, entry = f"entry {row.index}", found.entry
        if row.index != self.next_index:
            raise self._report.stop("log", f"entry {self.next_index}", "the entry is missing")
        if entry is None:
            raise self._report.stop("log", where, f"unreadable: {found.unreadable}")
        beside = entry.accepted_at if row.accepted_at is None else row.accepted_at
        if (entry.index, entry.accepted_at) != (row.index, beside):
            reason = "the bytes name another index or time than the row"
            raise self._report.stop("log", where, reason)
        if entry.accepted_at < self._last_time:
            reason = "accepted before the entry in front of it"
            raise self._report.stop("log", where, reason)
        self._last_time = entry.accepted_at
        self._pending.append(found.leaf)
        self._report.count("entries")
        if found.refused:
            raise self._report.stop("rules", where, found.refused)
        if isinstance(entry.record.body, bodies.Seal):
            self._seal(entry, entry.record.body, row, found.record)
            return
        if row.record_id not in (None, found.record):
            reason = "the row carries another record id than the bytes"
            raise self._report.stop("log", where, reason)
        self._record(entry, found.record, row.data)

    def _record(self, entry: Entry, name: bytes, data: bytes) -> None:
        self._report.count("signatures", len(entry.record.signatures))
        where = f"entry {entry.index}"
        self._charter(entry, where)
        try:
            changes = judge(self.state, entry.record, name, entry.accepted_at)
            self.state.apply(changes)
            self._report.count("rules")
        except Refused as error:
            reason = f"{error.code.value} {error.detail}".strip()
            raise self._report.stop("rules", where, reason) from error
        if entry.flags != entered_with(changes, name):
            raise self._report.stop("rules", where, "entered with other flags than the rules give")
        concerned = parties_of(entry.record, self.state)
        if strangers := strangers_to(changes, concerned):
            reason = f"changes accounts that it does not concern: {', '.join(strangers)}"
            raise self._report.stop("rules", where, reason)
        self.state.apply(follow(self.state, changes, name, concerned, entry, data))
        self._touch(entry.record, name, concerned)
        self.ledger = home_ledger(entry.record, self.ledger)
        if self._watch is not None:
            self._watch(entry, name, self.state)

    def _charter(self, entry: Entry, where: str) -> None:
        """Know the charters, of which each is sealed at once."""
        body, known = entry.record.body, self._charters
        if known and known.charters and known.charters[-1].index == entry.index - 1:
            raise self._report.stop("rules", where, "the charter before it was not sealed at once")
        if isinstance(body, bodies.Genesis) and known is None:
            self._charters = Root(body)
        if isinstance(body, bodies.Charter) and known is not None:
            self._charters = Root(known.genesis, (*known.charters, entry))

    def _touch(self, record: Record, found: bytes, concerned: list[str]) -> None:
        self._addresses.update(concerned)
        self._records.add(found)
        key = touched(record.body)
        if key is not None:
            self._taken.add(key)
        target = target_of(record)
        if target is not None:
            self._records.add(target)

    def _grown(self, names: Collection[bytes]) -> dict[bytes, Node]:
        return {name: self._nodes[name] for name in names}

    def _state_root(self) -> bytes:
        values, opened = leaves_of(self.state, self._addresses, self._records, self._taken)
        self._root, new = update(self._grown, self._root, values)
        self._nodes |= new
        self._source.demand_tree(new.keys(), opened)
        self._addresses, self._records, self._taken = set(), set(), set()
        self._report.count("state tree", len(values))
        return self._root

    def _seal(self, entry: Entry, body: bodies.Seal, row: Stored, name: bytes) -> None:
        where = f"batch {body.batch}"
        if self.ledger is None or self._charters is None:
            raise self._report.stop("rules", where, "sealed before genesis")
        if body.batch != len(self.batches) + 1:
            raise self._report.stop("batch", where, "the seal carries a wrong batch number")
        if body.charter != self._charters.sealed(entry.index):
            raise self._report.stop("batch", where, "the seal carries another charter's hash")
        if body.state_root != self._state_root():
            reason = "the entries give another state root than the seal carries"
            raise self._report.stop("state", where, reason)
        if row.record_id not in (None, name) or entry.record.signatures or entry.flags:
            raise self._report.stop("batch", where, "the seal is not as the engine writes it")
        first = self._edge.size
        grown = self._edge.add(self._pending) | self._edge.unfinished()
        self._pending = []
        made = Batch(body.batch, first, self._edge.size, self._edge.root(), body.sealed_at, "")
        self._report.count("batches")
        published = self._source.batch(body.batch)
        if published is None:
            # Only the last one can have been sealed and not published yet.
            if self._source.batch(body.batch + 1) is not None:
                raise self._report.stop("batch", where, "is missing among those published")
            self.batches.append(made)
            return
        self._compare_batch(made, published, self._charters.at(made.size))
        for (level, index), data in grown.items():
            self._report.count("tiles")
            if not self._source.holds_tile(level, index, data):
                place = f"{where}, tile {level}/{index}"
                raise self._report.stop("tiles", place, "differs from the entries")
        self.batches.append(published)

    def _compare_batch(self, made: Batch, kept: Batch, charter: bodies.AnyCharter) -> None:
        where = f"batch {made.number}"
        stated = (kept.number, kept.first_index, kept.size, kept.root, kept.sealed_at)
        if stated != (made.number, made.first_index, made.size, made.root, made.sealed_at):
            reason = "the entries give another root than the one published"
            raise self._report.stop("batch", where, reason)
        try:
            head = open_checkpoint(kept.checkpoint, charter.origin, charter.log_key)
        except ProofError as error:
            raise self._report.stop("checkpoint", where, error.reason) from error
        if (head.size, head.root) != (made.size, made.root):
            raise self._report.stop("checkpoint", where, "the signed head is another one")


def _ledger_of(data: bytes) -> bytes | None:
    """The ledger id that the first entry gives, if it is a genesis."""
    try:
        return home_ledger(read_entry(data).record, None)
    except Refused:
        return None
