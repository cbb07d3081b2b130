"""What a registrar cannot do now, and why."""

from __future__ import annotations

from enum import StrEnum

from api.words import both
from ledger.errors import LedgerError


class Hindrance(StrEnum):
    """Why a run cannot go on; each has its words."""

    NOT_DRAFT = "NOT_DRAFT"
    NOT_PUBLISHED = "NOT_PUBLISHED"
    WINDOW_OPEN = "WINDOW_OPEN"
    WINDOW_CLOSED = "WINDOW_CLOSED"
    UNANSWERED = "UNANSWERED"
    CHANGED_SINCE = "CHANGED_SINCE"
    NOT_ANCHORED = "NOT_ANCHORED"
    TOO_LONG = "TOO_LONG"


WORDS: dict[Hindrance, str] = {
    Hindrance.NOT_DRAFT: "The run was published or made final before.",
    Hindrance.NOT_PUBLISHED: "The draft must be published to the students first.",
    Hindrance.WINDOW_OPEN: "Students can still object.",
    Hindrance.WINDOW_CLOSED: "The time to object is over.",
    Hindrance.UNANSWERED: "There are objections without an answer.",
    Hindrance.CHANGED_SINCE: (
        "Records changed since the draft: make a new one as of the newest batch."
    ),
    Hindrance.NOT_ANCHORED: "The batch that it rests on is not anchored on a chain yet.",
    Hindrance.TOO_LONG: "A text of 1 to 1000 characters is needed.",
}
"""What each says in English."""


class Hindered(LedgerError):
    """A step of a run that cannot be taken; nothing was changed."""

    def __init__(self, why: Hindrance, detail: str = "") -> None:
        super().__init__(f"{why.value}: {both(WORDS[why])} {detail}".strip())
        self.why = why
        self.detail = detail
