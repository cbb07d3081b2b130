"""The words of the pages, by language.

Messages are English sentences; the other languages are in `api/locale/*/LC_MESSAGES/pages.po`.
Templates and modules say `_("…")`, scripts `t("…")`; a test finds what is not translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from babel.messages.extract import extract
from babel.messages.pofile import read_po

LOCALES: Final = Path(__file__).parents[1] / "locale"

ENGLISH: Final = "en"

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_TW", ENGLISH: "en_GB"}
)
"""BCP 47 tag → the locale by whose customs dates and numbers are written."""

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", ENGLISH: "English"}
)
"""Each language's name for itself."""

FOLDERS: Final[Mapping[str, str]] = MappingProxyType({"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant"})
"""BCP 47 tag → folder of its catalogue; English needs none."""

_TRADITIONAL: Final = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language (a BCP 47 tag)."""

    language: str
    messages: Mapping[str, str]

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, its `{names}` filled in."""
        found = self.messages.get(message, message)
        return found.format_map(values) if values else found

    @property
    def gap(self) -> str:
        """What stands between two sentences: nothing after a Chinese full stop."""
        return " " if self.language == ENGLISH else ""

    @property
    def locale(self) -> str:
        """By whose customs dates and numbers are written."""
        return LANGUAGES[self.language]


@cache
def words(language: str) -> Words:
    """The words of one of `LANGUAGES`."""
    if language not in FOLDERS:
        return Words(language, MappingProxyType({}))
    folder = FOLDERS[language]
    with (LOCALES / folder / "LC_MESSAGES" / "pages.po").open("rb") as opened:
        catalogue = read_po(opened, locale=folder, ignore_obsolete=True)
    found = {str(m.id): str(m.string) for m in catalogue if m.id and m.string and not m.fuzzy}
    return Words(language, MappingProxyType(found))


def mark(message: str) -> str:
    """The message itself: so that one which is looked up later is found by who translates."""
    return message


def preferred(chosen: str | None, accepted: str) -> str:
    """The language of a page: the one chosen in its address, or else the first of ours that the
    `Accept-Language` header names (RFC 9110 §12.5.4), or else English."""
    if chosen is not None and chosen in LANGUAGES:
        return chosen
    for _, tag in sorted(_weighed(accepted), key=lambda pair: -pair[0]):
        if tag.startswith(_TRADITIONAL):
            return "zh-Hant"
        if tag.split("-")[0] == "zh":
            return "zh-Hans"
        if tag.split("-")[0] == ENGLISH:
            return ENGLISH
    return ENGLISH


def _weighed(accepted: str) -> list[tuple[float, str]]:
    found = []
    for part in accepted[:500].lower().split(","):
        tag, _, weight = part.partition(";q=")
        try:
            found.append((float(weight or 1), tag.strip()))
        except ValueError:
            continue
    return [(weight, tag) for weight, tag in found if weight > 0]


@cache
def said_by(folder: Path) -> frozenset[str]:
    """The messages that the scripts of a folder say by `t("…")`."""
    found: set[str] = set()
    for file in sorted(folder.rglob("*.js")):
        with file.open("rb") as opened:
            messages = extract("javascript", opened, keywords={"t": None})
            found.update(str(message) for _, message, _, _ in messages)
    return frozenset(found)
