"""A certificate in the terminal: hours by class, then each row with its source and lateness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from api.terminal import changes as show_changes
from api.terminal.format import Times, hours, named, span
from api.words import both, mark

CLASSES: Final = {"credit": mark("Credit"), "honour": mark("Honour")}


def certificate(facts: Mapping[str, Any]) -> Group:
    """The facts of a certificate. Hours of the two classes stand side by side, never added up."""
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("ledger", named(facts["ledger"]))
    table.add_row("number", facts["number"])
    table.add_row(both("Credit hours"), hours(facts["credit_minutes"]))
    table.add_row(both("Honour hours"), hours(facts["honour_minutes"]))
    table.add_row("period from", times.moment(facts["served_from"]))
    table.add_row("until", times.moment(facts["served_until"]))
    table.add_row("issued", f"{times.moment(facts['issued_at'])} by {facts['issuer']}")
    table.add_row("holder", facts["volunteer"])
    for signer in facts["signers"]:
        table.add_row("signed by", f"{signer['role']}  {signer['signer']}")
    table.add_row("anchored", times.moment(facts["anchored_at"]))
    if facts["as_of"]:
        as_of = facts["as_of"]
        table.add_row("as of", f"batch {as_of['batch']}, sealed {times.moment(as_of['time'])}")
    for row in (*show_changes.entered(facts, times), *show_changes.rows(facts, times)):
        table.add_row(*row)
    if "change" in facts:
        table.add_row("of", facts["change"]["of"])
    return Group(table, Text(), _rows(facts))


def _rows(facts: Mapping[str, Any]) -> Table:
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1))
    for name in (
        f"began ({times.zone})",
        "class",
        "time",
        "activity",
        "entered after",
        "evidence",
        "status, flags",
    ):
        table.add_column(name, overflow="fold")
    for row in facts["rows"]:
        table.add_row(
            times.local(row["started_at"]),
            both(CLASSES[row["hour_class"]]),
            hours(row["minutes"]),
            row["activity"] or "–",
            span(row["delay_seconds"]),
            str(row["evidence_count"]),
            " ".join((row["status"] or "–", *row["flags"])),
        )
    return table
