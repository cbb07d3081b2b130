"""The runs of a registrar: seen, published, answered, made final, written to files, forgotten."""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi import Path as InPath

from api.credits.exported import FILES, Exported
from api.credits.registrar import Registrar
from api.credits.runs import Run
from api.http.credits import models as forms
from api.http.credits.rosters import RunName, University, registrar_of
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Context, Served
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


def run_of(served: Context, organisation: str, name: str) -> tuple[Registrar, Run]:
    """A run of a university. Raises `NotFound` for one of another."""
    registrar, _ = registrar_of(served)
    run = registrar.runs.find(name)
    if run.organisation != organisation:
        raise NotFound("no such run")
    return registrar, run


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
def get_credit_run(served: Served, organisation: University, run: RunName) -> Response:
    """With its rules, the signed statement, and what students said."""
    registrar, found = run_of(served, organisation, run)
    head = registrar.runs.head(found)
    details = forms.RunDetails(
        run=forms.RunForm.of(found),
        rules=head["rules"],
        statement=head["statement"],
        anchored=bool(head["anchors"]),
        objections=[
            forms.SaidForm.of(number, said)
            for number, said in enumerate(registrar.runs.objections(found), 1)
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
    served: Served,
    organisation: University,
    run: RunName,
    after: Annotated[int, Query(ge=0, le=10**6, examples=[0])] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, examples=[100])] = 100,
) -> Response:
    """In the order of the roster, without their evidence."""
    registrar, found = run_of(served, organisation, run)
    lines = list(islice(registrar.runs.lines(found), after, after + limit + 1))
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
    served: Served,
    organisation: University,
    run: RunName,
    as_of: Annotated[int | None, Query(ge=1, le=INTEGER_MAX, examples=[1])] = None,
) -> Response:
    """Whose credits would be others as of a batch, by default the newest anchored one."""
    registrar, found = run_of(served, organisation, run)
    batch, changed = registrar.changes(found.name, as_of)
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
    organisation: University,
    run: RunName,
    asked: Sent[forms.PublicationRequest],
) -> Response:
    """They can object for some days."""
    registrar, found = run_of(served, organisation, run)
    until = registrar.book.clock() + asked.days * 86400
    published = await served.writers.run(registrar.publish, found.name, until)
    return private(forms.RunForm.of(published))


@router.put(
    "/universities/{organisation}/credit-runs/{run}/objections/{number}",
    summary="Answer an objection",
    status_code=204,
    responses=problems(400, 404, 409, 415),
)
async def answer_objection(
    served: Served,
    organisation: University,
    run: RunName,
    number: Annotated[int, InPath(ge=1, le=10**6, examples=[1])],
    asked: Sent[forms.AnswerRequest],
) -> Response:
    """The student sees the answer."""
    registrar, found = run_of(served, organisation, run)
    await served.writers.run(registrar.answer, found.name, number, asked.answer)
    return Response(status_code=204)


@router.post(
    "/universities/{organisation}/credit-runs/{run}/final",
    summary="Make a run final",
    response_model=forms.RunForm,
    responses=problems(404, 409, 422),
)
def finalise_credits(served: Served, organisation: University, run: RunName) -> Response:
    """Signs the final report and records its decisions; again, what is missing of them."""
    registrar, found = run_of(served, organisation, run)
    return private(forms.RunForm.of(registrar.finalise(found.name)))


@router.get(
    "/universities/{organisation}/credit-runs/{run}/files/{name}",
    summary="A file of a run",
    response_class=Response,
    responses=problems(400, 404),
)
def get_credit_file(
    served: Served,
    organisation: University,
    run: RunName,
    name: FileName,
    language: Language = "zh-Hans",
) -> Response:
    """The signed report, a table, the workbook or the paper form."""
    registrar, found = run_of(served, organisation, run)
    public_url = served.office.public_url if served.office else ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        Exported(registrar.book, registrar.runs, found, public_url).write(name, path, language)
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
def forget_credits(served: Served, organisation: University, run: RunName) -> Response:
    """Deletes it with all names in it; what it recorded in the ledger stays."""
    registrar, found = run_of(served, organisation, run)
    registrar.runs.forget(found)
    return Response(status_code=204)
