"""Rosters as registrars send them: wrecked by spreadsheets, in GBK, with two of everything."""

from __future__ import annotations

import io
import random
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from api.credits.matched import Matched
from api.credits.roster import compare, match, short_student_numbers
from api.credits.roster_cells import same_name
from api.credits.roster_codes import CODES
from api.credits.roster_file import RosterRow, read_roster
from api.errors import WrongUse
from api.words import chinese
from ledger.core.format.volunteer_number import is_number, number_of
from tests.builders.rosters import ANN, BOB, CAMPUS, EVE, HEADER, Names, csv_of, matched


def outcomes(found: list[Matched]) -> list[tuple[str, str | None]]:
    return [(row.status, row.code) for row in found]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_encoding_and_delimiter_is_read_and_told(encoding: str, delimiter: str) -> None:
    data = csv_of(("001", "安娜", number_of(ANN)), encoding=encoding, delimiter=delimiter)
    found = read_roster(data)
    assert found.rows[0].cells == {
        "student_no": "001",
        "name": "安娜",
        "volunteer_no": number_of(ANN),
    }
    shown = {"gbk": "gb18030"}.get(encoding, encoding)
    assert found.form == f"CSV, {shown}, {delimiter!r}"


def test_four_wrong_rows_have_four_reasons_and_nobody_is_matched_by_name() -> None:
    """S9: 4.4E+17, GBK, same names, one unknown number."""
    stranger = number_of("0x" + "77" * 20)
    data = csv_of(
        ("001", "安娜", "4.4E+17"),
        ("002", "安娜", ""),
        ("003", "安娜", stranger),
        ("004", "安娜", number_of(BOB)),
        ("005", "安娜", number_of(ANN)),
        encoding="gbk",
    )
    found = matched(data)
    assert outcomes(found) == [
        ("rejected", "NUMBER_DAMAGED"),
        ("rejected", "NO_NUMBER"),
        ("no_consent", "NO_CONSENT"),
        ("name_differs", "NAME_DIFFERS"),
        ("matched", None),
    ]
    assert [row.account for row in found] == [None] * 4 + [ANN]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (number_of(ANN)[:15] + "000", "NUMBER_DAMAGED"),
        ("440000000000000000", "NUMBER_DAMAGED"),
        (number_of(ANN) + ".0", "NUMBER_DAMAGED"),
        ("4.4e17", "NUMBER_DAMAGED"),
        (number_of(ANN)[:-1] + str((int(number_of(ANN)[-1]) + 1) % 10), "BAD_NUMBER"),
        (number_of(ANN)[1:], "BAD_NUMBER"),
        ("0x1234", "BAD_NUMBER"),
        (ANN[:-1] + "g", "BAD_NUMBER"),
    ],
)
def test_a_wrong_identifier_is_refused(written: str, code: str) -> None:
    assert outcomes(matched(csv_of(("001", "安娜", written)))) == [("rejected", code)]


@pytest.mark.parametrize(
    "written",
    [
        number_of(ANN),
        "　" + number_of(ANN).translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}) + " ",
        number_of(ANN)[:6] + "\u00a0" + number_of(ANN)[6:] + "\u200b",
        "'" + number_of(ANN),
        ANN,
        ANN.lower(),
    ],
)
def test_width_and_blanks_do_not_matter(written: str) -> None:
    assert matched(csv_of(("001", "安娜", written)))[0].account == ANN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("阿依古丽·买买提", "阿依古丽．买买提"),
        ("张 三", "张三"),
        ("𠮷田", "𠮷田"),
        ("LI Ming", "Ｌｉ ming"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert same_name(one, other)
    assert not same_name(one, other + "x")


def test_rare_characters_survive_gb18030() -> None:
    data = csv_of(("001", "𠮷·䶮", number_of(ANN)), encoding="gb18030")
    rows = read_roster(data).rows
    assert rows[0].cells is not None
    assert rows[0].cells["name"] == "𠮷·䶮"


def test_two_of_everything_is_refused() -> None:
    data = csv_of(
        ("001", "安娜", number_of(ANN)),
        ("001", "安娜", number_of(BOB)),
        ("002", "包勃", number_of(EVE)),
        ("003", "伊娃", EVE),
    )
    assert (
        outcomes(matched(data))
        == [("ambiguous", "TWO_NUMBERS")] * 2 + [("ambiguous", "SHARED_NUMBER")] * 2
    )


def test_the_same_row_twice_counts_once_by_number_or_by_address() -> None:
    data = csv_of(("001", "安娜", number_of(ANN)), ("001", "安娜", ANN), ("００１", "安娜", ANN))
    assert outcomes(matched(data)) == [("matched", None)] + [("rejected", "DUPLICATE_ROW")] * 2


def test_a_number_that_fits_two_accounts_decides_nothing() -> None:
    class Twins(Names):
        def accounts(self, identifier: str) -> tuple[str, ...]:
            return (ANN, BOB) if is_number(identifier) else super().accounts(identifier)

    twins = Twins(CAMPUS.names)
    by_number = csv_of(("001", "安娜", number_of(ANN)))
    assert outcomes(matched(by_number, who=twins)) == [("ambiguous", "TWO_ACCOUNTS")]
    assert matched(csv_of(("001", "安娜", ANN)), who=twins)[0].account == ANN


def test_another_name_counts_once_the_registrar_confirmed_it() -> None:
    data = csv_of(("001", "安妮", number_of(ANN)), ("002", "包勃", number_of(BOB)))
    assert [row.status for row in matched(data)] == ["name_differs", "matched"]
    assert [row.status for row in matched(data, ("001",))] == ["matched", "matched"]


def test_broken_rows_are_named_and_the_rest_is_read() -> None:
    data = csv_of(
        ("001", "安娜", number_of(ANN), "more"),
        ("", "包勃", number_of(BOB)),
        ("003", "伊\x07娃", number_of(EVE)),
        ("004", "x" * 201, number_of(EVE)),
        ("005", "伊娃", number_of(EVE)),
    )
    codes = ["BAD_ROW", "NO_STUDENT_NO", "BAD_CELL", "BAD_CELL", None]
    assert [row.code for row in matched(data)] == codes


def test_each_code_has_its_words() -> None:
    for en in CODES.values():
        assert chinese(en).endswith("。")
        assert en.endswith(".")


def workbook(*rows: tuple[Any, ...]) -> bytes:
    workbook = Workbook()
    assert workbook.active is not None
    for line in rows:
        workbook.active.append(line)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_a_workbook_with_a_title_and_numbers_in_its_cells() -> None:
    data = workbook(
        ("二〇二三级名单",),
        (*HEADER, "学院", "宿舍"),
        (20230001, "安娜", number_of(ANN), "文学院", "3"),
        (None, None, None),
        ("0002", "包勃", int(number_of(BOB)), None, None),
        ("0003", "伊娃", float(number_of(EVE)), None, None),
    )
    found = read_roster(data)
    assert (found.form, found.unknown) == ("XLSX, Sheet", ("宿舍",))
    assert outcomes(match(found.rows, CAMPUS)) == [
        ("matched", None),
        ("rejected", "NUMBER_DAMAGED"),
        ("rejected", "NUMBER_DAMAGED"),
    ]
    assert match(found.rows, CAMPUS)[0].student["student_no"] == "20230001"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"\x81\x20\xff\xff",
        "学号,姓名\n1,安娜".encode(),
        "学号,姓名,志愿者编号,学号\n1,安娜,2,3".encode(),
        "甲,乙\n1,2".encode(),
        b"PK\x03\x04 no workbook",
        "\x00学号,姓名,志愿者编号".encode(),
    ],
)
def test_what_is_no_roster_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(WrongUse):
        read_roster(data)


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        chunk = bytes(1 << 20)
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            for _ in range(129):
                file.write(chunk)
    with pytest.raises(WrongUse, match="unpacks to more than"):
        read_roster(out.getvalue())


def test_short_student_numbers_are_worth_a_look() -> None:
    rows = [Matched(n, {"student_no": f"{n:08d}"}, "matched") for n in range(20)]
    odd = Matched(21, {"student_no": "230001"}, "matched")
    assert short_student_numbers([*rows, odd]) == ["230001"]
    assert short_student_numbers(rows) == []
    assert short_student_numbers([]) == []


def test_what_changed_between_two_rosters() -> None:
    before = [Matched(1, {"student_no": "1", "class": "a"}, "matched"), student("2"), student("3")]
    after = [Matched(1, {"student_no": "1", "class": "b"}, "matched"), student("3"), student("4")]
    found = compare(before, after)
    assert (found.new, found.gone, found.changed) == (("4",), ("2",), {"1": ("class",)})


def student(number: str) -> Matched:
    return Matched(int(number), {"student_no": number}, "matched")


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", "3", ""]),
        st.sampled_from(["安娜", "包勃", "伊娃"]),
        st.sampled_from(
            ["", "4.4E+17", *(f(a) for a in (ANN, BOB, EVE) for f in (str, number_of))]
        ),
    ),
    max_size=8,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_one_student_has_one_account_whatever_the_order(
    cells: list[tuple[str, str, str]], chance: random.Random
) -> None:
    names = ("student_no", "name", "volunteer_no")
    rows = [RosterRow(n, dict(zip(names, c, strict=True))) for n, c in enumerate(cells, 1)]
    pairs = {(m.student["student_no"], m.account) for m in match(rows, CAMPUS) if m.account}
    assert len({student for student, _ in pairs}) == len(pairs) == len({a for _, a in pairs})
    mixed = list(rows)
    chance.shuffle(mixed)
    again = {(m.student["student_no"], m.account) for m in match(mixed, CAMPUS) if m.account}
    # Which of two equal rows stands is a matter of order; names differ between rows.
    assert {s for s, _ in pairs} ^ {s for s, _ in again} <= repeated(cells)


def repeated(cells: list[tuple[str, str, str]]) -> set[str]:
    numbers = [c[0] for c in cells]
    return {n for n in numbers if numbers.count(n) > 1}


@given(st.binary(min_size=20, max_size=20), st.integers(0, 17), st.integers(1, 9))
def test_every_wrong_digit_of_a_volunteer_number_is_found(
    raw: bytes, place: int, more: int
) -> None:
    number = number_of("0x" + raw.hex())
    assert is_number(number)
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert not is_number(wrong)
    if place > 0 and number[place] != number[place - 1]:
        swapped = number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]
        assert not is_number(swapped)


def test_published_volunteer_numbers() -> None:
    assert number_of("0x" + "00" * 20) == "821178970070987838"
    assert number_of("0x" + "ff" * 20) == "635093757083530885"
