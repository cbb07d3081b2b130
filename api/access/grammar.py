"""The rules that EIP-4361 borrows: URI and authority (RFC 3986), date-time (RFC 3339).

All are ASCII, so a letter of another script that looks like a Latin one passes nowhere. Every
pattern is linear: no two ways to match the same text.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from ipaddress import AddressValueError, IPv6Address
from typing import Final

_UNRESERVED = r"A-Za-z0-9\-._~"
_SUB_DELIMS = r"!$&'()*+,;="
_ESCAPED = r"%[0-9A-Fa-f]{2}"
_NAME_CHAR = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}]|{_ESCAPED})"
_USER_CHAR = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:]|{_ESCAPED})"
_PATH_CHAR = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:@]|{_ESCAPED})"
_TAIL_CHAR = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:@/?]|{_ESCAPED})"
_SCHEME = r"[A-Za-z][A-Za-z0-9+\-.]*"
_LITERAL = rf"\[(?:v[0-9A-Fa-f]+\.[{_UNRESERVED}{_SUB_DELIMS}:]+|(?P<ipv6>[0-9A-Fa-f:.]+))\]"
_AUTHORITY = rf"(?:{_USER_CHAR}*@)?(?P<host>{_LITERAL}|{_NAME_CHAR}*)(?::[0-9]*)?"
_SEGMENTS = rf"(?:/{_PATH_CHAR}*)*"
_ROOTLESS = rf"{_PATH_CHAR}+{_SEGMENTS}"

_PATTERNS: Final = {
    "scheme": re.compile(_SCHEME),
    "authority": re.compile(_AUTHORITY),
    "uri": re.compile(
        rf"{_SCHEME}:(?://{_AUTHORITY}{_SEGMENTS}|/(?:{_ROOTLESS})?|{_ROOTLESS}|)"
        rf"(?:\?{_TAIL_CHAR}*)?(?:#{_TAIL_CHAR}*)?"
    ),
    "request id": re.compile(rf"{_PATH_CHAR}*"),
    "statement": re.compile(rf"[{_UNRESERVED}{_SUB_DELIMS}:/?#\[\]@ ]*"),
    "nonce": re.compile(r"[A-Za-z0-9]{8,}"),
}

_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]+)?"
    r"(?:[Zz]|([+-](?:[01][0-9]|2[0-3]):[0-5][0-9]))"
)


def conforms(rule: str, text: str) -> bool:
    """Whether the whole text is of a rule: `scheme`, `authority`, `uri`, `request id`,
    `statement` or `nonce`. An authority must have a host."""
    match = _PATTERNS[rule].fullmatch(text)
    if match is None:
        return False
    parts = match.groupdict()
    if rule == "authority" and not parts["host"]:
        return False
    return parts.get("ipv6") is None or _is_ipv6(parts["ipv6"])


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def unix_seconds(text: str) -> int | None:
    """A date-time as Unix seconds, fractions dropped; None for any other text. A leap second is
    refused: Unix time has none."""
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    day, time, offset = match.groups()
    try:
        return int(datetime.fromisoformat(f"{day}T{time}{offset or '+00:00'}").timestamp())
    except (ValueError, OverflowError):
        return None


def date_time(seconds: int) -> str:
    """Unix seconds as a date-time in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
