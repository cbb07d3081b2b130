"""Face checks: the port to whoever can tell a living face, and the adapter for a signed statement.

No face, template or picture ever comes here. The station asks a question; the person's app shows
it to a provider, who looks and signs what it saw; the station checks that signature. Nobody is made
to use it: where an activity has a fence or a site code, these are enough
(as the rules on the use of facial recognition ask: there is always another way).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any, Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ledger.core.records.record import jcs

GESTURES: Final = ("blink", "nod", "turn_left", "turn_right", "open_mouth", "smile")
"""What a person can be asked to do, so that a photograph does not pass."""

ASKED: Final = 3
"""Gestures of one question."""

QUESTION_SECONDS: Final = 60
"""How long a question stands; it is taken for one such time more."""

STATEMENT: Final = "hourledger-face/v1"


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is to do before the camera of the provider's app, in order."""

    nonce: str
    gestures: tuple[str, ...]


class FaceCheck(Protocol):
    """Port to a face check."""

    def question(self, volunteer: str, time: int) -> Question:
        """What to ask a volunteer at a time (Unix s)."""

    def passed(self, volunteer: str, time: int, answer: str) -> bool:
        """Whether an answer shows the face that belongs to the volunteer, living, just now."""


class SignedFace:
    """Takes a provider's Ed25519 signature over a statement about one question.

    The statement is the RFC 8785 form of `{"format", "gestures", "nonce", "volunteer"}`. The
    provider signs it only when the living face before it is the one enrolled for that address.
    """

    def __init__(self, secret: bytes, provider: bytes) -> None:
        """`secret` makes the questions; `provider` is the raw public key (32 bytes)."""
        self._secret = secret
        self._provider = Ed25519PublicKey.from_public_bytes(provider)

    def question(self, volunteer: str, time: int) -> Question:
        """A question of this minute."""
        return self._at(volunteer, time // QUESTION_SECONDS)

    def passed(self, volunteer: str, time: int, answer: str) -> bool:
        """Whether the provider signed the question of this minute, or of the one before."""
        try:
            signature = bytes.fromhex(answer.removeprefix("0x"))
        except ValueError:
            return False
        step = time // QUESTION_SECONDS
        return any(self._signed(volunteer, s, signature) for s in (step, step - 1))

    def _at(self, volunteer: str, step: int) -> Question:
        mac = hmac.digest(self._secret, f"face {volunteer} {step}".encode(), "sha256")
        left, gestures = list(GESTURES), []
        for byte in mac[:ASKED]:
            gestures.append(left.pop(byte % len(left)))
        return Question("0x" + mac.hex(), tuple(gestures))

    def _signed(self, volunteer: str, step: int, signature: bytes) -> bool:
        try:
            self._provider.verify(signature, statement(volunteer, self._at(volunteer, step)))
        except InvalidSignature:
            return False
        return True


def statement(volunteer: str, question: Question) -> bytes:
    """What a provider signs: that this volunteer's living face answered this question."""
    told: dict[str, Any] = {
        "format": STATEMENT,
        "gestures": list(question.gestures),
        "nonce": question.nonce,
        "volunteer": volunteer,
    }
    return jcs(told)


class LocalProvider:
    """The provider's side of the flow, for a kiosk whose attendant looks at the person: it signs
    when the attendant says so. For tests, demonstrations and places with people at the door."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> bytes:
        """What the station is told to trust (32 bytes)."""
        return self._key.public_key().public_bytes_raw()

    def answer(self, volunteer: str, question: Question) -> str:
        """The answer after the attendant saw the gestures and knew the face."""
        return "0x" + self._key.sign(statement(volunteer, question)).hex()
