"""Cells of an XLSX workbook, as their reader sees them in a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import from_excel

from api.credits.budget import Budget
from api.credits.roster_cells import CELL_MAX, shown

COLUMNS_MAX: Final = 64
"""Most columns of a workbook that are looked at."""

_ZEROS: Final = re.compile(r'(?:"([^"]*)")?(0{2,})(?:_.|"")*\Z')
_LETTERS: Final = re.compile(r"[A-Z]{1,3}")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")

_KEPT_MAX: Final = 4096
_FORMAT_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell. `number`: the file holds a number; `zeros`: and a format that shows the
    zeros before it, which are then in the text."""

    text: str
    number: bool = False
    zeros: bool = False


BLANK: Final = Cell("")


class Text:
    """Pieces of text that make one cell. What no cell may have is not kept."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0

    def add(self, data: str) -> None:
        """One more piece."""
        if self._length <= _KEPT_MAX:
            self._pieces.append(data)
            self._length += len(data)

    def made(self) -> str:
        """The whole, as a cell shows it; of one that is far too long a beginning that is too long
        as well."""
        whole = "".join(self._pieces)
        if self._length > _KEPT_MAX:
            return whole[: CELL_MAX + 1]
        return shown(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), whole))


class Strings:
    """The shared strings: each is made ready once, however many cells show it."""

    def __init__(self) -> None:
        self.found: list[Cell] = []
        self._text = Text()
        self._phonetic = self._in_text = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "si":
            self._text = Text()
        self._phonetic = self._phonetic or name == "rPh"
        self._in_text = name == "t" and not self._phonetic

    def end(self, name: str) -> None:
        """It ends."""
        if name == "si":
            self.found.append(Cell(self._text.made()))
        elif name == "rPh":
            self._phonetic = False
        self._in_text = False

    def text(self, data: str) -> None:
        """A piece of text."""
        if self._in_text:
            self._text.add(data)


@dataclass(frozen=True, slots=True)
class _Shown:
    """How numbers of a style are shown: as dates; or with so many places, after some text."""

    is_date: bool = False
    places: int = 0
    before: str = ""


class Styles:
    """How the numbers of each style are shown."""

    def __init__(self, epoch: datetime) -> None:
        """`epoch` is where this workbook begins to count days."""
        self._epoch = epoch
        self._formats: dict[int, str] = dict(BUILTIN_FORMATS)
        self._styles: list[int] = []
        self._known: dict[int, _Shown] = {}
        self._in_cells = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "numFmt":
            self._formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")[
                :_FORMAT_MAX
            ]
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._styles.append(int(attributes.get("numFmtId", 0)))

    def end(self, name: str) -> None:
        """It ends."""
        if name == "cellXfs":
            self._in_cells = False

    def text(self, data: str) -> None:
        """No text is of interest."""

    def cell(self, value: str, style: int) -> Cell:
        """A number as it is shown, if that is a whole number, a date or one with zeros before it;
        any other as it is written in the file. Raises `ValueError` for what is no number."""
        number = float(value)
        how = self._known.get(style) or self._known.setdefault(style, self._look_up(style))
        if how.is_date:
            return Cell(self._date(number, value), number=True)
        if not number.is_integer() or abs(number) >= 10**15:
            return Cell(value, number=True)
        if how.places and number >= 0:
            return Cell(f"{how.before}{int(number):0{how.places}d}", number=True, zeros=True)
        return Cell(str(int(number)), number=True)

    def _look_up(self, style: int) -> _Shown:
        known = 0 <= style < len(self._styles)
        code = self._formats.get(self._styles[style], "") if known else ""
        if code and is_date_format(code):
            return _Shown(is_date=True)
        zeros = _ZEROS.match(code.partition(";")[0].replace("\\", ""))
        return _Shown() if zeros is None else _Shown(places=len(zeros[2]), before=zeros[1] or "")

    def _date(self, number: float, value: str) -> str:
        try:
            found = from_excel(number, self._epoch)
        except (OverflowError, ValueError):
            return value
        if isinstance(found, datetime) and not (found.hour or found.minute or found.second):
            return found.date().isoformat()
        return str(found)


class SheetRows:
    """The rows of a sheet, as they come."""

    def __init__(self, strings: Sequence[Cell], styles: Styles, budget: Budget) -> None:
        self._strings, self._styles, self._budget = strings, styles, budget
        self._rows: list[list[Cell]] = []
        self._row: list[Cell] = []
        self._column, self._type, self._style = 0, "n", 0
        self._value: Text | None = None
        self._inline = Strings()
        self._in_value = False

    def taken(self) -> list[list[Cell]]:
        """The rows that came since this was last asked for."""
        found, self._rows = self._rows, []
        return found

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "row":
            self._budget.row()
            self._row, self._column = [], 0
        elif name == "c":
            place = _LETTERS.match(attributes.get("r", ""))
            self._column = _column(place[0]) if place else self._column + 1
            self._type, self._style = attributes.get("t", "n"), int(attributes.get("s", 0))
            self._value = None
        elif name == "is":
            self._inline = Strings()
            self._inline.start("si", {})
        elif name == "v":
            self._value, self._in_value = Text(), True
        else:
            self._inline.start(name, attributes)

    def end(self, name: str) -> None:
        """It ends."""
        if name == "row":
            self._rows.append(self._row)
        elif name == "c":
            self._put()
        elif name == "is":
            self._inline.end("si")
        elif name == "v":
            self._in_value = False
        else:
            self._inline.end(name)

    def text(self, data: str) -> None:
        """A piece of text."""
        if self._in_value and self._value is not None:
            self._value.add(data)
        else:
            self._inline.text(data)

    def _put(self) -> None:
        if not 1 <= self._column <= COLUMNS_MAX:
            return
        found = self._cell()
        missing = self._column - len(self._row) - 1
        if missing >= 0:
            self._row += [BLANK] * missing
            self._row.append(found)
        else:
            self._row[self._column - 1] = found

    def _cell(self) -> Cell:
        if self._type == "inlineStr":
            return self._inline.found[-1] if self._inline.found else BLANK
        value = self._value.made() if self._value is not None else ""
        if not value:
            return BLANK
        if self._type == "s":
            place = int(value)
            return self._strings[place] if place >= 0 else BLANK
        if self._type == "b":
            return Cell("TRUE" if value == "1" else "FALSE")
        if self._type == "n":
            return self._styles.cell(value, self._style)
        return Cell(value)


def _column(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - ord("A") + 1
    return found
