"""The runs of a registrar: seen, published, answered, made final, written to files, forgotten."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from fastapi import Path as InPath

from api.credits.exported import FILES, Exported
from api.credits.registrar import Registrar
from api.credits.runs import Run
from api.http.credits import models as forms
from api.http.credits.rosters import RunName, University, registrar_of
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Served
from api.http.kernel.json_body import Sent
from api.http.kernel.openapi import ApiRoute, problems
from ledger.core.format.limits import INTEGER_MAX
from ledger.errors import NotFound

router = APIRouter(prefix=PREFIX, tags=["credits"], route_class=ApiRoute)

FileName = Annotated[
    Literal[
        "report.jsonl", "students.csv", "records.csv", "rejected.csv", "report.xlsx", "report.pdf"
    ],
    InPath(examples=["students.csv"]),
]
Language = Annotated[Literal["zh-Hans", "zh-Hant", "en"], Query(examples=["zh-Hans"])]


@dataclass(frozen=True, slots=True)
class OneRun:
    """A run that a path names, and who keeps it."""

    registrar: Registrar
    run: Run


def run_of(served: Served, organisation: University, run: RunName) -> OneRun:
    """A run of a university. Raises `NotFound` for one of another."""
    registrar, _ = registrar_of(served)
    found = registrar.runs.find(run)
    if found.organisation != organisation:
        raise NotFound("no such run")
    return OneRun(registrar, found)


Named = Annotated[OneRun, Depends(run_of)]
"""The parameter by which a route is handed the run that its path names."""


@router.get(
    "/universities/{organisation}/credit-runs",
    summary="The runs of a university",
    response_model=forms.RunList,
    responses=problems(404),
)
def get_credit_runs(served: Served, organisation: University) -> Response:
    """The newest first."""
    registrar, _ = registrar_of(served)
    found = registrar.runs.of(organisation)
    return private(forms.RunList(items=[forms.RunForm.of(run) for run in found]))


@router.get(
    "/universities/{organisation}/credit-runs/{run}",
    summary="A run",
    response_model=forms.RunDetails,
    responses=problems(404),
)
def get_credit_run(named: Named) -> Response:
    """With its rules, the signed statement, and what students said."""
    head = named.registrar.runs.head(named.run)
    details = forms.RunDetails(
        run=forms.RunForm.of(named.run),
        rules=head["rules"],
        statement=head["statement"],
        anchored=bool(head["anchors"]),
        objections=[
            forms.SaidForm.of(number, said)
            for number, said in enumerate(named.registrar.runs.objections(named.run), 1)
        ],
    )
    return private(details)


@router.get(
    "/universities/{organisation}/credit-runs/{run}/lines",
    summary="The students of a run",
    response_model=forms.LinePage,
    responses=problems(404),
)
def get_credit_lines(
    named: Named,
    after: Annotated[int, Query(ge=0, le=10**6, examples=[0])] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, examples=[100])] = 100,
) -> Response:
    """In the order of the roster, without their evidence."""
    lines = list(islice(named.registrar.runs.lines(named.run), after, after + limit + 1))
    more = after + limit if len(lines) > limit else None
    items = [forms.LineForm.of(line) for line in lines[:limit]]
    return private(forms.LinePage(items=items, next=more))


@router.get(
    "/universities/{organisation}/credit-runs/{run}/changes",
    summary="What changed since a run",
    response_model=forms.Changes,
    responses=problems(404),
)
def get_credit_changes(
    named: Named,
    as_of: Annotated[int | None, Query(ge=1, le=INTEGER_MAX, examples=[1])] = None,
) -> Response:
    """Whose credits would be others as of a batch, by default the newest anchored one."""
    batch, changed = named.registrar.changes(named.run.name, as_of)
    items = [forms.ChangeForm.of(change) for change in changed]
    return private(forms.Changes(batch=batch, items=items))


@router.post(
    "/universities/{organisation}/credit-runs/{run}/publication",
    summary="Show a draft to its students",
    response_model=forms.RunForm,
    responses=problems(400, 404, 409, 415),
)
async def publish_credits(
    served: Served,
    named: Named,
    asked: Sent[forms.PublicationRequest],
) -> Response:
    """They can object for some days."""
    until = named.registrar.ledger.clock() + asked.days * 86400
    published = await served.writers.run(named.registrar.publish, named.run.name, until)
    return private(forms.RunForm.of(published))


@router.put(
    "/universities/{organisation}/credit-runs/{run}/objections/{number}",
    summary="Answer an objection",
    status_code=204,
    responses=problems(400, 404, 409, 415),
)
async def answer_objection(
    served: Served,
    named: Named,
    number: Annotated[int, InPath(ge=1, le=10**6, examples=[1])],
    asked: Sent[forms.AnswerRequest],
) -> Response:
    """The student sees the answer."""
    await served.writers.run(named.registrar.answer, named.run.name, number, asked.answer)
    return Response(status_code=204)


@router.post(
    "/universities/{organisation}/credit-runs/{run}/final",
    summary="Make a run final",
    response_model=forms.RunForm,
    responses=problems(404, 409, 422),
)
def finalise_credits(named: Named) -> Response:
    """Signs the final report and records its decisions; again, what is missing of them."""
    return private(forms.RunForm.of(named.registrar.finalise(named.run.name)))


@router.get(
    "/universities/{organisation}/credit-runs/{run}/files/{name}",
    summary="A file of a run",
    response_class=Response,
    responses=problems(400, 404),
)
def get_credit_file(
    served: Served,
    named: Named,
    name: FileName,
    language: Language = "zh-Hans",
) -> Response:
    """The signed report, a table, the workbook or the paper form."""
    public_url = served.registry.public_url if served.registry else ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        files = Exported(named.registrar.ledger, named.registrar.runs, named.run, public_url)
        files.write(name, path, language)
        data = path.read_bytes()
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(data, headers=headers, media_type=FILES[name])


@router.delete(
    "/universities/{organisation}/credit-runs/{run}",
    summary="Forget a run",
    status_code=204,
    responses=problems(404),
)
def forget_credits(named: Named) -> Response:
    """Deletes it with all names in it; what it recorded in the ledger stays."""
    named.registrar.runs.forget(named.run)
    return Response(status_code=204)
