"""Prints docs/commands.md: every command, out of the table by which they are found."""

from __future__ import annotations

from api.cli.commands import COMMANDS

_HEAD = """\
# Commands

Printed by `python -m api.cli.commands_page` out of the table by which commands are found
(`api/cli/commands.py`); a test compares it with `hourledger --help`. `hourledger COMMAND --help`
lists a command's options. How they are used: [operations](operations.md).

Exit codes: 0 done, 1 no, 2 wrong use, 3 not now.

| command | what it does |
|---|---|
"""


def table() -> str:
    """The page, in Markdown."""
    return _HEAD + "".join(f"| `hourledger {c.words}` | {c.help} |\n" for c in COMMANDS)


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - a page for a pipe
