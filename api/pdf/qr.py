"""QR codes: pictures of links, in the size that a phone and a poor copier can still read."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final, cast

import segno

from api.errors import WrongUse
from api.pdf.link import LINK_MAX

VERSION_MAX: Final = 27
"""Largest code that is printed: 125 modules; beyond it phones begin to fail."""

SIDE_MIN: Final = 34.0
"""Smallest side in millimetres, quiet zone included."""

MODULE_MIN: Final = 0.5
"""Smallest module in millimetres: two dots of a 100 dpi scan."""

QUIET: Final = 4
"""Modules of white around the code (ISO/IEC 18004 §6.3.8)."""

PIXELS: Final = 8
"""Pixels of the picture for one module."""


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: a PNG picture with its quiet zone, the side in millimetres to print it at, and how
    much of that the quiet zone takes on each side."""

    png: bytes
    side: float
    quiet: float


def make_code(text: str) -> Code:
    """The QR code of a link. Raises `WrongUse` if it is too long to be printed."""
    if len(text) > LINK_MAX:
        raise WrongUse(f"a QR code is printed for up to {LINK_MAX} characters")
    address, mark, fragment = text.partition("#")
    # Two segments: the fragment is all capitals and digits, which take 5.5 bits each and not 8.
    # segno takes a list, which its type stub does not know.
    parts = cast(str, [part for part in (address + mark, fragment) if part])
    online = len(text) < 300
    try:
        code = segno.make(parts, error="m" if online else "l", micro=False, boost_error=online)
    except segno.DataOverflowError:
        raise WrongUse("the text is longer than a QR code holds") from None
    if not isinstance(code.version, int) or code.version > VERSION_MAX:
        raise WrongUse("the QR code would be too dense to be scanned from paper")
    picture = io.BytesIO()
    code.save(picture, kind="png", scale=PIXELS, border=QUIET)
    modules = code.symbol_size(border=QUIET)[0]
    side = max(SIDE_MIN, modules * MODULE_MIN)
    return Code(picture.getvalue(), side, side * QUIET / modules)
