"""Practice credits for a registrar: who acts for the university in the scope `credit`."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Annotated, Final

from fastapi import APIRouter, Response
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool

from api.credits.jobs import Jobs
from api.credits.matched import Matched
from api.credits.registrar import Registrar, Upload
from api.credits.roster import short_student_numbers
from api.credits.roster_codes import NOTES, Note
from api.credits.rule_sets import known_rule_sets
from api.http.credits import models as forms
from api.http.kernel import examples
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Context, Served
from api.http.kernel.json_body import Sent
from api.http.kernel.openapi import ApiRoute, problems
from api.words import chinese
from ledger.core.credits.rules import read_rules
from ledger.errors import NotFound

router = APIRouter(prefix=PREFIX, tags=["credits"], route_class=ApiRoute)

PREVIEWED: Final = 500
"""Most rows of a preview that are shown one by one."""

University = Annotated[
    str, InPath(description="the university", max_length=42, examples=[examples.VOLUNTEER])
]
RunName = Annotated[str, InPath(pattern="^[0-9a-f]{16}$", examples=["0123456789abcdef"])]


def registrar_of(served: Context) -> tuple[Registrar, Jobs]:
    """The registrars of this server. Raises `NotFound` where there are none."""
    if served.registrar is None or served.jobs is None:
        raise NotFound("no credits are counted here")
    return served.registrar, served.jobs


@router.get(
    "/credit-rules",
    summary="Rule sets to choose from",
    response_model=forms.RulesList,
    responses=problems(),
)
def get_credit_rules(served: Served) -> Response:
    """Those that come with Hourledger, and those that this server keeps."""
    folder = served.registrar.runs.folder / "rules" if served.registrar else None
    items = [
        forms.RulesForm(
            scheme=rules.scheme,
            version=rules.version,
            title={"zh": rules.title.zh, "en": rules.title.en},
            hash="0x" + rules.hash().hex(),
            text=text,
        )
        for rules, text in known_rule_sets(folder)
    ]
    return private(forms.RulesList(items=items))


def _upload(asked: forms.RosterRequest) -> Upload:
    return Upload(asked.file_name, asked.roster, frozenset(asked.confirmed))


@router.post(
    "/universities/{organisation}/rosters",
    summary="Read a roster",
    response_model=forms.PreviewForm,
    responses=problems(400, 404, 413, 415),
)
async def preview_roster(
    served: Served, organisation: University, asked: Sent[forms.RosterRequest]
) -> Response:
    """What each row comes to. Nothing is kept."""
    registrar, _ = registrar_of(served)
    file, rows = await run_in_threadpool(registrar.read, organisation, _upload(asked))
    odd = (row for row in rows if row.code is not None)
    found = forms.PreviewForm(
        form=file.form,
        unknown_columns=list(file.unknown),
        notes=[_note(note) for note in file.notes],
        total=len(rows),
        statuses=Counter(row.status for row in rows),
        short_student_numbers=short_student_numbers(rows)[:PREVIEWED],
        rows=[_row(row) for row in islice(odd, PREVIEWED)],
        diff=await run_in_threadpool(_diff, registrar, organisation, rows),
    )
    return private(found)


def _diff(registrar: Registrar, organisation: str, rows: list[Matched]) -> forms.RosterDiff | None:
    found = registrar.compared(organisation, rows)
    if found is None:
        return None
    run, changes = found
    changed = {number: list(columns) for number, columns in changes.changed.items()}
    return forms.RosterDiff(
        run=run.name,
        file_name=run.file_name,
        new=list(changes.new[:PREVIEWED]),
        gone=list(changes.gone[:PREVIEWED]),
        changed=dict(islice(changed.items(), PREVIEWED)),
    )


def _note(note: Note) -> forms.NoteForm:
    en = NOTES[note.code]
    return forms.NoteForm(code=note.code, zh=chinese(en), en=en, about=note.about)


def _row(row: Matched) -> forms.RowForm:
    return forms.RowForm(
        row=row.row,
        student=dict(row.student),
        match_status=row.status,
        match_code=row.code,
        account=row.account,
    )


@router.post(
    "/universities/{organisation}/credit-runs",
    status_code=202,
    summary="Make a draft",
    response_model=forms.JobForm,
    responses=problems(400, 404, 413, 415),
)
async def draft_credits(
    served: Served, organisation: University, asked: Sent[forms.DraftRequest]
) -> Response:
    """What counts of every student of a roster, and why the rest does not. It takes a while: the
    answer names a job that tells how far it is."""
    registrar, jobs = registrar_of(served)
    upload, rules = _upload(asked), read_rules(asked.rules.encode())
    _, rows = await run_in_threadpool(registrar.read, organisation, upload)
    job = jobs.start(
        organisation,
        len(rows),
        lambda progress: registrar.draft(organisation, upload, rules, asked.as_of, progress),
    )
    return private(forms.JobForm.of(job), 202)


@router.get(
    "/universities/{organisation}/credit-jobs/{job}",
    summary="How far a draft is",
    response_model=forms.JobForm,
    responses=problems(404),
)
def get_credit_job(served: Served, organisation: University, job: RunName) -> Response:
    """Remembered until the server ends."""
    _, jobs = registrar_of(served)
    found = jobs.find(organisation, job)
    if found is None:
        raise NotFound("no such job")
    return private(forms.JobForm.of(found))
