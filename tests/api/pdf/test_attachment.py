"""Another reader of PDFs finds the proof file too, and a changed PDF gives bytes or a reason."""

import io
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from api.pdf.certificate_pdf import certificate_pdf
from ledger.core.files.pdf import PDF_BYTES_MAX, attached_file
from ledger.core.files.unreadable import Unreadable
from tests.builders.printed_certificates import PROOF, paper

PRINTED = certificate_pdf(paper(rows=1)).pdf


def test_the_proof_file_comes_out_byte_by_byte() -> None:
    assert attached_file(PRINTED) == PROOF.data


def test_another_reader_finds_it_with_its_name_type_and_relation() -> None:
    reader = PdfReader(io.BytesIO(PRINTED))
    (found,) = reader.attachment_list
    assert found.content == PROOF.data
    assert found.name == "certificate.json"
    assert found.subtype == "/application/vc"
    assert found.associated_file_relationship == "/Data"
    assert len(reader.root_object["/AF"]) == 1


def test_a_pdf_that_is_too_long_is_not_read() -> None:
    with suppress(Unreadable):
        attached_file(PRINTED + b"\n" * (PDF_BYTES_MAX - len(PRINTED) + 1))
        raise AssertionError("it was read")


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
    with suppress(Unreadable):
        assert isinstance(attached_file(pdf), bytes)
