"""Whether the process lives, whether it is ready, what it measures, and what its codes mean.

`/readyz` and `/metrics` are for the operator: they name no record and no person, but tell how much
is going on. `api.http.kernel.serving` says at which address they are answered.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from api.http.kernel import caching
from api.http.kernel import models as forms
from api.http.kernel.context import Served
from api.http.kernel.openapi import cached, content, problems
from api.http.kernel.problems import PROBLEMS, RETRY_SECONDS, HttpProblem, respond, status_of
from api.words import chinese
from ledger.errors import NotFound

router = APIRouter(tags=["operation"])

_METRICS: Final = "# TYPE hourledger_log_size gauge\nhourledger_log_size 7.0\n"


@router.get("/healthz", summary="Alive", response_model=forms.Alive, responses=problems())
async def get_health() -> forms.Alive:
    """The process answers. It touches neither the database nor a thread that could be taken."""
    return forms.Alive()


@router.get("/readyz", summary="Ready", response_model=forms.Ready, responses=problems())
def get_readiness(served: Served) -> Response:
    """200 when the ledger can be read and what it takes in is sealed, else 503 with the reason.
    Trouble with a chain is no reason: records are taken in and sealed all the same."""
    _ = served.home.ledger.size
    worker = served.worker
    if worker is not None and worker.trouble:
        states = ", ".join(f"{chore.name} {chore.state}" for chore in worker.chores)
        detail = f"{states}; the log says more"
        return respond(HttpProblem.UNAVAILABLE, detail, {"Retry-After": str(RETRY_SECONDS)})
    chores = {chore.name: chore.state for chore in worker.chores} if worker else {}
    return Response(forms.Ready(chores=chores).model_dump_json(), media_type="application/json")


@router.get(
    "/metrics",
    summary="Measurements",
    response_class=Response,
    responses={
        200: content("Prometheus text format.", CONTENT_TYPE_LATEST, _METRICS),
        **problems(),
    },
)
def get_metrics(served: Served) -> Response:
    """Requests, records, sizes and the worker's errors in Prometheus text format."""
    return Response(served.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})


@router.get(
    "/problems/{code}",
    summary="What a code means",
    response_model=forms.ProblemKind,
    responses=cached(400, 404),
)
def get_problem(
    code: Annotated[str, Path(max_length=64, examples=["OVERLAP"])], request: Request
) -> Response:
    """The page that the `type` of a problem document names."""
    kind = PROBLEMS.get(code)
    if kind is None:
        raise NotFound("no such code")
    found = forms.ProblemKind(
        code=kind.value,
        status=status_of(kind),
        title=kind.en,
        title_zh=chinese(kind.en),
        source=kind.source,
    )
    return caching.json(request, found)
