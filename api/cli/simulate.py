"""`hourledger simulate`: a made-up town of any size, frauds included, as a ledger of its own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress
from rich.table import Table

from api.cli.options import CONSOLE, ERRORS, Dir
from api.demo.town.inhabitants import Size
from api.demo.town.run import simulate
from api.demo.town.stage import Report
from api.errors import WrongUse
from api.terminal.format import counted


def simulate_town(
    directory: Dir = None,
    volunteers: Annotated[int, typer.Option(help="Inhabitants.", min=20)] = 60,
    organisations: Annotated[int, typer.Option(help="Organisations.", min=2, max=400)] = 5,
    days: Annotated[int, typer.Option(help="Days that are played.", min=1)] = 10,
    seed: Annotated[int, typer.Option(help="The same seed is the same town.")] = 1,
) -> None:
    """Let a made-up town live in a new ledger: clocked days, corrections, a try of each fraud."""
    if directory is None:
        raise WrongUse("say where the ledger shall live: --dir DIR, or HOURLEDGER_DIR")
    report = _play(directory, Size(volunteers, organisations, days, seed))
    _show(report)
    if report.surprises:
        raise typer.Exit(1)


def _play(directory: Path, size: Size) -> Report:
    with Progress(console=ERRORS, transient=True) as progress:
        task = progress.add_task("days", total=size.days)
        return simulate(directory, size, lambda done, _: progress.update(task, completed=done))


def _show(report: Report) -> None:
    table = Table(box=None, padding=(0, 1))
    for name in ("record", "outcome", "number"):
        table.add_column(name)
    for (kind, outcome), count in sorted(report.outcomes.items()):
        table.add_row(kind, outcome, f"{count:,}")
    CONSOLE.print(table)
    CONSOLE.print("What the ledger said to each fraud (docs/trust.md):")
    for name, outcomes in sorted(report.frauds.items(), key=lambda item: int(item[0][1:])):
        told = ", ".join(f"{n} {outcome}" for outcome, n in Counter(outcomes).items())
        CONSOLE.print(f"  {name:4} {told}", highlight=False)
    CONSOLE.print(f"In the ledger: {counted(report.records, 'record', 'records')}")
    for surprise in report.surprises[:20]:
        CONSOLE.print(f"not expected: {surprise}", style="red")
