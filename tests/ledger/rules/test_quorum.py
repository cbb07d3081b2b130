"""How many of a ledger's authorities must sign what."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ledger.core.kinds.registry import Calendar, PolicyChange
from ledger.core.records.record import Record, ledger_id
from ledger.core.state.state import MemoryState
from ledger.errors import Refused
from ledger.rules.registry import judge
from tests.builders.records import DAY, POLICY, START, TARGETS, Town, address

COUNCIL = ("authority", "mayor", "warden")


@pytest.fixture
def town() -> Town:
    """Three authorities: two certify, all three change the policy."""
    return Town(authorities=COUNCIL, threshold=3, certify_threshold=2)


def refusal(town: Town, record: Record, *before: Record) -> str | None:
    """The code with which the rules refuse a record after the genesis and some others."""
    state = MemoryState()
    for taken in (town.genesis(), *before):
        state.apply(judge(state, taken, town.id(taken), town.now))
    try:
        judge(state, record, town.id(record), town.now)
    except Refused as error:
        return error.code.value
    return None


def certified(town: Town) -> Record:
    # Said before all that follows: an older word changes nothing.
    return town.by_authorities(town.certify("org", issued_at=START - 900).body, *COUNCIL)


Body = Callable[[Town], Record]
FUTURE = {"valid_from": START + DAY}
TABLE: list[tuple[str, Body, int]] = [
    ("policy", lambda t: t.by_authorities(PolicyChange(POLICY, 2, "x", START)), 3),
    ("certify from now on", lambda t: t.certify("org", **FUTURE), 2),
    ("certify for the past", lambda t: t.certify("org"), 3),
    ("permit", lambda t: t.permit("org"), 2),
    ("suspend from now on", lambda t: t.certify("org", action="suspend", **FUTURE), 1),
    ("suspend for the past", lambda t: t.certify("org", action="suspend", valid_from=START - 9), 3),
    (
        "suspend for a past that the signer dates back",
        lambda t: t.certify("org", action="suspend", valid_from=START - 600, issued_at=START - 600),
        3,
    ),
]


@pytest.mark.parametrize(("make", "least"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE])
def test_one_signature_fewer_than_needed_is_refused_and_as_many_are_taken(
    town: Town, make: Body, least: int
) -> None:
    body = make(town).body
    before = [certified(town)] if getattr(body, "action", "") != "certify" else []
    for count in range(1, 4):
        record = town.by_authorities(body, *COUNCIL[:count])
        wanted = None if count >= least else "QUORUM"
        assert refusal(town, record, *before) == wanted, count


def test_a_calendar_is_for_one_alone(town: Town) -> None:
    body = Calendar(2023, (19612,), (), START)
    assert refusal(town, town.by_authorities(body, "warden")) is None
    assert refusal(town, town.by_authorities(body, *COUNCIL)) == "WRONG_ROLES"


def test_authorities_sign_in_the_order_of_their_addresses(town: Town) -> None:
    body = town.certify("org").body
    rising = sorted(COUNCIL, key=lambda name: address(name).lower())
    falling = town.record(body, *(("authority", name) for name in reversed(rising)))
    assert refusal(town, falling) == "WRONG_ROLES"


BAD = {
    "nobody needed": {"certify_threshold": 0},
    "fewer for a charter than to certify": {"threshold": 1},
    "more than there are": {"threshold": 4},
    "an order of authorities": {"authorities": tuple(map(address, COUNCIL))},
    "one chain twice": {"targets": (TARGETS[0], replace(TARGETS[0], anchor=address("x")))},
    "five chains": {"targets": tuple(replace(TARGETS[0], chain_id=n) for n in range(1, 6))},
    "modules that fall": {"modules": ("hours/2", "credits/1")},
    "a module that the program does not know": {"modules": ("mall/1",)},
}


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD)
def test_a_genesis_out_of_its_bounds_is_refused(town: Town, changes: dict[str, object]) -> None:
    if "authorities" in changes:
        falling = sorted(map(address, COUNCIL), key=str.lower, reverse=True)
        changes = {"authorities": tuple(falling)}
    town.body = replace(town.body, **changes)  # type: ignore[arg-type]
    town.ledger = ledger_id(town.body)
    names = {address(name): name for name in COUNCIL}
    signed = town.record(town.body, *(("authority", names[a]) for a in town.body.authorities))
    with pytest.raises(Refused) as error:
        judge(MemoryState(), signed, town.id(signed), town.now)
    assert error.value.code.value == "BAD_VALUE"
