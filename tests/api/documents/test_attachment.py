"""The proof file comes out of a PDF as it went in, and a hostile PDF gives a reason, no crash."""

import io
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from api.documents.attachment import PDF_BYTES_MAX, extract_attachment
from api.documents.certificate_pdf import certificate_pdf
from ledger.core.limits import FILE_BYTES_MAX
from ledger.errors import ProofError
from tests.api.documents.made_up import PROOF, paper

PRINTED = certificate_pdf(paper(rows=1)).pdf


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_files(*files: bytes) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for number, data in enumerate(files):
        writer.add_attachment(f"{number}.json", data)
    return written(writer)


def test_the_proof_file_comes_out_byte_by_byte() -> None:
    assert extract_attachment(PRINTED) == PROOF.data


def test_another_reader_finds_it_with_its_name_type_and_relation() -> None:
    reader = PdfReader(io.BytesIO(PRINTED))
    (found,) = reader.attachment_list
    assert found.content == PROOF.data
    assert found.name == "certificate.json"
    assert found.subtype == "/application/vc"
    assert found.associated_file_relationship == "/Data"
    assert len(reader.root_object["/AF"]) == 1


def test_a_copy_saved_by_another_program_still_holds_it() -> None:
    assert extract_attachment(written(PdfWriter(clone_from=io.BytesIO(PRINTED)))) == PROOF.data


def encrypted() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(PRINTED))
    writer.encrypt("", algorithm="AES-256")
    return written(writer)


def bomb() -> bytes:
    """A small PDF whose attachment becomes longer than any proof file."""
    packed = zlib.compress(bytes(FILE_BYTES_MAX + 1), 9)
    stream = b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>" % len(packed)
    return _file(stream + b"\nstream\n" + packed + b"\nendstream")


def chained() -> bytes:
    """A stream compressed twice, as bombs are."""
    packed = zlib.compress(zlib.compress(b"{}"))
    stream = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>" % len(packed)
    return _file(stream + b"\nstream\n" + packed + b"\nendstream")


def _file(attached: bytes, names: bytes = b"<< /Names [(a) 3 0 R] >>") -> bytes:
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 5 0 R >> >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        b"<< /Type /Filespec /F (a) /EF << /F 4 0 R >> >>",
        attached,
        names,
    )
    made, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        made
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    )


PLAIN = b"<< /Length 2 >>\nstream\n{}\nendstream"


def test_the_smallest_pdf_is_read() -> None:
    assert extract_attachment(_file(PLAIN)) == b"{}"
    kid = b"<< /Kids [<< /Names [(a) 3 0 R] >>] >>"
    assert extract_attachment(_file(PLAIN, kid)) == b"{}"


@pytest.mark.parametrize(
    ("pdf", "reason"),
    [
        (b"", "no PDF"),
        (b"{}", "no PDF"),
        (b"%PDF-1.7\n", "damaged"),
        (b"%PDF-1.7\n" + bytes(PDF_BYTES_MAX), "longer than"),
        (PRINTED[: len(PRINTED) // 2], "damaged"),
        (with_files(), "no proof file is attached"),
        (with_files(b"{}", b"{}"), "2 files are attached"),
        (encrypted(), "encrypted"),
        (bomb(), "larger inside"),
        (chained(), "larger inside"),
        (_file(b"<< /Length 0 >>\nstream\n\nendstream"), "empty"),
        (_file(b"(a)"), "no file"),
        (_file(PLAIN, b"<< /Kids [5 0 R] >>"), "too large"),
        (_file(PLAIN, b"<< /Kids [" + b"5 0 R " * 100 + b"] >>"), "too large"),
        (_file(PLAIN, b"[(a) 3 0 R]"), "structure"),
        (_file(PLAIN, b"[" * 5000 + b"]" * 5000), "nested|damaged"),
    ],
    ids=range(16),
)
def test_a_hostile_pdf_is_refused_with_its_reason(pdf: bytes, reason: str) -> None:
    with pytest.raises(ProofError, match=reason) as caught:
        extract_attachment(pdf)
    assert caught.value.check == "format"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(PRINTED) - 1), st.binary(max_size=12), st.integers(0, 40)),
        min_size=1,
        max_size=4,
    )
)
def test_a_mutated_pdf_gives_bytes_or_a_reason(cuts: list[tuple[int, bytes, int]]) -> None:
    pdf = PRINTED
    for place, new, skipped in cuts:
        pdf = pdf[:place] + new + pdf[place + skipped :]
    # Any other error would end the test.
    with suppress(ProofError):
        assert isinstance(extract_attachment(pdf), bytes)
