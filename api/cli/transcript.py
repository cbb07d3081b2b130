"""`hourledger transcript`: everything that concerns an account in a period, in one proved file."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Annotated

import typer

from api.cli.arguments import DAYS, address_in
from api.cli.inspect import write_json
from api.cli.options import CONSOLE, Dir
from api.node.directory import LedgerDir
from api.node.local_days import FIRST, LAST, LocalDays
from api.terminal.format import counted
from ledger.core.proofs.transcript import CHAIN, PATHS
from ledger.operations.transcript import transcript

FIRST_DAY, LAST_DAY = (datetime.combine(day, time()) for day in (FIRST, LAST))


def write_transcript(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The account.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Where; *.gz: packed with gzip.")
    ],
    start: Annotated[
        datetime, typer.Option("--from", formats=DAYS, help="First day, local to the ledger.")
    ] = FIRST_DAY,
    end: Annotated[
        datetime, typer.Option("--to", formats=DAYS, help="Last day, itself included.")
    ] = LAST_DAY,
    short: Annotated[
        bool, typer.Option("--short", help="Without a path for each entry: the chain holds them.")
    ] = False,
    directory: Dir = None,
) -> None:
    """Write all entries of an account in a period, with the proof that none is missing."""
    account = address_in(address)
    with LedgerDir.at(directory) as home:
        period = LocalDays.of(home.ledger.policy).period(start.date(), end.date())
        held_by = CHAIN if short else PATHS
        found = transcript(
            home.ledger, account, period.start, period.end, home.anchors_within, held_by=held_by
        )
    write_json(found, out)
    CONSOLE.print(
        f"{counted(len(found['entries']), 'entry', 'entries')} written to {out}", soft_wrap=True
    )
