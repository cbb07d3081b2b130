"""The address of a chain's node, which often holds a key: what may be shown of it, and what not."""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from eth_hash.auto import keccak

from anchoring.errors import Fatal
from ledger.core.format.fields import checksum_address

EMBEDDED: Final = "embedded:"
"""Scheme of the demonstration chain: `embedded:<path of its SQLite file>`."""

SECRET_MIN: Final = 4
"""Characters from which on a part of an address can be a secret; `v3` and `rpc` are none."""

HIDDEN: Final = "…"
"""Stands where a part of an address was."""

_DRAWN_FROM: Final = 2**40
"""The least id of a demonstration chain; no other chain has one so high."""

_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")


def shown(url: str) -> str:
    """Scheme and host of an address and nothing else of it: no user, password, port, path or
    query. What has another form than an address is not shown at all. Raises nothing."""
    if url.startswith(EMBEDDED):
        return "embedded demonstration chain"
    parts = _split(url)
    if parts is None:
        return "an unreadable address"
    host = parts.hostname or ""
    return f"{parts.scheme}://[{host}]" if ":" in host else f"{parts.scheme}://{host}"


def checked(url: str) -> str:
    """The address of a chain, if it has the form of one. Raises `Fatal`, which does not repeat
    it."""
    if not url.startswith(EMBEDDED) and _split(url) is None:
        raise Fatal("chain address must be http://…, https://… or embedded:<path>")
    return url


def scrubbed(text: str, url: str) -> str:
    """A text of which no part is one of those that an address hides."""
    for secret in _secrets(url):
        text = text.replace(secret, HIDDEN)
    return text


def drawn_id() -> int:
    """A chain id for a new demonstration chain, which no other has."""
    return _DRAWN_FROM + secrets.randbits(40)


def first_contract(deployer: str) -> str:
    """The address (EIP-55) of the contract that an account deploys in its first transaction, the
    same on every chain (Ethereum Yellow Paper §7, RLP of an address and the nonce 0)."""
    sender = bytes.fromhex(deployer.removeprefix("0x"))
    return checksum_address(keccak(b"\xd6\x94" + sender + b"\x80")[12:].hex())


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return None
    # A password with an unescaped / or # would leave a piece of itself in the place of the host.
    behind = f"{parts.path}?{parts.query}#{parts.fragment}"
    plain = url.isprintable() and " " not in url and "@" not in behind
    if parts.scheme not in ("http", "https") or not plain or not _HOST.fullmatch(host):
        return None
    return parts


def _secrets(url: str) -> list[str]:
    """What an address hides, the longest first, so that no rest of one stays."""
    parts = urlsplit(url)
    user, password = parts.username or "", parts.password or ""
    found = {url, user, password, f"{user}:{password}", parts.path, parts.query, parts.fragment}
    found |= set(parts.path.split("/"))
    found |= {piece for pair in parse_qsl(parts.query) for piece in pair}
    found |= {unquote(part) for part in found}
    found.add(b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode())
    return sorted((part for part in found if len(part) >= SECRET_MIN), key=len, reverse=True)
