"""Every word is there in every language, by one catalogue; none promises too much."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

import api
import ledger
from api.errors import WrongUse
from api.pages.script_words import Message, told
from api.pdf.certificate_words import FLAG_NAMES
from api.renew.catalogue import catalogue_of, used
from api.terminal.format import counted
from api.words import FOLDERS, LANGUAGES, Words, both, catalogue_file, names, preferred, words
from ledger.core.state.flags import FLAGS
from ledger.core.verify.not_proved import NOT_PROVED
from ledger.refusals import Code

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
    "属实",
    "屬實",
)
COUNTED = re.compile(r"(?<!at most )(?<!more than )\{count\} (?!h )[a-z]")
"""A count with what it is of; limits are never one."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")

NOT_TRADITIONAL = {
    "密鑰": "金鑰",
    "覈": "核 or 查",
    "爲": "為",
    "賬": "帳",
    "着": "著",
    "裏": "裡",
    "臺": "台",
    "程序": "程式",
    "文件": "檔案",
    "字符": "字元",
    "字段": "欄位",
    "數據": "資料",
    "信息": "資訊",
    "登錄": "登入",
    "用戶": "使用者",
    "令牌": "權杖",
    "口令": "通行密語",
    "默認": "預設",
    "網絡": "網路",
    "服務器": "伺服器",
    "屏幕": "螢幕",
    "設備": "裝置",
    "打印": "列印",
    "鏈接": "連結",
    "粘貼": "貼上",
    "單元格": "儲存格",
    "工作簿": "活頁簿",
    "電子表格": "試算表",
    "二維碼": "QR 碼",
    "擴展": "擴充功能",
    "導入": "匯入",
    "導出": "匯出",
    "哈希": "雜湊",
    "型別": "類型",
    "引數": "參數",
    "許可權": "權限",
    "釋出": "發布",
    "公佈": "公布",
    "發佈": "發布",
    "上鍊": "上鏈",
    "未透過": "未通過",
    "服務物件": "服務對象",
    "核驗": "查驗",
    "日志": "日誌",
    "字節": "位元組",
    "列表": "清單",
    "調用": "呼叫",
    "嵌套": "巢狀",
    "當前": "目前",
    "丟失": "遺失",
    "重置": "重設",
    "打開": "開啟",
    "腳本": "指令碼",
    "發送": "傳送",
    "審計": "稽核",
    "人臉查驗": "人臉辨識",
    "答復": "答覆",
    "舍去": "捨去",
    "志工": "志願者",
    "條記錄": "筆記錄",
    "條時數": "筆時數",
    "QR碼": "QR 碼",
}
"""What a table of characters or words makes of simplified text, and what is said instead."""

HAN = re.compile(r"[\u3400-\u9fff]")


def forms(message: Message) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else message


def texts(language: str) -> dict[Message, tuple[str, ...]]:
    """The messages with what they are in a language, each of its plural forms."""
    return {
        m.id: (m.string,) if isinstance(m.string, str) else tuple(m.string)
        for m in catalogue_of(language)
        if m.id and not m.fuzzy
    }


def whole(language: str) -> str:
    return "\n".join(text for found in texts(language).values() for text in found)


@pytest.mark.parametrize("language", FOLDERS)
def test_the_catalogue_translates_what_is_said_and_nothing_else(language: str) -> None:
    translated = {message for message, found in texts(language).items() if all(found)}
    hint = "run: python -m api.renew.catalogue, then translate what is empty"
    assert translated == used(), hint


def test_a_language_has_one_catalogue() -> None:
    found = {file for file in (Path(api.__path__[0]) / "locale").rglob("*") if file.is_file()}
    assert found == {catalogue_file(language) for language in FOLDERS}


@pytest.mark.parametrize("language", FOLDERS)
def test_translations_have_the_same_places_to_fill_in(language: str) -> None:
    for message, found in texts(language).items():
        wanted = set(PLACEHOLDER.findall(forms(message)[-1]))
        assert [set(PLACEHOLDER.findall(text)) for text in found] == [wanted] * len(found), message


@pytest.mark.parametrize("language", FOLDERS)
def test_no_word_promises_what_the_ledger_is_not(language: str) -> None:
    assert [word for word in NEVER if word in whole(language)] == []


def test_each_chinese_holds_only_characters_of_its_own() -> None:
    """Those of the character sets of its readers: neither has the forms of the other."""
    for language, encoding in (("zh-Hant", "big5"), ("zh-Hans", "gb2312")):
        han = set(HAN.findall(whole(language)))
        assert "".join(sorted(han)).encode(encoding), language


def test_traditional_text_calls_things_as_its_readers_do() -> None:
    said = whole("zh-Hant")
    assert {word: right for word, right in NOT_TRADITIONAL.items() if word in said} == {}


def test_only_demonstration_data_holds_chinese_in_code() -> None:
    houses = [Path(house.__path__[0]) for house in (api, ledger)]
    found = {
        str(file.relative_to(house.parent))
        for house in houses
        for file in house.rglob("*.py")
        if HAN.search(file.read_text(encoding="utf-8"))
    }
    assert {name for name in found if not name.startswith("api/demo/")} == set()


def test_every_refusal_is_said_in_chinese_too() -> None:
    for code in Code:
        assert HAN.search(both(code.en))
        assert both(code.en).endswith(f" {code.en}")


def test_what_a_verdict_does_not_prove_reads_the_same_on_a_page() -> None:
    page = texts("zh-Hans")
    pairs = [sentence for found in NOT_PROVED.values() for sentence in found]
    shared = [pair for pair in pairs if pair["en"] in page]
    assert shared
    assert [pair for pair in shared if page[pair["en"]] != (pair["zh"],)] == []


def test_every_flag_has_a_short_name() -> None:
    assert FLAG_NAMES.keys() == FLAGS.keys()


def test_each_language_names_itself() -> None:
    assert dict(names()) == {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}


def test_a_number_chooses_the_plural_form_of_its_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert words("en").plural("{count} hour", "{count} hours", 1) == "1 hour"
    assert words("en").plural("{count} hour", "{count} hours", 2) == "2 hours"
    made = Catalog(locale="zh_Hans")
    made.add(("{count} hour", "{count} hours"), ("{count} 小时",))
    with (tmp_path / "messages.mo").open("wb") as opened:
        write_mo(opened, made)
    with (tmp_path / "messages.mo").open("rb") as opened:
        said = Words("zh-Hans", GNUTranslations(opened))
    assert [said.plural("{count} hour", "{count} hours", n) for n in (1, 2)] == ["1 小时", "2 小时"]


def test_no_sentence_stands_in_two_spellings() -> None:
    """A word may begin a line or stand inside one; a sentence stands in one spelling."""
    spellings: dict[str, set[Message]] = {}
    for message in used():
        plain = forms(message)[-1].lower().rstrip(".")
        if plain.count(" ") > 1:
            spellings.setdefault(plain, set()).add(message)
    assert [found for found in spellings.values() if len(found) > 1] == []


def test_what_is_counted_is_said_of_one_and_of_many() -> None:
    alone = {message for message in used() if isinstance(message, str)}
    assert {message for message in alone if COUNTED.search(message)} == {"{count} yibi"}
    assert [message for message in alone if "(s)" in message] == []


def test_templates_modules_and_scripts_say_by_a_count() -> None:
    assert {
        ("{count} entry", "{count} entries"),
        ("{count} star", "{count} stars"),
        ("{count} day", "{count} days"),
    } <= used()


def test_scripts_are_told_both_forms() -> None:
    pair = ("{count} day", "{count} days")
    assert told([pair, "Open"], words("zh-Hans")) == {
        **dict.fromkeys(pair, "{count} 天"),
        "Open": "打开",
    }
    assert told([pair], words("en")) == {form: form for form in pair}


def test_a_number_in_the_terminal_has_its_word() -> None:
    assert [counted(n, "entry", "entries") for n in (0, 1, 2000)] == [
        *("0 entries", "1 entry", "2,000 entries"),
    ]


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(WrongUse, match="zh-Hans, zh-Hant, en"):
        words("fr")


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
