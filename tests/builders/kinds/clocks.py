"""Clock events and what the recipient says of them, written once more from
docs/spec/kinds/clocks.md."""

from dataclasses import replace

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.kinds.activities import publish, published
from tests.builders.records import START, Town, key
from tests.builders.story import Story, anyone, pick, which
from tests.ledger.rules.oracle_ledger import (
    History,
    Plan,
    ahead,
    at_the_place,
    by_another,
    by_self,
    certified,
    roles,
    standing,
)


def _clock(h: History, record: Record, body: b.Clock, now: int) -> Codes:
    yield from roles(record, "volunteer", "station")
    yield from by_self(record, "volunteer", body.volunteer)
    yield from by_another(h, record, body.volunteer, body.organisation, "station")
    if [claim for claim in record.signatures if claim.sheet is not None]:
        yield "BAD_SHEET"
    if not h.delegated(body.organisation, record.signer("station"), "clock", body.clocked_at):
        yield "SIGNER_NOT_ALLOWED"
    yield from certified(h, body.organisation, now, now)
    yield from ahead(h, now, body.clocked_at)
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"
    if now - body.clocked_at > h.policy().clock_answer_seconds:
        yield "CLOCK_STALE"
    plan = h.plan(body.activity)
    yield from standing(plan, body.organisation)
    assert plan is not None
    if plan.accepted_at > body.clocked_at:
        yield "ACTIVITY_LATE"
    positioned = "gps" in body.methods
    if (body.distance != "unknown" and not positioned) or (
        plan.body.fence_metres and positioned and body.distance == "unknown"
    ):
        yield "BAD_VALUE"
    if plan.body.fence_metres and not at_the_place(body):
        yield "OUTSIDE_FENCE"
    yield from _in_order(h, body, plan)


def _in_order(h: History, body: b.Clock, plan: Plan) -> Codes:
    """Later than the last event; in the window; a clock-out closes what is open."""
    policy = h.policy()
    mine = [a.body for a in h.events(body.activity, body.volunteer)]
    if mine and body.clocked_at <= mine[-1].clocked_at:
        yield "CLOCK_ORDER"
    if body.direction == "out":
        if not mine or mine[-1].direction == "out":
            yield "CLOCK_ORDER"
        if body.clocked_at > plan.body.ends_at + 60 * policy.clock_out_late_minutes:
            yield "OUTSIDE_ACTIVITY"
        return
    opens = plan.body.starts_at - 60 * policy.clock_in_early_minutes
    if body.clocked_at < opens or body.clocked_at > plan.body.ends_at:
        yield "OUTSIDE_ACTIVITY"
    ins = [e for e in mine if e.direction == "in" and h.day(e.clocked_at) == h.day(body.clocked_at)]
    if len(ins) >= policy.clock_pairs_max:
        yield "CLOCK_PAIRS"
    seated = h.seated(body.activity)
    if body.volunteer not in seated and len(seated) >= plan.body.seats:
        yield "SEATS_FULL"


def _confirmation(h: History, record: Record, body: b.Confirmation, now: int) -> Codes:
    yield from roles(record, "recipient")
    yield from by_self(record, "recipient", body.recipient)
    yield from ahead(h, now, body.issued_at)
    visit = h.visits().get(body.clock_out)
    plan = h.plan(visit.went.activity) if visit else None
    if plan is None or plan.body.recipient != body.recipient:
        yield "CONFIRMATION_TARGET"
    made = {a.body.clock_out for a in h.of(b.Service)}
    if h.answer(body.clock_out) or body.clock_out in made:
        yield "CONFIRMATION_LATE"
    if visit and body.answer == "served":
        theirs = h.himself(visit.went.volunteer) | h.household(visit.went.organisation)
        if h.himself(body.recipient) & theirs:
            yield "RECIPIENT_NOT_THIRD"


def clock(
    story: Story, which: int, who: str, direction: str, late: int,
    place: tuple[str, tuple[str, ...]], device: str, station: str,
) -> Records:  # fmt: skip
    """At one of the activities, `late` seconds ago."""
    made = story.town.clock_event(
        "org", who, story.one(b.Activity, which), direction, story.town.now - late,
        distance=place[0], methods=place[1], device=key("device " + device),
    )  # fmt: skip
    claim = story.town.record(made.body, ("station", station)).signatures[0]
    yield replace(made, signatures=(made.signatures[0], claim))


def confirm(story: Story, which: int, who: str, answer: str) -> Records:
    """What somebody says of one of the visits."""
    known = list(story.oracle.visits())
    if known:
        yield story.town.confirmation(known[which % len(known)], who, answer)


def _hasty(story: Story, late: int, seconds: int) -> Records:
    """Published when people stand there already."""
    yield from publish(story, "org", 0, 8, 2, 0, "school", 0, 600, "environment")
    story.town.now += seconds
    yield from clock(story, -1, "ann", "in", late, ("inside", ("gps",)), "ann", "station")


def _examples(town: Town) -> list[Example]:
    at = town.id(published(town))
    came, went = town.pair("org", "ann", at, START + 90000, 90)
    return [
        Example(11, "clock, in", came),
        Example(12, "clock, out", went),
        Example(13, "confirmation", town.confirmation(at, "bob")),
    ]


place = one_of(
    ("inside", ("gps",)), ("inside", ("gps",)), ("unknown", ("site_code",)),
    ("inside", ("gps",)), ("under_1_km", ("gps", "site_code")), ("under_1_km", ("gps",)),
    ("unknown", ("face",)), ("unknown", ("gps",)),
)  # fmt: skip
device = one_of("ann", "ann", "bob", "tablet")

FAMILY = Family(
    judges={"clock": _clock, "confirmation": _confirmation},
    steps={
        "clock": Step(9, clock, (which, anyone, one_of("in", "out"),
            one_of(0, 0, 0, 60, 600, 901, -60, -121), place, device,
            one_of(*["station"] * 12, "org", "second"))),
        "confirm": Step(2, confirm, (pick, one_of("school", "school", "ann"),
            one_of("served", "not_served"))),
        "hasty": Step(2, _hasty, (one_of(0, 0, 600), one_of(0, 120))),
    },
    examples=_examples,
    scopes=("clock",),
)  # fmt: skip
