"""Commands about keys: list, new, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.prompt import Prompt
from rich.table import Table

from api.cli.options import CONSOLE, Dir
from api.errors import WrongUse
from api.node.directory import LedgerDir
from api.node.files import write_durably
from ledger.core.records.signing import address_of

Label = Annotated[str, typer.Argument(help="What the key is for, as shown by `keys list`.")]


def list_keys(directory: Dir = None) -> None:
    """What each key is for, and its address. No key is decrypted."""
    with LedgerDir.at(directory) as home:
        stored = home.keys.stored()
    table = Table(box=None, padding=(0, 1))
    table.add_column("key", overflow="fold")
    table.add_column("address", no_wrap=True)
    for key in stored:
        table.add_row(key.label, key.address)
    CONSOLE.print(table)


def new(label: Label, directory: Dir = None) -> None:
    """Make a key and store it encrypted."""
    with LedgerDir.at(directory) as home:
        if home.keys.key(label) is not None:
            raise WrongUse(f"the keystore has a key {label!r} already")
        CONSOLE.print(address_of(home.keys.obtain(label)))


def export(
    label: Label, out: Annotated[Path, typer.Argument(metavar="FILE")], directory: Dir = None
) -> None:
    """Write a key as a standard key file for any wallet, under a passphrase of its own."""
    if out.exists():
        raise WrongUse(f"{out} exists already")
    with LedgerDir.at(directory) as home:
        keys = home.keys
        keys.demand(label)
        secret = Prompt.ask("Passphrase of the exported file", password=True)
        if len(secret) < 8:
            raise WrongUse("a passphrase has at least 8 characters")
        write_durably(out, keys.export(label, secret).encode())
    CONSOLE.print(f"Written to {out}")
