"""`create_app`: one open ledger in, one ASGI application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool

from api.http import health, log, people, problems, reads, records
from api.http.edge import Edge
from api.http.gate import permitted
from api.http.metrics import Metrics
from api.http.ports import PREFIX, Access, Context, OpenLedger
from api.http.schemas import Api
from ledger import __version__

if TYPE_CHECKING:
    from api.worker import Worker


def create_app(
    ledger: OpenLedger, *, worker: Worker | None = None, access: Access | None = None
) -> FastAPI:
    """Serve a ledger. With a worker, it starts and stops with the application; with access,
    people and systems can sign in, and callers are limited.

    The caller opens and closes the ledger. Serve without an access log: a path may hold a
    record's id, which opens its entry to whoever reads it.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if worker is not None:
            worker.start()
        try:
            yield
        finally:
            if worker is not None:
                await run_in_threadpool(worker.stop)

    # No pages of documentation: those of the framework load scripts from elsewhere.
    app = Api(
        title="Hourledger",
        version=__version__,
        summary="A ledger of volunteer service hours that anybody can check.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    metrics = Metrics(ledger, worker)
    app.state.context = Context(ledger, metrics, worker, access)
    app.add_middleware(Edge, metrics=metrics)
    problems.install(app)
    for module in (records, reads, log, health, people):
        app.include_router(module.router, dependencies=[Depends(permitted)])
    return app
