"""Who calls, and as what: roles are read out of the ledger, there is no other table of them.

An authority is who the genesis or its successors name; an organisation is who was certified; a
delegate is who an organisation's own key named; a volunteer is who enrolled. A role that the ledger
takes away is gone at the next request.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

from ledger.core.kinds.registry import scopes
from ledger.core.state.state import HEAD, State, delegation_key, organisation_key, volunteer_key
from ledger.operations.ledger import Ledger
from ledger.store.access import organisations_delegating_to
from ledger.store.engine import snapshot
from ledger.store.state import SqlState


class TokenScope(enum.StrEnum):
    """What a system's token may be used for. The words are public: never renamed. Handing in
    records needs no token: they carry their signatures."""

    READ = "entries:read"
    """Read the entries to which the token's owner is a party."""
    MIRROR = "log:mirror"
    """Read every entry (`GET /v1/entries`): for auditors and mirrors whom an authority appoints."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """For which organisation a key acts now, in which scopes; whether that is certified now."""

    organisation: str
    scopes: frozenset[str]
    certified: bool


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller. `address` None: nobody is signed in. With `token_scopes` the caller is a system
    that bears a token of `address`: it has those scopes, and the owner's roles only bound them."""

    address: str | None = field(default=None, repr=False)
    token_scopes: frozenset[TokenScope] | None = None
    authority: bool = False
    volunteer: bool = False
    mandates: tuple[Mandate, ...] = field(default=(), repr=False)

    def mandate_of(self, organisation: str) -> Mandate | None:
        """What the caller may do for an organisation, if anything."""
        return next((m for m in self.mandates if m.organisation == organisation), None)


ANONYMOUS = Principal()
"""Nobody in particular: the verifier at the counter."""


def resolve(
    ledger: Ledger, address: str, token_scopes: frozenset[TokenScope] | None = None
) -> Principal:
    """The caller behind an address (EIP-55), with the roles that the ledger gives it now."""
    with snapshot(ledger.engine) as connection:
        delegating = organisations_delegating_to(connection, address)
        return roles_of(SqlState(connection), address, delegating, ledger.clock(), token_scopes)


def roles_of(
    state: State,
    address: str,
    delegating: Iterable[str],
    time: int,
    token_scopes: frozenset[TokenScope] | None = None,
) -> Principal:
    """The roles of an address at a time (Unix s); `delegating` are the organisations whose
    delegations to it are looked at."""
    head = state.get(HEAD)
    found = [_own(state, address, time)]
    found += [_delegated(state, organisation, address, time) for organisation in delegating]
    return Principal(
        address=address,
        token_scopes=token_scopes,
        authority=head is not None and address in head.authorities,
        volunteer=state.get(volunteer_key(address)) is not None,
        mandates=tuple(mandate for mandate in found if mandate is not None),
    )


def _own(state: State, address: str, time: int) -> Mandate | None:
    organisation = state.get(organisation_key(address))
    if organisation is None:
        return None
    return Mandate(address, frozenset(scopes()), organisation.certified_at(time))


def _delegated(state: State, organisation: str, delegate: str, time: int) -> Mandate | None:
    delegation = state.get(delegation_key(organisation, delegate))
    if delegation is None:
        return None
    allowed = frozenset(scope for scope in scopes() if delegation.allows(scope, time))
    if not allowed:
        return None
    found = state.get(organisation_key(organisation))
    return Mandate(organisation, allowed, found is not None and found.certified_at(time))
