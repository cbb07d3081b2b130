"""Dates and times as people write them become the seconds that they mean, or are refused."""

from datetime import UTC, datetime

import pytest

from api.bodies.moments import Moments, day_text
from api.errors import WrongUse
from api.node.local_days import LocalDays

NOW = 1_760_000_000
MOMENTS = Moments(LocalDays(480), NOW)


def at(*parts: int) -> int:
    """A local time of a town eight hours before UTC."""
    return int(datetime(*parts, tzinfo=UTC).timestamp()) - 8 * 3600  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025-03-04 14:30", at(2025, 3, 4, 14, 30)),
        ("2025-03-04T14:30:05", at(2025, 3, 4, 14, 30, 5)),
        ("2025-03-04T14:30Z", at(2025, 3, 4, 22, 30)),
        ("2025-03-04 14:30 +08:00", at(2025, 3, 4, 14, 30)),
        ("2025-03-04 14:30-0330", at(2025, 3, 5, 2, 0)),
        ("2025/3/4 9:05", at(2025, 3, 4, 9, 5)),
        ("2025年3月4日", at(2025, 3, 4)),
        ("2025年3月4日 9时30分", at(2025, 3, 4, 9, 30)),
        ("2025年3月4日 9點", at(2025, 3, 4, 9)),
        ("20250304", at(2025, 3, 4)),
        ("4 March 2025", at(2025, 3, 4)),
        ("4 Mar 2025 9:30", at(2025, 3, 4, 9, 30)),
        ("now", NOW),
        ("现在", NOW),
        ("never", 0),
        ("永不", 0),
        ("0", 0),
        ("1741069800", 1741069800),
    ],
)
def test_a_time_is_read_as_it_is_meant(text: str, meant: int) -> None:
    assert MOMENTS.time(text, last=False) == meant


def test_a_last_day_is_included() -> None:
    assert MOMENTS.time("2025-03-04", last=True) == at(2025, 3, 5)
    assert MOMENTS.time("2025-03-04 00:00", last=True) == at(2025, 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "2025", "2025-13-01", "2025-02-30", "2025-03-04 25:00", "2025-03-04 9:61"),
        *("4 Brumaire 2025", "2025-03-041", "1969-12-31", "9999-12-31", "2025-03-04 noon", "12"),
        *("2025-03-04 14:30 +8", "2025-03-0414:30"),
    ],
)
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(WrongUse, match="2025-03-04 14:30"):
        MOMENTS.time(text, last=False)


def test_a_day_is_read_and_said_alike() -> None:
    assert day_text(MOMENTS.day("4 March 2025")) == "2025-03-04"
    assert MOMENTS.day("1970-01-02") == 1
    with pytest.raises(WrongUse):
        MOMENTS.day("2025-03-04 09:00")
    assert day_text(2**32) == str(2**32)
