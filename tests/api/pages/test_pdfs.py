"""One PDF has one proof file, found alike by both verifiers, whoever wrote it and whatever was done
to it."""

import base64
import io
import json
import random
import subprocess
from collections.abc import Mapping
from pathlib import Path

from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from api.pdf.certificate_pdf import certificate_pdf
from ledger.core.files.pdf import attached_file
from ledger.core.files.unreadable import PDF_BROKEN, PDF_EMPTY, PDF_SEVERAL, Unreadable
from tests.builders.pdf_files import EVIL, GOOD, pdf, stream
from tests.builders.printed_certificates import PROOF, paper
from tests.builders.waiting import PATIENCE

UNPACK = Path(__file__).with_name("unpack.mjs")
PRINTED = certificate_pdf(paper(rows=1)).pdf
Found = bytes | list[str]

BROKEN = ["damaged", PDF_BROKEN]
NONE = ["no_proof", PDF_EMPTY]
SEVERAL = ["damaged", PDF_SEVERAL]


def ours(data: bytes) -> Found:
    try:
        return attached_file(data)
    except Unreadable as error:
        return [error.verdict, error.reason]


def both(files: Mapping[str, bytes]) -> dict[str, Found]:
    """What both verifiers take out of each file: the same."""
    lines = b"".join(base64.b64encode(data) + b"\n" for data in files.values())
    found = subprocess.run(
        ["node", str(UNPACK)], input=lines, capture_output=True, timeout=PATIENCE
    )
    assert found.returncode == 0, found.stderr.decode()
    answers = {}
    for (name, data), line in zip(files.items(), found.stdout.splitlines(), strict=True):
        answer = json.loads(line)
        theirs: Found = base64.b64decode(answer) if type(answer) is str else answer
        assert ours(data) == theirs, name
        answers[name] = theirs
    return answers


def saved(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def copy() -> PdfWriter:
    return PdfWriter(clone_from=io.BytesIO(PRINTED))


def encrypted() -> bytes:
    writer = copy()
    writer.encrypt("", algorithm="AES-256")
    return saved(writer)


def packed() -> bytes:
    """As a program that makes PDFs smaller saves it."""
    writer = copy()
    for number in range(1, len(writer._objects) + 1):
        held = writer.get_object(number)
        if held.get("/HourledgerProof") is not None:  # type: ignore[union-attr]
            writer._objects[number - 1] = held.flate_encode()  # type: ignore[union-attr]
    return saved(writer)


def of_another_program() -> bytes:
    sheet = FPDF()
    sheet.add_page()
    sheet.embed_file(basename="a.json", bytes=GOOD)
    return bytes(sheet.output())


def remarked() -> bytes:
    """Read, annotated and saved on top, as a reader of PDFs does."""
    writer = PdfWriter(io.BytesIO(PRINTED), incremental=True)
    writer.add_metadata({"/Title": "seen"})
    return saved(writer)


def test_the_proof_file_is_found_in_copies_of_the_certificate() -> None:
    files = {
        "printed": PRINTED,
        "saved anew, as it was": saved(copy()),
        "annotated": remarked(),
        "with a line at the end": PRINTED + b"\r\n",
        "behind another file": b"%PDF-1.7\n" + PRINTED,
    }
    assert both(files) == dict.fromkeys(files, PROOF.data)
    (attachment,) = PdfReader(io.BytesIO(remarked())).attachment_list
    assert attachment.content == PROOF.data, "another reader sees the same"


def test_what_has_no_mark_has_no_proof_file() -> None:
    files = {
        "by another program": of_another_program(),
        "an attachment without the mark": pdf(stream(GOOD, b"")),
        "a name that only begins so": pdf(stream(GOOD, b"/Hourledger 2\n")),
        "an escaped name": pdf(stream(GOOD, b"/#48ourledgerProof 2\n")),
        "nothing but the begin": b"%PDF-1.7\n",
    }
    assert both(files) == dict.fromkeys(files, NONE)


def test_an_encrypted_copy_gives_no_proof() -> None:
    (found,) = both({"encrypted": encrypted()}).values()
    # The name stays in clear; what it names does not, and is no proof file.
    assert found not in (PROOF.data, SEVERAL)


def test_a_second_mark_leaves_open_which_counts() -> None:
    files = {
        "two files": pdf(stream(GOOD), stream(EVIL)),
        "the same twice": pdf(stream(GOOD), stream(GOOD)),
        "a word behind it": pdf(stream(GOOD), b"% /HourledgerProof\n"),
        "two papers in one": PRINTED + PRINTED,
    }
    assert both(files) == dict.fromkeys(files, SEVERAL)


def test_what_stands_in_the_proof_file_is_no_mark() -> None:
    inside = b'{"a": "' + stream(EVIL) + b'"}'
    assert both({"a mark inside": pdf(stream(inside))}) == {"a mark inside": inside}


def test_a_mark_that_is_not_ours_is_not_read() -> None:
    good = stream(GOOD)
    files = {
        "packed by another program": packed(),
        "another version": pdf(stream(GOOD, b"/HourledgerProof 3\n")),
        "another order": pdf(stream(GOOD, b"/HourledgerProof 2\n/Type /EmbeddedFile\n")),
        "spaces": pdf(good.replace(b"\n/Length", b" /Length")),
        "other ends of lines": pdf(good.replace(b"\n", b"\r\n")),
        "a length that begins with zero": pdf(good.replace(b"11", b"011")),
        "a negative length": pdf(good.replace(b"11", b"-1")),
        "no length": pdf(good.replace(b"11", b"0")),
        "a length that stands elsewhere": pdf(good.replace(b"11", b"6 0 R")),
        "a longer length": pdf(good.replace(b"11", b"999")),
        "a very long length": pdf(good.replace(b"11", b"123456789")),
        "a decoy before it": pdf(b"% /HourledgerProof\n", good),
        "cut": PRINTED[: PRINTED.index(b"/HourledgerProof") + 60],
        "the mark alone": b"%PDF-/HourledgerProof",
    }
    assert both(files) == dict.fromkeys(files, BROKEN)


def test_no_change_makes_the_readers_differ() -> None:
    base = pdf(stream(GOOD))
    draw = random.Random(len(base))
    tokens = [b"/HourledgerProof", b" 2\n", b"/Length ", b">>", b"\n", b"1", b"0", b"stream\n"]
    files = {}
    for number in range(1200):
        changed = bytearray(base)
        for _ in range(draw.randint(1, 3)):
            place = draw.randrange(len(changed))
            new = draw.choice([*tokens, draw.randbytes(draw.randint(0, 3))])
            changed[place : place + draw.choice([0, len(new), 1])] = new
        files[str(number)] = bytes(changed)
    found = both(files)
    assert {str(NONE), str(BROKEN), str(SEVERAL), str(GOOD)} <= set(map(str, found.values()))
