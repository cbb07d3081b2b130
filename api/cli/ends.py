"""The options that say where records go to or come from, and the ledger that they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from api.node.directory import LedgerDir
from api.submit.ends import End, Here, There
from api.submit.keyring import Keyring

To = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="URL", help="A server elsewhere, in place of --dir.", show_default=False
    ),
]
LedgerPin = Annotated[
    str | None,
    typer.Option(
        "--ledger", metavar="ID", help="Only if it serves this ledger.", show_default=False
    ),
]


@contextmanager
def opened(
    to: str | None, pin: str | None, directory: Path | None
) -> Iterator[tuple[End, Keyring]]:
    """The ledger that is named, and the keys that there are: with `to` those of `directory` all the
    same, if one is given. Raises `WrongUse`, `Unavailable`."""
    with ExitStack() as open_now:
        home = None
        if to is None or directory is not None:
            home = open_now.enter_context(LedgerDir.at(directory))
        keys = Keyring((lambda: home.keys) if home is not None else None)
        if to is not None:
            yield open_now.enter_context(closing(There(to, pin))), keys
        else:
            assert home is not None
            yield Here(home), keys
