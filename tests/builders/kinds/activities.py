"""Activities, requests and seats, written once more from docs/spec/kinds/activities.md."""

from hypothesis import strategies as st

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.records import START, ZERO, Town, address
from tests.builders.story import HOUR, Story, acting, anyone, which
from tests.ledger.rules.oracle_ledger import (
    NOTHING,
    History,
    ahead,
    by_organisation,
    by_self,
    certified,
    roles,
    standing,
)


def _request(h: History, record: Record, body: b.Request, now: int) -> Codes:
    yield from roles(record, "requester")
    yield from by_self(record, "requester", body.requester)
    yield from ahead(h, now, body.issued_at)
    if body.wanted_until <= body.wanted_from:
        yield "TIMES_REVERSED"
    if body.wanted_until <= now:
        yield "REQUEST_CLOSED"
    if body.category in h.policy().blocked_categories:
        yield "CATEGORY_BLOCKED"
    yield from certified(h, body.organisation, now, now)


def _request_end(h: History, record: Record, body: b.RequestEnd, now: int) -> Codes:
    declined = body.outcome == "declined"
    if declined:
        yield from roles(record, "organisation")
        yield from by_organisation(h, record, body.organisation, "activity", now)
    else:
        yield from roles(record, "requester")
        yield from by_self(record, "requester", body.requester)
        if body.organisation != ZERO_ADDRESS:
            yield "BAD_VALUE"
    yield from ahead(h, now, body.issued_at)
    asked = [a.body for a in h.of(b.Request) if a.id == body.request]
    known = [r for r in asked if r.requester == body.requester]
    if not known or (declined and known[0].organisation != body.organisation):
        yield "REQUEST_UNKNOWN"
    yield from _closed(h, body.request, now)
    if declined:
        yield from _taken(h, body.request)


def _closed(h: History, request: bytes, now: int) -> Codes:
    ends = [a.body.wanted_until for a in h.of(b.Request) if a.id == request]
    ended = any(a.body.request == request for a in h.of(b.RequestEnd))
    if ended or now >= min(ends):
        yield "REQUEST_CLOSED"


def _taken(h: History, request: bytes) -> Codes:
    answers = [h.plan(a.id) for a in h.of(b.Activity) if a.body.request == request]
    if any(plan and not plan.cancelled for plan in answers):
        yield "REQUEST_TAKEN"


def _activity(h: History, record: Record, body: b.Activity, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_organisation(h, record, body.organisation, "activity", now)
    yield from ahead(h, now, body.issued_at)
    if body.ends_at <= body.starts_at:
        yield "TIMES_REVERSED"
    if body.category in h.policy().blocked_categories:
        yield "CATEGORY_BLOCKED"
    yield from _centred(body)
    asked = [a.body for a in h.of(b.Request) if a.id == body.request]
    answered = any((r.requester, r.organisation) == (body.recipient, body.organisation)
                   for r in asked)  # fmt: skip
    if body.recipient == body.organisation or (body.request != NOTHING and not answered):
        yield "REQUEST_UNKNOWN"
    if body.request != NOTHING:
        yield from _closed(h, body.request, now)
        yield from _taken(h, body.request)


def _activity_change(h: History, record: Record, body: b.ActivityChange, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_organisation(h, record, body.organisation, "activity", now)
    yield from ahead(h, now, body.issued_at)
    plan = h.plan(body.activity)
    yield from standing(plan, body.organisation)
    assert plan is not None
    if now >= plan.body.starts_at:
        yield "ACTIVITY_STARTED"
    if body.action == "cancel":
        return
    if body.ends_at <= body.starts_at:
        yield "TIMES_REVERSED"
    if body.starts_at <= now:
        yield "ACTIVITY_STARTED"
    if body.seats < len(h.seated(body.activity)):
        yield "SEATS_FULL"
    yield from _centred(body)


def _centred(body: b.Activity | b.ActivityChange) -> Codes:
    if body.fence_metres and body.place == NOTHING:
        yield "BAD_VALUE"


def _signup(h: History, record: Record, body: b.Signup, now: int) -> Codes:
    yield from roles(record, "volunteer")
    yield from by_self(record, "volunteer", body.volunteer)
    yield from ahead(h, now, body.issued_at)
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"
    plan = h.plan(body.activity)
    yield from standing(plan, None)
    assert plan is not None
    if now >= plan.body.ends_at:
        yield "ACTIVITY_STARTED"
    seated = h.seated(body.activity)
    if body.action == "leave":
        if body.volunteer not in seated or h.events(body.activity, body.volunteer):
            yield "SIGNUP_ACTION"
        return
    if body.volunteer in seated:
        yield "SIGNUP_ACTION"
    if len(seated) >= plan.body.seats:
        yield "SEATS_FULL"


def _ask(story: Story, requester: str, name: str, length: int, category: str) -> Records:
    until = story.town.now + length * HOUR
    yield story.town.request(requester, name, wanted_until=until, category=category)


def _answer(story: Story, times: int, cancelled: bool) -> Records:
    """A request of the school, and activities that answer it."""
    yield from _ask(story, "school", "org", 24, "environment")
    for _ in range(times):
        story.count += 1
        yield from publish(story, "org", 2, 8, 2, 0, "school", -1, 600, "environment")
        if cancelled:
            yield from _move(story, -1, "org", "cancel", 2, 2)


def _end_request(story: Story, which: int, requester: str, name: str) -> Records:
    """Withdrawn, or declined by an organisation."""
    owner = "org" if name == "second" else name
    asked = story.one(b.Request, which)
    record = story.town.request_end(asked, requester, owner or None, details=story.nonce())
    yield story.by(record, "organisation", name) if name else record


def publish(
    story: Story, name: str, start: int, length: int, seats: int, fence: int, recipient: str,
    asked: int, ceiling: int, category: str,
) -> Records:  # fmt: skip
    """`start` and `length` in half hours, from now; `asked` 0: by no request."""
    begins = story.town.now + start * HOUR // 2
    owner = "org" if name == "second" else name
    served = address(recipient) if recipient else ZERO_ADDRESS
    made = story.town.activity(
        owner, begins, begins + length * HOUR // 2, seats=seats, fence_metres=fence,
        recipient=served, honour_minutes_max=ceiling, category=category, details=story.nonce(),
        request=story.one(b.Request, asked) if asked else ZERO,
    )  # fmt: skip
    yield story.by(made, "organisation", name)


def _move(story: Story, which: int, name: str, action: str, start: int, seats: int) -> Records:
    begins, ahead = story.town.now + start * HOUR // 2, []
    if which:
        plans = {a.id: story.oracle.plan(a.id) for a in story.oracle.of(b.Activity)}
        ahead = [i for i, p in plans.items() if p and p.body.starts_at > story.town.now]
    yield story.town.change(
        ahead[which % len(ahead)] if ahead else story.one(b.Activity, which), name,
        action=action, starts_at=begins, ends_at=begins + start * HOUR, seats=seats,
        details=story.nonce(),
    )  # fmt: skip


def _called_off(story: Story, ahead: int, action: str) -> Records:
    yield from publish(story, "org", ahead, 8, 2, 0, "", 0, 600, "environment")
    yield from _move(story, -1, "org", action, 2, 2)
    yield from _join(story, -1, "ann", "join")


def _join(story: Story, which: int, who: str, action: str) -> Records:
    yield story.town.signup(story.one(b.Activity, which), who, action)


def published(town: Town) -> Record:
    """The activity of all examples."""
    return town.activity("org", START + 3600, START + 864000, title="河岸清洁 – Elbe")


def _examples(town: Town) -> list[Example]:
    at = town.id(published(town))
    return [
        Example(7, "request", town.request("bob", "org")),
        Example(8, "activity", published(town)),
        Example(9, "activity, changed", town.change(at, "org")),
        Example(10, "signup", town.signup(at, "ann")),
        Example(32, "request, declined", town.request_end(at, "bob", "org")),
    ]


_category = one_of(*["environment"] * 7, "meeting")

FAMILY = Family(
    judges={
        "request": _request,
        "request_end": _request_end,
        "activity": _activity,
        "activity_change": _activity_change,
        "signup": _signup,
    },
    steps={
        "activity": Step(4, publish, (acting, st.integers(-2, 20), one_of(0, 1, 4, 8, 48, 48),
            one_of(1, 1, 2), one_of(0, 0, 50), one_of("", "school", "school", "school", "org"),
            one_of(0, 0, 0, 1, -1), one_of(60, 90, 600), _category)),
        "change": Step(3, _move, (which, one_of("org", "second", "other"),
            one_of("change", "change", "cancel"), one_of(-2, 1, 3), one_of(1, 2))),
        "request": Step(2, _ask, (one_of("school", "eve"), one_of("org", "other"),
            one_of(0, 24, 24, -10_000), _category)),
        "answer": Step(2, _answer, (one_of(0, 1, 2), st.booleans())),
        "request_end": Step(3, _end_request, (one_of(0, -1, -1, -1),
            one_of("school", "school", "eve"),
            one_of("", "org", "org", "second", "other"))),
        "signup": Step(4, _join, (which, anyone, one_of("join", "leave"))),
        "called_off": Step(2, _called_off, (one_of(-1, 6, 6), one_of("cancel", "change"))),
    },
    examples=_examples,
    scopes=("activity",),
)  # fmt: skip
