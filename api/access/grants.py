"""What tokens and share links have in common: a named grant to whoever bears its secret.

A grant is shown once and kept as its SHA-256, ends by itself, and can be revoked before that.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic

from api.access.errors import AccessProblem, AccessRefused
from api.access.secret import Secret, new_secret
from ledger.core.format.fields import Text
from ledger.errors import Refused
from ledger.operations.ledger import Ledger
from ledger.store.engine import transaction
from ledger.store.grants import G, Grants

if TYPE_CHECKING:
    from ledger.store.engine import Connection, Engine

DAY_SECONDS: Final = 86400

NAME_MAX: Final = 60
"""Longest name of a grant in bytes of UTF-8."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is allowed for grants of a kind: how their secrets begin, what is said of one that is
    not allowed, how long one lives, and how many of an owner are remembered, for how long after
    their end."""

    prefix: str
    problem: AccessProblem
    called: str
    days_max: int
    most: int
    remembered_days: int
    nameless: bool


class Granting(Generic[G]):
    """The grants of one kind in one access database. Safe to share between threads and
    processes."""

    def __init__(self, engine: Engine, ledger: Ledger, store: Grants[G], terms: Terms) -> None:
        """Over the engine of `open_access`; the clock is that of the ledger."""
        self._engine = engine
        self._ledger = ledger
        self._store = store
        self._terms = terms
        self._name = Text(empty_allowed=terms.nameless)

    def revoke(self, owner: str, grant_id: str) -> bool:
        """Revoke an owner's grant at once; False when there is none that is still to be revoked."""
        with transaction(self._engine) as connection:
            return self._store.revoke(connection, owner, grant_id, self._ledger.clock())

    def _demand(self, name: str, days: int) -> None:
        terms = self._terms
        try:
            self._name.decode(name, "name")
        except Refused as refusal:
            raise AccessRefused(terms.problem, "name") from refusal
        if len(name.encode()) > NAME_MAX:
            raise AccessRefused(terms.problem, "name")
        if not 1 <= days <= terms.days_max:
            raise AccessRefused(terms.problem, f"1 to {terms.days_max} days")

    def _issue(self, owner: str, days: int, make: Callable[[str, int, int], G]) -> tuple[Secret, G]:
        """A secret and the grant that `make` makes of an id, a beginning and an end. Raises
        `AccessRefused` where the owner has too many."""
        terms, now, secret = self._terms, self._ledger.clock(), new_secret(self._terms.prefix)
        grant = make(secrets.token_hex(8), now, now + days * DAY_SECONDS)
        with transaction(self._engine) as connection:
            self._forget(connection, now - terms.remembered_days * DAY_SECONDS)
            if len(self._store.of_owner(connection, owner)) >= terms.most:
                raise AccessRefused(terms.problem, f"at most {terms.most} {terms.called}")
            self._store.add(connection, secret.hash, grant)
        return secret, grant

    def _forget(self, connection: Connection, before: int) -> None:
        self._store.forget(connection, before)
