"""The page `docs/spec/refusals.md`, printed from the codes: `python -m ledger.refusals_page`."""

from __future__ import annotations

from ledger.refusals import Code


def table() -> str:
    """The Markdown table of `docs/spec/refusals.md`."""
    lines = [
        "# Refusal codes",
        "",
        "Printed by `python -m ledger.refusals_page`, and tested to be so. *Remembered* codes",
        "depend on the state of the book and are given again whenever the same record comes again.",
        "",
        "| code | category | remembered | rule | source | 中文 | English |",
        "|---|---|---|---|---|---|---|",
    ]
    for code in Code:
        kept = "yes" if code.remembered else "no"
        cells = (f"`{code.value}`", code.category, kept, code.rule, code.source, code.zh, code.en)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(table())
