"""Where people reach a ledger's server: one answer for sign-in, papers, codes and lists.

As long as `public_url` is not set, it follows where `serve` listens. A server that listens on every
address of its machine cannot know by which name others find it: then it is loopback.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from api.errors import WrongUse
from api.node.settings import Settings
from api.words import both

LOOPBACK: Final = "127.0.0.1"


def public_url(settings: Settings) -> str:
    """The address that people reach the server by, without a slash at its end."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = LOOPBACK if _is_every(settings.host) else settings.host
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}" + ("" if settings.port == 80 else f":{settings.port}")


def is_loopback(url: str) -> bool:
    """Whether an address leads everybody to their own machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def warning(settings: Settings, *, strict: bool) -> str | None:
    """What to say before a paper is made that leads nowhere, None where it leads to the server.
    Raises `WrongUse` instead if that is to be refused."""
    url = public_url(settings)
    if not is_loopback(url):
        return None
    said = both(
        "Papers and codes that are made now lead to {url}, which is everybody's own machine: set "
        "public_url in hourledger.toml, or HOURLEDGER_PUBLIC_URL, first.",
        url=url,
    )
    if strict:
        raise WrongUse(said)
    return said


def _is_every(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return host == ""
