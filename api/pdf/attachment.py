"""A file that a printed document carries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to embed: its name, its bytes and their media type."""

    name: str
    data: bytes
    media_type: str
