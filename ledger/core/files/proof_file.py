"""What a file holds, whatever its kind: taken out of a PDF, unpacked, and read once for all.

Nothing but the value of `format`, or the ledger's proof in a credential, says which form a file
has. How it is packed, spaces, a byte order mark and the order of members make no difference.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any, Final

from ledger.core.credits.report import FORMAT as REPORT
from ledger.core.credits.report import LINE_BYTES_MAX
from ledger.core.files.pdf import MAGIC, PDF_BYTES_MAX, attached_file
from ledger.core.files.unreadable import (
    BARE,
    CUT,
    EMPTY,
    FOREIGN,
    GZIP,
    TOO_LONG,
    UTF_16,
    damaged,
    no_proof,
)
from ledger.core.format.limits import FILE_BYTES_MAX
from ledger.core.records.decode import is_json, parse_json
from ledger.errors import Refused
from ledger.refusals import Code

CREDENTIAL: Final = "HourledgerProof2026"
"""The type of the ledger's proof in a credential (W3C VC), and so the form of such a file."""

_GZIP: Final = b"\x1f\x8b"
_BYTE_ORDER: Final = b"\xef\xbb\xbf"
_SPACE: Final = b" \t\r\n"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff", b"{\0", b"\0{")
_OURS: Final = (b"hourledger-", CREDENTIAL.encode())
"""What stands in every whole file of ours, and in few others."""

_BADGE: Final = b"ob/v3p0/context"
"""What stands at the begin of every credential of ours, and of other Open Badges."""

_LEDGER: Final = "hourledger:ledger"
"""A member of every credential of ours, also of one that was made for other programs."""

_PIECE: Final = 1024 * 1024


def read_file(parts: Iterable[bytes]) -> tuple[str, Any]:
    """The form of a file, empty for one without, and what it holds: a JSON value, or of a credit
    report its lines, read as they are asked for.

    Raises `Unreadable` for a file without a proof that can be read, and `Refused` for one of ours
    whose JSON two readers might read differently.
    """
    parts = iter(parts)
    begin = _first(parts, len(MAGIC))
    if begin.startswith(MAGIC):
        begin, parts = attached_file(_first(chain([begin], parts), PDF_BYTES_MAX + 1)), iter(())
    if begin.startswith(_GZIP):
        parts = _unpacked(chain([begin], parts))
        begin = b""
    begin = _first(chain([begin], parts), FILE_BYTES_MAX + 1)
    text = begin.removeprefix(_BYTE_ORDER).lstrip(_SPACE)
    line, _, rest = text.partition(b"\n")
    first = _parsed(line) if line.startswith(b"{") else None
    if form_of(first) == REPORT:
        return REPORT, _lines(chain([text], parts))
    if len(begin) > FILE_BYTES_MAX:
        raise no_proof(TOO_LONG)
    value = _document(text) if first is None or rest.strip(_SPACE) else first
    form = form_of(value)
    if not form and isinstance(value, dict) and _LEDGER in value:
        raise no_proof(BARE)
    return form, value


def form_of(value: object) -> str:
    """The form that a JSON value says it has; empty for one that says none."""
    if type(value) is not dict:
        return ""
    proofs = value.get("proof")
    for proof in proofs if type(proofs) is list else [proofs]:
        if type(proof) is dict and proof.get("type") == CREDENTIAL:
            return CREDENTIAL
    form = value.get("format")
    return form if type(form) is str else ""


def _document(text: bytes) -> object:
    if not text:
        raise no_proof(EMPTY)
    try:
        return parse_json(text, FILE_BYTES_MAX)
    except Refused as error:
        wide = text.startswith(_UTF_16)
        plain = text.replace(b"\0", b"").lstrip(b"\xff\xfe" + _SPACE) if wide else text
        ours = any(mark in plain for mark in _OURS)
        if not plain.startswith(b"{") or not (ours or _BADGE in plain):
            raise no_proof(FOREIGN) from error
        # Who repeats a name on purpose wants it read in two ways; no accident looks so.
        if error.code is Code.TOO_LARGE or is_json(text):
            raise error if ours else no_proof(FOREIGN) from error
        raise damaged(UTF_16 if wide else CUT) from error


def _parsed(line: bytes) -> object:
    try:
        return parse_json(line, LINE_BYTES_MAX)
    except Refused:
        return None


def _first(parts: Iterator[bytes], most: int) -> bytes:
    """The first parts, joined, up to the one that makes them `most` bytes."""
    found = bytearray()
    while len(found) < most:
        part = next(parts, None)
        if part is None:
            break
        found += part
    return bytes(found)


def _unpacked(parts: Iterator[bytes]) -> Iterator[bytes]:
    """What one member of gzip holds (RFC 1952), with nothing behind it."""
    unpacking = zlib.decompressobj(16 + zlib.MAX_WBITS)
    for packed in parts:
        if unpacking.eof and packed:
            raise damaged(GZIP)
        found = b"-"
        while found:
            try:
                found = unpacking.decompress(packed, _PIECE)
            except zlib.error as error:
                raise damaged(GZIP) from error
            packed = unpacking.unconsumed_tail
            if unpacking.unused_data:
                raise damaged(GZIP)
            if found:
                yield found
    if not unpacking.eof:
        raise damaged(GZIP)


def _lines(parts: Iterator[bytes]) -> Iterator[bytes]:
    """The lines, without how they end and without empty ones at the end; one that is too long is
    cut, and so a bad one. Raises `Unreadable` if the last one is cut."""
    rest, empty = b"", 0
    for part in parts:
        lines = (rest + part).split(b"\n")
        rest = lines.pop()
        for line in lines:
            if not line.strip(_SPACE):
                empty += 1
                continue
            yield from [b""] * empty
            empty = 0
            yield line.removesuffix(b"\r")
        if len(rest) > LINE_BYTES_MAX:
            yield rest
            return
    if rest.strip(_SPACE):
        if not is_json(rest):
            raise damaged(CUT)
        yield from [b""] * empty
        yield rest
