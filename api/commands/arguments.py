"""Arguments of commands as the things that they name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from api.errors import WrongUse
from ledger.core.fields import Address
from ledger.errors import Refused
from ledger.refusals import Code

DAYS: Final = ["%Y-%m-%d"]
"""How a day is written."""


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


def time_of(day: datetime) -> int:
    """The first second (Unix) of a day in UTC."""
    return int(day.replace(tzinfo=UTC).timestamp())
