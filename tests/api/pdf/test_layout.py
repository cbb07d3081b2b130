"""Lines and pages break where they should, for any text."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from api.pdf.layout import NEVER_FIRST, Block, lines, pages

TEXTS = st.text(st.sampled_from("志愿服务（）《》，。、；：abc DEF0123-_—…·") | st.characters())


def measure(text: str) -> float:
    """A Chinese character is two wide, another one."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


@given(TEXTS, st.integers(2, 40))
def test_no_character_is_lost_and_no_line_is_too_long(text: str, width: int) -> None:
    made = lines(text, width, measure)
    assert "".join(made).replace(" ", "") == text.replace(" ", "")
    assert made
    assert all(measure(line) <= width or len(line) == 1 for line in made)


def test_latin_words_stay_whole_and_chinese_breaks_anywhere() -> None:
    assert lines("a volunteer served 志愿服务记录", 12, measure) == [
        "a volunteer",
        "served 志愿",
        "服务记录",
    ]


def test_punctuation_stays_with_what_it_belongs_to() -> None:
    made = lines("整理书架，登记新书（二手）。", 8, measure)
    assert made == ["整理书", "架，登记", "新书（二", "手）。"]
    assert not any(line[0] in NEVER_FIRST for line in made)


def test_a_word_longer_than_a_line_is_cut() -> None:
    assert lines("0x" + "ab" * 6, 5, measure) == ["0xaba", "babab", "abab"]


def test_an_empty_text_is_one_empty_line() -> None:
    assert lines("", 10, measure) == [""]


def block(height: float, **options: bool) -> Block:
    return Block(height, lambda _: None, **options)


@given(st.lists(st.tuples(st.floats(1, 9), st.booleans()), max_size=40))
def test_pages_hold_every_block_in_order_and_are_never_overfull(
    sizes: list[tuple[float, bool]],
) -> None:
    blocks = [block(height, keep=keep) for height, keep in sizes]
    made = pages(blocks, lambda page: 200.0 if page else 100.0)
    assert [b for page in made for b in page] == blocks
    for number, page in enumerate(made):
        longest_run = sum(b.height for b in page) <= (200 if number else 100)
        assert longest_run or all(b.keep for b in page[:-1])


def test_the_heading_is_drawn_again_and_stays_with_its_row() -> None:
    heading = block(2, keep=True)
    rows = [Block(4, lambda _: None, again=(heading,)) for _ in range(4)]
    made = pages([heading, *rows], lambda _: 10)
    assert made == [[heading, *rows[:2]], [heading, *rows[2:]]]
    assert pages([block(7), heading, rows[0]], lambda _: 10)[1] == [heading, rows[0]]


def test_there_is_a_first_page_even_for_nothing() -> None:
    assert pages([], lambda _: 10) == [[]]
