"""What a row says, and what it must not be taken to say."""

from typing import Any

import pytest

from api.attendance.mapping import AttendanceMap
from api.attendance.reading import read_session
from ledger.errors import Refused

MAP: dict[str, Any] = {
    "source": "test",
    "volunteer": "who",
    "organisation": "org",
    "start": {"columns": ["day", "at"], "format": "%Y-%m-%d %H:%M"},
    "minutes": "minutes",
    "zone": {"default": "UTC", "column": "land", "by": {"NY": "America/New_York"}},
    "content": ["note"],
}
ROW = {
    "who": "v1",
    "org": "河岸队",
    "day": "2025-03-09",
    "at": "09:00",
    "minutes": "90",
    "land": "",
    "note": "x",
    "until": "10:30",
}
START = 1741510800


def code(row: dict[str, str], **changes: Any) -> str:
    with pytest.raises(Refused) as refused:
        read_session(AttendanceMap.model_validate(MAP | changes), ROW | row)
    return refused.value.code.value


def read(row: dict[str, str], **changes: Any) -> Any:
    return read_session(AttendanceMap.model_validate(MAP | changes), ROW | row)


def test_a_plain_row() -> None:
    session = read({})
    assert (session.volunteer, session.organisation) == ("v1", "河岸队")
    assert (session.started_at, session.ended_at, session.minutes) == (START, START + 5400, 90)
    assert session.content == {"note": "x"}
    assert not session.clocked


def test_the_zone_is_the_map_s_by_column() -> None:
    assert read({"land": "NY"}).started_at == START + 4 * 3600
    assert read({"land": "elsewhere"}).started_at == START


def test_a_time_that_the_clocks_skipped_is_refused() -> None:
    assert code({"land": "NY", "at": "02:30"}) == "ROW_VALUE"


def test_of_two_equal_times_in_autumn_the_first_is_taken() -> None:
    assert read({"land": "NY", "day": "2025-11-02", "at": "01:30"}).started_at == 1762061400


@pytest.mark.parametrize(
    ("row", "minutes"), [("90", 90), ("９０", 90), (" 90 ", 90), ("90.9", 90), ("1e2", 100)]
)
def test_minutes_are_read_and_never_rounded_up(row: str, minutes: int) -> None:
    assert read({"minutes": row}).minutes == minutes


def test_hours_are_turned_into_whole_minutes() -> None:
    assert read({"minutes": "1.55"}, minutes=None, hours="minutes").minutes == 93


@pytest.mark.parametrize(
    "minutes", ["", "-5", "0", "0.5", "x", "NaN", "inf", "1e99", "9" * 99, "1,5", "90 min"]
)
def test_minutes_that_are_none_are_refused(minutes: str) -> None:
    assert code({"minutes": minutes}) == "ROW_VALUE"


@pytest.mark.parametrize("column", ["who", "org", "day", "at"])
@pytest.mark.parametrize("value", ["", "   ", "\udce4\udcf6"])
def test_a_needed_value_that_is_empty_or_unreadable_is_refused(column: str, value: str) -> None:
    assert code({column: value}) == "ROW_VALUE"


@pytest.mark.parametrize("day", ["2025-02-30", "09.03.2025", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    assert code({"day": day}) == "ROW_VALUE"


def test_an_end_before_the_start_is_refused_by_the_rule_s_name() -> None:
    end = {"columns": ["day", "until"], "format": "%Y-%m-%d %H:%M"}
    assert read({}, minutes=None, end=end).minutes == 90
    assert code({"until": "08:00"}, minutes=None, end=end) == "TIMES_REVERSED"


def test_names_are_normalised_so_that_one_person_is_one_person() -> None:
    assert read({"who": "Zoe\u0308  Lin "}).volunteer == "Zo\u00eb Lin"


def test_a_row_that_does_not_say_when_it_was_typed_is_taken_as_of_its_end() -> None:
    entered = {"columns": ["note"], "format": "%Y-%m-%d"}
    assert read({"note": "2025-04-01"}, entered=entered).entered_at == 1743465600
    assert read({"note": " "}, entered=entered).entered_at == START + 5400
    assert code({"note": "x"}, entered=entered) == "ROW_VALUE"


def test_only_the_clock_s_own_word_makes_a_row_clocked() -> None:
    clocked = {"column": "note", "value": "clock"}
    assert read({"note": "clock"}, clocked=clocked).clocked
    assert not read({"note": "Clock?"}, clocked=clocked).clocked


def test_details_of_a_refusal_never_repeat_the_value() -> None:
    with pytest.raises(Refused) as refused:
        read({"minutes": "110101199003078888"})
    assert "1101" not in str(refused.value)
