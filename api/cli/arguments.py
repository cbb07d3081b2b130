"""Arguments of commands as the things that they name."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import typer

from api.errors import WrongUse
from ledger.core.format.fields import Address
from ledger.errors import Refused
from ledger.refusals import Code

DAYS: Final = ["%Y-%m-%d"]
"""How a day is written. What it means is for `api.node.local_days` to say, in every command."""

FirstDay = Annotated[
    datetime, typer.Option("--from", formats=DAYS, help="First day, local to the ledger.")
]
LastDay = Annotated[
    datetime,
    typer.Option("--until", formats=DAYS, help="Last day, itself included, local to the ledger."),
]


def record_of(text: str) -> bytes:
    """A record id (32 bytes) from its hex form. Raises `WrongUse`."""
    try:
        found = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        found = b""
    if len(found) != 32:
        raise WrongUse("a record id is 0x and 64 hexadecimal digits")
    return found


def address_in(text: str) -> str:
    """An address in its EIP-55 spelling. Raises `WrongUse`."""
    try:
        return Address().decode(text, "address")
    except Refused as refusal:
        raise WrongUse(f"{Code.BAD_VALUE.en} {refusal.detail}") from refusal
