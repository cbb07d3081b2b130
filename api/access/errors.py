"""What access control refuses, each with a stable code and an English sentence: the message
by which those of other languages are found.

No error here carries an address, a nonce, a token or a signature: errors end up in logs.
"""

from __future__ import annotations

import enum

from ledger.errors import LedgerError


class Flaw(enum.Enum):
    """Why a sign-in, a token or a share link is refused. Codes are public: never renamed, never
    reused."""

    en: str

    def __new__(cls, code: str, en: str) -> Flaw:
        """Make one member whose value is the code alone."""
        member = object.__new__(cls)
        member._value_ = code
        member.en = en
        return member

    FORM = "SIGN_IN_FORM", "The sign-in message is not in the agreed form."
    DOMAIN = ("SIGN_IN_DOMAIN", "The sign-in message belongs to another site: do not sign it.")
    URI = ("SIGN_IN_URI", "The sign-in message names another sign-in address.")
    CHAIN = "SIGN_IN_CHAIN", "The sign-in message is for another chain."
    CONTENT = ("SIGN_IN_CONTENT", "The sign-in message asks for something else than to sign in.")
    NOT_YET = "SIGN_IN_NOT_YET", "The sign-in message is not valid yet."
    EXPIRED = ("SIGN_IN_EXPIRED", "The sign-in message is too old: please sign in again.")
    SIGNATURE = ("SIGN_IN_SIGNATURE", "The signature is not by the address of the message.")
    NONCE = (
        "SIGN_IN_NONCE",
        "The sign-in message was used before or is not ours: please sign in again.",
    )
    SIGN_IN = ("SIGN_IN_NEEDED", "Sign in first, or send a token that is valid now.")
    NOT_YOURS = ("NOT_YOURS", "This is not yours to do.")
    TOO_OFTEN = ("TOO_OFTEN", "Too many requests: come back later.")
    TOKEN_GRANT = ("TOKEN_GRANT", "You may not issue a token like this.")
    SHARE = ("SHARE_GRANT", "A link like this cannot be made.")


class AccessRefused(LedgerError):
    """A sign-in, a token or a link is refused; `detail` names a field, never its value."""

    def __init__(self, flaw: Flaw, detail: str = "") -> None:
        super().__init__(f"{flaw.value}: {flaw.en} {detail}".rstrip())
        self.flaw = flaw
        self.detail = detail
