"""What the HTTP API needs from the ledger that it serves, and what every route is handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request

from api.node.open_ledger import OpenLedger

if TYPE_CHECKING:
    from anchoring.relay import Relay
    from api.access.limits import Limits
    from api.access.sessions import Sessions
    from api.access.shares import Shares
    from api.access.tokens import Tokens
    from api.certificates.issuers import IssuerRegistry
    from api.credits.jobs import Jobs
    from api.credits.registrar import Registrar
    from api.http.kernel.metrics import Metrics
    from api.http.kernel.writing import Writers
    from api.node.worker import Worker
    from api.station.places import Places
    from api.station.station import Station


PREFIX: Final = "/v1"
"""Before every route of the API; also the C2SP tlog-tiles prefix of the log."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who is signed in, and which tokens and share links there are."""

    sessions: Sessions
    tokens: Tokens
    shares: Shares


@dataclass(frozen=True, slots=True)
class Front:
    """How the server stands in the world: whether people reach it by https alone, and where its
    operator asks how it is. `/readyz` and `/metrics` are answered on the port that is for them; on
    every port where `operations_port` is None, and nowhere where it is 0."""

    https: bool = False
    operations_port: int | None = None


IN_THE_OPEN: Final = Front()
"""No https, and everything on every port."""


@dataclass(frozen=True, slots=True)
class Context:
    """What one application serves: its ledger, its measurements, who writes, its worker if it has
    one, and who may call; without `access` nobody can sign in, and without `limits` nobody is
    limited; without `station`
    nobody can clock in, and without `places` no fence has a centre; `withdrawn` says when a person
    had their own data destroyed (Unix s). What is `read_only` takes nothing in; without `registry`
    no certificates are issued. `relay` asks the chain for verifiers without a node of their own.
    Without `registrar` and `jobs` no credits are counted."""

    home: OpenLedger
    metrics: Metrics
    writers: Writers
    worker: Worker | None
    access: Access | None = None
    limits: Limits | None = None
    station: Station | None = None
    places: Places | None = None
    withdrawn: Callable[[str], int | None] = lambda _: None
    read_only: bool = False
    registry: IssuerRegistry | None = None
    relay: Relay | None = None
    registrar: Registrar | None = None
    jobs: Jobs | None = None
    front: Front = IN_THE_OPEN


def context_of(request: Request) -> Context:
    """The context that `create_app` left on the application."""
    context: Context = request.app.state.context
    return context


async def _context(request: Request) -> Context:
    # What waits for nothing needs no thread.
    return context_of(request)


Served = Annotated[Context, Depends(_context)]
"""The parameter by which a route is handed its context."""
