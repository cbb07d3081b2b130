"""What access control refuses, each with a stable code and sentences in Chinese and English.

No error here carries an address, a nonce, a token or a signature: errors end up in logs.
"""

from __future__ import annotations

import enum

from ledger.errors import LedgerError


class Flaw(enum.Enum):
    """Why a sign-in, a token or a share link is refused. Codes are public: never renamed, never
    reused."""

    zh: str
    en: str

    def __new__(cls, code: str, zh: str, en: str) -> Flaw:
        """Make one member whose value is the code alone."""
        member = object.__new__(cls)
        member._value_ = code
        member.zh, member.en = zh, en
        return member

    # fmt: off
    FORM = "SIGN_IN_FORM", "登录信息格式不正确。", "The sign-in message is not in the agreed form."
    DOMAIN = (
        "SIGN_IN_DOMAIN", "这条登录信息属于另一个网站，请勿签名。",
        "The sign-in message belongs to another site: do not sign it.",
    )
    URI = (
        "SIGN_IN_URI", "登录信息中的网址不是本站的登录地址。",
        "The sign-in message names another sign-in address.",
    )
    CHAIN = "SIGN_IN_CHAIN", "登录信息属于另一条链。", "The sign-in message is for another chain."
    CONTENT = (
        "SIGN_IN_CONTENT", "登录信息说的不是本站的登录内容。",
        "The sign-in message asks for something else than to sign in.",
    )
    NOT_YET = "SIGN_IN_NOT_YET", "登录信息尚未生效。", "The sign-in message is not valid yet."
    EXPIRED = (
        "SIGN_IN_EXPIRED", "登录信息已过期，请重新登录。",
        "The sign-in message is too old: please sign in again.",
    )
    SIGNATURE = (
        "SIGN_IN_SIGNATURE", "签名与地址不符。",
        "The signature is not by the address of the message.",
    )
    NONCE = (
        "SIGN_IN_NONCE", "登录信息已经用过或不是本站发出的，请重新登录。",
        "The sign-in message was used before or is not ours: please sign in again.",
    )
    SIGN_IN = (
        "SIGN_IN_NEEDED", "请先登录。", "Sign in first, or send a token that is valid now.",
    )
    NOT_YOURS = (
        "NOT_YOURS", "您没有这项权限。", "This is not yours to do.",
    )
    TOO_OFTEN = (
        "TOO_OFTEN", "请求过于频繁，请稍后再试。", "Too many requests: come back later.",
    )
    TOKEN_GRANT = (
        "TOKEN_GRANT", "您不能发放这样的令牌。", "You may not issue a token like this.",
    )
    SHARE = (
        "SHARE_GRANT", "不能创建这样的分享链接。", "A link like this cannot be made.",
    )
    # fmt: on


class AccessRefused(LedgerError):
    """A sign-in, a token or a link is refused; `detail` names a field, never its value."""

    def __init__(self, flaw: Flaw, detail: str = "") -> None:
        """Refuse for a reason."""
        super().__init__(f"{flaw.value}: {flaw.en} {detail}".rstrip())
        self.flaw = flaw
        self.detail = detail
