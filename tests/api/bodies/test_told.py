"""A record in words says every field, in every language, and nothing in code that has words."""

import pytest

from api.bodies.field_words import VALUES
from api.bodies.reading import paths
from api.bodies.told import Line, Teller, addresses_in
from api.node.local_days import LocalDays
from api.words import words
from ledger.core.format.structs import Body
from ledger.core.kinds.registry import Delegation, Permit
from tests.builders.families import examples
from tests.builders.records import START, Town, address

BODIES = {e.name: e.record.body for e in examples(Town())}
CODES = {name.partition(".")[2] for name in VALUES}
NAMES = {address("org"): "Red Cross"}


def told(body: Body, language: str) -> list[Line]:
    return Teller(words(language), LocalDays(480), NAMES).lines(body)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("name", BODIES)
def test_every_record_is_told_in_words(name: str, language: str) -> None:
    lines = told(BODIES[name], language)
    assert len(lines) >= len(list(paths(type(BODIES[name]))))
    assert all(line.label for line in lines)
    assert [line for line in lines if line.text in CODES] == []
    assert [line for line in lines if set(line.address + line.record) == {"0", "x"}] == []


def test_a_name_stands_beside_its_address_and_nothing_beside_a_strangers() -> None:
    body = Permit(address("org"), START, START + 57600, 0, 60, "outage", bytes(32), START)
    by_label = {line.label: line for line in told(body, "en")}
    assert by_label["Organisation"] == Line("Organisation", "Red Cross", address=address("org"))
    assert by_label["Explanation"].text == "nothing said"
    assert by_label["Reason"].text == "outage"
    assert by_label["To be entered until"].text == "no end"
    body = Permit(address("ann"), 0, 0, 0, 60, "outage", b"\x01" * 32, START)
    by_label = {line.label: line for line in told(body, "en")}
    assert by_label["Organisation"].text == ""
    assert by_label["Explanation"].text.endswith("0x" + "01" * 32)
    assert addresses_in(body) == [address("ann")]


def test_a_last_day_is_said_as_the_day_that_is_included() -> None:
    local_midnight = 1_735_660_800  # 1 January 2025 in UTC+8
    body = Permit(address("org"), 0, local_midnight, local_midnight + 1, 60, "paper", bytes(32), 1)
    by_label = {line.label: line.text for line in told(body, "en")}
    assert by_label["Served until"] == "2024-12-31, that day included (UTC+8)"
    assert by_label["To be entered until"] == "2025-01-01 00:00 UTC+8"


def test_a_time_beyond_all_calendars_is_a_number() -> None:
    body = Permit(address("org"), 2**53 - 1, 2**53 - 1, 0, 60, "paper", bytes(32), 1)
    assert {line.text for line in told(body, "zh-Hans")} >= {str(2**53 - 1)}


def test_the_words_of_a_list_stand_in_one_line() -> None:
    body = Delegation(address("org"), address("ann"), "grant", ("activity", "void"), 0, 0, START)
    texts = [line.text for line in told(body, "en")]
    assert "activities; voiding and decisions" in texts
