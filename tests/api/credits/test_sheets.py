"""The tables of a report: what spreadsheets open as it is meant, and nobody's formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from api.credits.exported import FILES, Exported
from api.credits.matched import Matched
from api.credits.printed import print_report
from api.credits.registrar import Upload
from api.credits.sheets import RECORD_COLUMNS, STUDENT_COLUMNS, rejected_csv
from api.errors import WrongUse
from api.tables.csv_cells import BOM, csv_line
from ledger.core.credits.reasons import REASONS
from ledger.core.format.volunteer_number import number_of
from tests.builders.credit_runs import RegistrarLedger
from tests.builders.credits import UNIVERSITY, rules
from tests.builders.records import address

FORMULA = "=cmd|'/c calc'!A0"


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    world = RegistrarLedger(tmp_path_factory.mktemp("registrar"))
    rows = "\n".join(
        (
            "学号,姓名,志愿者编号,备注",
            f"2023001,{FORMULA},{number_of(address('ann'))},@sum",
            f"0002,包勃,{number_of(address('bob'))},",
            f"0003,伊娃,{number_of(address('eve'))},",
            "0004,无名,,",
        )
    )
    upload = Upload("名单.csv", rows.encode("gbk"))
    run = world.registrar.draft(UNIVERSITY, upload, rules(caps={"day": 300}))
    yield Exported(world.ledger, world.registrar.runs, run, "https://hours.example/")
    world.ledger.close()
    world.ledger.engine.dispose()


def read(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    assert data.startswith(BOM)
    assert data.count(b"\n") == data.count(b"\r\n")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_all_files_are_written(exported: Exported, tmp_path: Path) -> None:
    assert exported.write_all(tmp_path) == list(FILES)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    with pytest.raises(WrongUse):
        exported.write("../elsewhere", tmp_path / "x")


def test_the_students(exported: Exported, tmp_path: Path) -> None:
    exported.write("students.csv", tmp_path / "s.csv")
    ann, bob, eve, nobody = read(tmp_path / "s.csv")
    assert tuple(ann) == STUDENT_COLUMNS
    figures = ("counted_minutes", "counted_hours", "credits", "credit_minutes", "honour_minutes")
    assert [ann[name] for name in figures] == ["900", "15.00", "0.62", "900", "0"]
    assert (ann["reasons"], ann["excluded_minutes"]) == ("OVER_DAY_CAP 300", "300")
    assert [bob[name] for name in figures] == ["90", "1.50", "0.06", "0", "90"]
    assert (ann["record_count"], ann["last_anchor_block"], ann["as_of_batch"]) == ("3", "1", "1")
    assert (eve["match_status"], eve["counted_minutes"]) == ("no_consent", "")
    assert (eve["last_anchor_block"], eve["as_of_batch"]) == ("1", "1"), "under their own names"
    assert nobody["match_reason"].startswith("NO_NUMBER ")


def test_the_records(exported: Exported, tmp_path: Path) -> None:
    exported.write("records.csv", tmp_path / "r.csv")
    first, *_, last = read(tmp_path / "r.csv")
    assert tuple(first) == RECORD_COLUMNS
    assert (first["minutes"], first["counted_minutes"]) == ("400", "300")
    assert (first["hour_class"], last["hour_class"]) == ("credit", "honour")
    assert first["proof"] == f"https://hours.example/records/{first['record_id']}"
    assert first["date"] == "2023-11-15"
    assert first["organisation"]
    assert "NO_ACTIVITY" in last["flags"]


def test_no_cell_is_a_formula(exported: Exported, tmp_path: Path) -> None:
    exported.write("students.csv", tmp_path / "s.csv")
    ann = read(tmp_path / "s.csv")[0]
    assert (ann["name"], ann["note"]) == ("'" + FORMULA, "'@sum")
    exported.write("report.xlsx", tmp_path / "r.xlsx")
    workbook = load_workbook(tmp_path / "r.xlsx")
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    assert csv_line(["=1", "+1", "-1", "@x", "\tx", "ok"]).count(b"'") == 5


def test_the_workbook_holds_everything_with_the_words_of_each_reason(
    exported: Exported, tmp_path: Path
) -> None:
    exported.write("report.xlsx", tmp_path / "r.xlsx")
    workbook = load_workbook(tmp_path / "r.xlsx", read_only=True)
    assert workbook.sheetnames == ["about", "students", "records", "reasons"]
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in workbook}
    assert len(rows["students"]) == 5
    assert len(rows["records"]) == 5
    assert [row[0] for row in rows["reasons"][1:]] == list(REASONS)
    assert rows["about"][1] == ("report_id", "0x" + exported.run.report_id)
    # An identifier of digits stays text.
    assert rows["students"][2][0] == "0002"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_the_paper_says_who_and_why(exported: Exported, tmp_path: Path, language: str) -> None:
    exported.write("report.pdf", tmp_path / "r.pdf", language)
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "r.pdf").pages)
    assert "15.00" in text
    assert "0.62" in text
    assert {"zh-Hans": "超过每日认定上限", "zh-Hant": "超過每日認定上限", "en": "one day"}[
        language
    ] in text


def test_paper_has_an_end(exported: Exported) -> None:
    head = exported.runs.head(exported.run)
    head["statement"]["count"] = 2001
    with pytest.raises(WrongUse):
        print_report(head, [], "university", "en", "00")


def test_rejected_rows_come_back_with_their_reasons() -> None:
    rows = [
        Matched(1, {"student_no": "1"}, "matched", None, address("ann")),
        Matched(2, {"student_no": "2", "volunteer_no": "4.4E+17"}, "rejected", "NUMBER_DAMAGED"),
    ]
    text = b"".join(rejected_csv(rows)).decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["student_no"], line["row"], line["code"]) == ("2", "2", "NUMBER_DAMAGED")
    assert line["reason_zh"]
    assert line["reason_en"]
