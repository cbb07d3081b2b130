"""What stands at the edges of a page: its number, and on a further page whose it is."""

from __future__ import annotations

from typing import Final

from api.pdf.sheet import BREADTH, GREY, HEIGHT, LEFT, RIGHT, Sheets, Style
from api.words import Words

EDGE: Final = Style(7.0, 3.6, GREY)


def draw_edges(
    sheets: Sheets, say: Words, texts: tuple[str, str, str], page: int, pages: int
) -> None:
    """Draw the edges of page `page` of `pages`: the first text below, the other two above every
    page but the first, left and right. A text that is too long for its place ends in `…`; the
    whole of it is on the first page."""
    below, left, right = (_short(sheets, text) for text in texts)
    sheets.put(below, LEFT, HEIGHT - 14.5, EDGE)
    counted = say("Page {page} of {pages}", page=page, pages=pages)
    sheets.put(counted, RIGHT, HEIGHT - 14.5, EDGE, "right")
    if page > 1:
        sheets.put(left, LEFT, 15.5, EDGE)
        sheets.put(right, RIGHT, 15.5, EDGE, "right")


def _short(sheets: Sheets, text: str) -> str:
    whole, *rest = sheets.wrap(text, EDGE, BREADTH / 2 - 6)
    return f"{whole}…" if rest else whole
