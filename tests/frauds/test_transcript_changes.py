"""What changed a service of a transcript is by who may, even where the log key says otherwise."""

from collections.abc import Callable
from typing import Any

import pytest

from api.certificates.checking import verify_any
from ledger.core.records.record import Record
from ledger.core.state.totals import Status
from tests.builders.both_verifiers import compare
from tests.builders.records import DAY, Town, address
from tests.builders.trusting import everybody
from tests.frauds.forger import NOON, OPENING, Blocks, Forger, rendered

Make = Callable[[Town, bytes], Record]


def told(word: str, make: Make) -> dict[str, Any]:
    """Ann's transcript with a visit, and what the tree says changed it."""
    made = Forger()
    name = made.town.id(made.served().record)
    change = make(made.town, name)
    made.add(change, NOON + 2 * DAY)
    return made.transcript(stated={name: Status(word, made.town.id(change), OPENING)})


def _for_somebody(town: Town, name: bytes) -> Record:
    return town.record(town.void(name, "org").body, ("authority", "authority"))


@pytest.mark.parametrize(
    ("word", "make", "who"),
    [
        ("disputed", lambda town, name: town.objection(name, "eve"), "eve"),
        ("void", _for_somebody, ""),
    ],
    ids=["a stranger's objection", "an authority's void for an organisation"],
)
def test_a_change_by_who_may_not_is_invalid(word: str, make: Make, who: str) -> None:
    data = rendered(told(word, make))
    report = verify_any(data, Blocks(), pins=everybody)
    assert report.verdict == "invalid"
    (reason,) = [check.reason for check in report.checks if check.ok is False]
    assert not who or address(who) in reason
    assert compare([("", data)], None) == ["invalid"]


@pytest.mark.parametrize(
    ("word", "make"),
    [
        ("disputed", lambda town, name: town.objection(name, "ann")),
        ("void", lambda town, name: town.void(name, "org")),
        ("void", lambda town, name: town.void(name, None)),
        ("void", lambda town, name: town.void(name, "heir")),
    ],
    ids=[
        "the volunteer's",
        "the organisation's",
        "an authority's",
        "a successor's, not shown here",
    ],
)
def test_a_change_by_who_may_stands(word: str, make: Make) -> None:
    """That an organisation succeeded, no transcript shows: the proof of the record does."""
    data = rendered(told(word, make))
    assert verify_any(data, Blocks(), pins=everybody).verdict == "valid"
    assert compare([("", data)], None) == ["valid"]
