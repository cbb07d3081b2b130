"""Notes below a table, among them the one that no document may leave out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from api.pdf.layout import Block
from api.pdf.sheet import BREADTH, GREY, LEFT, Sheets, Style
from api.words import Words

NOTE: Final = Style(7.0, 3.7, GREY)


def note_blocks(sheets: Sheets, note: str) -> Iterator[Block]:
    """A note over the whole breadth, line by line, so that it flows over pages."""
    for line in sheets.wrap(note, NOTE, BREADTH):

        def draw(y: float, line: str = line) -> None:
            sheets.column([line], LEFT, y, NOTE)

        yield Block(NOTE.leading, draw)


def missing_blocks(sheets: Sheets, say: Words) -> Iterator[Block]:
    """Which characters are printed as `〓`, if any are. To be asked last: wrapping a text is what
    finds them."""
    missing = sheets.missing_note()
    if missing:
        note = say(
            "〓 stands for a character that this document's fonts lack: {codes}.",
            codes=", ".join(missing),
        )
        yield from note_blocks(sheets, note)
