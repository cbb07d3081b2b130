"""Commands about what is known of people: show it, see who looked, forget it."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.prompt import Confirm
from rich.table import Table

from api.cli.options import CONSOLE, Dir
from api.errors import WrongUse
from api.node.directory import AUTHORITY, LedgerDir
from api.node.local_days import LocalDays
from ledger.core.records.signing import address_of
from ledger.operations.vault_parts import Purpose

Person = Annotated[str, typer.Argument(metavar="ADDRESS", help="The person's address.")]


def show_holdings(
    address: Person,
    purpose: Annotated[Purpose, typer.Option(help="Why: it is written down.")],
    directory: Dir = None,
) -> None:
    """All that is kept of a person, with the salts that prove it. Every look is logged."""
    with LedgerDir.at(directory) as home:
        actor = address_of(home.keys.demand(AUTHORITY))
        found = home.vault.holdings(address, actor=actor, purpose=purpose)
    CONSOLE.print_json(
        data=[
            {
                "kind": content.kind,
                "version": content.version,
                "fields": dict(content.fields),
                "salt": "0x" + content.salt.hex(),
                "commitment": "0x" + content.commitment.hex(),
            }
            for content in found
        ]
    )


def log(address: Person, directory: Dir = None) -> None:
    """Who looked at what of a person, when and why. It outlives the data."""
    with LedgerDir.at(directory) as home:
        found, days = home.vault.accesses(address), LocalDays.of(home.ledger.policy)
    table = Table(box=None, padding=(0, 1))
    for name in ("when", "who", "what", "why"):
        table.add_column(name, overflow="fold")
    for line in found:
        table.add_row(days.moment(line.at), line.actor, line.kind, line.purpose.value)
    CONSOLE.print(table)


def forget(
    address: Person,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask again.")] = False,
    directory: Dir = None,
) -> None:
    """Destroy a person's data, salts and key for ever. Records, totals and proofs stay."""
    asked = f"Destroy all that is known of {address} for ever?"
    if not yes and not (sys.stdin.isatty() and Confirm.ask(asked)):
        raise WrongUse("nothing was destroyed: say yes, or --yes")
    with LedgerDir.at(directory) as home:
        at = home.vault.forget(address, address_of(home.keys.demand(AUTHORITY)))
        home.keys.remove(address)
        told = LocalDays.of(home.ledger.policy).moment(at)
    CONSOLE.print(f"{address} withdrew at {told}: salts, data and key are destroyed.")
    CONSOLE.print("Proofs still hold; what they committed to can be shown by nobody any more.")
