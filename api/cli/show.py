"""The command `show`: what a record says, in words, here or at a server elsewhere."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.text import Text

from api.bodies.told import addresses_in
from api.cli.arguments import record_of
from api.cli.ends import LedgerPin, To, opened
from api.cli.options import CONSOLE, AsJson, Dir
from api.pages.kind_words import KIND_WORDS
from api.terminal.told import told
from api.words import both
from ledger.core.records.record import record_to_json


def kind_words(kind: str) -> str:
    """What a kind is called."""
    return both(KIND_WORDS.get(kind, kind))


def show(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Id of the record.")],
    to: To = None,
    pin: LedgerPin = None,
    as_json: AsJson = False,
    directory: Dir = None,
) -> None:
    """Show what a record says, in words."""
    named = record_of(record)
    with opened(to, pin, directory) as (end, _):
        entry = end.find(named)
        body = entry.record.body
        if as_json:
            CONSOLE.print_json(data=record_to_json(entry.record))
            return
        signers = {claim.signer: claim.role for claim in entry.record.signatures}
        names = end.names([*addresses_in(body), *signers])
        CONSOLE.print(
            Text(f"{kind_words(body.kind)}  0x{named.hex()}", style="bold"), soft_wrap=True
        )
        told(CONSOLE, body, end.days, names)
        for address, role in signers.items():
            said = f"{role} {address}  {names.get(address, '')}".rstrip()
            CONSOLE.print(f" signed by {said}", highlight=False, markup=False, soft_wrap=True)
        accepted = end.days.moment(entry.accepted_at)
        CONSOLE.print(f" entry {entry.index}, accepted {accepted}", highlight=False)
