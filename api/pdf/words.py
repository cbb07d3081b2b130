"""The words of the printed documents, by language.

Messages are English sentences; the other languages are in `api/locale/*/LC_MESSAGES/documents.po`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel.messages.pofile import read_po

from api.errors import WrongUse

LOCALES: Final = Path(__file__).parents[1] / "locale"

LANGUAGES: Final[Mapping[str, str | None]] = MappingProxyType(
    {"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant", "en": None}
)
"""BCP 47 tag → folder of its catalogue; English needs none."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language (a BCP 47 tag)."""

    language: str
    messages: Mapping[str, str]

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, its `{names}` filled in."""
        return self.messages.get(message, message).format_map(values)


@cache
def words(language: str) -> Words:
    """The words of a language. Raises `WrongUse` for one that documents are not printed in."""
    if language not in LANGUAGES:
        raise WrongUse(f"documents are printed in {', '.join(LANGUAGES)}, not in another language")
    folder = LANGUAGES[language]
    if folder is None:
        return Words(language, {})
    with (LOCALES / folder / "LC_MESSAGES" / "documents.po").open("rb") as opened:
        catalogue = read_po(opened, locale=folder, ignore_obsolete=True)
    found = {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}
    return Words(language, MappingProxyType(found))
