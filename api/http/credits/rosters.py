"""Practice credits for a registrar: who acts for the university in the scope `credit`."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from itertools import islice
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath
from starlette.concurrency import run_in_threadpool

from api.credits.jobs import Jobs
from api.credits.matched import Matched
from api.credits.registrar import Registrar, Upload
from api.credits.roster import short_student_numbers
from api.credits.roster_codes import NOTES, Note
from api.credits.rule_sets import shelf
from api.http.credits import models as forms
from api.http.kernel import examples
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Context, Served
from api.http.kernel.openapi import json_body, problems
from api.http.kernel.request_body import demand_fields, demand_media, read_body
from ledger.core.credits.rules import read_rules
from ledger.core.format.fields import UInt
from ledger.core.records.decode import parse_json
from ledger.errors import NotFound, Refused
from ledger.refusals import Code

router = APIRouter(prefix=PREFIX, tags=["credits"])

UPLOAD_BYTES_MAX: Final = 32 * 1024 * 1024
"""Longest upload: 50,000 rows have some 5 million bytes."""

PREVIEWED: Final = 500
"""Most rows of a preview that are shown one by one."""

_NUMBER, _BATCH = UInt(32, minimum=1), UInt(53, minimum=1)

University = Annotated[
    str, InPath(description="the university", max_length=42, examples=[examples.VOLUNTEER])
]
RunName = Annotated[str, InPath(pattern="^[0-9a-f]{16}$", examples=["0123456789abcdef"])]
_ROSTER: Final[dict[str, Any]] = {
    "file_name": {"type": "string"},
    "roster": {"type": "string", "description": "the bytes of the file in base64"},
    "confirmed": {
        "type": "array",
        "items": {"type": "string"},
        "description": "student numbers whose differing names were looked into",
    },
}
_EXAMPLE: Final = {"file_name": "roster.csv", "roster": "5a2m5Y+3", "confirmed": []}
_DRAFT: Final = {
    **_ROSTER,
    "rules": {"type": "string", "description": "a rule set in TOML or JSON"},
    "as_of": {"type": ["integer", "null"], "description": "batch; null: the newest anchored one"},
}


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
        for rules, text in shelf(folder)
    ]
    return private(forms.RulesList(items=items))


async def _upload(request: Request, **more: Any) -> tuple[Upload, dict[str, Any]]:
    demand_media(request, ("application/json",))
    data = await read_body(request, UPLOAD_BYTES_MAX)
    value: Any = await run_in_threadpool(parse_json, data, UPLOAD_BYTES_MAX)
    demand_fields(value, file_name=str, roster=str, confirmed=list, **more)
    if not all(type(number) is str for number in value["confirmed"]):
        raise Refused(Code.BAD_VALUE, "confirmed")
    try:
        roster = base64.b64decode(value["roster"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(Code.BAD_VALUE, "roster: base64 is needed") from error
    return Upload(value["file_name"], roster, frozenset(value["confirmed"])), value


@router.post(
    "/universities/{organisation}/rosters",
    summary="Read a roster",
    response_model=forms.PreviewForm,
    responses=problems(400, 404, 413, 415),
    openapi_extra=json_body(_ROSTER, _EXAMPLE),
)
async def preview_roster(request: Request, served: Served, organisation: University) -> Response:
    """What each row comes to. Nothing is kept."""
    registrar, _ = registrar_of(served)
    upload, _ = await _upload(request)
    file, rows = await run_in_threadpool(registrar.read, organisation, upload)
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
    zh, en = NOTES[note.code]
    return forms.NoteForm(code=note.code, zh=zh, en=en, about=note.about)


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
    openapi_extra=json_body(_DRAFT, {**_EXAMPLE, "rules": "…", "as_of": None}),
)
async def draft_credits(request: Request, served: Served, organisation: University) -> Response:
    """What counts of every student of a roster, and why the rest does not. It takes a while: the
    answer names a job that tells how far it is."""
    registrar, jobs = registrar_of(served)
    upload, value = await _upload(request, rules=str, as_of=(int, type(None)))
    rules = read_rules(value["rules"].encode())
    as_of = None if value["as_of"] is None else _BATCH.decode(value["as_of"], "as_of")
    _, rows = await run_in_threadpool(registrar.read, organisation, upload)
    job = jobs.start(
        organisation,
        len(rows),
        lambda progress: registrar.draft(organisation, upload, rules, as_of, progress),
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
