"""What access control refuses, each with a stable code.

No error here carries an address, a nonce, a token or a signature: errors end up in logs.
"""

from __future__ import annotations

from api.errors import ProblemCode
from ledger.errors import LedgerError

_SIWE = "EIP-4361"
_POLICY = "docs/access.md"


class AccessProblem(ProblemCode):
    """Why a sign-in, a token or a share link is refused."""

    FORM = "SIGN_IN_FORM", 403, "The sign-in message is not in the agreed form.", _SIWE
    DOMAIN = (
        "SIGN_IN_DOMAIN",
        403,
        "The sign-in message belongs to another site: do not sign it.",
        _SIWE,
    )
    URI = "SIGN_IN_URI", 403, "The sign-in message names another sign-in address.", _SIWE
    CHAIN = "SIGN_IN_CHAIN", 403, "The sign-in message is for another chain.", _SIWE
    CONTENT = (
        "SIGN_IN_CONTENT",
        403,
        "The sign-in message asks for something else than to sign in.",
        _SIWE,
    )
    NOT_YET = "SIGN_IN_NOT_YET", 403, "The sign-in message is not valid yet.", _SIWE
    EXPIRED = (
        "SIGN_IN_EXPIRED",
        403,
        "The sign-in message is too old: please sign in again.",
        _SIWE,
    )
    SIGNATURE = (
        "SIGN_IN_SIGNATURE",
        403,
        "The signature is not by the address of the message.",
        _SIWE,
    )
    NONCE = (
        "SIGN_IN_NONCE",
        403,
        "The sign-in message was used before or is not ours: please sign in again.",
        _SIWE,
    )
    SIGN_IN = (
        "SIGN_IN_NEEDED",
        401,
        "Sign in first, or send a token that is valid now.",
        "RFC 6750 §3",
    )
    NOT_YOURS = "NOT_YOURS", 403, "This is not yours to do.", _POLICY
    TOO_OFTEN = "TOO_OFTEN", 429, "Too many requests: come back later.", "RFC 6585 §4"
    TOKEN_GRANT = "TOKEN_GRANT", 403, "You may not issue a token like this.", _POLICY
    SHARE = "SHARE_GRANT", 403, "A link like this cannot be made.", _POLICY


class AccessRefused(LedgerError):
    """A sign-in, a token or a link is refused; `detail` names a field, never its value."""

    def __init__(self, problem: AccessProblem, detail: str = "") -> None:
        super().__init__(f"{problem.value}: {problem.en} {detail}".rstrip())
        self.problem = problem
        self.detail = detail
