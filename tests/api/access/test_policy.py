"""Who may call what: every permission, against every kind of caller and every kind of thing."""

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, replace
from itertools import product
from typing import Any

import pytest
from starlette.routing import Route

from api.access.policy import (
    ACCESS,
    AUTHORITY,
    HOLDER_OF_ID,
    NOTHING,
    PARTY,
    PUBLIC,
    Policy,
    Resource,
    Who,
    allowed,
    may_call,
    organisation,
    token,
)
from api.access.principal import ANONYMOUS, Mandate, Principal, TokenScope
from api.server.app import ROUTES
from ledger.core.kinds.registry import scopes
from tests.builders.records import address

ORG, ANN = address("org"), address("ann")
ALL = frozenset(scopes())


def acting(name: str, *scopes: str, certified: bool = True) -> Principal:
    """Somebody who acts for `org`, by its own key or by delegation."""
    mandate = Mandate(ORG, frozenset(scopes), certified)
    return Principal(address(name), mandates=(mandate,))


PEOPLE = {
    "nobody": ANONYMOUS,
    "stranger": Principal(address("stranger")),
    "ann": Principal(ANN, volunteer=True),
    "org": acting("org", *scopes()),
    "suspended org": acting("org", *scopes(), certified=False),
    **{f"{scope} delegate": acting("delegate", scope) for scope in scopes()},
    "other org": Principal(address("x"), mandates=(Mandate(address("x"), ALL, certified=True),)),
    "authority": Principal(address("authority"), authority=True),
}
BEARERS = {
    f"{scope} token of {owner}": replace(PEOPLE[owner], token_scopes=frozenset({scope}))
    for scope in TokenScope
    for owner in ("stranger", "ann", "org", "authority")
}
CALLERS = PEOPLE | BEARERS

THINGS = {
    "nothing": NOTHING,
    "by id": Resource(named_by_id=True),
    "ann's": Resource(parties=frozenset({ANN})),
    "org's": Resource(parties=frozenset({ORG})),
    "for org": Resource(organisation=ORG),
    "all of it": Resource(frozenset({ANN, ORG}), ORG, named_by_id=True),
}

DELEGATES = [f"{scope} delegate" for scope in scopes()]
ORG_PEOPLE = ["org", "suspended org", *DELEGATES]
EVERYBODY, EVERYTHING = list(CALLERS), list(THINGS)

ALLOWED: dict[Policy, list[tuple[list[str], list[str]]]] = {
    PUBLIC: [(EVERYBODY, EVERYTHING)],
    HOLDER_OF_ID: [(EVERYBODY, ["by id", "all of it"])],
    PARTY: [(["ann"], ["ann's", "all of it"]), (ORG_PEOPLE, ["org's", "all of it"])],
    AUTHORITY: [(["authority"], EVERYTHING)],
    **{
        organisation(scope): [(["org", f"{scope} delegate"], ["for org", "all of it"])]
        for scope in scopes()
    },
    token(TokenScope.READ): [
        (["entries:read token of ann"], ["ann's", "all of it"]),
        (["entries:read token of org"], ["org's", "all of it"]),
    ],
    token(TokenScope.MIRROR): [(["log:mirror token of authority"], EVERYTHING)],
}
"""Permission → (callers, things) that it covers; it covers no other pair."""


def test_every_permission_there_can_be_is_in_the_table_of_these_tests() -> None:
    plain = {Policy(who) for who in Who if who not in (Who.ORGANISATION, Who.TOKEN)}
    assert ALLOWED.keys() == (
        plain | {organisation(s) for s in scopes()} | {token(s) for s in TokenScope}
    )


@pytest.mark.parametrize("policy", ALLOWED, ids=lambda p: f"{p.who.value} {p.scope or ''}".strip())
def test_a_permission_covers_these_callers_and_things_and_no_others(policy: Policy) -> None:
    wanted = {pair for callers, things in ALLOWED[policy] for pair in product(callers, things)}
    found = {
        (caller, thing)
        for (caller, who), (thing, what) in product(CALLERS.items(), THINGS.items())
        if allowed(policy, who, what)
    }
    assert found == wanted


def test_a_token_has_none_of_its_owner_s_own_permissions() -> None:
    every = replace(
        PEOPLE["org"], authority=True, volunteer=True, token_scopes=frozenset(TokenScope)
    )
    own = [PARTY, AUTHORITY, *(organisation(scope) for scope in scopes())]
    assert not any(allowed(policy, every, THINGS["all of it"]) for policy in own)


def test_a_token_without_scopes_opens_nothing_that_is_closed() -> None:
    bare = replace(PEOPLE["authority"], token_scopes=frozenset())
    open_to_all = {PUBLIC, HOLDER_OF_ID}
    found = {policy for policy in ALLOWED if allowed(policy, bare, THINGS["all of it"])}
    assert found == open_to_all


@pytest.mark.parametrize(
    ("who", "scope"),
    [
        (Who.PUBLIC, "service"),
        (Who.AUTHORITY, TokenScope.READ),
        (Who.ORGANISATION, None),
        (Who.ORGANISATION, "everything"),
        (Who.ORGANISATION, TokenScope.READ),
        (Who.TOKEN, None),
        (Who.TOKEN, "service"),
    ],
)
def test_a_permission_with_a_scope_it_does_not_know_cannot_be_written(who: Who, scope: Any) -> None:
    with pytest.raises(ValueError, match="knows no scope"):
        Policy(who, scope)


# The table of routes.


def test_no_scope_of_a_token_opens_nothing() -> None:
    opened = {p.scope for policies in ACCESS.values() for p in policies if p.who is Who.TOKEN}
    assert opened == set(TokenScope)


def test_every_route_that_is_served_has_its_permission() -> None:
    modules = ROUTES
    routes = [route for module in modules for route in module.router.routes]
    names = {route.name for route in routes if isinstance(route, Route)}
    assert names == ACCESS.keys()


def test_a_route_that_nobody_wrote_down_is_nobody_s() -> None:
    assert not any(may_call("no_such_route", who, THINGS["all of it"]) for who in CALLERS.values())


def test_any_one_of_a_route_s_permissions_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.access.policy.ACCESS", {"route": (PARTY, AUTHORITY)})
    callers = {name for name, who in CALLERS.items() if may_call("route", who, THINGS["ann's"])}
    assert callers == {"ann", "authority"}


def test_what_anybody_can_check_needs_no_sign_in() -> None:
    for route in ("get_ledger", "get_checkpoint", "get_tile", "get_anchors", "append_record"):
        assert may_call(route, ANONYMOUS)
    for route in ("get_record", "get_entry", "get_proof", "get_receipt"):
        assert may_call(route, ANONYMOUS, THINGS["by id"])
        assert not may_call(route, ANONYMOUS)


def test_the_table_cannot_be_changed_while_it_is_served() -> None:
    table: Any = ACCESS
    assert isinstance(table, Mapping)
    with pytest.raises(TypeError):
        table["get_record"] = (PUBLIC,)
    policy: Any = PARTY
    with pytest.raises(FrozenInstanceError):
        policy.who = Who.PUBLIC
