"""One word for one thing: the glossary and the catalogue say the same."""

from pathlib import Path

import pytest

from api.words import FOLDERS, words

ROOT = Path(__file__).parents[2]
COLUMN = {"zh-Hans": 1, "zh-Hant": 2}

OTHER_WORDS = {
    "zh-Hans": ("主管机构", "打卡终端", "账号", "帐户", "帐本", "散列", "吊销", "区块账本"),
    "zh-Hant": ("主管機構", "打卡終端", "帳號", "賬戶", "散列", "吊銷"),
}
"""What the things of the glossary could also be called, and are not."""


def rows(width: int) -> list[list[str]]:
    lines = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in cells if len(row) == width and not row[0].startswith("-")][1:]


@pytest.mark.parametrize("language", FOLDERS)
def test_the_interface_calls_things_as_the_glossary_does(language: str) -> None:
    glossary = {row[0]: row for row in rows(4)}
    say = words(language)
    used = rows(2)
    assert len(used) > 20
    for message, word in used:
        assert say(message) != message, f"{message}: not in the catalogue"
        assert glossary[word][COLUMN[language]] in say(message), message


@pytest.mark.parametrize("language", FOLDERS)
def test_nothing_goes_by_a_second_name(language: str) -> None:
    folder = FOLDERS[language]
    text = (ROOT / f"api/locale/{folder}/LC_MESSAGES/messages.po").read_text(encoding="utf-8")
    assert [word for word in OTHER_WORDS[language] if word in text] == []


def test_the_glossary_names_each_thing_once() -> None:
    for place in range(3):
        named = [row[place] for row in rows(4)]
        assert len(named) == len(set(named))
