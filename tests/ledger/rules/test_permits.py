"""Leave: hours that are typed in need a permit, and days beyond the cap an approval."""

from typing import Any

import pytest

from ledger.core.records.record import Record
from tests.builders.records import DAY, address
from tests.builders.settled import ACCEPTED, NINE, Street, new_version

DAY_OF_NINE = (NINE + 8 * 3600) // DAY
"""The local day that begins nine hours before."""


def filled(s: Street, minutes: int, day: int = 0, name: str = "ann") -> None:
    """A day of somebody that has so many minutes: 480 at most from nine on, the rest behind."""
    start = NINE + day * DAY
    for length in (min(minutes, 480), minutes - 480):
        if length > 0:
            s.take(s.town.honour("org", "second", name, start, length))
            start += length * 60


def one_more(s: Street, day: int = 0, name: str = "ann", minutes: int = 1) -> str:
    """What the book says to more minutes in the late evening of that day."""
    evening = NINE + day * DAY + 14 * 3600
    return s.code(s.town.honour("org", "second", name, evening, minutes))


def below(s: Street) -> None:
    """`org` gets the parent `roof`, whose clerk approves."""
    s.take(
        s.town.certify("roof"),
        s.town.certify("org", parent=address("roof")),
        s.town.grant("roof", "clerk", "approve"),
    )


def permit(s: Street, **bounds: Any) -> bytes:
    return s.town.id(s.take(s.town.permit("org", **bounds)))


def test_a_day_has_ten_hours_without_any_leave(street: Street) -> None:
    filled(street, 600)
    assert one_more(street) == "OVER_DAY_CAP"
    assert one_more(street, name="bob") == ACCEPTED
    assert one_more(street, day=1) == ACCEPTED


def test_the_parent_of_the_organisation_allows_up_to_twelve_hours(street: Street) -> None:
    below(street)
    town = street.town
    filled(street, 600)
    assert street.code(town.approval("org", "ann", DAY_OF_NINE, 721, "roof")) == "APPROVAL_BOUNDS"
    street.take(town.approval("org", "ann", DAY_OF_NINE, 720, "roof"))
    assert one_more(street, minutes=121) == "OVER_DAY_CAP"
    assert one_more(street, minutes=120) == ACCEPTED


def test_an_authority_allows_up_to_the_whole_day(street: Street) -> None:
    town = street.town
    street.take(street.policy(2, session_minutes_max=1440))
    assert street.code(town.approval("org", "ann", DAY_OF_NINE, 1441)) == "APPROVAL_BOUNDS"
    street.take(town.approval("org", "ann", DAY_OF_NINE, 1440))
    midnight = NINE - 9 * 3600
    street.take(town.honour("org", "second", "ann", midnight, 1440))
    assert street.minutes() == (0, 1440, 0)


def test_the_highest_approval_of_a_day_holds_whatever_came_last(street: Street) -> None:
    town = street.town
    filled(street, 600)
    for minutes in (700, 650):
        street.take(town.approval("org", "ann", DAY_OF_NINE, minutes))
    assert one_more(street, minutes=101) == "OVER_DAY_CAP"
    assert one_more(street, minutes=100) == ACCEPTED


def test_an_approval_is_for_one_person_and_one_local_day(street: Street) -> None:
    street.take(street.town.approval("org", "ann", DAY_OF_NINE, 700))
    for name, day in (("ann", 0), ("ann", 1), ("bob", 0)):
        filled(street, 600, day, name)
    assert one_more(street, day=1) == "OVER_DAY_CAP"
    assert one_more(street, name="bob") == "OVER_DAY_CAP"
    assert one_more(street) == ACCEPTED


def test_an_approval_below_the_cap_takes_nothing_away(street: Street) -> None:
    street.take(street.town.approval("org", "ann", DAY_OF_NINE, 1))
    filled(street, 600)
    assert street.minutes() == (0, 600, 0)


def test_clocked_minutes_follow_from_what_was_approved_when_they_are_signed(
    street: Street,
) -> None:
    filled(street, 600)
    clocked = street.visit("ann", NINE + 13 * 3600, 60)
    assert street.code(clocked) == "OVER_DAY_CAP"
    street.take(street.town.approval("org", "ann", DAY_OF_NINE, 640))
    answers = [
        street.code(
            street.town.record(
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
     ("second", "SIGNER_NOT_ALLOWED"), ("ann", "SIGNER_NOT_ALLOWED")],
)  # fmt: skip
def test_for_the_parent_signs_whoever_acts_for_it(street: Street, signer: str, code: str) -> None:
    below(street)
    body = street.town.approval("org", "ann", DAY_OF_NINE, 700, "roof").body
    assert street.code(street.town.record(body, ("organisation", signer))) == code


def test_a_parent_approves_only_below_itself_and_only_while_it_is_certified(
    street: Street,
) -> None:
    town = street.town
    below(street)
    street.take(town.certify("other"))
    assert street.code(town.approval("other", "ann", DAY_OF_NINE, 700, "roof")) == (
        "SIGNER_NOT_ALLOWED"
    )
    street.take(town.certify("roof", action="suspend", valid_from=town.now))
    assert street.code(town.approval("org", "ann", DAY_OF_NINE, 700, "roof")) == (
        "ORG_NOT_CERTIFIED"
    )


def test_an_organisation_that_is_certified_anew_has_the_parent_named_last(
    street: Street,
) -> None:
    below(street)
    street.take(street.town.certify("org"))
    approval = street.town.approval("org", "ann", DAY_OF_NINE, 700, "roof")
    assert street.code(approval) == "SIGNER_NOT_ALLOWED"


def test_a_permit_holds_for_half_open_times(street: Street) -> None:
    town = street.town
    bounds = {"served_from": NINE, "served_until": NINE + 7200, "enter_until": town.now + 1}
    leave = permit(street, **bounds)

    def answer(start: int) -> str:
        return street.code(town.honour("org", "second", "ann", start, 60, permit=leave))

    assert answer(NINE - 60) == "PERMIT_OUTSIDE"
    assert answer(NINE + 3601) == "PERMIT_OUTSIDE"
    assert answer(NINE) == ACCEPTED
    assert answer(NINE + 3600) == ACCEPTED
    town.now += 1
    bobs = town.honour("org", "second", "bob", NINE, 60, permit=leave)
    assert street.code(bobs) == "PERMIT_OUTSIDE"


def test_a_permit_has_room_for_its_minutes_and_a_void_makes_room_again(street: Street) -> None:
    town, leave = street.town, permit(street, minutes_max=90)
    first = street.take(town.honour("org", "second", "ann", NINE, 60, permit=leave))

    def more(minutes: int) -> Record:
        return town.honour("org", "second", "bob", NINE, minutes, permit=leave)

    assert street.code(more(31)) == "PERMIT_SPENT"
    street.take(more(30), town.void(town.id(first), "org"))
    again = town.honour("org", "second", "ann", NINE, 60, permit=leave, content=b"\1" * 32)
    assert street.code(again) == ACCEPTED
    assert street.code(town.honour("org", "second", "ann", NINE + DAY, 1, permit=leave)) == (
        "PERMIT_SPENT"
    )


def test_the_ceiling_of_an_activity_counts_back_filled_minutes_only(street: Street) -> None:
    town = street.town
    where = street.published(town.now + 60, town.now + 7200, honour_minutes_max=60)
    town.now += 7200
    street.take(street.visit("ann", town.now - 3600, 60, where))
    fits = town.honour("org", "second", "bob", NINE, 60, activity=where)
    assert street.code(fits) == ACCEPTED
    over = town.honour("org", "second", "bob", NINE + DAY, 1, activity=where)
    assert street.code(over) == "HONOUR_CEILING"
    assert street.code(town.honour("org", "second", "bob", NINE + DAY, 1)) == ACCEPTED


def test_an_activity_without_a_ceiling_takes_no_back_filled_hour(street: Street) -> None:
    where = street.published(street.town.now + 60, street.town.now + 120, honour_minutes_max=0)
    typed = street.town.honour("org", "second", "ann", NINE, 1, activity=where)
    assert street.code(typed) == "HONOUR_CEILING"


def test_an_organisation_that_is_suspended_can_be_given_a_permit_for_what_it_did_before(
    street: Street,
) -> None:
    town = street.town
    street.take(town.certify("org", action="suspend", valid_from=town.now))
    leave = permit(street, minutes_max=60)
    typed = town.honour("org", "second", "ann", NINE, 60, permit=leave)
    assert street.code(typed) == "ORG_NOT_CERTIFIED"
    street.take(town.certify("org", valid_from=town.now))
    assert street.code(typed) == ACCEPTED
