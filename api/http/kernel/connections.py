"""A bound on connections, and on how long one may take over a request.

Uvicorn waits for ever for a request's head and body, and holds as many connections as the system
gives. Here each has so long to send its head, must send its body at some speed and take its answer,
and where there is no room for a new one, the one goes that has waited longest for a request. So
whoever opens connections and says nothing holds nobody up. Of all this the log gets one line a
second at most.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import Any, Final, Protocol

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

LOG = logging.getLogger(__name__)

HEAD_SECONDS: Final = 10.0
"""Longest time from a connection, or the answer before, to the whole head of a request."""

BODY_SECONDS: Final = 20.0
"""Longest time that a body may be waited for, beside what its bytes take at `BODY_SPEED`."""

BODY_SPEED: Final = 4096
"""Bytes a second at which a body must come in, in the long run."""

ANSWER_SECONDS: Final = 120.0
"""Longest time that the answer to one request may wait for a client that does not take it."""

SWEEP_SECONDS: Final = 1.0

_NO_ROOM: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"retry-after: 5\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)


_MADE_ROOM: Final = "ended to make room"
_REFUSED: Final = "refused: all others are at work"
_NO_FILES: Final = "not taken: no file descriptor is left"
_PRESSING: Final = frozenset((_MADE_ROOM, _REFUSED, _NO_FILES))
# What an operator should know of; that somebody was slow is everyday.


class Connection(Protocol):
    """What the guard knows of one connection."""

    def drop(self) -> None:
        """End it at once."""

    def outstayed(self, seconds: float) -> str:
        """Called every few `seconds`: why it is to be ended now, or nothing."""


class Guard:
    """The connections of one server. To be used in its event loop alone."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._open: set[Connection] = set()
        # Since when each waits for the head of a request, the longest first.
        self._idle: dict[Connection, float] = {}
        self._told: Counter[str] = Counter()
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        """How many are open."""
        return len(self._open)

    def admit(self, connection: Connection, loop: asyncio.AbstractEventLoop) -> bool:
        """Take one in, if need be in place of the one that waits longest; False where all are at
        work."""
        if self._loop is None:
            self._loop = loop
            loop.set_exception_handler(self._failed)
            loop.call_later(SWEEP_SECONDS, self._sweep)
        if len(self._open) >= self._room:
            longest = next(iter(self._idle), None)
            if longest is None:
                self._told[_REFUSED] += 1
                return False
            self._end(longest, _MADE_ROOM)
        self._open.add(connection)
        self.idle(connection)
        return True

    def idle(self, connection: Connection) -> None:
        """It waits for a request now, if it did not before."""
        if connection in self._open and connection not in self._idle:
            assert self._loop is not None
            self._idle[connection] = self._loop.time()

    def busy(self, connection: Connection) -> None:
        """It has a request now."""
        self._idle.pop(connection, None)

    def leave(self, connection: Connection) -> None:
        """Give back the room of a connection that has ended."""
        self._open.discard(connection)
        self._idle.pop(connection, None)

    def _end(self, connection: Connection, why: str) -> None:
        self._told[why] += 1
        self.leave(connection)
        connection.drop()

    def _sweep(self) -> None:
        assert self._loop is not None
        now = self._loop.time()
        for connection, since in list(self._idle.items()):
            if now - since < HEAD_SECONDS:
                break
            self._end(connection, "ended: no request")
        for connection in list(self._open):
            why = connection.outstayed(SWEEP_SECONDS)
            if why:
                self._end(connection, why)
        if self._told:
            told = ", ".join(f"{why} ({n})" for why, n in sorted(self._told.items()))
            level = logging.ERROR if _PRESSING & self._told.keys() else logging.INFO
            LOG.log(level, "connections: %s; %d are open", told, len(self._open))
            self._told.clear()
        self._loop.call_later(SWEEP_SECONDS, self._sweep)

    def _failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if str(context.get("message", "")).startswith("socket.accept()"):
            # The loop tries again by itself, and says so for each one that it could not take.
            self._told[_NO_FILES] += 1
        else:
            loop.default_exception_handler(context)


_QUIET = logging.getLogger(f"{__name__}.requests")
# What clients get wrong is answered to them: the log of a flood of it would be another flood.
_QUIET.setLevel(logging.ERROR)


class GuardedProtocol(H11Protocol):
    """Uvicorn's protocol under a guard; a subclass for each server names it."""

    guard: Guard

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _QUIET
        self._received = 0
        self._waited = self._unread = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Go on if there is room."""
        super().connection_made(transport)
        if not self.guard.admit(self, self.loop):
            transport.write(_NO_ROOM)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the room back."""
        self.guard.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some of a request."""
        self._received += len(data)
        super().data_received(data)
        self._follow()

    def on_response_complete(self) -> None:
        """The answer is on its way; what follows is another request."""
        self.guard.busy(self)
        self._received, self._waited, self._unread = 0, 0.0, 0.0
        super().on_response_complete()
        self._follow()

    def drop(self) -> None:
        """End it at once, without waiting for what is still to be sent."""
        self.transport.abort()

    def outstayed(self, seconds: float) -> str:
        """Whether a body or the taking of an answer is too slow. Time in which we do not read is
        not counted."""
        if self._at_rest():
            return ""
        if self.flow.write_paused:
            self._unread += seconds
        elif self.cycle.more_body and not self.flow.read_paused:
            self._waited += seconds
        if self._unread > ANSWER_SECONDS:
            return "ended: the answer is not taken"
        if self._waited > BODY_SECONDS + self._received / BODY_SPEED:
            return "ended: no body"
        return ""

    def _at_rest(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _follow(self) -> None:
        if self._at_rest():
            self.guard.idle(self)
        else:
            self.guard.busy(self)


def guarded(room: int) -> type[GuardedProtocol]:
    """The protocol of one server with so many connections."""
    return type("GuardedProtocol", (GuardedProtocol,), {"guard": Guard(room)})
