"""API tokens: how systems call, on behalf of the address that issued them.

A token is shown once and kept as its SHA-256. It has scopes and an end, can be revoked, and is
worth no more than its owner: roles are asked of the ledger at each use.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from api.access.errors import AccessProblem, AccessRefused
from api.access.grants import DAY_SECONDS, Granting, Terms
from api.access.principal import Principal, TokenScope, resolve
from api.access.secret import Secret, read_secret
from ledger.operations.ledger import Ledger
from ledger.store.access import TOKENS, StoredToken, note_use
from ledger.store.engine import snapshot, transaction

if TYPE_CHECKING:
    from ledger.store.engine import Engine

PREFIX: Final = "hlt_"
"""Begins every token."""

TOKEN_DAYS_MAX: Final = 366
"""Longest life of a token: whoever needs it longer proves once a year that somebody still cares."""

TOKENS_MAX: Final = 100
"""Most tokens that are remembered of one owner."""

REMEMBERED_DAYS: Final = 30
"""How long a token that expired or was revoked stays in the owner's list."""

TERMS: Final = Terms(
    prefix=PREFIX,
    problem=AccessProblem.TOKEN_GRANT,
    called="tokens",
    days_max=TOKEN_DAYS_MAX,
    most=TOKENS_MAX,
    remembered_days=REMEMBERED_DAYS,
    nameless=False,
)


class Tokens(Granting[StoredToken]):
    """The tokens of one access database; owners' roles are those of the ledger."""

    def __init__(self, engine: Engine, ledger: Ledger, terms: Terms = TERMS) -> None:
        """Over the engine of `open_access`."""
        super().__init__(engine, ledger, TOKENS, terms)

    def issue(
        self, issuer: Principal, name: str, scopes: Collection[TokenScope], days: int
    ) -> tuple[Secret, StoredToken]:
        """A new token of a signed-in caller, for `days` days; the secret is never seen again.

        Raises `AccessRefused(TOKEN_GRANT)` for a bad name, no scope, too many days or tokens, a
        caller who only bears a token, and `MIRROR` from anybody but an authority.
        """
        owner = _demand_grantor(issuer, scopes)
        self._demand(name, days)
        words = tuple(sorted(scope.value for scope in set(scopes)))

        def make(token_id: str, begins: int, ends: int) -> StoredToken:
            return StoredToken(token_id, owner, name, words, begins, ends)

        return self._issue(owner, days, make)

    def principal_of(self, text: str) -> Principal | None:
        """The caller who bears a token; None when it is unknown, expired or revoked."""
        secret = read_secret(PREFIX, text)
        if secret is None:
            return None
        now = self._ledger.clock()
        with snapshot(self._engine) as connection:
            found = TOKENS.find_open(connection, secret.hash, now)
        if found is None:
            return None
        self._note_use(secret, found, now // DAY_SECONDS)
        return resolve(self._ledger, found.owner, known_scopes(found))

    def list_of(self, owner: str) -> list[StoredToken]:
        """The tokens of an owner, newest first, without their secrets."""
        with snapshot(self._engine) as connection:
            return TOKENS.of_owner(connection, owner)

    def _note_use(self, secret: Secret, token: StoredToken, day: int) -> None:
        # The day and no more: enough to find what is unused, and one write a day, not one a call.
        if token.last_used_day < day:
            with transaction(self._engine) as connection:
                note_use(connection, secret.hash, day)


def known_scopes(token: StoredToken) -> frozenset[TokenScope]:
    """What a token may be used for. A word that was a scope once opens nothing."""
    return frozenset(scope for scope in TokenScope if scope.value in token.scopes)


def _demand_grantor(issuer: Principal, scopes: Collection[TokenScope]) -> str:
    if issuer.address is None or issuer.token_scopes is not None:
        raise AccessRefused(AccessProblem.TOKEN_GRANT, "sign in first")
    if not scopes:
        raise AccessRefused(AccessProblem.TOKEN_GRANT, "scopes")
    if TokenScope.MIRROR in scopes and not issuer.authority:
        raise AccessRefused(
            AccessProblem.TOKEN_GRANT, f"{TokenScope.MIRROR} is an authority's to give"
        )
    return issuer.address
