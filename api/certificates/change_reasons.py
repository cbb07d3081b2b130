"""Why a record was voided, amended or objected to, in the words of pages, papers and commands."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.words import mark

REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "entered_in_error": mark("entered in error"),
        "not_served": mark("not served"),
        "duplicate": mark("entered twice"),
        "key_compromised": mark("a key was compromised"),
        "wrong_time": mark("wrong time"),
        "wrong_minutes": mark("wrong minutes"),
        "wrong_content": mark("wrong content"),
        "wrong_class": mark("wrong class"),
        "other": mark("another reason"),
    }
)
"""Code of a reason → what it says."""
