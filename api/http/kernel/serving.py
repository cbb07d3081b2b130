"""One process that serves an application: sockets, connections, and whom it believes."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

import uvicorn
from starlette.applications import Starlette

from api.errors import WrongUse
from api.http.kernel.connections import guarded
from api.http.kernel.context import Front
from api.node.public_url import public_url
from api.node.settings import Settings

HEAD_BYTES_MAX: Final = 16 * 1024
"""Longest head of a request."""

KEEP_ALIVE_SECONDS: Final = 5
"""How long a connection is kept for another request."""

ACCEPTED: Final = 16
"""Connections that are taken at once, before any is looked at."""

DESCRIPTORS: Final = 128
"""File descriptors left to databases, the chain and connections that are about to be refused."""

ROOM_MIN: Final = 16

STOP_SECONDS: Final = 20
"""How long requests that are under way are waited for when the server stops."""


def serve(
    make: Callable[[Front], Starlette], settings: Settings, say: Callable[[str], None]
) -> bool:
    """Serve until a signal comes; `say` is told the address, as http://HOST:PORT, when connections
    are taken. Whether it came to that. Raises `WrongUse` where an address cannot be listened on."""
    sockets = [_listen(settings.host, settings.port)]
    server: Listening | None = None
    try:
        front = front_of(settings, sockets)
        config = uvicorn.Config(
            make(front),
            http=guarded(_room(settings.connections)),
            ws="none",
            backlog=ACCEPTED,
            log_level="warning",
            access_log=False,  # a path may hold a record id, which opens its entry
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
            h11_max_incomplete_event_size=HEAD_BYTES_MAX,
        )
        server = Listening(config, say)
        server.run(sockets)
    except KeyboardInterrupt:
        pass
    finally:
        for one in sockets:
            one.close()
    return server is not None and server.started


class Listening(uvicorn.Server):
    """A server that says where it listens, once it does."""

    def __init__(self, config: uvicorn.Config, say: Callable[[str], None]) -> None:
        super().__init__(config)
        self._say = say

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            self._say(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")


def front_of(settings: Settings, sockets: list[socket.socket]) -> Front:
    """Where `/readyz` and `/metrics` are answered: at an address of their own, opened here, if one
    is set; else on the port of all, if nobody but this machine reaches it."""
    https = public_url(settings).startswith("https://")
    if settings.operations_port is None:
        return Front(https, None if _is_loopback(settings.host) else 0)
    taken = (settings.host, sockets[0].getsockname()[1])
    if (settings.operations_host, settings.operations_port) == taken:
        return Front(https, None)
    own = _listen(settings.operations_host, settings.operations_port)
    sockets.append(own)
    return Front(https, own.getsockname()[1])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=ACCEPTED)
    except OSError as error:
        raise WrongUse(f"cannot listen on {host}, port {port}: {error.strerror}") from error


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _room(wanted: int) -> int:
    """How many connections there are descriptors for, up to `wanted`; the system is asked for as
    many as it gives."""
    try:
        import resource
    except ImportError:  # a system that knows no such limit
        return wanted
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + DESCRIPTORS
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == resource.RLIM_INFINITY:
        return wanted
    return max(ROOM_MIN, min(wanted, soft - DESCRIPTORS))
