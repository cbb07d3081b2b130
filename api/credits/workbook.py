"""Workbooks as rows of cells: XLSX (ECMA-376) and ODS, read as they are unpacked.

`openpyxl`, which writes ours, reads styles, names and strings of any size before it gives the first
row and so cannot be stopped in time. Nothing but values, and how numbers are shown, is read here.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from xml.parsers.expat import ExpatError

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from api.credits.budget import Budget
from api.credits.workbook_ods import OdsTables
from api.credits.workbook_sheet import Cell, SheetRows, Strings, Styles
from api.credits.workbook_xml import Reader, feed
from api.errors import WrongUse
from api.words import both

MAGIC: Final = b"PK\x03\x04"

UNPACKED_MAX: Final = 128 * 1024 * 1024
"""Most bytes that a workbook may unpack to."""

PARTS_MAX: Final = 10_000
"""Most files in a workbook."""

_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, ExpatError, EOFError, OSError),
    *(KeyError, ValueError, IndexError, OverflowError, RuntimeError, NotImplementedError),
)
"""What `zipfile`, its decompressors, `expat` and a reader of missing attributes raise."""

_ODS: Final = b"application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its name, and its rows, each with as many cells as it has, blank rows too."""

    name: str
    rows: Iterator[list[Cell]]


class Workbook:
    """The sheets of a workbook. Raises `WrongUse` for what is none, while rows are read too."""

    def __init__(self, data: bytes, budget: Budget) -> None:
        self._budget = budget
        # The directory at the end is read as a whole by whoever opens the archive.
        if data.count(b"PK\x01\x02") > PARTS_MAX:
            raise WrongUse(both("the workbook holds more than {count} files", count=PARTS_MAX))
        with _named_errors():
            self._packed = zipfile.ZipFile(io.BytesIO(data))
            if sum(info.file_size for info in self._packed.infolist()) > UNPACKED_MAX:
                mib = UNPACKED_MAX >> 20
                raise WrongUse(both("the workbook unpacks to more than {mib} MiB", mib=mib))
            names = set(self._packed.namelist())
            self.is_ods = "mimetype" in names and self._read_mark() == _ODS

    def sheets(self) -> Iterator[Sheet]:
        """The sheets in their order, hidden ones last."""
        with _named_errors():
            yield from self._ods() if self.is_ods else self._xlsx()

    def _read_mark(self) -> bytes:
        with self._packed.open("mimetype") as file:
            return file.read(len(_ODS) + 1)

    def _all(self, part: str, reader: Reader) -> None:
        with self._packed.open(part) as file:
            for _ in feed(file, reader, self._budget):
                pass

    def _xlsx(self) -> Iterator[Sheet]:
        root = self._relations("")
        workbook = next(target for kind, target in root.values() if kind == "officeDocument")
        related, content = self._relations(workbook), _Workbook()
        self._all(workbook, content)
        parts = {kind: target for kind, target in related.values()}
        strings, styles = Strings(), Styles(MAC_EPOCH if content.from_1904 else WINDOWS_EPOCH)
        if "sharedStrings" in parts:
            self._all(parts["sharedStrings"], strings)
        if "styles" in parts:
            self._all(parts["styles"], styles)
        for _, name, relation in sorted(content.sheets, key=lambda sheet: sheet[0]):
            kind, target = related.get(relation, ("", ""))
            if kind == "worksheet":
                yield Sheet(
                    name, self._rows(target, SheetRows(strings.found, styles, self._budget))
                )

    def _rows(self, part: str, reader: SheetRows) -> Iterator[list[Cell]]:
        with _named_errors(), self._packed.open(part) as file:
            for _ in feed(file, reader, self._budget):
                yield from reader.taken()

    def _relations(self, part: str) -> Mapping[str, tuple[str, str]]:
        """Relation → (last word of its type, part), of one part."""
        folder, name = posixpath.split(part)
        found = _Relations(folder)
        self._all(posixpath.join(folder, "_rels", f"{name}.rels"), found)
        return found.found

    def _ods(self) -> Iterator[Sheet]:
        tables = OdsTables(self._budget)
        with self._packed.open("content.xml") as file:
            for _ in feed(file, tables, self._budget):
                pass
        for name, rows in sorted(tables.found, key=lambda found: found[0] in tables.hidden):
            yield Sheet(name, iter(rows))


class _Relations:
    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", self._folder, attributes["Target"]))
            kind = attributes["Type"].rpartition("/")[2]
            self.found[attributes["Id"]] = (kind, target.lstrip("/"))

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


class _Workbook:
    def __init__(self) -> None:
        self.sheets: list[tuple[bool, str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")
        elif name == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((hidden, attributes["name"], attributes["id"]))

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


@contextmanager
def _named_errors() -> Iterator[None]:
    """What a broken file makes its readers raise, as one sentence."""
    try:
        yield
    except _BROKEN as error:
        raise WrongUse(both("no workbook that can be read: save it again as .xlsx")) from error
