"""The certificate on paper: one page that can stand alone, further pages for a long list.

What it says stands in `Statement`; the words in `certificate_words`. It never adds credit hours to
honour hours, and it says that paper alone proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.categories import category_text
from api.pdf.attachment import Attachment
from api.pdf.certificate_words import Telling, hours
from api.pdf.edges import draw_edges
from api.pdf.ended import Ended, banner, both
from api.pdf.first_page import FOOT_GAP, TITLE_TEXT, FirstPage
from api.pdf.layout import Block, pages
from api.pdf.notes import missing_blocks, note_blocks
from api.pdf.printed import Printed
from api.pdf.qr import make_code
from api.pdf.sheet import BOTTOM, HEIGHT, TOP, About, Sheets
from api.pdf.statement import Row, Statement
from api.pdf.table import Cell, Column, Table
from api.words import mark, words
from ledger.core.kinds.services import CREDIT, HONOUR
from ledger.core.state.flags import FLAGS


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where a ledger's root with this certificate stands: the chain by name and id, the block, the
    transaction as 0x-hex, and the block's time in Unix seconds, if the chain was asked for it.
    `demonstration` says that nobody but the operator witnesses the chain."""

    chain: str
    chain_id: int
    block: int
    transaction: str
    block_time: int | None = None
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """All that goes onto paper: what is stated, the QR code's text (`link.make_link`), the anchor
    (None: it waits for one), the proof file to embed, the civil time of the ledger, and what became
    of it since it was issued (None: nothing)."""

    statement: Statement
    link: str
    anchor: Anchored | None
    proof: Attachment
    utc_offset_minutes: int
    ended: Ended | None = None


def certificate_pdf(paper: Paper) -> Printed:
    """Print a certificate; the same paper gives the same bytes.

    Raises `WrongUse` for a language that there is none of, or a link too long for a QR code.
    """
    said = paper.statement
    telling = Telling(words(said.language), paper.utc_offset_minutes)
    title = telling.words(TITLE_TEXT)
    about = About(f"{title} {said.number}", said.organisation_name, said.language, said.issued_at)
    with Sheets(about, paper.proof) as sheets:
        first = FirstPage(sheets, telling, said, make_code(paper.link))
        foot = first.foot(_anchor(paper, telling), paper.link.partition("#")[0])
        blocks = list(banner(sheets, said, paper.ended)) if paper.ended else []
        blocks += [*first.blocks(), *_table(sheets, telling, said, paper.ended)]
        blocks += _notes(sheets, telling, said)
        # Wrapping has met every character by now, so the note about the missing ones is complete.
        blocks += missing_blocks(sheets, telling.words)
        lower = HEIGHT - FOOT_GAP - foot.height
        planned = pages(blocks, lambda page: (HEIGHT - BOTTOM if page else lower) - TOP)
        below = f"{paper.ended.word(telling.words)} · {about.title}" if paper.ended else about.title
        edge = (below, said.organisation_name, said.holder_name or said.holder)
        for number, content in enumerate(planned, 1):
            sheets.page(content)
            if number == 1:
                first.frame()
                foot.draw(lower)
            draw_edges(sheets, telling.words, edge, number, len(planned))
        return Printed(sheets.finish(), len(planned), tuple(sheets.missing_note()))


def _table(
    sheets: Sheets, telling: Telling, said: Statement, ended: Ended | None
) -> Iterator[Block]:
    """The rows by activity, each activity with its sums by class; a row that ended says so."""
    say = telling.words
    columns = (
        Column(say("Date and time"), 23),
        Column(say("What was done"), 50),
        Column(say("Class"), 22),
        Column(say("Hours"), 14, "right"),
        Column(say("Entered in the ledger"), 36),
    )
    table = Table(sheets, columns)
    heading = table.heading()
    yield heading
    for (activity, category), rows in _by_activity(said.rows):
        name = activity or say("Service without an activity")
        title = f"{name} · {category_text(say, category)}" if category else name
        band = table.band(title, _sums(telling, rows), (heading,))
        yield band
        for row in rows:
            what, below = telling.content(row)
            marks = [ended.mark(say, row.record) for say in both(said.language)] if ended else []
            cells = (
                Cell(*telling.service_time(row)),
                Cell(" · ".join(filter(None, [*marks, what])), below),
                Cell(*telling.hour_class(row)),
                Cell(hours(row.minutes)),
                Cell(*telling.entry(row)),
            )
            yield from table.row(cells, (heading, band))


def _by_activity(rows: tuple[Row, ...]) -> list[tuple[tuple[str, str], list[Row]]]:
    """Rows by activity and category, in order of the first service of each."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.started_at, row.record)):
        groups.setdefault((row.activity, row.category), []).append(row)
    return list(groups.items())


def _sums(telling: Telling, rows: list[Row]) -> str:
    """Hours by class side by side, never added up."""
    parts = []
    for hour_class, message in (
        (CREDIT, mark("credit {hours} h")),
        (HONOUR, mark("honour {hours} h")),
    ):
        minutes = sum(row.minutes for row in rows if row.hour_class == hour_class)
        if minutes:
            parts.append(telling.words(message, hours=hours(minutes)))
    return " · ".join(parts)


def _notes(sheets: Sheets, telling: Telling, said: Statement) -> Iterator[Block]:
    """What the marks in the table mean."""
    say = telling.words
    notes = [
        say(
            "Hours are minutes divided by 60, rounded to the nearest hundredth; sums are made of "
            "minutes. Times are {zone}.",
            zone=telling.zone(),
        )
    ]
    given = {flag for row in said.rows for flag in row.flags}
    for flag, sentence in FLAGS.items():
        if flag in given:
            name = telling.flag(flag)
            notes.append(say("{flag}: {sentence}", flag=name, sentence=say(sentence)))
    yield Block(2.5, lambda _: None)
    for note in notes:
        yield from note_blocks(sheets, note)


def _anchor(paper: Paper, telling: Telling) -> str:
    anchor = paper.anchor
    if anchor is None:
        return telling.words(
            "Waiting for anchor: when this was printed, the chain did not have it yet. Checking it "
            "shows the present state."
        )
    say = telling.words
    unnamed = say("chain {chain_id}", chain_id=anchor.chain_id)
    parts = [
        say("{chain} (chain {chain_id})", chain=anchor.chain, chain_id=anchor.chain_id)
        if anchor.chain
        else unnamed,
        say("block {block}", block=f"{anchor.block:,}"),
    ]
    if anchor.block_time is not None:
        parts.append(telling.stamp(anchor.block_time))
    parts.append(say("transaction {transaction}", transaction=anchor.transaction))
    if anchor.demonstration:
        parts.append(say("a demonstration chain, which nobody but its operator witnesses"))
    return " · ".join(parts)
