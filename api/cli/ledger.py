"""Commands that write the ledger: init, import, seal, anchor."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from anchoring.anchorer import AnchorState
from api.attendance.files import Tally, import_file
from api.cli.options import CONSOLE, ERRORS, Dir, Rpc
from api.errors import WrongUse
from api.node import create as founding
from api.node.directory import LedgerDir
from api.node.worker import ANCHOR, lock_of
from api.terminal import verdict as show
from api.terminal.format import counted
from ledger.operations.seal import seal as seal_ledger
from ledger.store.lock import alone


def init(
    directory: Dir = None,
    name: Annotated[str, typer.Option(help="What people call the ledger.")] = "My ledger",
    origin: Annotated[
        str | None, typer.Option(help="Name of the log in checkpoints, as example.org/town.")
    ] = None,
    policy: Annotated[Path | None, typer.Option(help="Policy as TOML.", exists=True)] = None,
    calendar: Annotated[
        str, typer.Option(help="Public holidays by which lateness is counted.")
    ] = founding.CALENDAR,
    host: Annotated[
        str, typer.Option("--home", help="Host that says which ledger it keeps, as example.org.")
    ] = "",
    rpc: Rpc = None,
) -> None:
    """Found a ledger: keys, genesis record, calendars, settings."""
    if directory is None:
        raise WrongUse("say where the ledger shall live: --dir DIR, or HOURLEDGER_DIR")
    made = founding.found(
        directory, name, origin=origin, policy=policy, calendar=calendar, host=host, rpc=rpc
    )
    CONSOLE.print(f"Ledger [bold]0x{made.ledger_id.hex()}[/] founded in {directory}")
    CONSOLE.print(f"Its log is {made.origin}")
    if made.passphrase_in_file:
        ERRORS.print(
            f"[yellow]The passphrase lies in {directory / 'passphrase'}, beside the keys that it "
            "protects: fine for a try, not for real hours.[/]"
        )


def import_rows(
    export: Annotated[Path, typer.Argument(metavar="CSV", exists=True, dir_okay=False)],
    map_file: Annotated[
        Path, typer.Option("--map", metavar="MAP", exists=True, dir_okay=False, help="Map (TOML).")
    ],
    result: Annotated[
        Path | None, typer.Option(metavar="OUT", help="A CSV with one line for every row.")
    ] = None,
    directory: Dir = None,
) -> None:
    """Take an attendance export into the ledger. Can be run again without doubling anything."""
    with LedgerDir.at(directory) as home:
        tally = run_import(home, export, map_file, result)
    show.imported(CONSOLE, tally)
    if result is not None:
        CONSOLE.print(f"What became of each row: {result}")


def run_import(home: LedgerDir, export: Path, map_file: Path, result: Path | None) -> Tally:
    """Import with a progress bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=ERRORS, transient=True) as progress:
        task = progress.add_task(export.name, total=None)
        return import_file(
            home,
            export,
            map_file,
            result,
            lambda done, size: progress.update(task, completed=done, total=size),
        )


def seal(directory: Dir = None) -> None:
    """Close what waits as a batch with a signed checkpoint."""
    with LedgerDir.at(directory) as home:
        batch = seal_ledger(home.ledger, home.log_key)
    if batch is None:
        CONSOLE.print("Nothing waits to be sealed.")
        return
    entries = batch.size - batch.first_index
    CONSOLE.print(
        f"Batch {batch.number}: {counted(entries, 'entry', 'entries')}, log of {batch.size:,}"
    )
    CONSOLE.print(f"Root 0x{batch.root.hex()}")


def anchor(
    directory: Dir = None,
    rpc: Rpc = None,
    deploy: Annotated[
        bool, typer.Option(help="First deploy the contract to the chain and open the ledger in it.")
    ] = False,
    wait: Annotated[float, typer.Option(help="Seconds to wait for finality.")] = 30.0,
) -> None:
    """Put the roots of all sealed batches on the chain."""
    # Who asks for it now does not wait for the time that the server keeps between two anchors.
    with (
        LedgerDir.at(directory, rpc=rpc, anchor_seconds=0) as home,
        alone(lock_of(home.path, ANCHOR)),
    ):
        if deploy:
            CONSOLE.print(f"Contract {home.set_up_contract()}")
        states = wait_for_anchors(home, wait)
    anchored(states)
    if any(state.state in ("waiting", "sent", "mined") for state in states):
        raise typer.Exit(3)


def wait_for_anchors(home: LedgerDir, seconds: float) -> list[AnchorState]:
    """Tick until every batch is final or the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        states = home.anchor_pending()
        open_ones = [s for s in states if s.state in ("waiting", "sent", "mined")]
        if not open_ones or time.monotonic() >= deadline:
            return states
        time.sleep(0.5)


def anchored(states: list[AnchorState]) -> None:
    """A table of the newest anchors."""
    if not states:
        CONSOLE.print("Nothing is sealed yet: run `hourledger seal` first.")
        return
    table = Table(box=None, padding=(0, 1))
    for name in ("log size", "state", "block", "transaction"):
        table.add_column(name, overflow="fold")
    for state in states[-10:]:
        block = "" if state.block_number is None else str(state.block_number)
        table.add_row(f"{state.size:,}", state.state, block, state.transaction or state.reason)
    CONSOLE.print(table)
