"""Practice credits for a student: what a university counts of me, and saying that it is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Response

from api.credits.registrar import Registrar
from api.http.credits import models as forms
from api.http.credits.rosters import RunName, registrar_of
from api.http.kernel.authorise import SignedIn
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Served
from api.http.kernel.json_body import Sent
from api.http.kernel.openapi import ApiRoute, problems
from ledger.operations.read import organisation

router = APIRouter(prefix=PREFIX, tags=["credits"], route_class=ApiRoute)


@router.get(
    "/me/credits",
    summary="What universities count of me",
    response_model=forms.OwnLines,
    responses=problems(401, 404),
)
def get_my_credits(served: Served, address: SignedIn) -> Response:
    """The published drafts and final reports that have a line of mine."""
    registrar, _ = registrar_of(served)
    return private(forms.OwnLines(items=list(_own(registrar, address))))


def _own(registrar: Registrar, address: str) -> Iterator[forms.OwnLine]:
    for run, line in registrar.runs.published_to(address):
        found = organisation(registrar.ledger, run.organisation)
        mine = [said for said in registrar.runs.objections(run) if said.account == address]
        yield forms.OwnLine(
            run=forms.RunForm.of(run),
            university=found.name if found else run.organisation,
            title=registrar.runs.head(run)["rules"]["title"],
            line=forms.LineForm.of(line),
            objections=[forms.SaidForm.of(n, said) for n, said in enumerate(mine, 1)],
        )


@router.post(
    "/me/credits/{run}/objections",
    summary="Say that my line is wrong",
    status_code=204,
    responses=problems(400, 401, 404, 409, 415),
)
async def object_to_credits(
    served: Served, address: SignedIn, run: RunName, asked: Sent[forms.ObjectionRequest]
) -> Response:
    """While the time to object lasts; the university answers before anything is final."""
    registrar, _ = registrar_of(served)
    await served.writers.run(registrar.object, run, address, asked.text)
    return Response(status_code=204)
