"""Rosters as offices save them: on the second sheet, in Big5, with zeros that a format shows."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from openpyxl import Workbook

from api.credits.roster_cells import COLUMNS, column_of
from api.credits.roster_codes import NOTES
from api.credits.roster_file import read_roster
from api.errors import WrongUse
from api.words import chinese
from ledger.core.format.volunteer_number import number_of
from tests.builders.records import address
from tests.builders.rosters import ANN, BOB, HEADER, csv_of, matched

ANNS, BOBS = number_of(ANN), number_of(BOB)


def workbook(**sheets: list[tuple[Any, ...]]) -> Workbook:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return made


def saved(made: Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def ods(*rows: tuple[str, ...]) -> bytes:
    """What an office writes: names in a namespace, blank rows at the end as one that stands for
    a million, a comment in a cell."""
    cells = (
        "".join(
            f'<t:table-cell o:value-type="string"><o:annotation><x:p>!</x:p></o:annotation>'
            f"<x:p>{text}</x:p></t:table-cell>"
            for text in row
        )
        for row in rows
    )
    lines = "".join(f"<t:table-row>{line}</t:table-row>" for line in cells)
    blank = (
        '<t:table-row t:number-rows-repeated="1048570">'
        '<t:table-cell t:number-columns-repeated="16384"/></t:table-row>'
    )
    space = 'xmlns:t="urn:t" xmlns:o="urn:o" xmlns:x="urn:x"'
    content = f'<o:c {space}><t:table t:name="名单">{lines}{blank}</t:table></o:c>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
    return out.getvalue()


def test_the_sheet_with_a_header_is_found_wherever_it_stands() -> None:
    made = workbook(说明=[("请勿修改表头",)], 空表=[], 名单=[HEADER, ("001", "安娜", ANNS)])
    found = read_roster(saved(made))
    assert (found.form, found.notes) == ("XLSX, 名单", ())
    assert [row.cells["name"] for row in found.rows] == ["安娜"]


def test_of_two_sheets_with_a_header_one_is_read_and_the_other_named() -> None:
    rows = [HEADER, ("001", "安娜", ANNS)]
    found = read_roster(saved(workbook(一班=rows, 二班=[HEADER, ("002", "包勃", BOBS)])))
    assert found.form == "XLSX, 一班"
    assert [(note.code, note.about) for note in found.notes] == [("SHEETS_NOT_READ", "二班")]
    # A header with all that is needed goes before one without, and a shown sheet before a hidden.
    short = [("学号", "姓名"), ("001", "安娜")]
    assert read_roster(saved(workbook(宿舍=short, 名单=rows))).form == "XLSX, 名单"
    hidden = workbook(旧=rows, 新=rows)
    hidden["旧"].sheet_state = "hidden"
    assert read_roster(saved(hidden)).form == "XLSX, 新"


def test_where_no_sheet_has_a_header_all_that_were_looked_at_are_named() -> None:
    with pytest.raises(WrongUse, match="说明, 统计"):
        read_roster(saved(workbook(说明=[("a",)], 统计=[("b",)])))
    with pytest.raises(WrongUse, match=r"名单缺少列.*宿舍.*volunteer_no"):
        read_roster(saved(workbook(宿舍=[("学号", "姓名")])))


@pytest.mark.parametrize("form", ["0000000000", "0000000000;@", '"00"00000000', "0000000000_ "])
def test_zeros_that_a_format_shows_are_part_of_a_student_number(form: str) -> None:
    made = workbook(名单=[HEADER, (20240001, "安娜", ANNS)])
    made["名单"]["A2"].number_format = form
    found = read_roster(saved(made))
    assert found.rows[0].cells["student_no"] == "0020240001"
    assert found.notes == ()


def test_student_numbers_that_lost_their_zeros_all_alike_are_pointed_out() -> None:
    made = workbook(名单=[HEADER, (20240001, "安娜", ANNS), (20240002, "包勃", BOBS)])
    found = read_roster(saved(made))
    assert [note.code for note in found.notes] == ["STUDENT_NO_IS_NUMBER"]
    assert all(chinese(en) != en for en in NOTES.values())


def test_a_damaged_number_is_damaged_whatever_its_format_shows() -> None:
    made = workbook(名单=[HEADER, ("001", "安娜", int(ANNS))])
    made["名单"]["C2"].number_format = "0" * 18
    assert [row.code for row in matched(saved(made))] == ["NUMBER_DAMAGED"]


def test_text_that_a_spreadsheet_keeps_as_a_formula_is_read_as_it_shows() -> None:
    data = csv_of(('="0020240001"', "安娜", f'="{ANNS}"'), ('"=""007"""', "包勃", BOBS))
    assert [row.student["student_no"] for row in matched(data)] == ["0020240001", "007"]
    assert [row.status for row in matched(data)] == ["matched", "matched"]


def test_a_roster_in_big5_is_read_and_told() -> None:
    text = f"學號,姓名,志願者編號,學院\r\n0020240001,張三豐,{ANNS},文學院\r\n"
    found = read_roster(text.encode("big5hkscs"))
    assert found.form == "CSV, big5hkscs, ','"
    assert found.rows[0].cells["name"] == "張三豐"
    assert found.unknown == ()


def test_an_open_document_is_read_as_it_shows_itself() -> None:
    found = read_roster(ods(HEADER, ("0020240001", "安娜", ANNS)))
    assert found.form == "ODS, 名单"
    assert [row.cells["student_no"] for row in found.rows] == ["0020240001"]
    assert found.rows[0].cells["name"] == "安娜"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512), r"\.xls.*\.xlsx"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\x00\xff", "CSV UTF-8"),
        (b"PK\x03\x04 no workbook", r"save it again as \.xlsx"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(WrongUse, match=said) as caught:
        read_roster(data)
    assert "Error" not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("Volunteer No.", "volunteer_no"),
        ("志愿者编号（18位）", "volunteer_no"),
        ("*志愿者 编号：", "volunteer_no"),
        ("志工編號", "volunteer_no"),
        ("Student-ID", "student_no"),
        ("学号(必填)", "student_no"),
        ("學號", "student_no"),
        ("FULL NAME", "name"),
        ("宿舍", None),
        ("", None),
    ],
)
def test_headers_are_known_by_what_people_call_them(header: str, column: str | None) -> None:
    assert column_of(header) == column


def test_no_header_means_two_columns() -> None:
    every = [alias for aliases in COLUMNS.values() for alias in aliases]
    assert len(every) == len(set(every))
    assert all(column_of(alias) == name for name, found in COLUMNS.items() for alias in found)


def test_a_line_break_in_a_cell_is_a_blank() -> None:
    rows = [
        (*HEADER, "学院"),
        ("001", "安娜", ANNS, "文学院\n汉语系"),
        ("002", "包\r\n勃", BOBS, ""),
    ]
    found = matched(saved(workbook(名单=rows)))
    assert [row.status for row in found] == ["matched", "matched"]
    assert found[0].student["college"] == "文学院 汉语系"
    quoted = csv_of(("001", '"安娜"', ANNS), ("002", '"包\n勃"', BOBS))
    assert [row.status for row in matched(quoted)] == ["matched", "matched"]


def test_a_rejected_row_says_whose_it_is_as_it_was_given() -> None:
    data = csv_of(
        ("001", "安娜", ANNS, "too", "many"),
        ("002", "包\x07勃", BOBS),
        ("003", "伊" * 300, number_of(address("eve"))),
        ("004", "少一列"),
        ("005", '"坏"引号', BOBS),
        ("006", "丁", "123"),
    )
    found = matched(data)
    codes = ["BAD_ROW", "BAD_CELL", "BAD_CELL", "BAD_ROW", "BAD_ROW", "BAD_NUMBER"]
    assert [row.code for row in found] == codes
    assert [row.student["student_no"] for row in found] == [f"00{n}" for n in range(1, 7)]
    names = ["安娜", "包\ufffd勃", "伊" * 200, "少一列", '"坏"引号', "丁"]
    assert [row.student["name"] for row in found] == names
