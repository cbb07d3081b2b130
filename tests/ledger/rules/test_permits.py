"""Leave: hours that are typed in need a permit, and days beyond the cap an approval."""

from typing import Any

import pytest

from ledger.core.records.record import Record
from tests.builders.records import DAY, address
from tests.builders.settled import ACCEPTED, NINE, SettledLedger, new_version

DAY_OF_NINE = (NINE + 8 * 3600) // DAY
"""The local day that begins nine hours before."""


def filled(s: SettledLedger, minutes: int, day: int = 0, name: str = "ann") -> None:
    """A day of somebody that has so many minutes: 480 at most from nine on, the rest behind."""
    start = NINE + day * DAY
    for length in (min(minutes, 480), minutes - 480):
        if length > 0:
            s.take(s.town.honour("org", "second", name, start, length))
            start += length * 60


def one_more(s: SettledLedger, day: int = 0, name: str = "ann", minutes: int = 1) -> str:
    """What the ledger says to more minutes in the late evening of that day."""
    evening = NINE + day * DAY + 14 * 3600
    return s.code(s.town.honour("org", "second", name, evening, minutes))


def below(s: SettledLedger) -> None:
    """`org` gets the parent `roof`, whose clerk approves."""
    s.take(
        s.town.certify("roof"),
        s.town.certify("org", parent=address("roof")),
        s.town.grant("roof", "clerk", "approve"),
    )


def permit(s: SettledLedger, **bounds: Any) -> bytes:
    return s.town.id(s.take(s.town.permit("org", **bounds)))


def test_a_day_has_ten_hours_without_any_leave(settled: SettledLedger) -> None:
    filled(settled, 600)
    assert one_more(settled) == "OVER_DAY_CAP"
    assert one_more(settled, name="bob") == ACCEPTED
    assert one_more(settled, day=1) == ACCEPTED


def test_the_parent_of_the_organisation_allows_up_to_twelve_hours(settled: SettledLedger) -> None:
    below(settled)
    town = settled.town
    filled(settled, 600)
    assert settled.code(town.approval("org", "ann", DAY_OF_NINE, 721, "roof")) == "APPROVAL_BOUNDS"
    settled.take(town.approval("org", "ann", DAY_OF_NINE, 720, "roof"))
    assert one_more(settled, minutes=121) == "OVER_DAY_CAP"
    assert one_more(settled, minutes=120) == ACCEPTED


def test_an_authority_allows_up_to_the_whole_day(settled: SettledLedger) -> None:
    town = settled.town
    settled.take(settled.policy(2, session_minutes_max=1440))
    assert settled.code(town.approval("org", "ann", DAY_OF_NINE, 1441)) == "APPROVAL_BOUNDS"
    settled.take(town.approval("org", "ann", DAY_OF_NINE, 1440))
    midnight = NINE - 9 * 3600
    settled.take(town.honour("org", "second", "ann", midnight, 1440))
    assert settled.minutes() == (0, 1440, 0)


def test_the_highest_approval_of_a_day_holds_whatever_came_last(settled: SettledLedger) -> None:
    town = settled.town
    filled(settled, 600)
    for minutes in (700, 650):
        settled.take(town.approval("org", "ann", DAY_OF_NINE, minutes))
    assert one_more(settled, minutes=101) == "OVER_DAY_CAP"
    assert one_more(settled, minutes=100) == ACCEPTED


def test_an_approval_is_for_one_person_and_one_local_day(settled: SettledLedger) -> None:
    settled.take(settled.town.approval("org", "ann", DAY_OF_NINE, 700))
    for name, day in (("ann", 0), ("ann", 1), ("bob", 0)):
        filled(settled, 600, day, name)
    assert one_more(settled, day=1) == "OVER_DAY_CAP"
    assert one_more(settled, name="bob") == "OVER_DAY_CAP"
    assert one_more(settled) == ACCEPTED


def test_an_approval_below_the_cap_takes_nothing_away(settled: SettledLedger) -> None:
    settled.take(settled.town.approval("org", "ann", DAY_OF_NINE, 1))
    filled(settled, 600)
    assert settled.minutes() == (0, 600, 0)


def test_clocked_minutes_follow_from_what_was_approved_when_they_are_signed(
    settled: SettledLedger,
) -> None:
    filled(settled, 600)
    clocked = settled.visit("ann", NINE + 13 * 3600, 60)
    assert settled.code(clocked) == "OVER_DAY_CAP"
    settled.take(settled.town.approval("org", "ann", DAY_OF_NINE, 640))
    answers = [
        settled.code(
            settled.town.record(
                new_version(clocked, minutes=minutes, content=minutes.to_bytes(32, "big")),
                ("organisation", "org"),
            )
        )
        for minutes in (39, 41, 40)
    ]
    assert answers == ["MINUTES_BY_RULE", "OVER_DAY_CAP", ACCEPTED]


@pytest.mark.parametrize(
    ("signer", "code"),
    [("roof", ACCEPTED), ("clerk", ACCEPTED), ("org", "SIGNER_NOT_ALLOWED"),
     ("second", "SIGNER_NOT_ALLOWED"), ("ann", "SIGNER_IS_VOLUNTEER")],
)  # fmt: skip
def test_for_the_parent_signs_whoever_acts_for_it(
    settled: SettledLedger, signer: str, code: str
) -> None:
    below(settled)
    body = settled.town.approval("org", "ann", DAY_OF_NINE, 700, "roof").body
    assert settled.code(settled.town.record(body, ("organisation", signer))) == code


def test_a_parent_approves_only_below_itself_and_only_while_it_is_certified(
    settled: SettledLedger,
) -> None:
    town = settled.town
    below(settled)
    settled.take(town.certify("other"))
    assert settled.code(town.approval("other", "ann", DAY_OF_NINE, 700, "roof")) == (
        "SIGNER_NOT_ALLOWED"
    )
    settled.take(town.certify("roof", action="suspend", valid_from=town.now))
    assert settled.code(town.approval("org", "ann", DAY_OF_NINE, 700, "roof")) == (
        "ORG_NOT_CERTIFIED"
    )


def test_an_organisation_that_is_certified_anew_has_the_parent_named_last(
    settled: SettledLedger,
) -> None:
    below(settled)
    settled.take(settled.town.certify("org"))
    approval = settled.town.approval("org", "ann", DAY_OF_NINE, 700, "roof")
    assert settled.code(approval) == "SIGNER_NOT_ALLOWED"


def test_a_permit_holds_for_half_open_times(settled: SettledLedger) -> None:
    town = settled.town
    bounds = {"served_from": NINE, "served_until": NINE + 7200, "enter_until": town.now + 1}
    leave = permit(settled, **bounds)

    def answer(start: int) -> str:
        return settled.code(town.honour("org", "second", "ann", start, 60, permit=leave))

    assert answer(NINE - 60) == "PERMIT_OUTSIDE"
    assert answer(NINE + 3601) == "PERMIT_OUTSIDE"
    assert answer(NINE) == ACCEPTED
    assert answer(NINE + 3600) == ACCEPTED
    town.now += 1
    bobs = town.honour("org", "second", "bob", NINE, 60, permit=leave)
    assert settled.code(bobs) == "PERMIT_OUTSIDE"


def test_a_permit_has_room_for_its_minutes_and_a_void_makes_room_again(
    settled: SettledLedger,
) -> None:
    town, leave = settled.town, permit(settled, minutes_max=90)
    first = settled.take(town.honour("org", "second", "ann", NINE, 60, permit=leave))

    def more(minutes: int) -> Record:
        return town.honour("org", "second", "bob", NINE, minutes, permit=leave)

    assert settled.code(more(31)) == "PERMIT_SPENT"
    settled.take(more(30), town.void(town.id(first), "org"))
    again = town.honour("org", "second", "ann", NINE, 60, permit=leave, content=b"\1" * 32)
    assert settled.code(again) == ACCEPTED
    assert settled.code(town.honour("org", "second", "ann", NINE + DAY, 1, permit=leave)) == (
        "PERMIT_SPENT"
    )


def test_the_ceiling_of_an_activity_counts_back_filled_minutes_only(settled: SettledLedger) -> None:
    town = settled.town
    where = settled.published(town.now + 60, town.now + 7200, honour_minutes_max=60)
    town.now += 7200
    settled.take(settled.visit("ann", town.now - 3600, 60, where))
    fits = town.honour("org", "second", "bob", NINE, 60, activity=where)
    assert settled.code(fits) == ACCEPTED
    over = town.honour("org", "second", "bob", NINE + DAY, 1, activity=where)
    assert settled.code(over) == "HONOUR_CEILING"
    assert settled.code(town.honour("org", "second", "bob", NINE + DAY, 1)) == ACCEPTED


def test_an_activity_without_a_ceiling_takes_no_back_filled_hour(settled: SettledLedger) -> None:
    where = settled.published(settled.town.now + 60, settled.town.now + 120, honour_minutes_max=0)
    typed = settled.town.honour("org", "second", "ann", NINE, 1, activity=where)
    assert settled.code(typed) == "HONOUR_CEILING"


def test_an_organisation_that_is_suspended_can_be_given_a_permit_for_what_it_did_before(
    settled: SettledLedger,
) -> None:
    town = settled.town
    settled.take(town.certify("org", action="suspend", valid_from=town.now))
    leave = permit(settled, minutes_max=60)
    typed = town.honour("org", "second", "ann", NINE, 60, permit=leave)
    assert settled.code(typed) == "ORG_NOT_CERTIFIED"
    settled.take(town.certify("org", valid_from=town.now))
    assert settled.code(typed) == ACCEPTED
