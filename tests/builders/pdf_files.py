"""PDFs written by hand: as other programs write them, and as an attacker would."""

import zlib
from collections.abc import Mapping, Sequence

GOOD, EVIL = b'{"good": 1}', b'{"evil": 1}'
HEADER = b"%PDF-1.7\n"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles 5 0 R >> >>"
PAGES = b"<< /Type /Pages /Kids [] /Count 0 >>"
SPEC = b"<< /Type /Filespec /F (a) /EF << /F 4 0 R >> >>"
NAMES = b"<< /Names [(a) 3 0 R] >>"


def stream(data: bytes, about: bytes = b"/Type /EmbeddedFile") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (about, len(data), data)


def packed(data: bytes, about: bytes = b"/Type /EmbeddedFile") -> bytes:
    return stream(zlib.compress(data), about + b" /Filter /FlateDecode")


def objects(attached: bytes | None = None, **others: bytes) -> dict[int, bytes]:
    """The objects of the smallest PDF with a file in it; `others` by name take their places."""
    made = {
        "catalog": CATALOG,
        "pages": PAGES,
        "spec": SPEC,
        "file": attached or stream(GOOD),
        "names": NAMES,
    } | others
    return dict(enumerate(made.values(), 1))


def table(entries: Mapping[int, tuple[int, int] | None]) -> bytes:
    """A cross-reference table of places and generations; None is free."""
    text = b"xref\n"
    for number, entry in sorted(entries.items()):
        line = b"%010d %05d n" % entry if entry else b"0000000000 65535 f"
        text += b"%d 1\n%s \n" % (number, line)
    return text


def pdf(
    held: Mapping[int, bytes], trailer: bytes = b"/Root 1 0 R", before: bytes = b"", prev: int = -1
) -> bytes:
    """A PDF of these objects, or the next section of the PDF `before`."""
    made, places = before or HEADER, dict[int, tuple[int, int] | None]()
    for number, content in held.items():
        places[number] = (len(made), 0)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    chained = b" /Prev %d" % prev if prev >= 0 else b""
    made += table({0: None, **places})
    made += b"trailer\n<< /Size %d %s%s >>\n" % (max(held) + 1, trailer, chained)
    return made + b"startxref\n%d\n%%%%EOF\n" % start


def start_of(made: bytes) -> int:
    return int(made.rpartition(b"startxref\n")[2].split()[0])


def saved_on_top(before: bytes, held: Mapping[int, bytes]) -> bytes:
    return pdf(held, before=before, prev=start_of(before))


def predicted(rows: Sequence[bytes], kind: int) -> bytes:
    """Rows with the PNG filter Sub (1), Up (2) or none (0)."""
    made, above = b"", bytes(len(rows[0]))
    for row in rows:
        before = {0: bytes(len(row)), 1: b"\0" + row[:-1], 2: above}[kind]
        made += bytes([kind, *((a - b) & 255 for a, b in zip(row, before, strict=True))])
        above = row
    return made


def with_streams(
    held: Mapping[int, bytes], kind: int | None = 2, *, lone: Sequence[int] = (4,)
) -> bytes:
    """A PDF whose objects, all but the `lone` ones, stand in a stream of objects, and whose
    cross-references are a stream too, with a predictor's filter `kind` or none."""
    made, rows = HEADER, {0: (0, 0, 65535)}
    for number in lone:
        rows[number] = (1, len(made), 0)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, held[number])
    within = {number: content for number, content in held.items() if number not in lone}
    pack, last = max(held) + 1, max(held) + 2
    places, bodies = b"", b""
    for index, (number, content) in enumerate(within.items()):
        places += b"%d %d " % (number, len(bodies))
        bodies += content + b"\n"
        rows[number] = (2, pack, index)
    rows[pack] = (1, len(made), 0)
    about = b"/Type /ObjStm /N %d /First %d" % (len(within), len(places))
    made += b"%d 0 obj\n%s\nendobj\n" % (pack, packed(places + bodies, about))
    start = len(made)
    rows[last] = (1, start, 0)
    lines = [
        bytes([kind_]) + where.to_bytes(4, "big") + which.to_bytes(2, "big")
        for _, (kind_, where, which) in sorted(rows.items())
    ]
    about = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R" % (last + 1)
    if kind is None:
        section = packed(b"".join(lines), about)
    else:
        about += b" /DecodeParms << /Predictor 12 /Columns 7 >>"
        section = packed(predicted(lines, kind), about)
    made += b"%d 0 obj\n%s\nendobj\n" % (last, section)
    return made + b"startxref\n%d\n%%%%EOF\n" % start
