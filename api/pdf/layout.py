"""Where lines and pages break. Pure: measures and draws nothing itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

NEVER_FIRST: Final = "，。、；：？！）》」』】〉％…—·,.;:?!)]}%”’"
"""What may not begin a line."""

NEVER_LAST: Final = "（《「『【〈([{“‘"
"""What may not end one."""

_TOKEN: Final = re.compile(
    rf" +|[{re.escape(NEVER_LAST)}]*"
    r"(?:[!-~\u00a1-\u024f\u2010-\u2027]+|[^!-~\u00a1-\u024f\u2010-\u2027 ])?"
    rf"[{re.escape(NEVER_FIRST)}]*"
)


def lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The text cut into lines no longer than `width` by `measure`; at least one, maybe empty.

    Latin words stay whole, Chinese breaks between any two characters, punctuation stays with what
    it belongs to. A single word longer than a line is cut where the line ends.
    """
    made: list[str] = []
    line = ""
    for token in _tokens(text):
        if measure(line + token.rstrip(" ")) <= width:
            line += token
            continue
        if line.strip(" "):
            made.append(line.rstrip(" "))
        line = token.lstrip(" ")
        while measure(line.rstrip(" ")) > width and len(line) > 1:
            fits = _longest(line, width, measure)
            made.append(line[:fits])
            line = line[fits:]
    made.append(line.rstrip(" "))
    return made


def _tokens(text: str) -> Iterator[str]:
    return (found.group() for found in _TOKEN.finditer(text) if found.group())


def _longest(word: str, width: float, measure: Callable[[str], float]) -> int:
    """How many characters of a word fit, one at least."""
    fits = 1
    while fits < len(word) and measure(word[: fits + 1]) <= width:
        fits += 1
    return fits


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page that is never cut: its height in millimetres, and how to draw it at a
    distance from the top of the page.

    `keep`: never the last of a page. `again`: drawn before it when it begins a page (the heading of
    its table).
    """

    height: float
    draw: Callable[[float], None]
    keep: bool = False
    again: tuple[Block, ...] = ()


def pages(blocks: Sequence[Block], room: Callable[[int], float]) -> list[list[Block]]:
    """The blocks spread over pages; `room` is what page n (from 0) has, in millimetres.

    A block that is higher than an empty page is alone on one. There is always a first page.
    """
    made: list[list[Block]] = [[]]
    used = 0.0
    for group in _groups(blocks):
        height = sum(block.height for block in group)
        if made[-1] and used + height > room(len(made) - 1):
            made.append([])
            used = 0.0
        if not made[-1]:
            made[-1] += group[0].again
            used = sum(block.height for block in group[0].again)
        made[-1] += group
        used += height
    return made


def _groups(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Blocks that stay together: those to keep, with the one that follows."""
    group: list[Block] = []
    for block in blocks:
        group.append(block)
        if not block.keep:
            yield group
            group = []
    if group:
        yield group
