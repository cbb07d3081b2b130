"""A report as tables for a registrar: one of students, one of records; CSV or one workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook

from api.credits.matched import Matched
from api.credits.roster_cells import COLUMNS
from api.credits.roster_codes import CODES
from api.node.local_days import LocalDays
from api.tables.csv_cells import csv_file, plain
from ledger.core.credits.reasons import REASONS
from ledger.core.credits.report import MATCHED, parse_line
from ledger.core.credits.rules import parse_rules
from ledger.core.format.fields import decode_body
from ledger.core.kinds.registry import Genesis
from ledger.core.proofs.transcript import parse_transcript
from ledger.core.records.record import ledger_id, record_id

STUDENT_COLUMNS: Final = (
    *COLUMNS,
    "match_status",
    "match_reason",
    "counted_minutes",
    "counted_hours",
    "credits",
    "passed",
    "shortfall_minutes",
    "credit_minutes",
    "honour_minutes",
    "excluded_minutes",
    "reasons",
    "record_count",
    "earlier_credits",
    "last_anchor_block",
    "as_of_batch",
    "report_id",
)
"""Columns of the table of students: those of the roster, then what came of each. Minutes count both
classes once; credit and honour minutes stand apart."""

RECORD_COLUMNS: Final = (
    "student_no",
    "name",
    "record_id",
    "activity",
    "category",
    "organisation",
    "date",
    "minutes",
    "hour_class",
    "counted_minutes",
    "reasons",
    "entered_days_later",
    "flags",
    "proof",
)
"""Columns of the table of records."""

Row = Sequence[str | int | float | None]


@dataclass(frozen=True)
class Tables:
    """The tables of a report: its head (JSON), a way to read its lines again, the names of
    organisations by address, where records are shown."""

    head: Mapping[str, Any]
    lines: Callable[[], Iterable[Mapping[str, Any]]]
    name_of: Callable[[str], str]
    record_url: Callable[[str], str]
    report_id: str

    @cached_property
    def ledger(self) -> bytes:
        """The ledger's id."""
        return ledger_id(decode_body(Genesis, self.head["genesis"], "genesis"))

    def students(self) -> Iterator[Row]:
        """A row for each row of the roster."""
        blocks = (anchor["block_number"] for anchor in self.head["anchors"])
        block = max(blocks, default=None)
        batch = self.head["statement"]["batch"]
        for line in self.lines():
            cells = [line["student"].get(column, "") for column in COLUMNS]
            came = [line["match_status"], said(CODES, line["match_code"])]
            yield (*cells, *came, *_figures(line["evaluation"]), block, batch, self.report_id)

    def records(self) -> Iterator[Row]:
        """A row for each record of each student."""
        offset = parse_rules(self.head["rules"]).utc_offset_minutes
        for line in self.lines():
            if line["evaluation"] is not None:
                yield from self._records_of(line, LocalDays(offset))

    def _records_of(self, line: Mapping[str, Any], days: LocalDays) -> Iterator[Row]:
        parsed = parse_line(line)
        told = parse_transcript(parsed.transcript(self.head))
        student = line["student"]
        titles = {record_id(self.ledger, a): (a.title, a.category) for a in parsed.activities}
        pairs = zip(told.own_services(), told.statuses, line["evaluation"]["records"], strict=True)
        for (place, service), status, record in pairs:
            entry = told.entries[place]
            title, category = titles.get(service.activity, ("", ""))
            yield (
                student.get("student_no", ""),
                student.get("name", ""),
                record["record_id"],
                title,
                category,
                self.name_of(service.organisation),
                days.local(service.started_at).strftime("%Y-%m-%d"),
                service.minutes,
                service.hour_class,
                record["counted_minutes"],
                reasons(record["excluded"]),
                max(0, entry.accepted_at - service.ended_at) // 86400,
                " ".join(status.flags),
                self.record_url(record["record_id"]),
            )


def _figures(evaluation: Mapping[str, Any] | None) -> Row:
    if evaluation is None:
        return (None,) * 11
    counted = evaluation["counted_minutes"]
    return (
        counted,
        round(counted / 60, 2),
        evaluation["credit_hundredths"] / 100,
        "yes" if evaluation["passed"] else "no",
        evaluation["shortfall_minutes"],
        evaluation["credit_minutes"],
        evaluation["honour_minutes"],
        evaluation["recorded_minutes"] - counted,
        reasons(evaluation["excluded"]),
        len(evaluation["records"]),
        evaluation["earlier_hundredths"] / 100,
    )


def said(words: Mapping[str, tuple[str, str]], code: str | None) -> str:
    """A code with its Chinese words; empty for none."""
    if code is None:
        return ""
    return f"{code} {words[code][0]}" if code in words else code


def reasons(excluded: Mapping[str, int]) -> str:
    """Reasons with their minutes, as one text."""
    return "; ".join(f"{code} {minutes}" for code, minutes in excluded.items())


def students_csv(tables: Tables) -> Iterator[bytes]:
    """The table of students as CSV, in pieces."""
    yield from csv_file(STUDENT_COLUMNS, map(_texts, tables.students()))


def records_csv(tables: Tables) -> Iterator[bytes]:
    """The table of records as CSV, in pieces."""
    yield from csv_file(RECORD_COLUMNS, map(_texts, tables.records()))


def rejected_csv(rows: Iterable[Matched]) -> Iterator[bytes]:
    """The rows that were not matched, with the reason in both languages, to mend and send again."""
    header = (*COLUMNS, "row", "match_status", "code", "reason_zh", "reason_en")
    yield from csv_file(header, (_rejected(row) for row in rows if row.status != MATCHED))


def _rejected(row: Matched) -> list[str]:
    cells = [row.student.get(column, "") for column in COLUMNS]
    code = row.code or ""
    return [*cells, str(row.row), row.status, code, *CODES.get(code, ("", ""))]


def write_workbook(tables: Tables, out: Path) -> None:
    """The whole report as a workbook: about it, students, records, what the reasons mean."""
    book = Workbook(write_only=True)
    stated, rules = tables.head["statement"], tables.head["rules"]
    about = [
        ("report_id", tables.report_id),
        *((name, str(value)) for name, value in stated.items()),
        ("rules_title", rules["title"]["zh"]),
        ("rules_version", rules["version"]),
    ]
    parts: list[tuple[str, Sequence[str], Iterable[Row]]] = [
        ("about", ("field", "value"), about),
        ("students", STUDENT_COLUMNS, tables.students()),
        ("records", RECORD_COLUMNS, tables.records()),
        ("reasons", ("code", "zh", "en"), ((c, *words) for c, words in REASONS.items())),
    ]
    for title, header, rows in parts:
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append(list(header))
        for row in rows:
            sheet.append([plain(cell) if isinstance(cell, str) else cell for cell in row])
    book.save(out)


def _texts(row: Row) -> list[str]:
    return [
        f"{cell:.2f}" if isinstance(cell, float) else "" if cell is None else str(cell)
        for cell in row
    ]
