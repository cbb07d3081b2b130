"""Audit: replay everything from the stored entry bytes alone and compare with all that is kept.

Signatures, rules, totals, log, tiles, batches and anchors; out of the database, with all that can
be rebuilt in it, or out of the files of an export and the chain alone.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, select

from ledger.core.state.state import Account, Key, MemoryState
from ledger.core.verify.anchor import AnchorLookup
from ledger.errors import Damaged
from ledger.operations.audit_replay import Replay, Watch
from ledger.operations.audit_report import AuditReport, Broken, Finding
from ledger.operations.audit_source import DatabaseSource, FolderSource, Source
from ledger.operations.spread import Spread, here
from ledger.store import tables
from ledger.store.engine import snapshot
from ledger.store.entries import Batch
from ledger.store.state import SqlState
from ledger.store.tables import table_of

__all__ = ["AuditReport", "Finding", "audit", "audit_export"]

COMPARED: Final = 5000
"""Values of the state that are read at once to be compared."""

AnchorsOf = Callable[[Batch], list[dict[str, Any]]]


def audit(
    engine: Engine,
    chain: AnchorLookup | None = None,
    anchors_for: Callable[[int], list[dict[str, Any]]] | None = None,
    *,
    spread: Spread = here,
    watch: Watch | None = None,
) -> AuditReport:
    """Replay a ledger's database; with a chain, its anchors too. `spread` says where entries are
    examined, the report is the same wherever that is; `watch` sees each entry after it."""
    report = AuditReport()
    with snapshot(engine) as connection:
        replay = _replayed(DatabaseSource(connection), report, spread, watch)
        if replay is None:
            return report
        _compare_state(connection, replay.state, report)
        if chain is not None and anchors_for is not None:
            _ask_chain(replay, chain, lambda batch: anchors_for(batch.size), report)
    return report


def audit_export(
    folder: Path,
    chain: AnchorLookup | None = None,
    *,
    spread: Spread = here,
    watch: Watch | None = None,
) -> AuditReport:
    """Replay the files of an export; with a chain, its anchors too. Nothing of the ledger's own
    machine is asked."""
    report = AuditReport()
    try:
        source = FolderSource(folder)
    except Damaged as error:
        report.find(error.check, str(folder), error.reason)
        return report
    replay = _replayed(source, report, spread, watch)
    if replay is not None:
        _compare_coins(replay.state, report)
        if chain is not None:
            _ask_chain(replay, chain, source.anchors_for, report)
    return report


def _replayed(
    source: Source, report: AuditReport, spread: Spread, watch: Watch | None
) -> Replay | None:
    """The finished replay; None after a break that ended it."""
    replay = Replay(source, report, spread, watch)
    try:
        replay.run()
    except Broken:
        return None
    except Damaged as error:
        report.find(error.check, f"from entry {replay.next_index} on", error.reason)
        return None
    if replay.batches:
        report.size, report.root = replay.batches[-1].size, replay.batches[-1].root
    keys = (key for key in replay.state.values if key.table == "organisation")
    report.organisations = tuple(sorted(str(key.parts[0]) for key in keys))
    return replay


def _compare_state(connection: Connection, state: MemoryState, report: AuditReport) -> None:
    waiting = iter(state.values.items())
    while part := list(islice(waiting, COMPARED)):
        kept = SqlState(connection)
        kept.prefetch(key for key, _ in part if len(key.parts) == 1)
        for key, value in part:
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
    replay: Replay, chain: AnchorLookup, anchors_of: AnchorsOf, report: AuditReport
) -> None:
    assert replay.ledger is not None
    for batch in replay.batches:
        where = f"batch {batch.number}"
        try:
            anchors = anchors_of(batch)
        except Damaged as error:
            report.find("anchor", where, error.reason)
            continue
        if anchors and not batch.checkpoint:
            report.find("batch", where, "is on the chain, but not among those published")
        for anchor in anchors:
            report.count("anchors")
            finding = chain.look_up(anchor, replay.ledger, batch.size, batch.root)
            if finding.state not in ("final", "settling", "mined"):
                report.find("anchor", where, finding.reason)
