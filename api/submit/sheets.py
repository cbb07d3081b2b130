"""A sheet of many records of one kind: a column for each field, a row for each record.

Never stops at a bad row, and can be killed and run again: what was signed is kept before it is
handed in, so the same row is the same record.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from api.bodies.reading import Background, headings, write
from api.errors import WrongUse
from api.submit.ends import End, Sent
from api.submit.kept import Kept, Signed, name_of
from api.submit.signers import Signer, claims
from api.tables.rows import Row, read_rows
from api.words import both
from ledger.core.format.structs import Body
from ledger.core.kinds.kind import Kind
from ledger.core.records.record import Record

CHUNK: Final = 200
"""Rows that are signed, kept and handed in together."""

_ENCODINGS: Final = ("utf-8-sig", "gb18030")
_DELIMITERS: Final = (",", "\t", ";")

Texts = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: `wrong` says in words what is not right with it; else it was sent."""

    row: int
    wrong: str = ""
    sent: Sent | None = None

    @property
    def taken(self) -> bool:
        """Whether its record is in the ledger."""
        return self.sent is not None and not self.sent.code


@dataclass(frozen=True, slots=True)
class Handover:
    """How a sheet is worked through: into what end, by whom, with what in every row."""

    kind: Kind
    end: End
    signers: Sequence[Signer]
    background: Background
    kept: Kept
    everywhere: Texts

    def sign(self, texts: Texts) -> Signed:
        """What was signed for this already, or a record that is signed now and not kept yet."""
        asked = name_of(self.kind.name, texts, [f"{s.role} {s.address}" for s in self.signers])
        known = self.kept.find(asked)
        if known is not None:
            return known
        written = write(self.kind.body, texts, self.background)
        signed = claims(self.end.ledger, written.body, self.signers, self.end.authorities)
        return Signed(asked, Record(written.body, signed), written.openings)

    def hand_in(self, signed: Sequence[Signed]) -> list[Sent]:
        """Keep what is new, then hand all in; what became of each."""
        if not signed:
            return []
        self.kept.add([one for one in signed if self.kept.find(one.asked) is None])
        sent = self.end.send([one.record for one in signed])
        pairs = zip(signed, sent, strict=True)
        self.kept.refused([one.asked for one, answer in pairs if answer.code])
        return sent

    def run(self, file: Path) -> Iterator[Outcome]:
        """The outcomes of the rows, in order. Raises `WrongUse` for a file that is no such sheet,
        `Unavailable` where a second run is needed."""
        seen: dict[str, int] = {}
        source = _rows(file, self.kind.body)
        while rows := list(islice(source, CHUNK)):
            yield from self._chunk(rows, seen)

    def _chunk(self, rows: Sequence[Row], seen: dict[str, int]) -> list[Outcome]:
        found: dict[int, Outcome] = {}
        signed: dict[int, Signed] = {}
        for row in rows:
            try:
                one = self.sign(self._texts(row))
                first = seen.setdefault(one.asked, row.number)
                if first != row.number:
                    raise WrongUse(both("It repeats row {row}.", row=first))
                signed[row.number] = one
            except WrongUse as wrong:
                found[row.number] = Outcome(row.number, str(wrong))
        sent = self.hand_in(list(signed.values()))
        found |= {n: Outcome(n, sent=s) for n, s in zip(signed, sent, strict=True)}
        return [found[row.number] for row in rows]

    def _texts(self, row: Row) -> Texts:
        if row.cells is None:
            raise WrongUse(both("The row has not the columns of the header."))
        columns = headings(self.kind.body)
        own = {columns[name.casefold()]: [cell] for name, cell in row.cells.items() if name}
        return {**self.everywhere, **{path: cell for path, cell in own.items() if cell[0].strip()}}


def _rows(file: Path, struct: type[Body]) -> Iterator[Row]:
    try:
        text = _decoded(file.read_bytes())
    except OSError as error:
        raise WrongUse(f"{file}: {error.strerror}") from error
    header = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header.count)
    known = headings(struct)
    rows = read_rows(io.StringIO(text, newline=""), delimiter, ())
    for row in rows:
        strange = [name for name in row.cells or () if name and name.casefold() not in known]
        if strange:
            raise WrongUse(f"{both('There is no such field:')} {', '.join(strange)}")
        yield row


def _decoded(data: bytes) -> str:
    for name in _ENCODINGS:
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    raise WrongUse(both("The sheet is neither UTF-8 nor GBK: save it as CSV UTF-8."))
