"""What a registrar cannot do now, and why."""

from __future__ import annotations

from api.errors import ProblemCode
from api.words import both
from ledger.errors import LedgerError

_SOURCE = "docs/credits.md"


class RunConflict(ProblemCode):
    """Why a run cannot go on."""

    NOT_DRAFT = "NOT_DRAFT", 409, "The run was published or made final before.", _SOURCE
    NOT_PUBLISHED = (
        "NOT_PUBLISHED",
        409,
        "The draft must be published to the students first.",
        _SOURCE,
    )
    WINDOW_OPEN = "WINDOW_OPEN", 409, "Students can still object.", _SOURCE
    WINDOW_CLOSED = "WINDOW_CLOSED", 409, "The time to object is over.", _SOURCE
    UNANSWERED = "UNANSWERED", 409, "There are objections without an answer.", _SOURCE
    CHANGED_SINCE = (
        "CHANGED_SINCE",
        409,
        "Records changed since the draft: make a new one as of the newest batch.",
        _SOURCE,
    )
    NOT_ANCHORED = (
        "NOT_ANCHORED",
        409,
        "The batch that it rests on is not anchored on a chain yet.",
        _SOURCE,
    )
    TOO_LONG = "TOO_LONG", 409, "A text of 1 to 1000 characters is needed.", _SOURCE


class RunBlocked(LedgerError):
    """A step of a run that cannot be taken; nothing was changed."""

    def __init__(self, why: RunConflict, detail: str = "") -> None:
        super().__init__(f"{why.value}: {both(why.en)} {detail}".strip())
        self.why = why
        self.detail = detail
