"""The outermost layer: headers that every answer carries, HEAD, measuring, and the last net."""

from __future__ import annotations

import time
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.metrics import Metrics
from api.http.problems import DEFECT, failed, route_of

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Set where the route set nothing else. An address may be a share link: no referrer."""

GONE: Final = 499
"""Counted, never sent: the client left before its answer."""


class Edge:
    """ASGI middleware around one application."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Around `app`, measuring into `metrics`."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; whatever goes wrong inside becomes a problem document."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin, method, status = time.perf_counter(), scope["method"], GONE
        # HEAD is answered as GET is, without the content (RFC 9110 §9.3.2).
        inner = {**scope, "method": "GET" if method == "HEAD" else method}

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=message["headers"])
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(inner, receive, answer)
        except ClientDisconnect:
            pass
        except Exception as error:
            if status != GONE:
                raise
            await failed(DEFECT, error, route_of(inner))(inner, receive, answer)
        finally:
            self._metrics.observe(method, route_of(inner), status, time.perf_counter() - begin)
