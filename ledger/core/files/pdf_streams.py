"""How the streams of a PDF are packed (ISO 32000-1 §7.4), as far as a proof file needs it."""

from __future__ import annotations

import zlib
from typing import Any, Final

from ledger.core.files.pdf_objects import Broken
from ledger.core.format.limits import FILE_BYTES_MAX

PREDICTED_MAX: Final = 8 * 1024 * 1024
"""Longest stream with a predictor, which only cross-references have."""


def inflated(data: bytes) -> bytes:
    """What a zlib stream holds, whatever stands behind its end. Raises `Broken`, for more bytes
    than a proof file may have too."""
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(data, FILE_BYTES_MAX + 1)
    except zlib.error as error:
        raise Broken from error
    if not unpacking.eof or len(found) > FILE_BYTES_MAX:
        raise Broken
    return found


def unpredicted(data: bytes, settings: dict[str, Any]) -> bytes:
    """The bytes of rows that say how they differ from their neighbours (§7.4.4.4, PNG). Raises
    `Broken` for all but the filters that cross-references are written with."""
    names = ("Predictor", "Columns", "Colors", "BitsPerComponent")
    values = [settings.get(name, usual) for name, usual in zip(names, (1, 1, 1, 8), strict=True)]
    if not all(type(value) is int for value in values):
        raise Broken
    predictor, columns, colours, bits = values
    if predictor == 1:
        return data
    if not 10 <= predictor <= 15 or (colours, bits) != (1, 8) or not 1 <= columns <= 64:
        raise Broken
    if len(data) > PREDICTED_MAX or len(data) % (columns + 1):
        raise Broken
    out, above = bytearray(), bytes(columns)
    for place in range(0, len(data), columns + 1):
        kind, row = data[place], bytearray(data[place + 1 : place + 1 + columns])
        if kind not in (0, 1, 2):
            raise Broken
        for column in range(columns):
            before = row[column - 1] if column else 0
            row[column] = (row[column] + (0, before, above[column])[kind]) & 0xFF
        out += row
        above = bytes(row)
    return bytes(out)
