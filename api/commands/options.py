"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

CONSOLE = Console(soft_wrap=False)
ERRORS = Console(stderr=True)

Dir = Annotated[
    Path | None,
    typer.Option(
        "--dir", envvar="HOURLEDGER_DIR", help="Where the ledger lives.", show_default=False
    ),
]
Rpc = Annotated[
    str | None,
    typer.Option("--rpc", metavar="URL", help="Ask or use this chain.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
