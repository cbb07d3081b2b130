"""`hourledger demo`: the whole main job on a replayed month, and what happens to a forged proof.

The town's activities were published before they took place, so the ledger's clock is set to that
month and moved on by hand: `accepted_at` in this one ledger is replayed time, and the demo says so.
However slow the machine, the times of a replayed month are the same.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.rule import Rule

from api.attendance.files import Tally, import_file, open_rows
from api.attendance.mapping import AttendanceMap, read_map
from api.attendance.replay import replay
from api.cli.inspect import write_proof
from api.cli.ledger import anchored, wait_for_anchors
from api.cli.verify import judge
from api.demo.names import NAMES
from api.demo.town.run import SetClock
from api.errors import WrongUse
from api.node import create as founding
from api.node.chain import node_at_hand
from api.node.directory import LedgerDir
from api.server.services import Services
from api.tables.rows import Row
from api.terminal import verdict as show
from api.terminal.format import counted
from ledger.core.kinds.registry import Service
from ledger.core.verify.pinned import nobody, only
from ledger.errors import LedgerError
from ledger.operations.audit import audit
from ledger.operations.read import account, find_record
from ledger.operations.seal import seal

MARK: Final = "demonstration"
"""Name of the file that says that a directory may be made anew."""

PUBLISHED: Final = datetime(2025, 3, 28, 10, tzinfo=UTC)
IMPORTED: Final = datetime(2025, 4, 28, 1, tzinfo=UTC)
"""Replayed times: activities enter the ledger, and a month later their attendance."""

_HERE = Path(__file__).parents[1]


class Unexpected(LedgerError):
    """The demonstration did not go as it must."""


def examples() -> Path:
    """The folder of the examples: beside the rooms, or inside the installed package."""
    beside = _HERE.parent / "examples"
    return beside if beside.is_dir() else _HERE / "examples"


def run(console: Console, directory: Path, rpc: str | None) -> None:
    """Play the demonstration; leaves `proof.json` and `tampered.json` in the directory."""
    _make_room(directory)
    clock = SetClock(int(PUBLISHED.timestamp()))
    began = time.monotonic()
    _step(console, 1, "Found a ledger", "keys, policy and log key are bound by entry 0")
    made = founding.found(directory, NAMES.story, rpc=rpc, ask=False, clock=clock)
    console.print(f"ledger 0x{made.ledger_id.hex()}", style="dim", soft_wrap=True)
    with LedgerDir.at(directory, clock, rpc) as home:
        _publish(console, home)
        credit = _clock(console, home, clock)
        _back_fill(console, home, clock)
        _seal_and_anchor(console, home, rpc)
        proof, tampered = _prove(console, home, credit)
        _judge(console, home, proof, rpc, "unpinned")
        _step(console, 9, "Name the ledger", "its id, from a source that you trust: not the file")
        trusted = made.ledger_id
        _judge(console, home, proof, rpc, "valid", trusted)
        _step(console, 10, "Change one bit", "a minute more or less is a forgery")
        _flip_one_bit(proof, tampered)
        _judge(console, home, tampered, rpc, "invalid", trusted)
        _audit(console, home, rpc)
    console.print(Rule(f"done in {time.monotonic() - began:.0f} s"))
    _where_next(console, directory, rpc, made.ledger_id)


def _make_room(directory: Path) -> None:
    if directory.is_dir() and any(directory.iterdir()):
        if not (directory / MARK).exists():
            raise WrongUse(f"{directory} is not empty, and not an earlier demonstration")
        shutil.rmtree(directory)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / MARK).touch()


def _step(console: Console, number: int, title: str, why: str) -> None:
    console.print(Rule(f"[bold]{number}  {title}[/]  [dim]{why}[/]", align="left"))


def _publish(console: Console, home: LedgerDir) -> None:
    _step(console, 2, "Publish the activities", f"before they take place: {PUBLISHED:%d %B %Y}")
    show.imported(console, _import(home, "activities", None))


def _clock(console: Console, home: LedgerDir, clock: SetClock) -> bytes:
    """Everybody clocks in and out; the organisations sign. A credit hour's record id."""
    _step(console, 3, "Clock in and out", "each at the time of day it was; server time only")
    mapping = read_map(examples() / "maps" / "sessions.toml")
    with open_rows(examples() / "sessions.csv", mapping, lambda *_: None) as rows:
        clocked = filter(partial(_is_clocked, mapping), rows)
        done = replay(home, Services(home).station, mapping, clocked, clock.set)
    refused = ", ".join(f"{n} {code}" for code, n in sorted(done.refused.items()))
    console.print(
        f"{counted(done.events, 'clock event', 'clock events')} witnessed; refused: {refused}",
        soft_wrap=True,
    )
    _step(console, 4, "Sign the hours", "each evening the organisation signs what the clock gave")
    signed = done.signed
    accepted = [one for hours in signed for one in hours.accepted]
    minutes = sum(hours.minutes for hours in signed)
    text = counted(len(accepted), "credit record", "credit records")
    once = counted(len(signed), "signature", "signatures")
    console.print(f"{text}, {minutes // 60:,} h {minutes % 60} min: {once}, one an activity")
    refusals = Counter(r.code.value for hours in signed for r in hours.refusals)
    if refusals:
        console.print("refused: " + ", ".join(f"{n} {code}" for code, n in refusals.items()))
    return accepted[0].record_id


def _back_fill(console: Console, home: LedgerDir, clock: SetClock) -> None:
    clock.set(int(IMPORTED.timestamp()))
    _step(console, 5, "Back-fill the rest", f"typed in on {IMPORTED:%d %B %Y}: honour, no yibi")
    mapping = read_map(examples() / "maps" / "sessions.toml")
    result = home.path / "result.csv"
    tally = _import(home, "sessions", result, lambda row: not _is_clocked(mapping, row))
    show.imported(console, tally)
    console.print(f"why, row by row: {result}", style="dim", soft_wrap=True)


def _is_clocked(mapping: AttendanceMap, row: Row) -> bool:
    mark = mapping.clocked
    assert mark is not None
    return row.cells is not None and row.cells[mark.column] == mark.value


def _import(
    home: LedgerDir,
    name: str,
    result: Path | None,
    keep: Callable[[Row], bool] = lambda _: True,
) -> Tally:
    folder = examples()
    map_file = folder / "maps" / f"{name}.toml"
    return import_file(home, folder / f"{name}.csv", map_file, result, lambda *_: None, keep)


def _seal_and_anchor(console: Console, home: LedgerDir, rpc: str | None) -> None:
    _step(console, 6, "Seal a batch", "an RFC 9162 tree over all entries, its head signed")
    batch = seal(home.ledger, home.log_key)
    assert batch is not None
    console.print(batch.checkpoint, style="dim", soft_wrap=True)
    where = "the chain that you named" if rpc else "the embedded demonstration chain"
    _step(console, 7, "Anchor its root", f"on {where}")
    console.print(f"contract {home.set_up_contract()}", style="dim")
    anchored(wait_for_anchors(home, 60))


def _prove(console: Console, home: LedgerDir, record_id: bytes) -> tuple[Path, Path]:
    _step(console, 8, "Prove one service", "one file; the check needs it and the chain, not us")
    proof, tampered = home.path / "proof.json", home.path / "tampered.json"
    write_proof(home, record_id, proof)
    entry, _ = find_record(home.ledger, record_id)
    body = entry.record.body
    assert isinstance(body, Service)
    show.account(console, account(home.ledger, body.volunteer))
    return proof, tampered


def _judge(
    console: Console,
    home: LedgerDir,
    file: Path,
    rpc: str | None,
    expected: str,
    trusted: bytes | None = None,
) -> None:
    report, node = judge(file, rpc, home.path, only(trusted) if trusted else nobody)
    options = f" --rpc {rpc}" if rpc else f" --dir {home.path}"
    options += f" --ledger 0x{trusted.hex()}" if trusted else ""
    console.print(f"$ hourledger verify {file}{options}", style="bold", soft_wrap=True)
    show.verdict(console, report, node)
    if report.verdict != expected:
        raise Unexpected(f"{file} is {report.verdict}, not {expected}")


def _flip_one_bit(proof: Path, tampered: Path) -> None:
    """The lowest bit of the last digit of the minutes: 195 becomes 194, 194 becomes 195."""
    data = bytearray(proof.read_bytes())
    place = data.index(b'"minutes": ') + len(b'"minutes": ')
    while data[place + 1] in b"0123456789":
        place += 1
    data[place] ^= 1
    tampered.write_bytes(data)


def _audit(console: Console, home: LedgerDir, rpc: str | None) -> None:
    _step(console, 11, "Audit", "replay everything from the stored entries alone")
    with node_at_hand(rpc, home.path) as chain:
        report = audit(home.ledger.engine, chain, home.anchors_for)
    show.audit(console, report)
    if not report.sound:
        raise Unexpected("the audit found a break")


def _where_next(console: Console, directory: Path, rpc: str | None, ledger: bytes) -> None:
    # The address itself may hold a key.
    chain = ' --rpc "$RPC"' if rpc else ""
    lines = (
        f"hourledger trust add 0x{ledger.hex()}    # once",
        f"hourledger verify {directory / 'proof.json'}{chain or f' --dir {directory}'}",
        f"hourledger inspect --dir {directory}",
        f"hourledger audit --dir {directory}{chain}",
        f"hourledger serve --dir {directory}{chain}    then open http://127.0.0.1:8000",
    )
    console.print("Go on with:")
    for line in lines:
        console.print(f"  {line}", style="bold", soft_wrap=True, highlight=False, markup=False)
    console.print("How a proof is built and checked: docs/spec/README.md", style="dim")
