"""What is asked of a record when it is taken in, and no more of one that a proof shows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ledger.core.format.structs import Body, fields_of
from ledger.core.records.record import Record
from ledger.core.records.signing import check_signatures
from ledger.errors import Refused
from ledger.refusals import Code


def check_intake(ledger: bytes, record: Record) -> bytes:
    """Check the texts and every claim of a record; its id. Raises `Refused`.

    Texts are in normal form C, so that one name has one spelling. Which form that is depends on the
    version of Unicode, so verifiers, which must agree for ever, do not ask.
    """
    for path, text in _texts(record.body, "body"):
        if not unicodedata.is_normalized("NFC", text):
            raise Refused(Code.BAD_VALUE, f"{path}: the text is not in normal form C")
    return check_signatures(ledger, record)


def _texts(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Body):
        for name in fields_of(type(value)):
            yield from _texts(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _texts(item, f"{path}[{place}]")
