"""What a person sees in the terminal of what somebody shared: sums of hours, or a yes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from api.terminal.format import Times, hours

CONDITIONS: Final = {
    "credit_hours": "hours of credit 小时信用时数",
    "honour_hours": "hours of honour 小时荣誉时数",
    "stars": "stars 星",
    "balance": "yibi 益币",
}
"""What an attestation counts."""


def hours_by_category(facts: Mapping[str, Any]) -> Table:
    """Hours of a period by category; the two classes are never added up."""
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_row("ledger", f"{facts['ledger']['name']}  {facts['ledger']['id']}")
    table.add_row("account", facts["account"])
    table.add_row("months", f"{facts['period']['from']} to {facts['period']['to']}, both counted")
    for hour_class, name in (("credit", "credit 信用时数"), ("honour", "honour 荣誉时数")):
        table.add_row(name, Text(hours(facts["minutes"][hour_class]), style="bold"))
        for part in (p for p in facts["hours"] if p["hour_class"] == hour_class):
            table.add_row("", f"{hours(part['minutes'])}  {part['category'] or '–'}")
    if facts["hidden"]:
        text = f"{facts['hidden']} more sums of class and category are not shown 未全部出示"
        table.add_row("", Text(text, style="yellow"))
    as_of = facts["as_of"]
    table.add_row("as of", f"batch {as_of['batch']}, sealed {times.moment(as_of['time'])}")
    table.add_row("anchored", times.moment(facts["anchored_at"]))
    return table


def condition(facts: Mapping[str, Any]) -> Table:
    """What an attestation says yes to."""
    times = Times.of(facts)
    table = Table(box=None, padding=(0, 1), show_header=False)
    table.add_row("ledger", f"{facts['ledger']['name']}  {facts['ledger']['id']}")
    counted = CONDITIONS[facts["condition"]]
    table.add_row("at least", Text(f"{facts['at_least']} {counted}", style="bold"))
    table.add_row("presented by", facts["presenter"])
    as_of = facts["as_of"]
    table.add_row("as of", f"batch {as_of['batch']}, sealed {times.moment(as_of['time'])}")
    table.add_row("in force until", times.moment(facts["expires_at"]))
    return table
