"""What a person sees in the terminal of what somebody shared: sums of hours, or a yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from api.categories import CATEGORIES
from api.terminal.format import Times, hours, named
from api.words import both, both_plural, mark

CONDITIONS: Final = {
    "credit_hours": mark("{count} h credit hours"),
    "honour_hours": mark("{count} h honour hours"),
    "balance": mark("{count} yibi"),
}
"""What an attestation counts, but for stars."""


def hours_by_category(facts: Mapping[str, Any]) -> Table:
    """Hours of a period by category; the two classes are never added up."""
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_row("ledger", named(facts["ledger"]))
    table.add_row("account", facts["account"])
    table.add_row("months", f"{facts['period']['from']} to {facts['period']['to']}, both counted")
    for hour_class, name in (("credit", both("Credit hours")), ("honour", both("Honour hours"))):
        table.add_row(name, Text(hours(facts["minutes"][hour_class]), style="bold"))
        for part in (p for p in facts["hours"] if p["hour_class"] == hour_class):
            table.add_row("", f"{hours(part['minutes'])}  {_category(part['category'])}")
    if facts["hidden"]:
        text = both_plural(
            "Not shown: {count} more sum of class and category",
            "Not shown: {count} more sums of class and category",
            facts["hidden"],
        )
        table.add_row("", Text(text, style="yellow"))
    as_of = facts["as_of"]
    table.add_row("as of", f"batch {as_of['batch']}, sealed {times.moment(as_of['time'])}")
    table.add_row("anchored", times.moment(facts["anchored_at"]))
    return table


def _category(category: str) -> str:
    known = CATEGORIES.get(category)
    return both(known) if known else category or "–"


def condition(facts: Mapping[str, Any]) -> Table:
    """What an attestation says yes to."""
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_row("ledger", named(facts["ledger"]))
    least = facts["at_least"]
    counted = (
        both_plural("{count} star", "{count} stars", least)
        if facts["condition"] == "stars"
        else both(CONDITIONS[facts["condition"]], count=least)
    )
    table.add_row("at least", Text(counted, style="bold"))
    table.add_row("presented by", facts["presenter"])
    as_of = facts["as_of"]
    table.add_row("as of", f"batch {as_of['batch']}, sealed {times.moment(as_of['time'])}")
    table.add_row("in force until", times.moment(facts["expires_at"]))
    return table
