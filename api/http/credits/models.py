"""What the API takes and answers about practice credits, of registrars and of students."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final

from pydantic import BaseModel, Field

from api.credits.changes import StudentChange
from api.credits.jobs import Job
from api.credits.runs import Run, Said
from api.http.kernel.json_body import Base64In, JsonBody
from api.http.kernel.problems import HttpProblem, code_of, status_of
from ledger.core.format.limits import INTEGER_MAX

UPLOAD_BYTES_MAX: Final = 32 * 1024 * 1024
"""Longest upload: 50,000 rows have some 5 million bytes."""

DAYS_MAX: Final = 365
"""Longest time to object."""

BatchNumber = Annotated[int, Field(ge=1, le=INTEGER_MAX)]


class RosterRequest(JsonBody):
    """The file of a roster."""

    bytes_max: ClassVar[int] = UPLOAD_BYTES_MAX

    file_name: str = Field(examples=["roster.csv"])
    roster: Base64In = Field(description="the bytes of the file in base64", examples=["5a2m5Y+3"])
    confirmed: list[str] = Field(
        description="student numbers whose differing names were looked into", examples=[[]]
    )


class DraftRequest(RosterRequest):
    """The file of a roster, and by what it is counted."""

    rules: str = Field(description="a rule set in TOML or JSON", examples=["…"])
    as_of: BatchNumber | None = Field(
        description="batch; null: the newest anchored one", examples=[None]
    )


class PublicationRequest(JsonBody):
    """For how many days students can object."""

    days: int = Field(ge=0, le=DAYS_MAX, examples=[7])


class AnswerRequest(JsonBody):
    """What is answered to an objection."""

    answer: str = Field(examples=["…"])


class ObjectionRequest(JsonBody):
    """What a student says against their own line."""

    text: str = Field(examples=["…"])


class Form(BaseModel):
    """What all answers share."""


class RulesForm(Form):
    """A rule set of this server, with its text."""

    scheme: str
    version: str
    title: dict[str, str]
    hash: str
    text: str


class RulesList(Form):
    """The rule sets of this server."""

    items: list[RulesForm]


class RowForm(Form):
    """A row of a roster and what it came to."""

    row: int
    student: dict[str, str]
    match_status: str
    match_code: str | None
    account: str | None


class RosterDiff(Form):
    """What is other than in the roster of an earlier run, by student number: the first 500 of each;
    `changed` names the columns."""

    run: str
    file_name: str
    new: list[str]
    gone: list[str]
    changed: dict[str, list[str]]


class NoteForm(Form):
    """Something worth a look in the file: a stable code, its sentence, and what it is about."""

    code: str
    zh: str
    en: str
    about: str


class PreviewForm(Form):
    """A roster as it was read; `rows` are those that were not matched, the first 500 of them;
    `diff` is against the university's newest run, null before the first."""

    form: str
    unknown_columns: list[str]
    notes: list[NoteForm]
    total: int
    statuses: dict[str, int]
    short_student_numbers: list[str]
    rows: list[RowForm]
    diff: RosterDiff | None


class JobForm(Form):
    """A draft under way: `run` once it is made, `problem` (a code) if it failed."""

    job: str
    total: int
    done: int
    run: str | None
    problem: str | None
    problem_detail: str

    @classmethod
    def of(cls, job: Job) -> JobForm:
        """What HTTP says of a job."""
        code, detail = None, ""
        if job.failed is not None:
            code = code_of(job.failed)
            detail = code.en if status_of(code) == 500 else str(job.failed)
        elif job.broken:
            code = HttpProblem.DEFECT
        run = job.run.name if job.run else None
        return cls(
            job=job.name,
            total=job.total,
            done=job.done,
            run=run,
            problem=code.value if code else None,
            problem_detail=detail,
        )


class RunForm(Form):
    """A run; times in Unix seconds, 0 while there is none."""

    run: str
    organisation: str
    scheme: str
    version: str
    stage: str
    file_name: str
    form: str
    unknown_columns: list[str]
    report_id: str
    made_at: int
    objections_until: int
    final_at: int

    @classmethod
    def of(cls, run: Run) -> RunForm:
        """What HTTP says of a run."""
        return cls(
            run=run.name,
            organisation=run.organisation,
            scheme=run.scheme,
            version=run.version,
            stage=run.stage,
            file_name=run.file_name,
            form=run.form,
            unknown_columns=list(run.unknown),
            report_id="0x" + run.report_id,
            made_at=run.made_at,
            objections_until=run.objections_until,
            final_at=run.final_at,
        )


class RunList(Form):
    """Runs, the newest first."""

    items: list[RunForm]


class SaidForm(Form):
    """An objection and its answer."""

    number: int
    student_no: str
    text: str
    made_at: int
    answer: str
    answered_at: int

    @classmethod
    def of(cls, number: int, said: Said) -> SaidForm:
        """Of the objection with a number."""
        return cls(
            number=number,
            student_no=said.student_no,
            text=said.text,
            made_at=said.made_at,
            answer=said.answer,
            answered_at=said.answered_at,
        )


class RunDetails(Form):
    """A run with its rules, what the university signed, and what students said."""

    run: RunForm
    rules: dict[str, Any]
    statement: dict[str, Any]
    anchored: bool
    objections: list[SaidForm]


class LineForm(Form):
    """A line of a report without its evidence; `evaluation` as in the report."""

    row: int
    student: dict[str, str]
    match_status: str
    match_code: str | None
    account: str | None
    evaluation: dict[str, Any] | None

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> LineForm:
        """What HTTP says of a student, from a line of the report (JSON)."""
        return cls(**{name: line[name] for name in cls.model_fields})


class LinePage(Form):
    """Some lines; `next` is where the following ones begin, null after the last."""

    items: list[LineForm]
    next: int | None


class ChangeForm(Form):
    """A student whose line would be another; credits in hundredths, null without consent."""

    row: int
    student: dict[str, str]
    before: int | None
    after: int | None
    records: list[dict[str, Any]]

    @classmethod
    def of(cls, change: StudentChange) -> ChangeForm:
        """What HTTP says of a student whose credits would be others."""
        records = [
            {"record_id": r.record_id, "before": r.before, "after": r.after} for r in change.records
        ]
        student = dict(change.student)
        before, after = change.before, change.after
        return cls(row=change.row, student=student, before=before, after=after, records=records)


class Changes(Form):
    """What is other as of a batch."""

    batch: int
    items: list[ChangeForm]


class OwnLine(Form):
    """What a university counts of me; my objections to it."""

    run: RunForm
    university: str
    title: dict[str, str]
    line: LineForm
    objections: list[SaidForm]


class OwnLines(Form):
    """All that universities count of me, the newest first."""

    items: list[OwnLine]
