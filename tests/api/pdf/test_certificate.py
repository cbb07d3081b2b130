"""A certificate on paper says what it states, at any length, and nothing that it may not say."""

import hashlib
import io
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from api.errors import WrongUse
from api.pdf.certificate_pdf import Anchored, certificate_pdf
from api.pdf.certificate_words import hours
from api.pdf.link import Offline, Online, make_link, read_link
from api.pdf.printed import Printed
from tests.builders.pictures import keep_pictures, pictures
from tests.builders.printed_certificates import CODE, LEDGER, PAGE, RECORD, paper, row

ROOT = Path(__file__).parents[3]
LANGUAGES = ("zh-Hans", "zh-Hant", "en")


def text_of(printed: Printed) -> str:
    """All text, without the spaces and line breaks of its layout."""
    pages = PdfReader(io.BytesIO(printed.pdf)).pages
    found = "".join(page.extract_text() for page in pages)
    return unicodedata.normalize("NFC", found).replace(" ", "").replace("\n", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_the_law_asks_for(language: str) -> None:
    said = paper(language=language).statement
    text = text_of(certificate_pdf(paper(language=language)))
    for part in (
        said.number,
        said.holder_name,
        said.organisation_name,
        said.purpose,
        said.holder,
        said.organisation,
        said.ledger.hex(),
        "2025-03-08",
        "09:00–11:30",
        said.rows[0].activity,
        said.rows[0].content.fields["content"],
        said.rows[0].content.fields["place"],
        said.rows[1].charge.fields["name"],
        "志愿服务记录证明" if language != "zh-Hant" else "志願服務記錄證明",
        "21,345,678",
        "5e" * 32,
    ):
        assert part.replace(" ", "") in text


def test_classes_stand_side_by_side_and_are_never_added_up() -> None:
    printed = certificate_pdf(paper(rows=4))
    text = text_of(printed)
    assert "信用时数7.50小时450分钟" in text
    assert "荣誉时数1.67小时100分钟" in text
    assert hours(550) not in text


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "0.00"), (1, "0.02"), (100, "1.67"), (150, "2.50"), (60001, "1,000.02")],
)
def test_hours_are_rounded_to_the_nearest_hundredth(minutes: int, shown: str) -> None:
    assert hours(minutes) == shown
    assert abs(float(shown.replace(",", "")) - minutes / 60) <= 0.005


@pytest.mark.parametrize(("rows", "pages"), [(0, 1), (1, 1), (20, 2), (300, 15)])
def test_any_number_of_rows_flows_over_numbered_pages(rows: int, pages: int) -> None:
    printed = certificate_pdf(paper(rows))
    assert printed.pages == pages
    reader = PdfReader(io.BytesIO(printed.pdf))
    assert len(reader.pages) == pages
    text = text_of(printed)
    for number, page in enumerate(reader.pages, 1):
        found = page.extract_text()
        assert f"第 {number} 页，共 {pages} 页" in found
        if number > 1 and "09:00–11:30" in found:
            assert "日期与时间" in found  # the heading of the table again
    assert text.count("09:00–11:30") == rows


def test_the_same_content_gives_the_same_bytes() -> None:
    assert certificate_pdf(paper()).pdf == certificate_pdf(paper()).pdf
    assert certificate_pdf(paper()).pdf != certificate_pdf(paper(number="QH-2026-000129")).pdf


def test_another_process_prints_the_same_bytes() -> None:
    # Another order of sets and dictionaries must not show.
    script = (
        "import hashlib; from tests.builders.printed_certificates import paper;"
        "from api.pdf.certificate_pdf import certificate_pdf;"
        "print(hashlib.sha256(certificate_pdf(paper()).pdf).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == hashlib.sha256(certificate_pdf(paper()).pdf).hexdigest()


def test_a_demonstration_chain_is_called_one() -> None:
    anchor = Anchored("Hourledger", 61, 7, "0x" + "5e" * 32, demonstration=True)
    text = text_of(certificate_pdf(paper(anchor=anchor)))
    assert "Hourledger（链61）·区块7·交易0x5e5e" in text
    assert "演示链：除运营者外无人见证" in text


def test_software_learns_language_title_and_pdf_a() -> None:
    reader = PdfReader(io.BytesIO(certificate_pdf(paper()).pdf))
    assert reader.root_object["/Lang"] == "zh-Hans"
    metadata = reader.xmp_metadata
    assert metadata is not None
    assert metadata.dc_title == {"x-default": "志愿服务记录证明 QH-2026-000128"}
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("3", "U")
    assert reader.root_object["/MarkInfo"]["/Marked"]


def test_empty_fields_leave_no_trace() -> None:
    bare = tuple(row(n, content=None, charge=None, activity="", category="") for n in range(2))
    printed = certificate_pdf(paper(rows=0, holder_name="", purpose="", anchor=None))
    full = certificate_pdf(paper(services=bare, holder_name="", purpose="", anchor=None))
    assert "待上链" in text_of(printed)
    assert "未注明" in text_of(full)
    assert "未列活动的服务" in text_of(full)
    assert "None" not in text_of(full)


LONG = st.text(
    st.sampled_from("志愿服务协会青禾市柳湖街道，（）· abcdefgh_-0123456789𬭎") | st.characters(),
    max_size=200,
)


@settings(max_examples=15, deadline=None)
@given(LONG, LONG, LONG, LONG)
def test_any_text_stays_inside_the_margins(name: str, who: str, what: str, number: str) -> None:
    rows = (row(0, activity=what), row(1, activity=what * 3))
    printed = certificate_pdf(
        paper(organisation_name=name, holder_name=who, purpose=what, number=number, services=rows)
    )
    for picture in pictures(printed.pdf, 40):
        ink = picture.convert("L").point(lambda value: 255 if value < 140 else 0)
        wide, high = ink.size
        edge = round(9 / 210 * wide) - 1, round(9 / 297 * high) - 1
        left, top, right, bottom = ink.getbbox() or (edge[0], edge[1], 0, 0)
        assert left >= edge[0]
        assert top >= edge[1]
        assert right <= wide - edge[0]
        assert bottom <= high - edge[1]


def test_a_character_that_no_font_has_is_named_on_paper_and_to_the_caller() -> None:
    printed = certificate_pdf(paper(holder_name="王\U000323b0"))
    assert printed.missing == ("U+323B0",)
    assert "王〓" in text_of(printed)
    assert "U+323B0" in text_of(printed)


@pytest.mark.parametrize("dpi", [300, 200, 150, 100])
@pytest.mark.parametrize("mode", ["RGB", "L", "1"])
def test_the_code_is_scanned_back_from_the_page(dpi: int, mode: str) -> None:
    printed = certificate_pdf(paper())
    (page,) = pictures(printed.pdf, dpi)
    (found,) = zxingcpp.read_barcodes(page.convert(mode).convert("L"))
    assert read_link(found.text) == Online(LEDGER, RECORD, CODE)


@pytest.mark.parametrize("dpi", [300, 150, 100])
def test_a_small_proof_file_itself_is_scanned_back(dpi: int) -> None:
    # Hexadecimal digits that do not repeat, as in real proofs: 2,000 characters of the code.
    data = b'{"proof":"%s"}' % b"".join(b"%08x" % (n * 2654435761 % 2**32) for n in range(250))
    printed = certificate_pdf(paper(link=make_link(PAGE, Offline(data))))
    (page,) = pictures(printed.pdf, dpi)
    (found,) = zxingcpp.read_barcodes(page)
    assert read_link(found.text) == Offline(data)


def test_a_text_that_no_code_holds_is_refused() -> None:
    with pytest.raises(WrongUse, match="QR code"):
        certificate_pdf(paper(link="x" * 5000))


@pytest.mark.parametrize("language", LANGUAGES)
def test_specimens_are_drawn_for_the_handbook(language: str, tmp_path: Path) -> None:
    printed = certificate_pdf(paper(rows=4, language=language))
    keep_pictures(printed.pdf, f"certificate-{language}", tmp_path)
