"""The catalogues say everything that the documents say, and nothing else."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import api.pdf
from api.credits import printed
from api.credits.roster_codes import CODES
from api.errors import WrongUse
from api.pdf.certificate_words import FLAG_NAMES
from api.pdf.first_page import TITLE_TEXT
from api.pdf.words import LANGUAGES, LOCALES, words
from ledger.core.credits.reasons import REASONS
from ledger.core.state.flags import FLAGS

FOLDERS = [folder for folder in LANGUAGES.values() if folder]
NEVER = ("官方", "國家", "国家", "国标", "國標", "挖矿", "挖礦", "代币", "代幣", "投资", "投資")


def said() -> set[str]:
    """Every message: the literal first arguments of `say(…)` and `words(…)`, and the named ones."""
    found = {TITLE_TEXT, "credit {hours} h", "honour {hours} h"}
    found |= set(FLAG_NAMES.values()) | {english for _, english in FLAGS.values()}
    found |= {english for words in (REASONS, CODES) for _, english in words.values()}
    printing = [*Path(api.pdf.__path__[0]).glob("*.py"), Path(printed.__file__)]
    for path in printing:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in ("say", "words") and node.args[0].value not in LANGUAGES:
                    found.add(node.args[0].value)
    return found


def catalogue(folder: str) -> dict[str, str]:
    with (LOCALES / folder / "LC_MESSAGES" / "documents.po").open("rb") as opened:
        return {str(m.id): str(m.string) for m in read_po(opened, locale=folder) if m.id}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_message_is_translated_and_none_is_left_over(folder: str) -> None:
    found = catalogue(folder)
    assert set(found) == said()
    assert all(found.values())


@pytest.mark.parametrize("folder", FOLDERS)
def test_translations_have_the_same_blanks_to_fill(folder: str) -> None:
    def blanks(text: str) -> list[str]:
        return sorted(re.findall(r"\{(\w+)\}", text))

    assert {m for m, text in catalogue(folder).items() if blanks(m) != blanks(text)} == set()


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_document_boasts(folder: str) -> None:
    text = " ".join(catalogue(folder).values())
    assert [word for word in NEVER if word in text] == []


def test_flags_say_in_chinese_what_the_ledger_says() -> None:
    assert set(FLAG_NAMES) == set(FLAGS)
    say = words("zh-Hans")
    assert {say(english): chinese for chinese, english in FLAGS.values()} == {
        chinese: chinese for chinese, _ in FLAGS.values()
    }


def test_reasons_say_in_chinese_what_the_ledger_says() -> None:
    say = words("zh-Hans")
    for chinese, english in (*REASONS.values(), *CODES.values()):
        assert say(english) == chinese


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(WrongUse, match="zh-Hans, zh-Hant, en"):
        words("fr")
