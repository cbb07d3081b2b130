"""`hourledger transcript`: everything that concerns an account in a period, in one proved file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from api.commands.options import CONSOLE, Dir
from api.commands.proof import write_json
from api.errors import WrongUse
from api.ledger_dir import LedgerDir
from ledger.core.fields import Address
from ledger.core.transcript import CHAIN, PATHS
from ledger.errors import Refused
from ledger.operations.transcript import transcript

DAYS = ["%Y-%m-%d"]
FIRST, LAST = datetime(1970, 1, 2), datetime(9998, 12, 31)  # noqa: DTZ001 - days of the ledger


def write_transcript(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The account.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Where; *.gz: packed with gzip.")
    ],
    start: Annotated[
        datetime, typer.Option("--from", formats=DAYS, help="First day, local to the ledger.")
    ] = FIRST,
    end: Annotated[datetime, typer.Option("--to", formats=DAYS, help="Last day.")] = LAST,
    short: Annotated[
        bool, typer.Option("--short", help="Without a path for each entry: the chain holds them.")
    ] = False,
    directory: Dir = None,
) -> None:
    """Write all entries of an account in a period, with the proof that none is missing."""
    try:
        account = Address().decode(address, "address")
    except Refused as refusal:
        raise WrongUse(refusal.detail) from refusal
    with LedgerDir.at(directory) as ledger:
        offset = timedelta(minutes=ledger.book.policy.utc_offset_minutes)
        moments = (start, end + timedelta(days=1))
        first, last = (int((m.replace(tzinfo=UTC) - offset).timestamp()) for m in moments)
        held_by = CHAIN if short else PATHS
        found = transcript(ledger.book, account, first, last, ledger.anchors_for, held_by=held_by)
    write_json(found, out)
    CONSOLE.print(f"{len(found['entries'])} entries written to {out}", soft_wrap=True)
