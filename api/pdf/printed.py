"""What printing gives."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF file, and the characters (as U+ code points) that no font had: on paper they are `〓`,
    and a note says which they are."""

    pdf: bytes
    pages: int
    missing: tuple[str, ...]
