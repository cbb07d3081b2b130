"""Sign-in: a challenge with a nonce of its own, and a short session for the address that signs it.

The session is an opaque secret bound to the address and to nothing else (EIP-4361 "Creating
Sessions"): what the address may do is asked of the ledger at each request, so a key that loses its
role loses it at once.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from api.access.errors import AccessProblem, AccessRefused
from api.access.secret import Secret, new_secret, read_secret
from api.access.siwe import MESSAGE_SECONDS, Audience, challenge, verify
from ledger.operations.ledger import Clock
from ledger.store import access as store
from ledger.store.engine import snapshot, transaction

if TYPE_CHECKING:
    from ledger.store.engine import Engine

PREFIX: Final = "hls_"
"""Begins every session secret."""

SESSION_SECONDS: Final = 3600
"""How long a session lasts; then the wallet is asked again."""

NONCE_BYTES: Final = 16
"""Random bytes of a nonce: 128 bits."""


class Sessions:
    """Who is signed in, in one access database. Safe to share between threads and processes."""

    def __init__(self, engine: Engine, audience: Audience, clock: Clock) -> None:
        """Over the engine of `open_access`, for messages addressed to `audience`."""
        self._engine = engine
        self._audience = audience
        self._clock = clock

    def challenge(self, address: str) -> str:
        """The text that an address is to sign with `personal_sign` within `MESSAGE_SECONDS`.

        Raises `AccessRefused(FORM)` for an address that is not in EIP-55 spelling.
        """
        now, nonce = self._clock(), secrets.token_hex(NONCE_BYTES)
        text = challenge(self._audience, address, nonce, now).render()
        with transaction(self._engine) as connection:
            store.forget_expired(connection, now)
            store.add_nonce(connection, _nonce_hash(nonce), now + MESSAGE_SECONDS)
        return text

    def sign_in(self, text: str, signature: bytes) -> Secret:
        """A session for the address that signed a challenge. Raises `AccessRefused`.

        The nonce is spent in the transaction that opens the session: of many callers with one
        message, one is let in. A message with any other problem spends no nonce, so that nobody can
        use up a nonce without the signature to it.
        """
        now = self._clock()
        message = verify(text, signature, self._audience, now)
        secret = new_secret(PREFIX)
        with transaction(self._engine) as connection:
            if not store.spend_nonce(connection, _nonce_hash(message.nonce), now):
                raise AccessRefused(AccessProblem.NONCE)
            ends = now + SESSION_SECONDS
            store.add_session(connection, secret.hash, message.address, now, ends)
        return secret

    def address_of(self, text: str) -> str | None:
        """Who sent this session secret (EIP-55); None when it opens no session now."""
        secret = read_secret(PREFIX, text)
        if secret is None:
            return None
        with snapshot(self._engine) as connection:
            return store.session_address(connection, secret.hash, self._clock())

    def sign_out(self, text: str) -> None:
        """End a session; a secret that opens none is no error."""
        secret = read_secret(PREFIX, text)
        if secret is not None:
            with transaction(self._engine) as connection:
                store.drop_session(connection, secret.hash)

    def sign_out_everywhere(self, address: str) -> int:
        """End all sessions of an address; how many there were."""
        with transaction(self._engine) as connection:
            return store.drop_sessions_of(connection, address)


def _nonce_hash(nonce: str) -> bytes:
    return sha256(nonce.encode()).digest()
