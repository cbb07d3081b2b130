"""Options that many commands share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Final, TextIO

import typer
from rich.console import Console

WIDTH_OF_PIPES: Final = 160
"""Columns of output that no terminal limits: wide enough that no hash is cut or broken."""


def _console(stream: TextIO, *, stderr: bool) -> Console:
    free = not stream.isatty() and "COLUMNS" not in os.environ
    return Console(stderr=stderr, width=WIDTH_OF_PIPES if free else None)


CONSOLE = _console(sys.stdout, stderr=False)
ERRORS = _console(sys.stderr, stderr=True)

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
