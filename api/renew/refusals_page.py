"""The page `docs/spec/refusals.md`, printed from the codes: `python -m api.renew.refusals_page`."""

from __future__ import annotations

from api.words import chinese, names
from ledger.refusals import Code


def table() -> str:
    """The Markdown table of `docs/spec/refusals.md`."""
    own = (names()["zh-Hans"], names()["en"])
    lines = [
        "# Refusal codes",
        "",
        "Printed by `python -m api.renew.refusals_page`, and tested to be so. *Remembered* codes",
        "depend on the ledger's state and are given again whenever the same record comes again.",
        "",
        "| code | category | remembered | rule | source | " + " | ".join(own) + " |",
        "|---|---|---|---|---|---|---|",
    ]
    for code in Code:
        kept = "yes" if code.remembered else "no"
        said = (chinese(code.en), code.en)
        cells = (f"`{code.value}`", code.category, kept, code.rule, code.source, *said)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(table())
