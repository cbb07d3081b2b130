"""What the server of somebody else answers, within limits of size and time.

Nothing here is believed: no stated length is trusted, no redirect followed, no compression taken.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Final

import httpx

from ledger.errors import Unavailable

SECONDS: Final = 30.0
"""Longest time that one answer may take, from the question to its last byte."""

STEP_SECONDS: Final = 10.0
"""Longest silence of a server."""


class Unreachable(Unavailable):
    """The server cannot be had or does not answer as a ledger does: no alarm, ask again."""


def client(name: str, **options: Any) -> httpx.Client:
    """A client that gives its name to servers."""
    headers = {"Accept-Encoding": "identity", "User-Agent": name}
    return httpx.Client(timeout=STEP_SECONDS, headers=headers, follow_redirects=False, **options)


def fetch(
    by: httpx.Client,
    url: str,
    limit: int,
    *,
    shown: str | None = None,
    sent: Mapping[str, Any] | None = None,
    **options: Any,
) -> bytes | None:
    """The body of a 200, None for a 404; everything else is raised as `Unreachable`, which calls
    the address as it is `shown`. With `sent`, JSON, it is a POST."""
    deadline, name = time.monotonic() + SECONDS, shown or url
    how: dict[str, Any] = {} if sent is None else {"json": sent}
    try:
        with by.stream("GET" if sent is None else "POST", url, **how, **options) as answer:
            if answer.status_code == httpx.codes.NOT_FOUND:
                return None
            if answer.status_code != httpx.codes.OK:
                raise Unreachable(f"{name} answers {answer.status_code}")
            if answer.headers.get("content-encoding", "identity") != "identity":
                raise unreadable(name)
            return read_body(answer, limit, deadline, name)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = str(error) or "the connection broke off"
        raise Unreachable(f"{name} cannot be reached: {reason}") from error


def read_body(answer: httpx.Response, limit: int, deadline: float, name: str) -> bytes:
    """The body of an answer of `name`, at most `limit` bytes, by a time (`time.monotonic`). Raises
    `Unreachable`."""
    found = bytearray()
    for piece in answer.iter_raw():
        found += piece
        if len(found) > limit:
            raise Unreachable(f"{name} gives more than {limit} bytes")
        if time.monotonic() > deadline:
            raise Unreachable(f"{name} takes longer than {SECONDS:.0f} s")
    return bytes(found)


def unreadable(name: str) -> Unreachable:
    """What is raised for an answer that no ledger gives."""
    return Unreachable(f"{name} answers with something that no ledger gives")
