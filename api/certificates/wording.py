"""The sentences of a credential, by language. Part of its format: never changed, only added to.

They stand in `wording.toml`, and are printed from there for the browser's verifier
(`api/renew/script_tables.py`). A reader compares them, so that no issuer can say in words what no
record says.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Wording:
    """What a credential says of itself in one language."""

    title: str
    description: str
    criteria: str
    credit: str
    honour: str


WORDINGS: Final[Mapping[str, Wording]] = MappingProxyType(
    {
        language: Wording(**sentences)
        for language, sentences in tomllib.loads(
            files("api.certificates").joinpath("wording.toml").read_text("utf-8")
        ).items()
    }
)
"""BCP 47 tag → the sentences."""
