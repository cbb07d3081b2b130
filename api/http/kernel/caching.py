"""Answers that caches may keep: a strong ETag over the content, and how long it stays true."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from fastapi import Request, Response
from pydantic import BaseModel

FOR_EVER: Final = "public, max-age=31536000, immutable"
"""Content that never changes under its address: tiles, batches, entries (RFC 8246)."""

ASK_AGAIN: Final = "no-cache"
"""Content that grows: kept, but asked for again each time (RFC 9111 §5.2.2.4)."""


PRIVATE: Final = {"Cache-Control": "private, no-store"}
"""Content for the caller's eyes alone (RFC 9111 §5.2.2)."""


def private(content: BaseModel, status: int = 200) -> Response:
    """An answer for the caller's eyes alone."""
    return Response(content.model_dump_json(), status, PRIVATE, "application/json")


def answer(
    request: Request, content: BaseModel | bytes, media_type: str, *, immutable: bool = False
) -> Response:
    """The content with its ETag, or 304 without it when the client has it (RFC 9110 §13.1.2)."""
    body = content if isinstance(content, bytes) else content.model_dump_json().encode()
    tag = f'"{sha256(body).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": FOR_EVER if immutable else ASK_AGAIN}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def json(request: Request, content: BaseModel, *, immutable: bool = False) -> Response:
    """As `answer`, in JSON."""
    return answer(request, content, "application/json", immutable=immutable)


def text(request: Request, content: str, *, immutable: bool = False) -> Response:
    """As `answer`, in plain UTF-8 text."""
    return answer(request, content.encode(), "text/plain; charset=utf-8", immutable=immutable)


def _has(if_none_match: str, tag: str) -> bool:
    stated = [part.strip().removeprefix("W/") for part in if_none_match.split(",")]
    return "*" in stated or tag in stated
