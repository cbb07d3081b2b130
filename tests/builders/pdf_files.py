"""PDFs written by hand: with a proof file as ours have it, and as an attacker would."""

GOOD, EVIL = b'{"good": 1}', b'{"evil": 1}'


def stream(data: bytes, about: bytes = b"/HourledgerProof 2\n") -> bytes:
    """An object whose stream is a proof file."""
    begin = b"4 0 obj\n<<\n/Type /EmbeddedFile\n%s/Length %d\n>>\n" % (about, len(data))
    return begin + b"stream\n%s\nendstream\nendobj\n" % data


def pdf(*held: bytes) -> bytes:
    """A file that begins as a PDF does, with these pieces in it."""
    return b"%PDF-1.7\n" + b"".join(held) + b"startxref\n0\n%%EOF\n"
