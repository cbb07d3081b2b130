"""Leave to back-fill, and longer days, written once more from docs/spec/kinds/permits.md."""

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.records import Town
from tests.builders.story import HOUR, Story, anyone
from tests.ledger.rules.oracle_ledger import (
    NOBODY,
    History,
    ahead,
    by_another,
    by_authorities,
    by_authority,
    by_organisation,
    roles,
)

DAY_MINUTES = 24 * 60


def _permit(h: History, record: Record, body: b.Permit, now: int) -> Codes:
    yield from by_authorities(h, record, now, h.charter().certify_threshold)
    yield from ahead(h, now, body.issued_at)
    if min(body.served_until, body.enter_until) <= body.served_from:
        yield "TIMES_REVERSED"
    if not h.certifications(body.organisation):
        yield "ORG_NOT_CERTIFIED"


def _approval(h: History, record: Record, body: b.Approval, now: int) -> Codes:
    if body.parent == NOBODY:
        yield from by_authority(h, record)
        yield from by_another(h, record, body.volunteer, NOBODY, "authority")
    else:
        yield from roles(record, "organisation")
        yield from by_another(h, record, body.volunteer, body.parent, "organisation")
        yield from by_organisation(h, record, body.parent, "approve", now)
        if h.parent(body.organisation) != body.parent:
            yield "SIGNER_NOT_ALLOWED"
    yield from ahead(h, now, body.issued_at)
    if not h.certifications(body.organisation):
        yield "ORG_NOT_CERTIFIED"
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"
    step = h.policy().day_minutes_parent_max
    if body.minutes_max > (DAY_MINUTES if body.parent == NOBODY else step):
        yield "APPROVAL_BOUNDS"


def permit(story: Story, name: str, start: int, length: int, enter: int, minutes: int) -> Records:
    """`start`, `length` and `enter` in hours, from now and from the start."""
    begins = story.town.now + start * HOUR
    yield story.town.permit(
        name, served_from=begins, served_until=begins + length * HOUR,
        enter_until=begins + enter * HOUR, minutes_max=minutes, details=story.nonce(),
    )  # fmt: skip


def approve(story: Story, name: str, parent: str, who: str, day: int, minutes: int) -> Records:
    """`day` from today."""
    today = story.oracle.day(story.town.now)
    yield story.town.approval(name, who, today + day, minutes, parent or None)


def _examples(town: Town) -> list[Example]:
    by_parent = town.approval("org", "ann", 19676, 700, parent="second")
    return [
        Example(14, "permit", town.permit("org")),
        Example(15, "approval by an authority", town.approval("org", "ann", 19676, 800)),
        Example(16, "approval by a parent", by_parent),
    ]


FAMILY = Family(
    judges={"permit": _permit, "approval": _approval},
    steps={
        "permit": Step(2, permit, (one_of("org", "org", "other", "eve"), one_of(-48, -1),
            one_of(0, 24, 96), one_of(1, 72, 72), one_of(60, 300))),
        "approve": Step(3, approve, (one_of("org", "org", "other"),
            one_of("", "roof", "roof", "org"), anyone, one_of(0, 0, -1), one_of(400, 480, 1441))),
    },
    examples=_examples,
    scopes=("approve",),
)  # fmt: skip
