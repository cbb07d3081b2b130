"""The messages that scripts say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.extract import extract


@cache
def said_by(folder: Path) -> frozenset[str]:
    """The messages that the scripts of a folder say by `t("…")` or `mark("…")`."""
    found: set[str] = set()
    for file in sorted(folder.rglob("*.js")):
        with file.open("rb") as opened:
            messages = extract("javascript", opened, keywords={"t": None, "mark": None})
            found.update(str(message) for _, message, _, _ in messages)
    return frozenset(found)
