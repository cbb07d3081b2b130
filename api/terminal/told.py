"""A record in words on a terminal: in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.bodies.told import Line, Teller
from api.node.local_days import LocalDays
from api.words import words
from ledger.core.format.structs import Body


def told(console: Console, body: Body, days: LocalDays, names: Mapping[str, str]) -> None:
    """Every field: what it is called, and what it says."""
    table = Table(box=None, padding=(0, 1), show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    chinese, english = (
        Teller(words(tongue), days, names).lines(body) for tongue in ("zh-Hans", "en")
    )
    for zh, en in zip(chinese, english, strict=True):
        indent = "  " * en.depth
        table.add_row(
            Text(indent + zh.label), Text(indent + en.label, style="dim"), Text(_value(zh, en))
        )
    console.print(table)


def _value(zh: Line, en: Line) -> str:
    named = en.address or en.record
    if named:
        return f"{named}  {en.text}".rstrip()
    return en.text if zh.text == en.text else f"{zh.text} {en.text}"
