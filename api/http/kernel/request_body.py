"""Request bodies in bounded memory: reading stops at the limit, whatever the headers claim."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request

from api.http.kernel.problems import WrongMediaType
from ledger.core.format.limits import RECORD_BYTES_MAX
from ledger.errors import Refused
from ledger.refusals import Code

LINES_MAX: Final = 10_000
"""Most lines of one bulk request: about a second of work, the size of one batch."""

BULK_BYTES_MAX: Final = 64 * 1024 * 1024
"""Longest bulk request: 10,000 services on sheets have about 20 MB."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a bulk request, numbered from 1; `data` is None when it was not kept because of
    `detail`. After a line that `stops`, nothing more was read."""

    number: int
    data: bytes | None
    detail: str = ""
    stops: bool = False


def demand_media(request: Request, media_types: Collection[str]) -> None:
    """Refuse any other media type, charset or content coding; raises `WrongMediaType`."""
    stated, _, parameters = request.headers.get("content-type", "").partition(";")
    wanted = " or ".join(media_types)
    if stated.strip().lower() not in media_types:
        raise WrongMediaType(f"{wanted} is taken")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if charset not in ("", "utf-8"):
        raise WrongMediaType(f"{wanted} is taken, in UTF-8")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise WrongMediaType("a compressed body is not taken")


async def read_body(request: Request, limit: int = RECORD_BYTES_MAX) -> bytes:
    """The body, of at most `limit` bytes; raises `Refused(TOO_LARGE)` as soon as it is longer."""
    stated = request.headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and (len(stated) > 18 or int(stated) > limit):
        raise _too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        if len(body) + len(chunk) > limit:
            raise _too_large(limit)
        body += chunk
    return bytes(body)


def _too_large(limit: int) -> Refused:
    return Refused(Code.TOO_LARGE, f"the body has more than {limit} bytes")


async def read_lines(request: Request) -> AsyncIterator[Line]:
    """The lines of the body that are not blank, as they come in. Lines end in a line feed.

    Reading stops at line 10,001 and after 64 MiB: the line where it stops is the last one given,
    without data. A line longer than a record may be is given without data too, and passed over.
    """
    splitter, received = _Splitter(), 0
    async for chunk in request.stream():
        received += len(chunk)
        for line in splitter.feed(chunk):
            if line.number > LINES_MAX:
                yield Line(line.number, None, f"at most {LINES_MAX} lines are taken", stops=True)
                return
            yield line
        if received > BULK_BYTES_MAX:
            detail = f"at most {BULK_BYTES_MAX} bytes are taken"
            yield Line(splitter.number, None, detail, stops=True)
            return
    for line in splitter.feed(b"\n"):
        yield (
            line
            if line.number <= LINES_MAX
            else Line(line.number, None, f"at most {LINES_MAX} lines are taken", stops=True)
        )


@dataclass
class _Splitter:
    """Cuts a stream into lines and holds no more of it than one line may have."""

    number: int = 1
    _held: bytearray = field(default_factory=bytearray)
    _too_long: bool = False

    def feed(self, chunk: bytes) -> list[Line]:
        """The lines that end in this chunk, without blank ones."""
        *ended, rest = chunk.split(b"\n")
        found: list[Line] = []
        for part in ended:
            self._hold(part)
            line = self._take()
            if line is not None:
                found.append(line)
        self._hold(rest)
        return found

    def _hold(self, part: bytes) -> None:
        self._too_long = self._too_long or len(self._held) + len(part) > RECORD_BYTES_MAX + 1
        if self._too_long:
            self._held.clear()
        else:
            self._held += part

    def _take(self) -> Line | None:
        number, data = self.number, bytes(self._held).strip(b" \t\r")
        too_long = self._too_long or len(data) > RECORD_BYTES_MAX
        self.number, self._too_long = number + 1, False
        self._held.clear()
        if too_long:
            return Line(number, None, f"the line has more than {RECORD_BYTES_MAX} bytes")
        return Line(number, data) if data else None
