"""Sums of hours are shown without a record, and can be neither inflated nor guessed."""

import base64
import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.documents import verify_bytes
from ledger.core.kinds.registry import Service
from ledger.core.records.record import jcs
from ledger.core.state.hours_by_month import (
    Cell,
    MonthHours,
    cell_hash,
    month_of,
    month_value,
    months_between,
)
from ledger.core.state.tree_keys import month_name
from ledger.core.trees.patricia_many import find_many
from ledger.core.verify.disclosure import CHECKS, verify_disclosure
from ledger.errors import NotFound, Refused, Unavailable
from ledger.operations.audit import audit
from ledger.operations.disclose import disclosure
from ledger.store.engine import snapshot, transaction
from ledger.store.nodes import loader
from tests.builders.bundles import AnchoredLedger
from tests.builders.mutations import mutations
from tests.builders.records import DAY, START, address
from tests.builders.saved_files import ways
from tests.builders.trusting import everybody

PERIOD = ("2023-11", "2024-02")
"""START is in November 2023."""


class Winter(AnchoredLedger):
    """Ann serves at a river and in a school, in November and in January."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        town, ledger = self.town, self.ledger
        school = town.activity("org", town.now + 3600, START + 99 * DAY, category="school")
        ledger.append(school)
        self.school = town.id(school)
        self.river = self.served(self.activity, 0, 60)
        self.voided = self.served(self.activity, 1, 45)
        town.now = START + 60 * DAY
        self.amended = self.served(self.school, 55, 90)
        ledger.append(town.honour("org", "second", "ann", START + 56 * DAY, 30))
        ledger.append(town.void(town.id(self.voided), "org"))
        assert isinstance(self.amended.body, Service)
        ledger.append(town.amend(town.id(self.amended), replace(self.amended.body, minutes=70)))
        self.seal()

    def served(self, activity: bytes, day: int, minutes: int) -> Any:
        start = START + 90000 + day * DAY
        record = self.town.served(self.ledger, "org", "ann", activity, start, minutes)
        self.ledger.append(record)
        return record

    def disclose(self, first: str = PERIOD[0], last: str = PERIOD[1], **only: str) -> Any:
        def shown(cell: Cell) -> bool:
            return all(getattr(cell, name) == value for name, value in only.items())

        return disclosure(self.ledger, address("ann"), (first, last), self._anchors, shown=shown)


@pytest.fixture
def winter(tmp_path: Path) -> Iterator[Winter]:
    winter = Winter(tmp_path)
    yield winter
    winter.ledger.close()
    winter.ledger.engine.dispose()


def failed(winter: Winter, found: dict[str, Any]) -> set[str]:
    report = verify_disclosure(found, winter.chain)
    assert report.verdict == "invalid"
    assert report.facts == {}
    return {check.name for check in report.checks if check.ok is False}


def test_sums_by_class_and_category_without_a_record(winter: Winter) -> None:
    found = winter.disclose()
    report = verify_disclosure(found, winter.chain)
    assert report.verdict == "valid", report.checks
    assert [check.name for check in report.checks] == list(CHECKS)
    assert report.facts["hours"] == [
        {"hour_class": "credit", "category": "environment", "minutes": 60},
        {"hour_class": "credit", "category": "school", "minutes": 70},
        {"hour_class": "honour", "category": "", "minutes": 30},
    ]
    assert report.facts["minutes"] == {"credit": 130, "honour": 30}
    assert report.facts["hidden"] == 0
    assert [month and len(month) for month in found["months"]] == [1, None, 2, None]
    data = json.dumps(found)
    for way, file in ways(found).items():
        assert verify_bytes(file, winter.chain, pins=everybody).verdict == "valid", way
    assert verify_disclosure(found).verdict == "unchecked"
    town = winter.town
    for record in (winter.river, winter.voided, winter.amended):
        assert town.id(record).hex() not in data
    assert winter.activity.hex() not in data


def test_a_part_alone_says_that_there_is_more(winter: Winter) -> None:
    report = verify_disclosure(winter.disclose(category="school"), winter.chain)
    assert report.verdict == "valid", report.checks
    assert report.facts["minutes"] == {"credit": 70, "honour": 0}
    assert report.facts["hidden"] == 2
    honour = verify_disclosure(winter.disclose(hour_class="honour"), winter.chain)
    assert honour.facts["minutes"] == {"credit": 0, "honour": 30}


def test_who_has_no_hours_proves_that(winter: Winter) -> None:
    found = disclosure(winter.ledger, address("bob"), PERIOD, winter._anchors)
    report = verify_disclosure(found, winter.chain)
    assert report.verdict == "valid", report.checks
    assert report.facts["minutes"] == {"credit": 0, "honour": 0}
    # Nor can anybody pass off months of somebody else.
    mine = winter.disclose()
    assert failed(winter, {**mine, "account": address("bob")}) == {"state"}
    assert failed(winter, {**found, "account": address("ann")}) == {"state"}


def test_an_emptied_month_stays_and_is_empty(winter: Winter) -> None:
    winter.ledger.append(winter.town.void(winter.town.id(winter.river), "org"))
    winter.seal()
    found = winter.disclose()
    assert found["months"][0] == []
    report = verify_disclosure(found, winter.chain)
    assert report.verdict == "valid", report.checks
    assert report.facts["minutes"]["credit"] == 70


def inflations(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Ways to more hours that fit the form."""
    months = found["months"]
    for place, month in enumerate(months):
        for cell, told in enumerate(month or ()):
            for grown in (
                {**told, "minutes": told["minutes"] + 60},
                {**told, "category": told["category"] + "x"},
                {**told, "hour_class": "credit" if told["hour_class"] == "honour" else "honour"},
            ):
                changed = copy.deepcopy(months)
                changed[place][cell] = grown
                yield {**found, "months": changed}
            yield {**found, "months": [*months[:place], [told, told], *months[place + 1 :]]}
        # Hours of one month once more in another.
        for other in range(len(months)):
            if months[other] != month:
                changed = copy.deepcopy(months)
                changed[other] = month
                yield {**found, "months": changed}
    yield {**found, "months": months[::-1]}
    yield {**found, "months": [*months, months[0]]}
    yield {**found, "from": "2023-10", "to": "2024-01"}
    yield {**found, "from": "2023-12", "to": "2024-03"}


def test_hours_cannot_be_inflated(winter: Winter) -> None:
    forged = list(inflations(winter.disclose()))
    assert len(forged) > 15
    for found in forged:
        found_by = failed(winter, found)
        assert found_by & {"state", "format"}
        assert found_by <= {"state", "format", "times"}


def test_every_mutation_of_a_disclosure_is_not_valid_or_says_the_same(winter: Winter) -> None:
    found = winter.disclose("2023-11", "2024-01", hour_class="credit")
    told = verify_disclosure(found, winter.chain).facts
    passed, tried = [], 0
    for place, (name, changed) in enumerate(mutations(found)):
        if place % 4 or json.dumps(changed) == json.dumps(found):
            continue
        tried += 1
        report = verify_disclosure(changed, winter.chain)
        if report.verdict == "valid" and report.facts != told:
            passed.append(name)
    assert passed == []
    assert tried > 500


def test_what_is_hidden_cannot_be_guessed(winter: Winter) -> None:
    """Salt and secret of what is not shown follow from nothing that is shown."""
    found = winter.disclose(hour_class="credit")
    hidden = [told for month in found["months"] for told in month or () if type(told) is str]
    shown = [told for month in found["months"] for told in month or () if type(told) is dict]
    assert len(hidden) == 1
    salts = [bytes.fromhex(cell["salt"][2:]) for cell in shown]
    known = [*salts, bytes(32), *(sha256(salt).digest() for salt in salts)]
    truth = Cell("honour", "", 30)
    assert bytes.fromhex(hidden[0][2:]) not in {cell_hash(truth, salt) for salt in known}
    # The proof opens no other month: neither its key nor its sums stand in it.
    whole = winter.disclose("2023-11", "2023-12")
    for month in ("2024-01", "2024-02"):
        assert month_name(address("ann"), month) not in base64.b64decode(whole["proof"])


def test_each_change_hides_the_month_anew(winter: Winter) -> None:
    before = {cell["salt"] for cell in winter.disclose()["months"][2]}
    winter.served(winter.school, 57, 20)
    winter.seal()
    after = {cell["salt"] for cell in winter.disclose()["months"][2]}
    assert not before & after


def test_a_change_that_is_in_no_batch_is_waited_for(winter: Winter) -> None:
    winter.served(winter.school, 57, 20)
    with pytest.raises(Unavailable):
        winter.disclose()
    assert verify_disclosure(winter.disclose("2023-11", "2023-12"), winter.chain).verdict == "valid"
    winter.seal(anchored=False)
    # The newest batch is not anchored, and the older one knows less.
    assert verify_disclosure(winter.disclose(), winter.chain).verdict == "pending"
    earlier = verify_disclosure(winter.disclose("2023-11", "2023-12"), winter.chain)
    assert earlier.verdict == "valid"


@pytest.mark.parametrize(
    "period",
    [
        ("2024-02", "2024-01"),
        ("2024-00", "2024-01"),
        ("2024-01", "2024-13"),
        ("2000-01", "2010-01"),
        ("24-01", "24-02"),
        ("", ""),
    ],
)
def test_a_period_is_1_to_120_months(winter: Winter, period: tuple[str, str]) -> None:
    with pytest.raises(Refused):
        winter.disclose(*period)
    assert failed(winter, {**winter.disclose(), "from": period[0], "to": period[1]}) == {"format"}


def test_there_is_none_before_the_first_batch(tmp_path: Path) -> None:
    world = AnchoredLedger(tmp_path)
    with pytest.raises(NotFound):
        disclosure(world.ledger, address("ann"), PERIOD, world._anchors)
    world.ledger.close()
    world.ledger.engine.dispose()


def test_an_operator_who_inflates_a_month_is_found(winter: Winter) -> None:
    """The row is what the next batch would commit to; the tree is made again from the entries."""
    assert audit(winter.ledger.engine).sound
    with transaction(winter.ledger.engine) as connection:
        connection.exec_driver_sql("UPDATE month_hours SET cells = replace(cells, '60', '6000')")
    (finding,) = audit(winter.ledger.engine).findings
    assert (finding.check, finding.where.split()[0]) == ("state", "month_hours")
    winter.served(winter.activity, 2, 15)
    winter.seal()
    # The forged month is committed to, and every file from it holds, until somebody audits.
    assert verify_disclosure(winter.disclose(), winter.chain).facts["minutes"]["credit"] > 6000
    assert [found.check for found in audit(winter.ledger.engine).findings] == ["state"]


def test_the_tree_has_what_the_specification_says(winter: Winter) -> None:
    found = winter.disclose()
    seal = found["seal"]["entry"]["record"]["body"]
    key = sha256(b"\x0d\x02" + bytes.fromhex(address("ann")[2:]) + b"2024-01").digest()
    with snapshot(winter.ledger.engine) as connection:
        root = bytes.fromhex(seal["state_root"][2:])
        values, _ = find_many(loader(connection), root, [key])
    hashes = b""
    for told in found["months"][2]:
        stated = jcs([told["hour_class"], told["category"], told["minutes"]])
        hashes += sha256(b"\x07" + bytes.fromhex(told["salt"][2:]) + stated).digest()
    assert values[key] == sha256(b"\x06" + hashes).digest()


@given(st.integers(0, 2**34), st.integers(-720, 840))
def test_months_are_those_of_the_calendar(time: int, offset: int) -> None:
    month = month_of(time, offset) if time + offset * 60 >= 0 else "1969-12"
    assert month_of(time, offset) == month
    year, number = map(int, month.split("-"))
    first = months_between(month, f"{year + 1:04d}-{number:02d}")
    assert len(first) == 13
    assert first == sorted(first)


def test_an_empty_month_commits_to_nothing_else() -> None:
    empty = MonthHours(address("ann"), "2024-01")
    assert empty.value() == month_value([]) == sha256(b"\x06").digest()
