"""What a certificate that is printed again must say first: that it, or rows of it, count no longer.

Said in Chinese and in English, whatever its language: whoever holds the paper must not take it for
a good one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from api.pdf.certificate_words import hours
from api.pdf.layout import Block
from api.pdf.sheet import BREADTH, LEFT, Sheets, Style
from api.pdf.statement import Statement
from api.words import Words, words
from ledger.core.kinds.services import CREDIT, HONOUR

RED: Final = (150, 24, 24)
WASH: Final = (251, 235, 233)
WORD: Final = Style(20, 9.4, RED, "head")
SAID: Final = Style(9.0, 4.7, RED)
INSET: Final = 4.0


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a certificate: `verdict` is void, amended or disputed; `rows` says it of each
    row that is no longer as it was, by record id."""

    verdict: str
    rows: Mapping[bytes, str] = field(default_factory=dict)

    def word(self, say: Words) -> str:
        """The verdict in one language."""
        return _word(say, self.verdict)

    def mark(self, say: Words, record: bytes) -> str:
        """What stands at a row; empty for one that counts."""
        found = self.rows.get(record)
        if found is None:
            return ""
        word = _word(say, found)
        if found == "disputed":
            return say("{word}: an objection is open", word=word)
        return say("{word}: counts no longer", word=word)


def _word(say: Words, verdict: str) -> str:
    if verdict == "void":
        return say("Void").upper()
    return (say("Amended") if verdict == "amended" else say("Disputed")).upper()


def both(language: str) -> tuple[Words, Words]:
    """Chinese and English: Chinese in the certificate's script."""
    return words("zh-Hans" if language == "en" else language), words("en")


def banner(sheets: Sheets, said: Statement, ended: Ended) -> Iterator[Block]:
    """The verdict's word, large, above everything else, and what it means."""
    languages = both(said.language)
    word = " ".join(ended.word(say) for say in languages)
    pieces = [(line, WORD) for line in sheets.wrap(word, WORD, BREADTH - 2 * INSET)]
    for say in languages:
        text = _meaning(say, said, ended)
        pieces += [(line, SAID) for line in sheets.wrap(text, SAID, BREADTH - 2 * INSET)]
    height = sum(style.leading for _, style in pieces) + 2 * INSET

    def draw(y: float) -> None:
        sheets.box(LEFT, y, BREADTH, height, WASH)
        sheets.box(LEFT, y, 1.2, height, RED)
        top = y + INSET
        for text, style in pieces:
            top = sheets.column([text], LEFT + INSET, top, style)

    yield Block(height, draw)
    yield Block(5.0, lambda _: None)


def _meaning(say: Words, said: Statement, ended: Ended) -> str:
    gone = [row for row in said.rows if ended.rows.get(row.record) in ("void", "amended")]
    if gone:
        credit, honour = (
            hours(sum(row.minutes for row in gone if row.hour_class == kind))
            for kind in (CREDIT, HONOUR)
        )
        return say.plural(
            "Since this certificate was issued, {count} of its services ended: it is marked "
            "below and counts no longer. The sums below still hold it: credit {credit} h, honour "
            "{honour} h.",
            "Since this certificate was issued, {count} of its services ended: they are marked "
            "below and count no longer. The sums below still hold them: credit {credit} h, honour "
            "{honour} h.",
            len(gone),
            credit=credit,
            honour=honour,
        )
    if ended.verdict == "void":
        return say("This certificate was revoked after it was issued. It counts no longer.")
    if ended.verdict == "amended":
        return say("A newer certificate replaces this one. It counts no longer.")
    return say("An objection to it is open, or a key behind it was revoked after it was issued.")
