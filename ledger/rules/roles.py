"""Who acts for an organisation that is certified, and the clock that all rules share."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from ledger.core.kinds.registry import Delegation, IssuerKey
from ledger.core.records.record import Record
from ledger.core.state.certificate_state import IssuerKeyState
from ledger.core.state.ground_state import AccreditationState
from ledger.core.state.state import (
    HEAD,
    DelegationState,
    Head,
    State,
    delegation_key,
    organisation_key,
)
from ledger.core.state.taken_back import Pairs, is_full
from ledger.errors import Refused
from ledger.refusals import Code


def head_of(state: State) -> Head:
    """The constitution; refuses everything before genesis."""
    head = state.get(HEAD)
    if head is None:
        raise Refused(Code.NOT_OPEN)
    return head


def acts_for(state: State, signer: str | None, organisation: str, scope: str, time: int) -> bool:
    """Whether a key is the organisation's own or delegated for a scope at a time."""
    if signer is None:
        return False
    if signer == organisation:
        return True
    delegation = state.get(delegation_key(organisation, signer))
    return delegation is not None and delegation.allows(scope, time)


def demand_certified(state: State, organisation: str, start: int, end: int) -> None:
    """The organisation was certified through a whole interval."""
    found = state.get(organisation_key(organisation))
    if found is None or not found.certified_through(start, end):
        raise Refused(Code.ORG_NOT_CERTIFIED, organisation)


def demand_organisation(
    state: State, record: Record, organisation: str, scope: str, time: int
) -> None:
    """The role `organisation` is signed by one who acts for a now certified organisation."""
    if not acts_for(state, record.signer("organisation"), organisation, scope, time):
        raise Refused(Code.SIGNER_NOT_ALLOWED, f"organisation: no {scope} key of {organisation}")
    demand_certified(state, organisation, time, time)


def not_future(state: State, time: int, *stated: int) -> None:
    """No stated time lies beyond the clock and the policy's skew."""
    latest = time + head_of(state).policy.clock_skew_seconds
    if any(t > latest for t in stated):
        raise Refused(Code.FROM_THE_FUTURE)


def not_reversed(valid_from: int, valid_until: int) -> None:
    """A period that ends (0: it does not) ends after it begins."""
    if valid_until and valid_until <= valid_from:
        raise Refused(Code.TIMES_REVERSED, "valid_until must lie after valid_from")


K = TypeVar("K", DelegationState, IssuerKeyState, AccreditationState)


def demand_keys(state: State, body: Delegation | IssuerKey, time: int) -> None:
    """What an organisation says of keys that act or sign for it: said now, by one that is certified
    now, and for a period."""
    not_future(state, time, body.issued_at)
    demand_certified(state, body.organisation, time, time)
    not_reversed(body.valid_from, body.valid_until)


def revoked(key: K | None, since: int, code: Code) -> K:
    """The key without power from `since` on (0 counts as 1: an end of 0 is none). Refused with
    `code` where it has none left to take."""
    if key is None or (key.valid_until and key.valid_until <= since):
        raise Refused(code, "there is nothing to revoke")
    return replace(key, valid_until=max(since, 1))


def taken_of(key: DelegationState | IssuerKeyState | None, code: Code) -> Pairs:
    """What was taken back of a key, which what is given anew does not undo. Refused with `code`
    where that was done too often."""
    taken = key.revoked if key is not None else ()
    if is_full(taken):
        raise Refused(code, "revoked too often to be granted again")
    return taken
