"""Sign-in with Ethereum (EIP-4361): the message that a wallet shows, and whether to believe it.

Nothing here remembers anything: that a nonce serves once is seen to by `api.access.sessions`.

Strict on purpose, and narrower than the grammar where it leaves room: addresses in EIP-55 spelling
only, chain ids without leading zeros, no leap seconds, at most `MESSAGE_MAX` characters. A message
signed for us carries our sentence, no resources and no request id: whoever signs it signs nothing
else. The grammar allows ASCII alone, so the Chinese words stand beside the wallet's prompt
(`explanation`), not in it.

Smart-contract wallets (EIP-1271) are not supported: only a call to a chain could judge their
signatures, and its answer may change later. Who has one signs in with an ordinary key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from eth_hash.auto import keccak

from api.access.errors import AccessProblem, AccessRefused
from api.access.grammar import conforms, date_time, unix_seconds
from ledger.core.format.fields import Address
from ledger.core.records.signing import recover
from ledger.errors import Refused

STATEMENT: Final = (
    "Sign in to Hourledger. This only shows that this key is yours. "
    "It records no hours, sends no coins and costs nothing."
)
"""What the wallet shows as the purpose, in the letters that EIP-4361 allows."""

MESSAGE_MAX: Final = 2048
"""Longest message in characters: ours have about 500."""

MESSAGE_SECONDS: Final = 600
"""How long a message can be used: time enough to find one's glasses."""

SKEW_SECONDS: Final = 60
"""How far a message may be ahead of our clock: some wallets write the time themselves."""

_INTRODUCTION: Final = " wants you to sign in with your Ethereum account:"
_CHAIN_ID = re.compile(r"[1-9][0-9]{0,18}")
_ADDRESS = Address()


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a message must be for: the address of our sign-in page, and the chain id."""

    uri: str
    chain_id: int

    @property
    def scheme(self) -> str:
        """How our page is reached."""
        return urlsplit(self.uri).scheme

    @property
    def domain(self) -> str:
        """Our host, with the port if there is one: what the wallet compares with the page."""
        return urlsplit(self.uri).netloc


@dataclass(frozen=True, slots=True)
class Message:
    """The fields of one message; times are RFC 3339 text, None is a field left out.

    Raises `AccessRefused(FORM)` naming the first field that does not conform. The address and the
    nonce show in no repr.
    """

    domain: str
    address: str = field(repr=False)
    uri: str
    chain_id: int
    nonce: str = field(repr=False)
    issued_at: str
    statement: str | None = None
    expiration_time: str | None = None
    not_before: str | None = None
    request_id: str | None = None
    resources: tuple[str, ...] | None = None
    scheme: str | None = None

    def __post_init__(self) -> None:
        """Judge every field."""
        _demand(self.scheme is None or conforms("scheme", self.scheme), "scheme")
        _demand(conforms("authority", self.domain), "domain")
        _demand(_is_address(self.address), "address")
        _demand(self.statement is None or conforms("statement", self.statement), "statement")
        _demand(conforms("uri", self.uri), "uri")
        _demand(_CHAIN_ID.fullmatch(str(self.chain_id)) is not None, "chain id")
        _demand(conforms("nonce", self.nonce), "nonce")
        _demand(unix_seconds(self.issued_at) is not None, "issued at")
        _demand(_is_time_or_none(self.expiration_time), "expiration time")
        _demand(_is_time_or_none(self.not_before), "not before")
        _demand(self.request_id is None or conforms("request id", self.request_id), "request id")
        _demand(all(conforms("uri", uri) for uri in self.resources or ()), "resources")

    def render(self) -> str:
        """The text that the wallet signs; `parse` gives the message back."""
        origin = self.domain if self.scheme is None else f"{self.scheme}://{self.domain}"
        lines = [origin + _INTRODUCTION, self.address, ""]
        lines += [""] if self.statement is None else [self.statement, ""]
        lines += [f"URI: {self.uri}", "Version: 1", f"Chain ID: {self.chain_id}"]
        lines += [f"Nonce: {self.nonce}", f"Issued At: {self.issued_at}"]
        for label, value in (
            ("Expiration Time", self.expiration_time),
            ("Not Before", self.not_before),
            ("Request ID", self.request_id),
        ):
            lines += [] if value is None else [f"{label}: {value}"]
        if self.resources is not None:
            lines += ["Resources:", *(f"- {uri}" for uri in self.resources)]
        return "\n".join(lines)


def challenge(audience: Audience, address: str, nonce: str, now: int) -> Message:
    """The message by which an address (EIP-55) signs in; `now` in Unix seconds."""
    return Message(
        domain=audience.domain,
        address=address,
        uri=audience.uri,
        chain_id=audience.chain_id,
        nonce=nonce,
        issued_at=date_time(now),
        statement=STATEMENT,
        expiration_time=date_time(now + MESSAGE_SECONDS),
    )


def parse(text: str) -> Message:
    """The message of a text. Raises `AccessRefused(FORM)` for any other text: one line too many,
    a carriage return, a letter beyond ASCII, fields out of order."""
    _demand(len(text) <= MESSAGE_MAX, "length")
    lines = _Lines(text.split("\n"))
    introduction = lines.take("introduction")
    _demand(introduction.endswith(_INTRODUCTION), "introduction")
    scheme, separator, domain = introduction.removesuffix(_INTRODUCTION).rpartition("://")
    address = lines.take("address")
    lines.take_blank()
    # Without a statement a second blank line follows; with an empty one, two do.
    statement: str | None = lines.take("statement")
    if statement == "" and lines.at_field("URI"):
        statement = None
    else:
        lines.take_blank()
    uri = lines.field("URI")
    _demand(lines.field("Version") == "1", "version")
    chain_id = lines.field("Chain ID")
    _demand(_CHAIN_ID.fullmatch(chain_id) is not None, "chain id")
    message = Message(
        scheme=scheme if separator else None,
        domain=domain,
        address=address,
        statement=statement,
        uri=uri,
        chain_id=int(chain_id),
        nonce=lines.field("Nonce"),
        issued_at=lines.field("Issued At"),
        expiration_time=lines.field_or_none("Expiration Time"),
        not_before=lines.field_or_none("Not Before"),
        request_id=lines.field_or_none("Request ID"),
        resources=lines.resources(),
    )
    lines.demand_end()
    return message


def verify(text: str, signature: bytes, audience: Audience, now: int) -> Message:
    """The message of a text that was signed for this audience and is valid at `now` (Unix s).

    Raises `AccessRefused` with the first problem found. The nonce is still to be spent.
    """
    message = parse(text)
    _demand(message.domain == audience.domain, "domain", AccessProblem.DOMAIN)
    _demand(message.scheme in (None, audience.scheme), "scheme", AccessProblem.DOMAIN)
    _demand(message.uri == audience.uri, "uri", AccessProblem.URI)
    _demand(message.chain_id == audience.chain_id, "chain id", AccessProblem.CHAIN)
    _demand(message.statement == STATEMENT, "statement", AccessProblem.CONTENT)
    _demand(
        message.resources is None and message.request_id is None, "resources", AccessProblem.CONTENT
    )
    _check_times(message, now)
    try:
        signer = recover(personal_digest(text), signature)
    except Refused as refusal:
        raise AccessRefused(AccessProblem.SIGNATURE, refusal.detail) from refusal
    _demand(signer == message.address, "address", AccessProblem.SIGNATURE)
    return message


def personal_digest(text: str) -> bytes:
    """The 32 bytes that `personal_sign` signs (EIP-191, version 0x45)."""
    data = text.encode()
    return keccak(b"\x19Ethereum Signed Message:\n%d" % len(data) + data)


def _check_times(message: Message, now: int) -> None:
    issued = unix_seconds(message.issued_at)
    assert issued is not None
    _demand(issued <= now + SKEW_SECONDS, "issued at", AccessProblem.NOT_YET)
    _demand(now < issued + MESSAGE_SECONDS, "issued at", AccessProblem.EXPIRED)
    if message.not_before is not None:
        begins = unix_seconds(message.not_before)
        assert begins is not None
        _demand(begins <= now, "not before", AccessProblem.NOT_YET)
    if message.expiration_time is not None:
        ends = unix_seconds(message.expiration_time)
        assert ends is not None
        _demand(now < ends, "expiration time", AccessProblem.EXPIRED)


class _Lines:
    """The lines of a message, taken one after the other."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._next = 0

    def take(self, name: str) -> str:
        _demand(self._next < len(self._lines), name)
        self._next += 1
        return self._lines[self._next - 1]

    def take_blank(self) -> None:
        _demand(self.take("blank line") == "", "blank line")

    def field(self, label: str) -> str:
        line = self.take(label)
        _demand(line.startswith(f"{label}: "), label)
        return line.removeprefix(f"{label}: ")

    def at_field(self, label: str) -> bool:
        return self._at(f"{label}: ")

    def field_or_none(self, label: str) -> str | None:
        return self.field(label) if self.at_field(label) else None

    def resources(self) -> tuple[str, ...] | None:
        if not self._at("Resources:"):
            return None
        _demand(self.take("resources") == "Resources:", "resources")
        found = []
        while self._at("- "):
            found.append(self.take("resources").removeprefix("- "))
        return tuple(found)

    def demand_end(self) -> None:
        _demand(self._next == len(self._lines), "end")

    def _at(self, prefix: str) -> bool:
        return self._next < len(self._lines) and self._lines[self._next].startswith(prefix)


def _demand(holds: bool, name: str, problem: AccessProblem = AccessProblem.FORM) -> None:
    if not holds:
        raise AccessRefused(problem, name)


def _is_address(text: str) -> bool:
    try:
        _ADDRESS.decode(text, "address")
    except Refused:
        return False
    return True


def _is_time_or_none(text: str | None) -> bool:
    return text is None or unix_seconds(text) is not None
