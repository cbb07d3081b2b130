"""Options that many commands share."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TextIO

import typer
from rich.console import Console

if TYPE_CHECKING:
    from api.node.settings import Settings

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
Pins = Annotated[
    Path | None,
    typer.Option(
        "--pins",
        envvar="HOURLEDGER_PINS",
        metavar="FILE",
        help="The ledgers that you trust, in place of the usual file.",
        show_default=False,
    ),
]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="ADDRESS",
        help="Where the site is asked, in a private network too; its name must still be right.",
        show_default=False,
    ),
]
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Refuse while papers would lead to this machine alone."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def say_where(settings: Settings, *, strict: bool) -> None:
    """Warn if papers that are made now lead nowhere. Raises `WrongUse` instead if `strict`."""
    from api.node.public_url import warning

    said = warning(settings, strict=strict)
    if said is not None:
        ERRORS.print(said, style="yellow", soft_wrap=True, highlight=False, markup=False)
