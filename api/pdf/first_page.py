"""The first page of a certificate: who, when, how many hours of each class, and how to check it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from api.pdf.certificate_words import Telling, hours
from api.pdf.layout import Block
from api.pdf.qr import Code
from api.pdf.sheet import (
    BREADTH,
    GREY,
    HAIRLINE,
    INK,
    LEFT,
    OCHRE,
    RIGHT,
    TEAL,
    WIDTH,
    Colour,
    Sheets,
    Style,
)
from api.pdf.statement import Statement
from api.words import mark, words
from ledger.core.kinds.services import CREDIT, HONOUR

ISSUER: Final = Style(11.5, 6.0, TEAL, "head")
TITLE: Final = Style(25, 11.5, INK, "head")
SUBTITLE: Final = Style(8.6, 4.4, GREY)
NAME: Final = Style(18, 9.0, INK, "head")
PROSE: Final = Style(9.6, 5.4)
LABEL: Final = Style(7.2, 3.8, GREY)
VALUE: Final = Style(9.0, 4.5)
FIGURE: Final = Style(31, 12.5, INK, "head")
UNIT: Final = Style(9.5, 5.0, GREY)
ASIDE: Final = Style(7.4, 3.9, GREY)
FOOT_HEAD: Final = Style(8.0, 4.3, TEAL, "head")
FOOT_TEXT: Final = Style(7.1, 3.65)
NUMBER: Final = Style(8.0, 3.9, INK, "head")

FOOT_GAP: Final = 20.0
"""Below the foot of the first page."""

MIDDLE: Final = WIDTH / 2

TITLE_TEXT: Final = mark("Record of volunteer service")
"""The title as a message; the other script's is printed small below it."""


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The parts of the first page, on given sheets."""

    sheets: Sheets
    telling: Telling
    said: Statement
    code: Code

    def frame(self) -> None:
        """Two thin lines around the page."""
        self.sheets.frame(9.0, TEAL, 0.5)
        self.sheets.frame(10.4, HAIRLINE, 0.2)

    def blocks(self) -> Iterator[Block]:
        """What stands above the table."""
        say = self.telling.words
        title = say(TITLE_TEXT)
        yield from self._centred(self.said.organisation_name, ISSUER)
        yield Block(3.0, lambda _: None)
        yield from self._centred(title, TITLE)
        english = self.said.language == "en"
        yield from self._centred(words("zh-Hans")(TITLE_TEXT) if english else TITLE_TEXT, SUBTITLE)
        yield Block(6.0, self._ornament)
        if self.said.holder_name:
            yield from self._centred(self.said.holder_name, NAME)
        yield from self._centred(
            say(
                "The volunteer service below was recorded by this organisation, {period}.",
                period=self.telling.period(self.said.served_from, self.said.served_until),
            ),
            PROSE,
        )
        yield self._hours()
        yield from self._facts()
        yield Block(3.0, lambda _: None)

    def _centred(self, text: str, style: Style) -> Iterator[Block]:
        for line in self.sheets.wrap(text, style, BREADTH):

            def draw(y: float, line: str = line) -> None:
                self.sheets.column([line], MIDDLE, y, style, "centre")

            yield Block(style.leading, draw)

    def _ornament(self, y: float) -> None:
        self.sheets.rule(MIDDLE - 12, y + 2.2, 24, TEAL, 0.4)

    def _hours(self) -> Block:
        say = self.telling.words
        aside = say(
            "The two classes are different things: they stand side by side and are not added up."
        )
        asides = self.sheets.wrap(aside, ASIDE, BREADTH)

        def draw(y: float) -> None:
            half = BREADTH / 2
            self._class(LEFT, y + 4, CREDIT, self.said.credit_minutes, TEAL)
            self._class(LEFT + half, y + 4, HONOUR, self.said.honour_minutes, OCHRE)
            self.sheets.box(MIDDLE - 0.1, y + 5, 0.2, 22, HAIRLINE)
            self.sheets.column(asides, MIDDLE, y + 29.5, ASIDE, "centre")

        return Block(33.0 + len(asides) * ASIDE.leading, draw)

    def _class(self, x: float, y: float, hour_class: str, minutes: int, colour: Colour) -> None:
        """One class: its name, its hours as a big number, and what the number rests on."""
        say = self.telling.words
        credit = hour_class == CREDIT
        middle = x + BREADTH / 4
        name = say("Credit hours") if credit else say("Honour hours")
        self.sheets.column([name], middle, y, Style(10.5, 5.5, colour, "head"), "centre")
        figure, unit = hours(minutes), say("hours")
        wide = self.sheets.width(figure, FIGURE)
        start = middle - (wide + 2 + self.sheets.width(unit, UNIT)) / 2
        self.sheets.put(figure, start, y + 17, FIGURE)
        self.sheets.put(unit, start + wide + 2, y + 17, UNIT)
        count = sum(row.hour_class == hour_class for row in self.said.rows)
        below = say.plural(
            "{minutes} minute · services: {count} · {source}",
            "{minutes} minutes · services: {count} · {source}",
            minutes,
            minutes=f"{minutes:,}",
            count=f"{count:,}",
            source=say("clocked in and out") if credit else say("entered afterwards"),
        )
        self.sheets.column([below], middle, y + 20, ASIDE, "centre")

    def _facts(self) -> Iterator[Block]:
        """Label and value, two pairs a line."""
        say, said = self.telling.words, self.said
        facts = [
            (say("Certificate number"), said.number),
            (say("Issued on"), self.telling.day(said.issued_at)),
            (say("Recorded and issued by"), said.organisation_name),
            (say("Purpose"), said.purpose or say("not stated")),
        ]
        half = (BREADTH - 8) / 2
        for pair in (facts[:2], facts[2:]):
            given = [
                (LEFT + number * (half + 8), label, self.sheets.wrap(value, VALUE, half))
                for number, (label, value) in enumerate(pair)
            ]
            height = LABEL.leading + max(len(lines) for *_, lines in given) * VALUE.leading + 1.8

            def draw(y: float, given: list[tuple[float, str, list[str]]] = given) -> None:
                for x, label, lines in given:
                    self.sheets.column([label], x, y, LABEL)
                    self.sheets.column(lines, x, y + LABEL.leading, VALUE)

            yield Block(height, draw)
        yield from self._identifiers()

    def _identifiers(self) -> Iterator[Block]:
        """What a computer goes by: small, below what people go by."""
        say, said = self.telling.words, self.said
        named = [
            (say("Volunteer's account"), said.holder),
            (say("Organisation's account"), said.organisation),
            (say("Ledger"), f"{said.ledger_name} · 0x{said.ledger.hex()}"),
        ]
        if said.supersedes is not None:
            named.append((say("Replaces the certificate"), "0x" + said.supersedes.hex()))
        x = LEFT + 3 + max(self.sheets.width(label, LABEL) for label, _ in named)
        for label, value in named:
            lines = self.sheets.wrap(value, LABEL, RIGHT - x)

            def draw(y: float, label: str = label, lines: list[str] = lines) -> None:
                self.sheets.column([label], LEFT, y, LABEL)
                self.sheets.column(lines, x, y, LABEL)

            yield Block(len(lines) * LABEL.leading, draw)

    def foot(self, anchor: str, address: str) -> Block:
        """The QR code with the number below it, and beside it what a reader must know."""
        say = self.telling.words
        side = self.code.side
        wide = BREADTH - side - 4
        texts = [
            (say("Anchor"), anchor),
            (
                say("How to check"),
                say(
                    "Scan the code, or open {address} and drop this PDF on the page, or run "
                    "hourledger verify on it: the proof file is inside. It is free, needs no "
                    "account, and works without our servers.",
                    address=address,
                ),
            ),
            (
                say("What this does not prove"),
                say(
                    "The print alone proves nothing; the check counts. A check shows who recorded "
                    "and signed what, when, and that it was not changed since. It does not show "
                    "that the person was there, nor how good the work was."
                ),
            ),
        ]
        paragraphs = [
            (self.sheets.wrap(head, FOOT_HEAD, wide), self.sheets.wrap(text, FOOT_TEXT, wide))
            for head, text in texts
        ]
        number = self.sheets.wrap(self.said.number, NUMBER, side - 2 * self.code.quiet)
        written = sum(
            len(heads) * FOOT_HEAD.leading + len(lines) * FOOT_TEXT.leading + 1.4
            for heads, lines in paragraphs
        )
        height = 4 + max(written, side + len(number) * NUMBER.leading)

        def draw(y: float) -> None:
            self.sheets.rule(LEFT, y, BREADTH, TEAL, 0.3)
            top = y + 4
            for heads, lines in paragraphs:
                top = self.sheets.column(heads, LEFT, top, FOOT_HEAD)
                top = self.sheets.column(lines, LEFT, top, FOOT_TEXT) + 1.4
            alternative = say("QR code: {link}", link=address)
            # The quiet zone may lie in the margin: so the code itself is flush with the text.
            x, top = RIGHT - side + self.code.quiet, y + 4.5 - self.code.quiet
            picture = io.BytesIO(self.code.png)
            self.sheets.pdf.image(picture, x, top, side, side, alt_text=alternative)
            self.sheets.column(number, x + side / 2, top + side, NUMBER, "centre")

        return Block(height, draw)
