"""Audit: replay everything from the stored entry bytes alone and compare with all that is kept.

Signatures, rules, totals, log, tiles, batches and anchors. The first break in the log ends the
replay, since nothing after it can be judged; every finding names its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Engine, select

from ledger.core import bodies
from ledger.core.checks import AnchorLookup
from ledger.core.encoding import read_entry
from ledger.core.merkle import leaf_hash, root_at
from ledger.core.notes import open_checkpoint
from ledger.core.patricia import EMPTY, Node, update
from ledger.core.records import Entry, Record, home_ledger, record_id
from ledger.core.signing import check_signatures
from ledger.core.state import Account, Key, MemoryState
from ledger.core.tiles import extend, tiled_reader
from ledger.core.totals import follow, values_of
from ledger.errors import Damaged, ProofError, Refused
from ledger.operations.parties import parties_of
from ledger.operations.summary import target_of
from ledger.rules.registry import judge
from ledger.store import entries as store
from ledger.store import tables
from ledger.store.engine import snapshot
from ledger.store.entries import Batch, StoredEntry
from ledger.store.nodes import loader
from ledger.store.state import SqlState
from ledger.store.tables import table_of

CHUNK: Final = 2000
"""Entries held in memory at once."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One break: what was checked, where, and what is wrong."""

    check: str
    where: str
    reason: str


@dataclass(slots=True)
class AuditReport:
    """How many things of each sort were checked, and every break."""

    checked: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing is broken."""
        return not self.findings

    def count(self, check: str, number: int = 1) -> None:
        """Note that something was checked."""
        self.checked[check] = self.checked.get(check, 0) + number

    def find(self, check: str, where: str, reason: str) -> None:
        """Note a break."""
        self.findings.append(Finding(check, where, reason))


class _Broken(Exception):
    """Ends the replay: nothing after this can be judged."""


def audit(
    engine: Engine,
    chain: AnchorLookup | None = None,
    anchors_for: Callable[[int], list[dict[str, Any]]] | None = None,
) -> AuditReport:
    """Replay a ledger's database; with a chain, its anchors too."""
    report = AuditReport()
    with snapshot(engine) as connection:
        replay = _Replay(connection, report)
        try:
            replay.run()
        except _Broken:
            return report
        except Damaged as error:
            report.find(error.check, f"from entry {replay.next_index} on", error.reason)
            return report
        _compare_state(connection, replay.state, report)
        if chain is not None and anchors_for is not None and replay.ledger is not None:
            _ask_chain(replay, chain, anchors_for, report)
    return report


class _Replay:
    """Walks the entries once, growing its own tree and its own state."""

    def __init__(self, connection: Connection, report: AuditReport) -> None:
        self.connection = connection
        self.report = report
        self.state = MemoryState()
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.batches: list[Batch] = []
        self.genesis: bodies.Genesis | None = None
        self.ledger: bytes | None = None
        self.size = 0
        self.last_time = 0
        self.pending: list[bytes] = []
        self.nodes: dict[bytes, Node] = {}
        self.load_nodes = loader(connection)
        self.root = EMPTY
        self.addresses: set[str] = set()
        self.records: set[bytes] = set()

    @property
    def next_index(self) -> int:
        """How many entries were replayed."""
        return self.size + len(self.pending)

    def run(self) -> None:
        """Every entry, then what must be left over: nothing."""
        total = store.log_size(self.connection)
        while self.next_index < total:
            start = self.next_index
            rows = store.entries_from(self.connection, start, start + CHUNK)
            for row in rows:
                self._entry(row)
            if not rows:
                self._break("log", f"entry {start}", "the entry is missing")
        published = store.batches_after(self.connection, len(self.batches), 1)
        if published:
            number = published[0].number
            self._break("batch", f"batch {number}", "published, but its seal is not in the log")

    def _break(self, check: str, where: str, reason: str) -> None:
        self.report.find(check, where, reason)
        raise _Broken

    def _entry(self, row: StoredEntry) -> None:
        where = f"entry {row.index}"
        if row.index != self.next_index:
            self._break("log", f"entry {self.next_index}", "the entry is missing")
        try:
            entry = read_entry(row.data)
        except Refused as error:
            self._break("log", where, f"unreadable: {error.code.value}")
            return
        if (entry.index, entry.accepted_at) != (row.index, row.accepted_at):
            self._break("log", where, "the bytes name another index or time than the row")
        if entry.accepted_at < self.last_time:
            self._break("log", where, "accepted before the entry in front of it")
        self.last_time = entry.accepted_at
        self.pending.append(leaf_hash(row.data))
        self.report.count("entries")
        if isinstance(entry.record.body, bodies.Seal):
            self._seal(entry, entry.record.body, row)
        else:
            self._record(entry, row)

    def _record(self, entry: Entry, row: StoredEntry) -> None:
        where = f"entry {entry.index}"
        if isinstance(entry.record.body, bodies.Genesis) and entry.index == 0:
            self.genesis = entry.record.body
        home = home_ledger(entry.record, self.ledger)
        try:
            if home is None:
                self._break("rules", where, "the log does not begin with a genesis")
                return
            found = check_signatures(home, entry.record)
            self.report.count("signatures", len(entry.record.signatures))
            if found != row.record_id:
                self._break("log", where, "the row carries another record id than the bytes")
            self.state.apply(judge(self.state, entry.record, found, entry.accepted_at))
            self.report.count("rules")
            self._follow(entry.record, found)
        except Refused as error:
            self._break("rules", where, f"{error.code.value} {error.detail}".strip())
        self.ledger = home

    def _follow(self, record: Record, found: bytes) -> None:
        concerned = parties_of(record, self.state)
        self.state.apply(follow(self.state, concerned, self.pending[-1]))
        self.addresses.update(concerned)
        self.records.add(found)
        target = target_of(record)
        if target is not None:
            self.records.add(target)

    def _grown(self, names: Collection[bytes]) -> dict[bytes, Node]:
        return {name: self.nodes[name] for name in names}

    def _state_root(self) -> bytes:
        values = values_of(self.state, self.addresses, self.records)
        self.root, new = update(self._grown, self.root, values)
        self.nodes |= new
        # Reading a kept node compares it with its name.
        self.load_nodes(new.keys())
        self.addresses, self.records = set(), set()
        self.report.count("state tree", len(values))
        return self.root

    def _seal(self, entry: Entry, body: bodies.Seal, row: StoredEntry) -> None:
        where = f"batch {body.batch}"
        if self.ledger is None or self.genesis is None:
            self._break("rules", where, "sealed before genesis")
            return
        if body.batch != len(self.batches) + 1:
            self._break("batch", where, "the seal carries a wrong batch number")
        if body.state_root != self._state_root():
            self._break("state", where, "the entries give another state root than the seal carries")
        if record_id(self.ledger, body) != row.record_id or entry.record.signatures:
            self._break("batch", where, "the seal is not as the engine writes it")
        grown = extend(lambda level, index: self.tiles[level, index], self.size, self.pending)
        self.tiles |= grown
        first, self.size, self.pending = self.size, self.next_index, []
        root = root_at(tiled_reader(lambda level, index: self.tiles[level, index]), self.size)
        published = store.batch_numbered(self.connection, body.batch)
        self.report.count("batches")
        if published is None:
            # Only the last one can have been sealed and not published yet.
            if store.batches_after(self.connection, body.batch, 1):
                self._break("batch", where, "is missing among those published")
            self.batches.append(Batch(body.batch, first, self.size, root, body.sealed_at, ""))
            return
        kept = (published.first_index, published.size, published.root, published.sealed_at)
        if kept != (first, self.size, root, body.sealed_at):
            self._break("batch", where, "the entries give another root than the one published")
        try:
            head = open_checkpoint(published.checkpoint, self.genesis.origin, self.genesis.log_key)
        except ProofError as error:
            self._break("checkpoint", where, error.reason)
            return
        if (head.size, head.root) != (self.size, root):
            self._break("checkpoint", where, "the signed head is another one")
        self._compare_tiles(grown, where)
        self.batches.append(published)

    def _compare_tiles(self, grown: dict[tuple[int, int], bytes], where: str) -> None:
        table = table_of(tables.TileRow)
        for (level, index), data in grown.items():
            query = select(table.c.data).where(table.c.level == level, table.c.index == index)
            kept: bytes | None = self.connection.execute(query).scalar_one_or_none()
            self.report.count("tiles")
            if kept is None or kept[: len(data)] != data:
                self._break("tiles", f"{where}, tile {level}/{index}", "differs from the entries")


def _compare_state(connection: Connection, state: MemoryState, report: AuditReport) -> None:
    kept = SqlState(connection)
    for key, value in state.values.items():
        report.count("state")
        found = kept.get(key)
        empty = value if value != () else None
        if _normal(found) != _normal(empty):
            report.find("state", _name(key), "the kept value is not what the entries give")
    table = table_of(tables.AccountRow)
    for (address,) in connection.execute(select(table.c.address)):
        if Key("account", (address,)) not in state.values:
            report.find("state", f"account {address}", "an account that no entry explains")
    _compare_coins(state, report)


def _normal(value: Any) -> Any:
    return tuple(sorted(value, key=lambda s: s.started_at)) if isinstance(value, tuple) else value


def _name(key: Key[Any]) -> str:
    parts = ("0x" + p.hex() if isinstance(p, bytes) else str(p) for p in key.parts)
    return " ".join((key.table, *parts))


def _compare_coins(state: MemoryState, report: AuditReport) -> None:
    accounts = [v for v in state.values.values() if isinstance(v, Account)]
    if sum(a.sent for a in accounts) != sum(a.received for a in accounts):
        report.find("coins", "all accounts", "coins sent and received do not add up")
    report.count("accounts", len(accounts))


def _ask_chain(
    replay: _Replay,
    chain: AnchorLookup,
    anchors_for: Callable[[int], list[dict[str, Any]]],
    report: AuditReport,
) -> None:
    assert replay.ledger is not None
    for batch in replay.batches:
        anchors = anchors_for(batch.size)
        if anchors and not batch.checkpoint:
            where = f"batch {batch.number}"
            report.find("batch", where, "is on the chain, but not among those published")
        for anchor in anchors:
            report.count("anchors")
            finding = chain.look_up(anchor, replay.ledger, batch.size, batch.root)
            if finding.state not in ("final", "mined"):
                report.find("anchor", f"batch {batch.number}", finding.reason)
