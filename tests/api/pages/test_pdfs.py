"""One PDF has one proof, found alike by both verifiers, whoever wrote it and whatever was done to
it."""

import base64
import io
import json
import random
import subprocess
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

from api.pdf.certificate_pdf import certificate_pdf
from ledger.core.files.pdf import attached_file
from ledger.core.files.unreadable import (
    PDF_BROKEN,
    PDF_EMPTY,
    PDF_ENCRYPTED,
    PDF_SEVERAL,
    Unreadable,
)
from tests.builders.pdf_files import (
    CATALOG,
    EVIL,
    GOOD,
    SPEC,
    objects,
    packed,
    pdf,
    predicted,
    saved_on_top,
    start_of,
    stream,
    with_streams,
)
from tests.builders.printed_certificates import PROOF, paper
from tests.builders.waiting import PATIENCE

UNPACK = Path(__file__).with_name("unpack.mjs")
PRINTED = certificate_pdf(paper(rows=1)).pdf
Found = bytes | list[str]

HEX, TWICE = b"/Filter /ASCIIHexDecode", b"/Filter [/FlateDecode /FlateDecode]"
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


def of_another_program(data: bytes | None = GOOD) -> bytes:
    sheet = FPDF()
    sheet.add_page()
    if data is not None:
        sheet.embed_file(basename="a.json", bytes=data)
    return bytes(sheet.output())


def remarked() -> bytes:
    """Read, annotated and saved on top, as a reader of PDFs does."""
    writer = PdfWriter(io.BytesIO(PRINTED), incremental=True)
    writer.add_metadata({"/Title": "seen"})
    return saved(writer)


def hybrid() -> bytes:
    """As word processors write it: a table for old readers, which hides what a stream shows."""
    made = with_streams(objects(), None)
    start = len(made)
    line = b"xref\n0 1\n0000000000 65535 f \n"
    trailer = b"trailer\n<< /Size 8 /Root 1 0 R /XRefStm %d >>\n" % start_of(made)
    return made + line + trailer + b"startxref\n%d\n%%%%EOF\n" % start


def test_a_file_is_found_however_the_pdf_is_written() -> None:
    files = {
        "plain": pdf(objects()),
        "packed": pdf(objects(packed(GOOD))),
        "without the type that need not be there": pdf(objects(stream(GOOD, b"/Subtype /a"))),
        "with an escaped name": pdf(objects(packed(GOOD, b"/Type /Embedded#46ile"))),
        "all names escaped": pdf(objects(spec=SPEC.replace(b"/EF", b"/#45#46"))),
        "a comment with the word": pdf(objects(stream(GOOD, b"%/Type /EmbeddedFile\n/A 1"))),
        "in a kid of the tree": pdf(objects(names=b"<< /Kids [<< /Names [(a) 3 0 R] >>] >>")),
        "saved on top": saved_on_top(pdf(objects(stream(EVIL))), {4: stream(GOOD)}),
        "objects in a stream": with_streams(objects()),
        "rows that say how they differ": with_streams(objects(), 1),
        "rows with a predictor that does nothing": with_streams(objects(), 0),
        "rows without a predictor": with_streams(objects(), None),
        "for old readers too": hybrid(),
        "a stream whose length stands elsewhere": pdf(
            {**objects(b"<< /Length 6 0 R >>\nstream\n" + GOOD + b"\nendstream"), 6: b"11"}
        ),
        "a line feed counted to the stream": pdf(
            objects(stream(zlib.compress(GOOD) + b"\n", b"/Filter [/FlateDecode]"))
        ),
        "a file called twice by one name": pdf(
            objects(spec=b"<< /EF << /F 4 0 R /UF 4 0 R >> /UF (a) >>")
        ),
        "lines of comments": pdf(objects(b"% here (\n" + stream(GOOD))),
        "by fpdf2": of_another_program(),
    }
    assert both(files) == dict.fromkeys(files, GOOD)


def test_the_certificate_is_found_in_copies_of_it() -> None:
    files = {
        "printed": PRINTED,
        "saved by another program": saved(copy()),
        "annotated": remarked(),
        "with a line at the end": PRINTED + b"\r\n",
    }
    assert both(files) == dict.fromkeys(files, PROOF.data)
    (attachment,) = PdfReader(io.BytesIO(remarked())).attachment_list
    assert attachment.content == PROOF.data, "another reader sees the same"


def test_what_no_reference_leads_to_is_not_found() -> None:
    orphan = objects(names=b"<< /Names [] >>")
    note = b"<< /Type /Pages /Kids [<< /Annots [<< /Subtype /FileAttachment /FS 3 0 R >>] >>] >>"
    files = {
        "nothing attached": of_another_program(None),
        "a stream alone": pdf(orphan),
        "an annotation alone": pdf({**orphan, 2: note}),
        "a stream behind the end": pdf(orphan) + stream(EVIL),
        "attached before, and taken away since": saved_on_top(
            pdf(objects()), {1: CATALOG.replace(b"/Names", b"/Other")}
        ),
        "no names": pdf(objects(catalog=b"<< /Type /Catalog >>")),
    }
    assert both(files) == dict.fromkeys(files, NONE)


def test_a_decoy_beside_the_file_is_never_taken() -> None:
    """Each of these made one reader take the first file and another the second."""
    files = {
        "an orphan with the type": pdf({**objects(stream(GOOD, b"")), 6: stream(EVIL)}),
        "the older of two": saved_on_top(pdf(objects(stream(EVIL))), {4: stream(GOOD)}),
        "in a comment": pdf(objects()).replace(
            b"4 0 obj", b"% 4 0 obj " + stream(EVIL).replace(b"\n", b" ") + b"\n4 0 obj"
        ),
    }
    # The comment moves what comes after it, and so it is found to be broken.
    assert both(files) == {
        "an orphan with the type": GOOD,
        "the older of two": GOOD,
        "in a comment": BROKEN,
    }


def test_several_files_are_called_several() -> None:
    two = {**objects(), 6: SPEC.replace(b"4 0", b"7 0"), 7: stream(EVIL)}
    files = {
        "two names": pdf({**two, 5: b"<< /Names [(a) 3 0 R (b) 6 0 R] >>"}),
        "one name twice": pdf({**two, 5: b"<< /Names [(a) 3 0 R (a) 6 0 R] >>"}),
        "one file by two names": pdf(objects(names=b"<< /Names [(a) 3 0 R (b) 3 0 R] >>")),
        "two kids": pdf(
            {**two, 5: b"<< /Kids [<< /Names [(a) 3 0 R] >> << /Names [(b) 6 0 R] >>] >>"}
        ),
        "one for each system": pdf({**two, 3: b"<< /EF << /F 4 0 R /UF 7 0 R >> >>"}),
    }
    assert both(files) == dict.fromkeys(files, SEVERAL)


def test_what_two_readers_may_read_differently_is_not_read() -> None:
    evil = {**objects(), 6: stream(EVIL)}
    good = pdf(objects())
    files = {
        "a name twice": pdf({**evil, 3: b"<< /EF << /F 4 0 R /F 6 0 R >> >>"}),
        "a name twice, once escaped": pdf({**evil, 3: b"<< /EF << /F 4 0 R /#46 6 0 R >> >>"}),
        "a name twice, beyond ASCII": pdf(objects(spec=SPEC[:-2] + b"/\x80 1 /#80 2 >>")),
        "a half escape": pdf(objects(spec=SPEC[:-2] + b"/##4646 1 >>")),
        "the wrong length": pdf(objects(stream(GOOD).replace(b"11", b"10"))),
        "two lengths": pdf(objects(stream(GOOD, b"/Length 5"))),
        "a longer length": pdf(objects(stream(GOOD).replace(b"11", b"99"))),
        "an object at another's place": good.replace(b"4 0 obj", b"6 0 obj"),
        "another generation": good.replace(b"4 0 obj", b"4 1 obj"),
        "an unknown packing": pdf(objects(stream(GOOD.hex().encode(), HEX))),
        "packed twice": pdf(objects(stream(zlib.compress(zlib.compress(GOOD)), TWICE))),
        "a file elsewhere": pdf(objects(stream(GOOD, b"/F (b)"))),
        "no zlib": pdf(objects(stream(GOOD, b"/Filter /FlateDecode"))),
        "a false sum": pdf(
            objects(stream(zlib.compress(GOOD)[:-1] + b"\0", b"/Filter /FlateDecode"))
        ),
        "an odd predictor": with_streams(objects(packed(GOOD, b"/DecodeParms << /Predictor 2 >>"))),
        "a circle of sections": good.replace(b"/Root", b"/Prev %d /Root" % start_of(good)),
        "a circle of lengths": with_streams(objects(stream(GOOD).replace(b"11", b"4 0 R"))),
        "a circle of names": pdf(objects(names=b"<< /Kids [5 0 R] >>")),
        "a tree of many": pdf(objects(names=b"<< /Kids [" + b"<< >> " * 100 + b"] >>")),
        "no dictionary": pdf(objects(names=b"[(a) 3 0 R]")),
        "half a pair": pdf(objects(names=b"<< /Names [(a)] >>")),
        "very deep": pdf(objects(names=b"[" * 5000 + b"]" * 5000)),
        "no file": pdf(objects(b"(a)")),
        "no end": good.replace(b"startxref", b"startxxxx"),
        "an end long ago": good + b" " * 3000,
        "an end elsewhere": good.replace(b"startxref\n", b"startxref\n9"),
        "nothing but the begin": b"%PDF-1.7\n",
        "cut": PRINTED[: len(PRINTED) // 2],
        "a bomb": pdf(objects(packed(bytes(33 * 1024 * 1024)))),
        "a stream with return alone": good.replace(b"stream\n{", b"stream\r{"),
    }
    found = both(files)
    assert found == dict.fromkeys(files, BROKEN)


def test_an_encrypted_pdf_is_called_so() -> None:
    newer = saved_on_top(encrypted(), {99: b"null"})
    files = {"by a library": encrypted(), "saved on top": newer}
    assert list(both(files).values()) == [["damaged", PDF_ENCRYPTED]] * len(files)


@pytest.mark.parametrize(
    "base",
    [
        pdf(objects(packed(GOOD))),
        saved_on_top(pdf(objects(stream(EVIL))), {4: stream(GOOD)}),
        with_streams(objects()),
        hybrid(),
        of_another_program(),
    ],
    ids=["table", "saved on top", "streams", "hybrid", "fpdf2"],
)
def test_no_change_makes_the_readers_differ(base: bytes) -> None:
    draw = random.Random(len(base))
    tokens = [b"/F", b"/Names", b"%", b"#46", b"<<", b">>", b"(", b")", b"0 R", b" 1 ", b"\n", b"n"]
    files = {}
    for number in range(400):
        changed = bytearray(base)
        for _ in range(draw.randint(1, 3)):
            place = draw.randrange(len(changed))
            new = draw.choice([*tokens, draw.randbytes(draw.randint(0, 3))])
            changed[place : place + draw.choice([0, len(new), 1])] = new
        files[str(number)] = bytes(changed)
    found = both(files)
    assert set(map(str, found.values())) > {str(BROKEN)}, "some are still read"


def test_unpacking_agrees_with_zlib_on_what_is_changed() -> None:
    """Streams of every kind of block, whole and changed."""
    draw = random.Random(5)
    text = json.dumps([draw.randrange(999) for _ in range(3000)]).encode()
    files = {}
    for level in (0, 1, 6, 9):
        for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE):
            packer = zlib.compressobj(level, strategy=strategy)
            whole = packer.compress(text) + packer.flush()
            for number in range(20):
                data = bytearray(whole)
                for _ in range(number % 4):
                    # Near the begin stand the tables of codes.
                    place = draw.randrange(min(len(data), draw.choice([80, 10**6])))
                    data[place] = draw.randrange(256)
                files[f"{level} {strategy} {number}"] = pdf(
                    objects(stream(bytes(data), b"/Filter /FlateDecode"))
                )
    found = both(files)
    assert sum(answer == text for answer in found.values()) >= 4 * 4 * 5
    assert BROKEN in found.values()


def test_the_rows_of_the_test_are_made_as_png_says() -> None:
    assert predicted([b"\1\2", b"\1\3"], 2) == b"\2\1\2\2\0\1"
    assert predicted([b"\1\2", b"\1\3"], 1) == b"\1\1\1\1\1\2"
