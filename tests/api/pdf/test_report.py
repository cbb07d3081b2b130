"""A report on paper says what it is given, on as many pages as it needs."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from api.errors import WrongUse
from api.pdf.report_pdf import Group, Report, report_pdf
from api.pdf.table import Cell, Column
from ledger.core.files.pdf import attached_file
from tests.builders.pictures import keep_pictures
from tests.builders.printed_certificates import MORNING, PROOF

REPORT = Report(
    title="社会实践学分认定单",
    subtitle="2025–2026 学年春季学期",
    issuer="青禾大学教务处",
    language="zh-Hans",
    number="XF-2026-0042",
    issued_at=MORNING,
    facts=(
        ("编号", "XF-2026-0042"),
        ("认定日期", "2026年3月4日"),
        ("规则", "青禾大学社会实践学分认定办法 第 3 版"),
        ("学生", "王**"),
        ("院系", "信息学院"),
    ),
    columns=(
        Column("证明", 34),
        Column("记录单位", 50),
        Column("信用（小时）", 22, "right"),
        Column("荣誉（小时）", 22, "right"),
        Column("学分", 16, "right"),
    ),
    groups=(
        Group(
            tuple(
                (
                    Cell(f"QH-2026-{number:06}", "已查验"),
                    Cell("青禾市柳湖街道志愿服务协会"),
                    Cell("12.50"),
                    Cell("3.00"),
                    Cell("0.50"),
                )
                for number in range(4)
            ),
            "社区服务",
            "信用 50.00 · 荣誉 12.00",
        ),
        Group(
            ((Cell("CH-2026-000007"), Cell("晨河敬老院"), Cell("8.00"), Cell("—"), Cell("0.25")),)
        ),
    ),
    notes=("信用时数与荣誉时数分别计算。", "学分按学校规则换算，不代表服务质量。"),
    signatures=("经办人", "负责人（盖章）"),
    attachment=PROOF,
)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_it_says_all_it_is_given_and_carries_its_file() -> None:
    printed = report_pdf(REPORT)
    text = text_of(printed.pdf)
    for part in (
        *(REPORT.title, REPORT.subtitle, REPORT.issuer, *REPORT.notes, *REPORT.signatures),
        *(part for fact in REPORT.facts for part in fact),
        *(column.title for column in REPORT.columns),
        *("社区服务", "信用 50.00 · 荣誉 12.00", "QH-2026-000003", "已查验", "晨河敬老院"),
    ):
        assert part.replace(" ", "") in text.replace("\n", "").replace(" ", "")
    assert attached_file(printed.pdf) == PROOF.data
    assert printed.pages == 1
    assert printed.missing == ()


def test_the_same_report_gives_the_same_bytes() -> None:
    assert report_pdf(REPORT).pdf == report_pdf(REPORT).pdf


def test_without_optional_parts_it_still_stands() -> None:
    bare = replace(
        REPORT, subtitle="", facts=(), groups=(), notes=(), signatures=(), attachment=None
    )
    assert report_pdf(bare).pages == 1


@pytest.mark.parametrize(("rows", "pages"), [(20, 1), (300, 10)])
def test_long_tables_repeat_their_heading(rows: int, pages: int) -> None:
    row = (Cell("X"), Cell("晨河敬老院"), Cell("8.00"), Cell("—"), Cell("0.25"))
    printed = report_pdf(replace(REPORT, groups=(Group((row,) * rows, "老人"),)))
    assert printed.pages == pages
    for page in PdfReader(io.BytesIO(printed.pdf)).pages:
        assert ("晨河敬老院" in page.extract_text()) == ("记录单位" in page.extract_text())


def test_a_cell_longer_than_a_page_goes_on() -> None:
    row = (Cell("很长" * 2000), Cell(""), Cell(""), Cell(""), Cell(""))
    printed = report_pdf(replace(REPORT, groups=(Group((row,)),)))
    assert text_of(printed.pdf).replace("\n", "").count("很长") >= 1900
    assert printed.pages > 3


def test_a_row_with_a_cell_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells for 5"):
        report_pdf(replace(REPORT, groups=(Group(((Cell("X"),),)),)))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(WrongUse):
        report_pdf(replace(REPORT, language="fr"))


def test_a_specimen_is_drawn_for_the_handbook(tmp_path: Path) -> None:
    keep_pictures(report_pdf(REPORT).pdf, "report-zh-Hans", tmp_path)
