"""Tables that flow over pages: rows become blocks, the heading is drawn again on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.pdf.layout import Block
from api.pdf.sheet import BREADTH, GREY, HAIRLINE, LEFT, TEAL, TINT, Align, Sheets, Style

HEADING: Final = Style(7.2, 3.6, GREY)
BODY: Final = Style(8.2, 4.1)
SMALL: Final = Style(7.0, 3.6, GREY)
BAND: Final = Style(8.8, 4.5, TEAL)

PADDING: Final = 1.5
"""Above and below the text of a row."""

GUTTER: Final = 3.0
"""Between two columns."""

ROW_LINES_MAX: Final = 16
"""A row with more lines is cut into several pieces, so that each fits a page."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its share of the breadth, where its text stands."""

    title: str
    share: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, and below it a smaller line. Either may be empty."""

    text: str
    small: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a table on given sheets."""

    sheets: Sheets
    columns: Sequence[Column]

    def heading(self) -> Block:
        """The titles of the columns, with a line below."""
        titles = [
            self.sheets.wrap(column.title, HEADING, width) for column, (_, width) in self._places()
        ]
        height = max(map(len, titles)) * HEADING.leading + 2 * PADDING

        def draw(y: float) -> None:
            for (column, (x, width)), pieces in zip(self._places(), titles, strict=True):
                top = y + height - PADDING - len(pieces) * HEADING.leading
                edge = _edge(column.align, x, width)
                self.sheets.column(pieces, edge, top, HEADING, column.align)
            self.sheets.rule(LEFT, y + height - 0.3, BREADTH, TEAL, 0.3)

        return Block(height, draw, keep=True)

    def band(self, left: str, right: str, again: tuple[Block, ...]) -> Block:
        """The heading of a group of rows, with its sums at the right end."""
        sums = self.sheets.wrap(right, SMALL, BREADTH * 0.45)
        reserved = max(self.sheets.width(piece, SMALL) for piece in sums)
        names = self.sheets.wrap(left, BAND, BREADTH - reserved - GUTTER - 4)
        height = max(len(names) * BAND.leading, len(sums) * SMALL.leading) + 2 * PADDING

        def draw(y: float) -> None:
            self.sheets.box(LEFT, y, BREADTH, height, TINT)
            self.sheets.column(names, LEFT + 2, y + PADDING, BAND)
            first = y + PADDING + (BAND.leading - SMALL.leading) * 0.76
            self.sheets.column(sums, LEFT + BREADTH - 2, first, SMALL, "right")

        return Block(height, draw, keep=True, again=again)

    def row(self, cells: Sequence[Cell], again: tuple[Block, ...]) -> list[Block]:
        """A row: one block, or several if it is higher than `ROW_LINES_MAX` lines. Raises
        `ValueError` unless there is a cell for each column."""
        if len(cells) != len(self.columns):
            raise ValueError(f"a row has {len(cells)} cells for {len(self.columns)} columns")
        columns = [
            self._lines(cell, width)
            for cell, (_, (_, width)) in zip(cells, self._places(), strict=True)
        ]
        count = max(map(len, columns))
        cuts = range(0, count, ROW_LINES_MAX)
        return [
            self._piece([pieces[cut : cut + ROW_LINES_MAX] for pieces in columns], again)
            for cut in cuts
        ]

    def _piece(self, columns: list[list[tuple[str, Style]]], again: tuple[Block, ...]) -> Block:
        height = 2 * PADDING + max(sum(style.leading for _, style in pieces) for pieces in columns)

        def draw(y: float) -> None:
            for (column, (x, width)), pieces in zip(self._places(), columns, strict=True):
                top = y + PADDING
                for text, style in pieces:
                    edge = _edge(column.align, x, width)
                    top = self.sheets.column([text], edge, top, style, column.align)
            self.sheets.rule(LEFT, y + height - 0.15, BREADTH, HAIRLINE, 0.15)

        return Block(height, draw, again=again)

    def _lines(self, cell: Cell, width: float) -> list[tuple[str, Style]]:
        made = [(piece, BODY) for piece in self.sheets.wrap(cell.text, BODY, width)]
        if cell.small:
            made += [(piece, SMALL) for piece in self.sheets.wrap(cell.small, SMALL, width)]
        return made

    def _places(self) -> list[tuple[Column, tuple[float, float]]]:
        """Each column with its left end and its width, in millimetres."""
        free = BREADTH - GUTTER * (len(self.columns) - 1)
        whole = sum(column.share for column in self.columns)
        made = []
        x = LEFT
        for column in self.columns:
            width = free * column.share / whole
            made.append((column, (x, width)))
            x += width + GUTTER
        return made


def _edge(align: Align, x: float, width: float) -> float:
    return {"left": x, "centre": x + width / 2, "right": x + width}[align]
