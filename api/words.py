"""The words for people, in one gettext catalogue for pages, papers, commands and HTTP.

Messages are English sentences; the other languages stand in `api/locale/*/LC_MESSAGES/messages.po`.
Code says them by `_("…")`, `say("…")`, `both("…")` or `mark("…")`, scripts by `t("…")` or
`mark("…")`; where a number decides, by `_.plural("…", "…", n)`, scripts by `tn("…", "…", n)`.
`python -m api.renew.catalogue` brings the catalogue up to date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Final

from api.errors import WrongUse

ENGLISH: Final = "en"

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"zh-Hans": "zh_Hans_CN", "zh-Hant": "zh_Hant_TW", ENGLISH: "en_GB"}
)
"""BCP 47 tag → the locale by whose customs dates and numbers are written."""

FOLDERS: Final[Mapping[str, str]] = MappingProxyType({"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant"})
"""BCP 47 tag → folder of its catalogue; English needs none."""

_LOCALES: Final = Path(__file__).parent / "locale"
_TRADITIONAL: Final = ("zh-hant", "zh-tw", "zh-hk", "zh-mo")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language (a BCP 47 tag)."""

    language: str
    translations: NullTranslations

    def __call__(self, message: str, **values: object) -> str:
        """The message in this language, its `{names}` filled in."""
        # The empty message of a catalogue is its header.
        found = self.translations.gettext(message) if message else ""
        return found.format_map(values) if values else found

    def plural(self, one: str, many: str, count: int, /, **values: object) -> str:
        """The message for so many, by the plural forms of this language; `{count}` and the other
        names filled in."""
        return self.form(one, many, count).format_map({"count": count, **values})

    def form(self, one: str, many: str, count: int) -> str:
        """The same, nothing of it filled in."""
        return self.translations.ngettext(one, many, count)

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
    """The words of one of `LANGUAGES`. Raises `WrongUse` for another."""
    if language not in LANGUAGES:
        raise WrongUse(f"texts are written in {', '.join(LANGUAGES)}, not in another language")
    if language not in FOLDERS:
        return Words(language, NullTranslations())
    # A command that says nothing in Chinese need not wait for these.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with catalogue_file(language).open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=FOLDERS[language], ignore_obsolete=True))
    compiled.seek(0)
    return Words(language, GNUTranslations(compiled))


def catalogue_file(language: str) -> Path:
    """Where the words of one of `FOLDERS` are kept."""
    return _LOCALES / FOLDERS[language] / "LC_MESSAGES" / "messages.po"


def mark(message: str) -> str:
    """The message itself: so that one which is looked up later is found by who translates."""
    return message


def chinese(message: str, **values: object) -> str:
    """The message in simplified Chinese, for what is said in Chinese and English at once."""
    return words("zh-Hans")(message, **values)


def both(message: str, **values: object) -> str:
    """The message in simplified Chinese, then in English: for whoever reads a terminal or the
    detail of a problem, whose language nobody has asked."""
    return f"{chinese(message, **values)} {words(ENGLISH)(message, **values)}"


def both_plural(one: str, many: str, count: int) -> str:
    """The same of a message by a count."""
    return f"{words('zh-Hans').plural(one, many, count)} {words(ENGLISH).plural(one, many, count)}"


@cache
def names() -> Mapping[str, str]:
    """BCP 47 tag → the language's name for itself."""
    own = mark("English")
    return MappingProxyType({language: words(language)(own) for language in LANGUAGES})


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
