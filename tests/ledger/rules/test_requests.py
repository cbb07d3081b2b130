"""A request for help: open, answered, and open again; until it is ended or its time is over."""

import pytest

from ledger.operations import read
from tests.builders.records import DAY, address
from tests.builders.settled import ACCEPTED, SettledLedger


def asked(s: SettledLedger) -> bytes:
    """The school asks org for a day from now."""
    return s.town.id(s.take(s.town.request("school", "org")))


def answer(s: SettledLedger, request: bytes) -> bytes:
    named = {"recipient": address("school"), "request": request}
    return s.published(s.town.now + 60, s.town.now + 3600, **named)


def test_what_answered_and_was_cancelled_leaves_it_open(settled: SettledLedger) -> None:
    request = asked(settled)
    for _ in range(2):
        activity = answer(settled, request)
        settled.take(settled.town.change(activity, "org", action="cancel"))
        settled.town.now += 1
    declined = settled.town.request_end(request, "school", "org")
    assert settled.code(declined) == ACCEPTED


def test_who_asked_withdraws_what_is_answered_and_the_activity_stays(
    settled: SettledLedger,
) -> None:
    town, request = settled.town, asked(settled)
    activity = answer(settled, request)
    assert settled.code(town.request_end(request, "school")) == ACCEPTED
    assert settled.code(town.signup(activity, "ann")) == ACCEPTED
    settled.take(town.change(activity, "org", action="cancel"))
    start, named = town.now + 60, {"recipient": address("school"), "request": request}
    assert settled.code(town.activity("org", start, start + 60, **named)) == "REQUEST_CLOSED"


@pytest.mark.parametrize(("left", "code"), [(1, ACCEPTED), (0, "REQUEST_CLOSED")])
def test_it_is_open_up_to_its_last_second(settled: SettledLedger, left: int, code: str) -> None:
    request = asked(settled)
    settled.town.now += DAY - left
    end = settled.town.request_end(request, "school")
    assert settled.code(end) == code


def test_both_sides_see_its_end(settled: SettledLedger) -> None:
    before = [read.account(settled.ledger, address(who)).entries for who in ("school", "org")]
    settled.take(settled.town.request_end(asked(settled), "school"))
    after = [read.account(settled.ledger, address(who)).entries for who in ("school", "org")]
    assert [b - a for a, b in zip(before, after, strict=True)] == [2, 2]
