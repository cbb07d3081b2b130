"""Tables of an OpenDocument spreadsheet: its text is what is shown, zeros before a number too."""

from __future__ import annotations

from collections.abc import Mapping

from api.credits.budget import Budget
from api.credits.workbook_sheet import BLANK, COLUMNS_MAX, Cell, Text


class OdsTables:
    """The tables of `content.xml`. A row that stands for many costs as many steps; blank rows are
    left out."""

    def __init__(self, budget: Budget) -> None:
        self.found: list[tuple[str, list[list[Cell]]]] = []
        self.hidden: set[str] = set()
        self._budget = budget
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._rows: list[list[Cell]] = []
        self._row: list[Cell] = []
        self._times = self._width = 1
        self._text = Text()
        self._number = self._begun = self._in_text = self._aside = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "table":
            self._rows = []
            self.found.append((attributes.get("name", ""), self._rows))
            if attributes.get("style-name") in self._hidden_styles:
                self.hidden.add(attributes.get("name", ""))
        elif name == "style":
            self._style = attributes.get("name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table-row":
            self._budget.row()
            self._row = []
            self._times = max(1, int(attributes.get("number-rows-repeated", 1)))
        elif name in ("table-cell", "covered-table-cell"):
            self._width = int(attributes.get("number-columns-repeated", 1))
            self._number = attributes.get("value-type") in ("float", "percentage", "currency")
            self._text, self._begun = Text(), False
        elif name == "annotation":
            self._aside = True
        elif name == "p" and not self._aside:
            if self._begun:
                self._text.add("\n")
            self._begun = self._in_text = True
        elif name in ("s", "tab", "line-break"):
            self.text(" ")

    def end(self, name: str) -> None:
        """It ends."""
        if name == "p":
            self._in_text = False
        elif name == "annotation":
            self._aside = False
        elif name in ("table-cell", "covered-table-cell"):
            self._put()
        elif name == "table-row" and any(cell.text for cell in self._row):
            self._budget.row(self._times)
            self._budget.spend(self._times * len(self._row))
            self._rows += [self._row] * self._times

    def text(self, data: str) -> None:
        """A piece of text."""
        if self._in_text:
            self._text.add(data)

    def _put(self) -> None:
        text = self._text.made()
        zeros = self._number and len(text) > 1 and text.startswith("0") and text.isdigit()
        cell = Cell(text, number=self._number, zeros=zeros) if text else BLANK
        self._row += [cell] * min(self._width, COLUMNS_MAX - len(self._row))
