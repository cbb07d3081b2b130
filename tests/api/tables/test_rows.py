"""Every physical row of an export is accounted for, however broken the file."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import WrongUse
from api.tables.rows import LINES_MAX, Row, read_rows

CELLS = st.lists(
    st.tuples(
        st.text(alphabet="ab,\"'\n ;=甲\t", max_size=12), st.text(alphabet='xy,"\n ', max_size=12)
    ),
    max_size=20,
)


def rows(text: str, delimiter: str = ",") -> list[Row]:
    return list(read_rows(text.splitlines(keepends=True), delimiter, ["a"]))


def as_csv(cells: list[tuple[str, str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([("a", "b"), *cells])
    return out.getvalue()


@given(CELLS)
def test_what_a_spreadsheet_writes_is_read_back(cells: list[tuple[str, str]]) -> None:
    # A row of blanks alone is no row: spreadsheets leave such lines at the end.
    text = as_csv(cells)
    read = [tuple(row.cells.values()) for row in rows(text) if row.cells]
    assert read == [c for c in cells if as_csv([c]).split("\n", 1)[1].strip()]


@given(st.text(alphabet='ab,"\n甲', max_size=200))
def test_no_text_stops_the_reading_and_numbers_have_no_gap(text: str) -> None:
    found = rows("a,b\n" + text)
    assert [row.number for row in found] == list(range(1, len(found) + 1))


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    found = rows('a,b\n"open,1\n' + "2,3\n" * 40)
    assert [row.cells is None for row in found] == [True] + [False] * 40


def test_a_quoted_cell_may_span_lines_up_to_the_limit() -> None:
    long = "x\n" * (LINES_MAX - 2) + "x"
    (row,) = rows(f'a,b\n"{long}",1\n')
    assert row.cells == {"a": long, "b": "1"}


@pytest.mark.parametrize("line", ["1", "1,2,3", '1,"2"x', "1,\x00,2", "1," + "x" * 70_000])
def test_a_row_of_another_shape_is_told_apart(line: str) -> None:
    found = rows(f"a,b\n{line}\n4,5\n")
    assert [row.cells for row in found] == [None, {"a": "4", "b": "5"}]


@pytest.mark.parametrize("header", ["", "b,c", "a,a", '"a'])
def test_a_header_that_cannot_be_used_is_refused(header: str) -> None:
    with pytest.raises(WrongUse):
        rows(header + "\n1,2\n")
