"""The outermost layer: headers that every answer carries, HEAD, questions of other sites, which
port answers what, measuring, and the last net."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.policy import INDEXED, OPEN_TO_SITES
from api.http.kernel.context import Front
from api.http.kernel.metrics import Metrics
from api.http.kernel.problems import HttpProblem, failed, respond, route_of

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""Set where the route set nothing else. An address may be a share link: no referrer."""

HSTS: Final = "max-age=31536000"
"""A year of https alone (RFC 6797), where people reach the server by it."""

OPERATIONS: Final = ("/readyz", "/metrics")
"""Paths that are answered to the operator."""

PREFLIGHT_SECONDS: Final = 86400

GONE: Final = 499
"""Counted, never sent: the client left before its answer."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What depends on the routes and on where the server stands."""

    front: Front
    open: tuple[Route, ...]
    """Routes whose answers scripts of any other site may read."""

    def is_here(self, scope: Scope) -> bool:
        """Whether a path is answered on the port at which it was asked for."""
        wanted, server = self.front.operations_port, scope.get("server")
        if wanted is None:
            return True
        at_operations = server is not None and server[1] == wanted
        return (scope["path"] in OPERATIONS) == at_operations or scope["path"] == "/healthz"

    def allowed(self, scope: Scope) -> str:
        """The methods that other sites may use on a path, if any."""
        found = [r for r in self.open if r.matches(scope)[0] is not Match.NONE]
        return ", ".join(sorted({method for route in found for method in route.methods or ()}))


def edge_rules(modules: Iterable[ModuleType], front: Front) -> Rules:
    """The rules for the routes of some modules."""
    routes = [r for module in modules for r in module.router.routes if isinstance(r, Route)]
    return Rules(front, tuple(r for r in routes if r.name in OPEN_TO_SITES))


class Edge:
    """ASGI middleware around one application."""

    def __init__(self, app: ASGIApp, metrics: Metrics, rules: Rules) -> None:
        self._app = app
        self._metrics = metrics
        self._rules = rules

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
                self._complete(MutableHeaders(raw=message["headers"]), inner)
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        try:
            await (self._short_answer(inner) or self._app)(inner, receive, answer)
        except ClientDisconnect:
            pass
        except Exception as error:
            if status != GONE:
                raise
            await failed(HttpProblem.DEFECT, error, route_of(inner))(inner, receive, answer)
        finally:
            self._metrics.observe(method, route_of(inner), status, time.perf_counter() - begin)

    def _short_answer(self, scope: Scope) -> ASGIApp | None:
        """The answer to what no route is asked."""
        if not self._rules.is_here(scope):
            return respond(HttpProblem.NOT_FOUND)
        if scope["method"] != "OPTIONS" or "access-control-request-method" not in Headers(
            scope=scope
        ):
            return None
        methods = self._rules.allowed(scope)
        if not methods:
            return None
        return Response(
            status_code=204,
            headers={
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Allow-Methods": methods,
                # Never Authorization: nobody is signed in at another site.
                "Access-Control-Allow-Headers": "Content-Type, If-None-Match",
                "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
            },
        )

    def _complete(self, headers: MutableHeaders, scope: Scope) -> None:
        route = str(getattr(scope.get("route"), "name", ""))
        if "authorization" in Headers(scope=scope):
            # What was answered to one caller is kept for no other.
            headers["Cache-Control"] = "private, no-store"
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._rules.front.https:
            headers.setdefault("Strict-Transport-Security", HSTS)
        if route not in INDEXED:
            headers.setdefault("X-Robots-Tag", "noindex")
        if route in OPEN_TO_SITES:
            headers["Access-Control-Allow-Origin"] = "*"
            headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
