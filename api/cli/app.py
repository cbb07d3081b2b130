"""`hourledger`: the command line. Exit codes: 0 done; 1 no; 2 wrong use; 3 not now."""

from __future__ import annotations

import logging
import os
import sys
from typing import Annotated

import typer

from anchoring.errors import Retry
from api.cli.lazy import LazyGroup
from api.cli.options import CONSOLE, ERRORS
from api.errors import WrongUse
from api.words import both
from ledger import __version__
from ledger.errors import LedgerError, NotFound, Refused, Unavailable

app = typer.Typer(
    name="hourledger",
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A ledger of volunteer service hours that anybody can check.",
)


def _version(wanted: bool) -> None:
    if wanted:
        CONSOLE.print(f"hourledger {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="The version.")
    ] = False,
) -> None:
    """A ledger of volunteer service hours that anybody can check."""


def exit_code(error: LedgerError) -> int:
    """2 for a command that cannot be carried out as given, 3 for one that may succeed later."""
    if isinstance(error, WrongUse):
        return 2
    return 3 if isinstance(error, Unavailable | Retry) else 1


def main() -> None:
    """Run a command; every error that we know becomes one line and an exit code."""
    # Whatever a command makes holds entries, keys or record ids: its owner's alone.
    os.umask(0o077)
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s %(message)s")
    try:
        app()
    except LedgerError as error:
        if isinstance(error, Refused):
            text = f"{error.code.value}: {both(error.code.en)} {error.detail}"
        else:
            text = str(error) if not isinstance(error, NotFound) else f"not found: {error}"
        ERRORS.print(text, style="red", markup=False, highlight=False)
        sys.exit(exit_code(error))


if __name__ == "__main__":
    main()
