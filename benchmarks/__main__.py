"""`python -m benchmarks`: measure everything once and print it beside its limits."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import append, audit, certificates, credits, nodes, proofs, signatures, state, town
from benchmarks.figure import Figure
from benchmarks.machine import machine


def main() -> None:
    """Nothing here passes or fails: figures are read by people."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, rougher figures")
    parser.add_argument(
        "--size",
        type=int,
        help="entries of the large log (1,000,000)",
    )
    parser.add_argument("--students", type=int, help="students of the credit report (50,000)")
    parser.add_argument(
        "--students-ledger",
        type=Path,
        metavar="FOLDER",
        help="where their ledger is kept, made if it is not there: that takes half an hour",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    scale = 10 if options.quick else 1
    size = options.size or 1_000_000 // scale
    console = Console()
    console.print(machine(), style="dim", highlight=False)
    found: list[Figure] = []
    for group in (
        signatures.figures(10_000 // scale),
        append.figures(10_000 // scale),
        audit.figures(10_000 // scale),
        nodes.figures(10_000 // scale),
        proofs.figures(size),
        state.figures(size),
        town.figures(400 // scale),
        certificates.figures(10_000 // scale),
        credits.figures(options.students or 50_000 // scale // scale, options.students_ledger),
    ):
        for figure in group:
            found.append(figure)
            console.print(f"  {figure.name}: {figure.value:,.1f} {figure.unit}", style="dim")
    console.print(table(found))
    for figure in found:
        console.print(f"{figure.name}: {figure.how}", style="dim", highlight=False)
    if options.json:
        report = {"machine": machine(), "figures": [asdict(figure) for figure in found]}
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def table(figures: list[Figure]) -> Table:
    """All figures beside their limits."""
    made = Table()
    made.add_column("what")
    made.add_column("measured", justify="right")
    made.add_column("limit", justify="right")
    made.add_column("share", justify="right")
    for figure in figures:
        limit = "" if figure.limit is None else f"{figure.limit:,.0f} {figure.limit_name}"
        share = "" if figure.share is None else f"{figure.share:.0%}"
        value = f"{figure.value:,.{0 if figure.value >= 100 else 2}f} {figure.unit}"
        made.add_row(figure.name, value, limit, share)
    return made


if __name__ == "__main__":
    main()
