"""What a registrar cannot do now, and why."""

from __future__ import annotations

from enum import StrEnum

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


WORDS: dict[Hindrance, tuple[str, str]] = {
    Hindrance.NOT_DRAFT: (
        "该次认定已经公布或定稿。",
        "The run was published or made final before.",
    ),
    Hindrance.NOT_PUBLISHED: (
        "请先向学生公布草稿。",
        "The draft must be published to the students first.",
    ),
    Hindrance.WINDOW_OPEN: (
        "异议期尚未结束。",
        "Students can still object.",
    ),
    Hindrance.WINDOW_CLOSED: ("异议期已结束。", "The time to object is over."),
    Hindrance.UNANSWERED: (
        "还有未答复的异议。",
        "There are objections without an answer.",
    ),
    Hindrance.CHANGED_SINCE: (
        "草稿之后有记录发生变化，请按最新批次重新生成草稿。",
        "Records changed since the draft: make a new one as of the newest batch.",
    ),
    Hindrance.NOT_ANCHORED: (
        "所依据的批次尚未上链存证。",
        "The batch that it rests on is not anchored on a chain yet.",
    ),
    Hindrance.TOO_LONG: (
        "文字须为 1 至 1000 个字符。",
        "A text of 1 to 1000 characters is needed.",
    ),
}
"""(zh, en) of each."""


class Hindered(LedgerError):
    """A step of a run that cannot be taken; nothing was changed."""

    def __init__(self, why: Hindrance, detail: str = "") -> None:
        """Because of `why`."""
        super().__init__(f"{why.value}: {' '.join(WORDS[why])} {detail}".strip())
        self.why = why
        self.detail = detail
