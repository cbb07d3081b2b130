"""The messages that scripts say."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.extract import extract

from api.words import Words

Message = str | tuple[str, str]
"""A message, or one and many where a number decides."""

_SAYING: Final = {"t": None, "mark": None, "tn": (1, 2), "plural": (1, 2)}


@cache
def said_by(folder: Path) -> frozenset[Message]:
    """The messages that the scripts of a folder say by `t("…")` or `mark("…")`, and by
    `tn("one", "many", …)` or `plural("one", "many")`."""
    found: set[Message] = set()
    for file in sorted(folder.rglob("*.js")):
        with file.open("rb") as opened:
            for _, message, _, _ in extract("javascript", opened, keywords=_SAYING):
                found.add(message if isinstance(message, str) else (message[0], message[1]))
    return frozenset(found)


def told(messages: Iterable[Message], said: Words) -> dict[str, str]:
    """Message → what it is in a language, as `shared/words.js` reads it; of one and many, each."""
    found = {}
    for message in sorted(messages, key=str):
        if isinstance(message, str):
            found[message] = said(message)
        else:
            found |= {form: said.form(*message, n) for n, form in enumerate(message, 1)}
    return found
