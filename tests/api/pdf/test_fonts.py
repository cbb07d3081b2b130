"""The fonts are the recorded ones and have the characters of Chinese names."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from fpdf import FPDF

from api.pdf import typefaces
from api.pdf.make_fonts import BIG5_LEVEL_1, GB2312, RECIPES, contents
from api.pdf.sheet import About, Sheets
from api.pdf.typefaces import CHAINS, FOLDER, FONTS, MISSING, Run
from ledger.errors import Unavailable

STANDARD_BEYOND_BMP = """
𠙶𬣙𨙸𬇕𬣞𬘓𫭟𫭢𫇭𫐄𫵷𣲘𣲗𬇙𬣡𫸩𨚕𫘜𬘘𫘝𦭜𬨂𬀩𬀪𬬩𫍣𬣳𬩽𬮿𬯀𫰛𬳵𬳶𫠊𬍛𬜬𦰡𪾢𪨰𫓧𬬮𬬱𬬭𦙶𬘡𬳽𬘩𫄧𪟝𬍤𫭼𬜯𬂩𫠆𨐈𬌗𫑡𪨶𬬸
𬬻𬬹𬬿𬭁𫢸𫗧𬊈𬒈𨺙𬳿𫄨𬘫𫮃𬱖𬟽𫓯𫟹𫟼𠅤𬇹𬍡𬤇𫍯𬤊𫍲𬯎𬘬𬘭𬴂𫘦𫟅𬘯𫘧𪣻𡎚𬃊𬷕𫐐𬹼𧿹𫶇𫖮𬭊𨱇𫓶𬭎𫖯𬱟𫛭𫷷𬮱𬊤𣸣𬴃𫘨𤧛𬪩𬒔𬨎𫐓
𫫇𫓹𬭚𬭛𬕂𬶋𬶍𦝼𫔶𫌀𫖳𫘪𫘬𫞩𡐓𪤗𣗋𬸘𬒗𥔲𫚖𨱏𬭤𫚕𬶐𬶏𩽾𬸚𬤝𬙂𬭩𩾃𬸣𫍽𬴊𬞟𥕢𫟦𬺈𫠜𪩘𬭬𨱑𬭯𫗴𬸦𫄷𤩽𬭳𬭶𫔍𬭸𨱔𬭼𫔎𬸪𬶟𬶠𬶨
𦈡𫄸𬟁𥖨𦒍𬙊𬶭𩾌𨟠𬶮𨭉𬙋𤫉𬺓𫚭
"""
"""The characters of 通用规范汉字表 (8,105) that lie beyond the first 65,536 code points."""

# The others of 通用规范汉字表 are in these blocks, 鿍鿎鿏 being the last to come.
BLOCKS = (range(0x4E00, 0x9FA6), range(0x3400, 0x4DB6), range(0x9FCD, 0x9FD0))


def characters(chain: tuple[str, ...]) -> set[int]:
    found: set[int] = set()
    for name in chain:
        with TTFont(FOLDER / f"{name}.woff", lazy=True) as font:
            found |= set(font.getBestCmap())
    return found


@pytest.mark.parametrize("name", FONTS)
def test_the_file_is_the_recorded_one(name: str) -> None:
    with (FOLDER / f"{name}.woff").open("rb") as file:
        assert contents(file) == FONTS[name]


def test_without_its_fonts_printing_says_in_a_sentence_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typefaces, "FOLDER", tmp_path)
    faces = typefaces.Typefaces(FPDF(), "zh-Hans")
    with pytest.raises(Unavailable, match="fonts of printed documents are missing: run make setup"):
        faces.runs("证明", "text")


def test_every_font_is_made_by_a_recipe_and_its_licence_lies_beside_it() -> None:
    assert {recipe.file for recipe in RECIPES} == {f"{name}.woff" for name in FONTS}
    assert {path.name for path in FOLDER.glob("*.woff")} == {f"{name}.woff" for name in FONTS}
    for licence in ("OFL-sans.txt", "OFL-serif.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in (FOLDER / licence).read_text()


@pytest.mark.parametrize("name", FONTS)
def test_the_outlines_are_truetype_and_may_be_embedded(name: str) -> None:
    with TTFont(FOLDER / f"{name}.woff", lazy=True) as font:
        assert "glyf" in font
        assert font["OS/2"].fsType == 0
        assert "SIL Open Font License" in font["name"].getDebugName(13)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_text_has_every_character_of_the_standards(language: str) -> None:
    found = characters(CHAINS[language])
    beyond = {ord(char) for char in STANDARD_BEYOND_BMP.replace("\n", "")}
    assert len(beyond | set(BLOCKS[2])) == 196
    assert len(GB2312) == 6763
    assert len(BIG5_LEVEL_1) == 5401 + 94  # with the 94 symbols that Python's codec has there
    wanted = beyond | GB2312 | BIG5_LEVEL_1 | {code for block in BLOCKS for code in block}
    assert wanted - found == set()


@pytest.fixture
def sheets() -> Iterator[Sheets]:
    with Sheets(About("t", "a", "zh-Hans", 0)) as made:
        yield made


def test_a_document_loads_only_the_fonts_it_needs(sheets: Sheets) -> None:
    sheets.faces.runs("王小明 Wang", "text")
    assert set(sheets.pdf.fonts) == {"text"}
    assert sheets.faces.runs("王𬭎", "text") == [Run("text", "王"), Run("rare", "𬭎")]


def test_a_heading_with_a_rare_character_is_set_in_one_face(sheets: Sheets) -> None:
    assert sheets.faces.runs("王小明", "head") == [Run("head", "王小明")]
    assert sheets.faces.runs("證明", "head") == [Run("head-hant", "證明")]
    assert sheets.faces.runs("王燚", "head") == [Run("text", "王"), Run("rare", "燚")]


def test_traditional_text_has_its_own_shapes() -> None:
    with Sheets(About("t", "a", "zh-Hant", 0)) as made:
        assert made.faces.runs("證明，", "text") == [Run("text-hant", "證明，")]


@pytest.mark.parametrize("char", ["\U000323b0", "ༀ", "\u202e", "\x00", "\ud800", "🙂"])
def test_what_no_font_has_is_visible_and_reported(sheets: Sheets, char: str) -> None:
    drawn = sheets.faces.runs(f"王{char}明", "text")
    assert "".join(run.text for run in drawn) == f"王{MISSING}明"
    assert sheets.missing_note() == [f"U+{ord(char):04X}"]


def test_a_line_break_becomes_a_space(sheets: Sheets) -> None:
    assert sheets.faces.runs("a\nb\tc", "text") == [Run("text", "a b c")]
