"""API tokens: how systems call, on behalf of the address that issued them.

A token is shown once and kept as its SHA-256. It has scopes and an end, can be revoked, and is
worth no more than its owner: roles are asked of the book at each use.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from api.access.errors import AccessRefused, Flaw
from api.access.principal import Principal, TokenScope, resolve
from api.access.secret import Secret, new_secret, read_secret
from ledger.core.format.fields import Text
from ledger.errors import Refused
from ledger.operations.book import Book
from ledger.store import access as store
from ledger.store.access import StoredToken
from ledger.store.engine import snapshot, transaction

if TYPE_CHECKING:
    from sqlalchemy import Engine

PREFIX: Final = "hlt_"
"""Begins every token."""

DAY_SECONDS: Final = 86400

TOKEN_DAYS_MAX: Final = 366
"""Longest life of a token: whoever needs it longer proves once a year that somebody still cares."""

TOKENS_MAX: Final = 100
"""Most tokens that are remembered of one owner."""

REMEMBERED_DAYS: Final = 30
"""How long a token that expired or was revoked stays in the owner's list."""

NAME_MAX: Final = 60
"""Longest name of a token in bytes of UTF-8."""

_NAME = Text()


class Tokens:
    """The tokens of one access database. Safe to share between threads and processes."""

    def __init__(self, engine: Engine, book: Book) -> None:
        """Over the engine of `open_access`; owners' roles and the clock are those of the book."""
        self._engine = engine
        self._book = book

    def issue(
        self, issuer: Principal, name: str, scopes: Collection[TokenScope], days: int
    ) -> tuple[Secret, StoredToken]:
        """A new token of a signed-in caller, for `days` days; the secret is never seen again.

        Raises `AccessRefused(TOKEN_GRANT)` for a bad name, no scope, too many days or tokens, a
        caller who only bears a token, and `MIRROR` from anybody but an authority.
        """
        owner = _demand_grant(issuer, name, scopes, days)
        now, secret = self._book.clock(), new_secret(PREFIX)
        words = tuple(sorted(scope.value for scope in set(scopes)))
        ends = now + days * DAY_SECONDS
        token = StoredToken(secrets.token_hex(8), owner, name, words, now, ends)
        with transaction(self._engine) as connection:
            store.forget_tokens(connection, now - REMEMBERED_DAYS * DAY_SECONDS)
            if len(store.tokens_of(connection, owner)) >= TOKENS_MAX:
                raise AccessRefused(Flaw.TOKEN_GRANT, f"at most {TOKENS_MAX} tokens")
            store.add_token(connection, secret.hash, token)
        return secret, token

    def principal_of(self, text: str) -> Principal | None:
        """The caller who bears a token; None when it is unknown, expired or revoked."""
        secret = read_secret(PREFIX, text)
        if secret is None:
            return None
        now = self._book.clock()
        with snapshot(self._engine) as connection:
            found = store.find_token(connection, secret.hash)
        if found is None or found.revoked_at or not found.issued_at <= now < found.expires_at:
            return None
        self._note_use(secret, found, now // DAY_SECONDS)
        return resolve(self._book, found.owner, known_scopes(found))

    def list_of(self, owner: str) -> list[StoredToken]:
        """The tokens of an owner, newest first, without their secrets."""
        with snapshot(self._engine) as connection:
            return store.tokens_of(connection, owner)

    def revoke(self, owner: str, token_id: str) -> bool:
        """Revoke an owner's token at once; False when there is none that is still to be revoked."""
        with transaction(self._engine) as connection:
            return store.revoke_token(connection, owner, token_id, self._book.clock())

    def _note_use(self, secret: Secret, token: StoredToken, day: int) -> None:
        # The day and no more: enough to find what is unused, and one write a day, not one a call.
        if token.last_used_day < day:
            with transaction(self._engine) as connection:
                store.note_use(connection, secret.hash, day)


def known_scopes(token: StoredToken) -> frozenset[TokenScope]:
    """What a token may be used for. A word that was a scope once opens nothing."""
    return frozenset(scope for scope in TokenScope if scope.value in token.scopes)


def _demand_grant(issuer: Principal, name: str, scopes: Collection[TokenScope], days: int) -> str:
    if issuer.address is None or issuer.token_scopes is not None:
        raise AccessRefused(Flaw.TOKEN_GRANT, "sign in first")
    try:
        _NAME.decode(name, "name")
    except Refused as refusal:
        raise AccessRefused(Flaw.TOKEN_GRANT, "name") from refusal
    if len(name.encode()) > NAME_MAX:
        raise AccessRefused(Flaw.TOKEN_GRANT, "name")
    if not scopes:
        raise AccessRefused(Flaw.TOKEN_GRANT, "scopes")
    if TokenScope.MIRROR in scopes and not issuer.authority:
        raise AccessRefused(Flaw.TOKEN_GRANT, f"{TokenScope.MIRROR} is an authority's to give")
    if not 1 <= days <= TOKEN_DAYS_MAX:
        raise AccessRefused(Flaw.TOKEN_GRANT, f"1 to {TOKEN_DAYS_MAX} days")
    return issuer.address
