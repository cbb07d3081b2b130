"""What an audit has for a person, in the terminal: red flags and the sample."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from api.terminal.audit_html import Sample
from api.words import both
from ledger.operations.red_flags import RedFlag


def show_findings(console: Console, flags: Sequence[RedFlag], sample: Sample | None) -> None:
    """Red flags by organisation; the sample with its seed."""
    if flags:
        table = Table(title=both("Red flags: unusual, not proved wrong"), title_justify="left")
        for name in ("flag", "organisation", "services", "what it says", "first entries"):
            table.add_column(name, overflow="fold")
        for flag in flags:
            table.add_row(
                flag.code,
                flag.organisation,
                f"{flag.count:,} of {flag.of:,}",
                both(flag.en),
                ", ".join(map(str, flag.entries)),
            )
        console.print(table)
    if sample is not None:
        console.print(f"Sample by the seed {sample.seed!r}:", highlight=False)
        console.print("  entries " + (", ".join(map(str, sample.entries)) or "–"))
        console.print("  organisations " + (", ".join(sample.organisations) or "–"))
