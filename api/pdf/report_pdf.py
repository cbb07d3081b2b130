"""A report on paper: a title, facts, one table that flows over pages, notes and places to sign.

It knows nothing of what it reports; whoever does hands it the words, in the report's language.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api.pdf.attachment import Attachment
from api.pdf.edges import draw_edges
from api.pdf.layout import Block, pages
from api.pdf.notes import missing_blocks, note_blocks
from api.pdf.printed import Printed
from api.pdf.sheet import BOTTOM, BREADTH, GREY, HEIGHT, INK, LEFT, TEAL, TOP, About, Sheets, Style
from api.pdf.table import Cell, Column, Table
from api.words import words

ISSUER: Final = Style(10.5, 5.5, TEAL, "head")
TITLE: Final = Style(20, 9.4, INK, "head")
SUBTITLE: Final = Style(8.8, 4.6, GREY)
LABEL: Final = Style(7.2, 3.8, GREY)
VALUE: Final = Style(9.0, 4.5)
SIGN: Final = Style(8.0, 4.1)

SIGN_HEIGHT: Final = 26.0


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together, under a line with their name and their sums. Both may be empty:
    then there is no such line. A row has a cell for each column."""

    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""
    sums: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says. `language` is a BCP 47 tag (zh-Hans, zh-Hant or en), `issued_at` is
    Unix seconds UTC; `facts` are labels and values; `signatures` name who signs by hand."""

    title: str
    subtitle: str
    issuer: str
    language: str
    number: str
    issued_at: int
    facts: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    attachment: Attachment | None = None


def report_pdf(report: Report) -> Printed:
    """Print a report; the same report gives the same bytes. Raises `WrongUse` for a language that
    there is none of, `ValueError` if a row has not a cell for each column."""
    say = words(report.language)
    about = About(
        f"{report.title} {report.number}".strip(),
        report.issuer,
        report.language,
        report.issued_at,
    )
    with Sheets(about, report.attachment) as sheets:
        blocks = [*_head(sheets, report), *_facts(sheets, report), *_table(sheets, report)]
        blocks.append(Block(2.5, lambda _: None))
        for note in report.notes:
            blocks += note_blocks(sheets, note)
        if report.signatures:
            blocks.append(_signatures(sheets, report))
        blocks += missing_blocks(sheets, say)
        planned = pages(blocks, lambda _: HEIGHT - TOP - BOTTOM)
        edge = (about.title, report.issuer, report.subtitle)
        for number, content in enumerate(planned, 1):
            sheets.page(content)
            draw_edges(sheets, say, edge, number, len(planned))
        return Printed(sheets.finish(), len(planned), tuple(sheets.missing_note()))


def _head(sheets: Sheets, report: Report) -> Iterator[Block]:
    for text, style in (
        (report.issuer, ISSUER),
        (report.title, TITLE),
        (report.subtitle, SUBTITLE),
    ):
        if text:
            yield from _lines(sheets, text, style)
    yield Block(6.0, lambda y: sheets.rule(LEFT, y + 2.5, 24, TEAL, 0.4))


def _lines(sheets: Sheets, text: str, style: Style) -> Iterator[Block]:
    for line in sheets.wrap(text, style, BREADTH):

        def draw(y: float, line: str = line) -> None:
            sheets.column([line], LEFT, y, style)

        yield Block(style.leading, draw)


def _facts(sheets: Sheets, report: Report) -> Iterator[Block]:
    """Label and value, three pairs a line."""
    gap = 6.0
    width = (BREADTH - 2 * gap) / 3
    for first in range(0, len(report.facts), 3):
        given = [
            (LEFT + place * (width + gap), label, sheets.wrap(value, VALUE, width))
            for place, (label, value) in enumerate(report.facts[first : first + 3])
        ]
        height = LABEL.leading + max(len(lines) for *_, lines in given) * VALUE.leading + 2

        def draw(y: float, given: list[tuple[float, str, list[str]]] = given) -> None:
            for x, label, lines in given:
                sheets.column([label], x, y, LABEL)
                sheets.column(lines, x, y + LABEL.leading, VALUE)

        yield Block(height, draw)
    yield Block(2.0, lambda _: None)


def _table(sheets: Sheets, report: Report) -> Iterator[Block]:
    table = Table(sheets, report.columns)
    heading = table.heading()
    yield heading
    for group in report.groups:
        again: tuple[Block, ...] = (heading,)
        if group.name or group.sums:
            band = table.band(group.name, group.sums, again)
            yield band
            again = (heading, band)
        for row in group.rows:
            yield from table.row(row, again)


def _signatures(sheets: Sheets, report: Report) -> Block:
    """A line for each who signs, beside each other."""
    gap = 8.0
    width = (BREADTH - gap * (len(report.signatures) - 1)) / len(report.signatures)
    named = [sheets.wrap(who, SIGN, width) for who in report.signatures]
    height = SIGN_HEIGHT + max(map(len, named)) * SIGN.leading

    def draw(y: float) -> None:
        for place, lines in enumerate(named):
            x = LEFT + place * (width + gap)
            sheets.rule(x, y + SIGN_HEIGHT - 2, width, GREY, 0.2)
            sheets.column(lines, x, y + SIGN_HEIGHT, SIGN)

    return Block(height, draw)
