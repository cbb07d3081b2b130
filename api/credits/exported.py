"""All files of a run: the signed report, the tables, the workbook, the paper form."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from api.credits.changes import rows_of
from api.credits.printed import ROWS_MAX, print_report
from api.credits.runs import Run, Runs
from api.credits.sheets import Tables, records_csv, rejected_csv, students_csv, write_workbook
from api.errors import WrongUse
from ledger.operations.ledger import Ledger
from ledger.operations.read import organisation

FILES: Final = {
    "report.jsonl": "application/vnd.hourledger.credit-report+jsonl",
    "students.csv": "text/csv; charset=utf-8",
    "records.csv": "text/csv; charset=utf-8",
    "rejected.csv": "text/csv; charset=utf-8",
    "report.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "report.pdf": "application/pdf",
}
"""Name → media type, of the files of a run."""


@dataclass(frozen=True, slots=True)
class Exported:
    """The files of one run; `public_url` is where the proofs of records are served."""

    ledger: Ledger
    runs: Runs
    run: Run
    public_url: str

    def write(self, name: str, out: Path, language: str = "zh-Hans") -> None:
        """Write one of the files. Raises `WrongUse` for a name that is none, and for paper that
        would have too many pages."""
        if name not in FILES:
            raise WrongUse(f"the files of a run are {', '.join(FILES)}")
        if name == "report.jsonl":
            shutil.copyfile(self.runs.report(self.run), out)
        elif name == "report.xlsx":
            write_workbook(self.tables(), out)
        elif name == "report.pdf":
            out.write_bytes(self._paper(language))
        else:
            with out.open("wb") as file:
                file.writelines(self._csv(name))

    def write_all(self, folder: Path, language: str = "zh-Hans") -> list[str]:
        """Write all files to a folder; paper only if it is not too long. Their names."""
        folder.mkdir(parents=True, exist_ok=True)
        many = self.runs.head(self.run)["statement"]["count"] > ROWS_MAX
        names = [name for name in FILES if not (many and name == "report.pdf")]
        for name in names:
            self.write(name, folder / name, language)
        return names

    def tables(self) -> Tables:
        """The tables."""
        return Tables(
            head=self.runs.head(self.run),
            lines=lambda: self.runs.lines(self.run),
            name_of=cache(self._name_of),
            record_url=lambda record: f"{self.public_url.rstrip('/')}/records/{record}",
            report_id="0x" + self.run.report_id,
        )

    def _csv(self, name: str) -> Iterable[bytes]:
        if name == "rejected.csv":
            return rejected_csv(rows_of(self.runs.lines(self.run)))
        make: Callable[[Tables], Iterable[bytes]]
        make = students_csv if name == "students.csv" else records_csv
        return make(self.tables())

    def _paper(self, language: str) -> bytes:
        head, issuer = self.runs.head(self.run), self._name_of(self.run.organisation)
        lines = self.runs.lines(self.run)
        return print_report(head, lines, issuer, language, self.run.report_id).pdf

    def _name_of(self, address: str) -> str:
        found = organisation(self.ledger, address)
        return found.name if found else address
