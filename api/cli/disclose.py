"""`hourledger disclose`: the hours of some months by class and category, without a record."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

import typer

from api.cli.inspect import write_json
from api.cli.options import CONSOLE, Dir
from api.errors import WrongUse
from api.node.directory import LedgerDir
from api.terminal.format import counted
from ledger.core.format.fields import Address
from ledger.core.state.hours_by_month import Cell
from ledger.errors import Refused
from ledger.operations.disclose import disclosure

MONTHS: Final = ["%Y-%m"]


def write_disclosure(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The account.")],
    start: Annotated[
        datetime, typer.Option("--from", formats=MONTHS, help="First month, local to the ledger.")
    ],
    end: Annotated[datetime, typer.Option("--to", formats=MONTHS, help="Last month.")],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Where; *.gz: packed with gzip.")
    ],
    category: Annotated[
        str | None, typer.Option(help="Show only this category.", show_default=False)
    ] = None,
    hour_class: Annotated[
        Literal["credit", "honour"] | None,
        typer.Option("--class", help="Show only this class.", show_default=False),
    ] = None,
    directory: Dir = None,
) -> None:
    """Write an account's hours by month, class and category, proved without showing a record."""

    def shown(cell: Cell) -> bool:
        right = hour_class is None or cell.hour_class == hour_class
        return right and (category is None or cell.category == category)

    try:
        account = Address().decode(address, "address")
    except Refused as refusal:
        raise WrongUse(refusal.detail) from refusal
    period = (f"{start:%Y-%m}", f"{end:%Y-%m}")
    with LedgerDir.at(directory) as home:
        found = disclosure(home.ledger, account, period, home.anchors_within, shown=shown)
    write_json(found, out)
    CONSOLE.print(
        f"{counted(len(found['months']), 'month', 'months')} written to {out}", soft_wrap=True
    )
