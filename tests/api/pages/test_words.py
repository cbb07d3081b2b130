"""Every word of the pages is there in every language, and none of those that promise too much."""

import re

import pytest

from api.pages.catalogue import catalogue_of, used
from api.pages.i18n import FOLDERS, LANGUAGES, preferred, words

NEVER = (
    "官方",
    "国家认可",
    "國家認可",
    "国标",
    "國標",
    "挖矿",
    "挖礦",
    "代币",
    "代幣",
    "投资",
    "投資",
)
PLACEHOLDER = re.compile(r"\{(\w+)\}")

SIMPLIFIED = set("们时证书账务员业产习见该请验这还进过问题单记录说")
"""Some characters that traditional text has in another form."""


@pytest.mark.parametrize("language", FOLDERS)
def test_a_catalogue_translates_what_the_pages_say_and_nothing_else(language: str) -> None:
    catalogue = catalogue_of(FOLDERS[language])
    translated = {str(m.id) for m in catalogue if m.id and m.string and not m.fuzzy}
    hint = "run: python -m api.pages.catalogue, then translate what is empty"
    assert translated == used(), hint


@pytest.mark.parametrize("language", FOLDERS)
def test_translations_have_the_same_places_to_fill_in(language: str) -> None:
    said = words(language)
    for message in used():
        wanted, found = (set(PLACEHOLDER.findall(t)) for t in (message, said.messages[message]))
        assert found == wanted, message


@pytest.mark.parametrize("language", FOLDERS)
def test_no_word_promises_what_the_ledger_is_not(language: str) -> None:
    text = "\n".join(words(language).messages.values())
    assert [word for word in NEVER if word in text] == []


def test_traditional_text_holds_no_simplified_characters() -> None:
    text = "".join(words("zh-Hant").messages.values())
    assert SIMPLIFIED & set(text) == set()


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [
        ("zh-Hant", "en", "zh-Hant"),
        ("xx", "zh-CN,zh;q=0.9", "zh-Hans"),
        (None, "zh-HK,en;q=0.8", "zh-Hant"),
        (None, "en;q=0.5, zh-Hant-TW;q=0.9", "zh-Hant"),
        (None, "fr, de;q=0.9, zh;q=0.1", "zh-Hans"),
        (None, "en;q=0, zh;q=0.1", "zh-Hans"),
        (None, "fr", "en"),
        (None, "zh;q=very", "en"),
        (None, "", "en"),
    ],
)
def test_the_language_is_the_chosen_one_or_the_best_accepted(
    chosen: str | None, accepted: str, language: str
) -> None:
    assert preferred(chosen, accepted) == language
    assert language in LANGUAGES
