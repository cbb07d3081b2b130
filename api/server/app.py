"""`create_app`: one open ledger in, one ASGI application out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.types import Lifespan

from api.credits.jobs import Jobs
from api.http.certificates import routes as certificates
from api.http.certificates import wallets
from api.http.credits import mine as own_credits
from api.http.credits import rosters as credits
from api.http.credits import runs as credit_runs
from api.http.hours import activities, clock
from api.http.kernel import problems
from api.http.kernel.authorise import permitted
from api.http.kernel.context import IN_THE_OPEN, PREFIX, Access, Context, Front
from api.http.kernel.metrics import Metrics
from api.http.kernel.middleware import Edge, edge_rules
from api.http.kernel.openapi import Api, operation_id
from api.http.kernel.writing import Writers
from api.http.people import routes as people
from api.http.people import shares
from api.http.proofs import disclosures, transcripts
from api.http.records import append as records
from api.http.records import health, log, typed
from api.http.records import home as home_document
from api.http.records import organisations as organisation_names
from api.http.records import read as reads
from api.node.open_ledger import OpenLedger
from api.pages import errors, explorer, home, me, organisations, registrar_page, static, verify
from api.pages import records as record_pages
from ledger import __version__

if TYPE_CHECKING:
    from anchoring.relay import Relay
    from api.access.limits import Limits
    from api.certificates.issuers import IssuerRegistry
    from api.credits.registrar import Registrar
    from api.node.worker import Worker
    from api.station.places import Places
    from api.station.station import Station


ROUTES: Final = (
    *(
        records,
        reads,
        log,
        home_document,
        organisation_names,
        typed,
        health,
        people,
        clock,
        activities,
        transcripts,
        disclosures,
    ),
    *(certificates, wallets, shares, credits, credit_runs, own_credits),
    *(static, home, explorer),
    *(record_pages, organisations, verify, me, registrar_page),
)
"""The modules whose routes are served; each route has its line in `api.access.policy.ACCESS`."""


def create_app(
    home: OpenLedger,
    *,
    worker: Worker | None = None,
    access: Access | None = None,
    limits: Limits | None = None,
    station: Station | None = None,
    places: Places | None = None,
    withdrawn: Callable[[str], int | None] = lambda _: None,
    read_only: bool = False,
    registry: IssuerRegistry | None = None,
    relay: Relay | None = None,
    registrar: Registrar | None = None,
    front: Front = IN_THE_OPEN,
) -> FastAPI:
    """Serve a ledger. With a worker, it starts and stops with the application; with access,
    people and systems can sign in; with limits, callers are limited; with a station and its
    places, people can clock in and out; with a relay, verifiers can ask its chain. `withdrawn` says
    when a person had their own data destroyed (Unix s). What is `read_only` takes nothing in: every
    call but GET is answered 503. With a `registry`, certificates are issued; with a `registrar`,
    credits are counted. `front` says how the server stands in the world.

    The caller opens and closes the ledger. Serve without an access log: a path may hold a
    record's id, which opens its entry to whoever reads it.
    """

    jobs = Jobs() if registrar is not None else None

    # No pages of documentation: those of the framework load scripts from elsewhere.
    app = Api(
        title="Hourledger",
        version=__version__,
        summary="A ledger of volunteer service hours that anybody can check.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
        lifespan=_lifespan(worker, jobs),
    )
    metrics = Metrics(home, worker)
    app.state.context = Context(
        home,
        metrics,
        Writers(),
        worker,
        access,
        limits,
        station,
        places,
        withdrawn,
        read_only,
        registry,
        relay,
        registrar,
        jobs,
        front,
    )
    app.add_middleware(Edge, metrics=metrics, rules=edge_rules(ROUTES, front))
    problems.install(app)
    errors.install(app)
    for module in ROUTES:
        app.include_router(module.router, dependencies=[Depends(permitted)])
    return app


def _lifespan(worker: Worker | None, jobs: Jobs | None) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if worker is not None:
            worker.start()
        try:
            yield
        finally:
            if worker is not None:
                await run_in_threadpool(worker.stop)
            if jobs is not None:
                await run_in_threadpool(jobs.stop)

    return lifespan
