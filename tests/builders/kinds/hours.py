"""Services, written once more from docs/spec/kinds/hours.md."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from ledger.core.records.signing import sign_sheet
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.kinds.activities import publish, published
from tests.builders.kinds.clocks import clock, confirm, device, place
from tests.builders.kinds.permits import approve, permit
from tests.builders.records import START, ZERO, Town, address, key
from tests.builders.story import HOUR, Story, anyone, person, pick, which
from tests.ledger.rules.oracle_hours import by_others, by_two, caps, form, minutes_by_rule
from tests.ledger.rules.oracle_ledger import (
    NOTHING,
    History,
    ahead,
    by_another,
    by_organisation,
    roles,
)


def _service(h: History, record: Record, body: b.Service, now: int) -> Codes:
    if body.hour_class == "credit":
        yield from roles(record, "organisation")
        yield from by_another(h, record, body.volunteer, body.organisation, "organisation")
        yield from by_organisation(h, record, body.organisation, "service", now)
    else:
        yield from by_two(h, record, body, now)
    yield from ahead(h, now, body.issued_at, body.ended_at)
    yield from form(h, body)
    if body.hour_class == "credit":
        yield from _pair(h, body)
        yield from by_others(h, record, body)
    yield from caps(h, body, h.counting(), now)
    if body.hour_class == "credit" and body.minutes != minutes_by_rule(h, body):
        yield "MINUTES_BY_RULE"


def _pair(h: History, body: b.Service) -> Codes:
    visit = h.visits().get(body.clock_out)
    said = h.answer(body.clock_out)
    if said and said.body.answer == "not_served":
        yield "NOT_SERVED"
    if visit is None:
        yield "PAIR_UNKNOWN"
        return
    came, went = visit.came, visit.went
    whose = (visit.came_id, went.activity, went.organisation, went.volunteer)
    when = (came.clocked_at, went.clocked_at)
    if (body.clock_in, body.activity, body.organisation, body.volunteer) != whose:
        yield "PAIR_UNKNOWN"
    if (body.started_at, body.ended_at) != when:
        yield "PAIR_UNKNOWN"
    if body.confirmation != (said.id if said else NOTHING):
        yield "PAIR_UNKNOWN"
    if any(a.body.clock_out == body.clock_out for a in h.of(b.Service)):
        yield "PAIR_USED"


def _visit(
    story: Story, which: int, who: str, minutes: int, place: tuple[str, tuple[str, ...]],
    device: str, answer: str, signed: dict[str, Any] | None,
) -> Records:  # fmt: skip
    yield from clock(story, which, who, "in", 0, place, device, "station")
    story.town.now += minutes * 60
    yield from clock(story, which, who, "out", 0, place, device, "station")
    if answer:
        yield from confirm(story, -1, "school", answer)
    if signed is not None:
        yield from _sign(story, -1, "org", signed)


def _sign(story: Story, which: int, signer: str, odd: dict[str, Any]) -> Records:
    visits = story.oracle.visits()
    made = {a.body.clock_out for a in story.oracle.of(b.Service)}
    # A negative number may sign once more what was signed.
    known = [(i, v) for i, v in visits.items() if which < 0 or i not in made]
    if not known:
        return
    clock_out, visit = known[which % len(known)]
    start, end = visit.came.clocked_at, visit.went.clocked_at
    said = story.oracle.answer(clock_out)
    body = b.Service(
        "credit", visit.went.volunteer, visit.went.organisation, visit.went.activity,
        visit.came_id, clock_out, said.id if said else ZERO, ZERO, start, end, 1,
        story.nonce(), (), story.town.now,
    )  # fmt: skip
    minutes = max(1, minutes_by_rule(story.oracle, body) + odd.get("more", 0))
    body = replace(body, minutes=minutes, ended_at=end - odd.get("sooner", 0))
    changes = {name: odd[name] for name in odd.keys() - {"more", "sooner"}}
    yield story.town.record(replace(body, **changes), ("organisation", signer))


def _vouched(story: Story, recipient: str, answer: str, keyed: bool) -> Records:
    """Somebody confirms a visit of ann, and perhaps signs the hours with a key given since."""
    yield from publish(story, "org", 0, 8, 2, 0, recipient, 0, 600, "environment")
    yield from _visit(story, -1, "ann", 30, ("inside", ("gps",)), "ann", "", None)
    yield from confirm(story, -1, recipient, answer)
    if keyed:
        yield story.town.grant("org", recipient, "service", valid_from=story.town.now)
    yield from _sign(story, -1, recipient if keyed else "org", {})


def _honour(
    story: Story, name: str, approver: str, who: str, ago: int, length: int, leave: int,
    linked: int, odd: dict[str, Any],
) -> Records:  # fmt: skip
    owner = "org" if name == "second" else name
    start = story.town.now - ago * HOUR // 2
    body = story.town.service_body(
        owner, who, story.one(b.Activity, linked) if linked else ZERO, start, length,
        hour_class="honour", permit=story.one(b.Permit, leave), content=story.nonce(),
    )  # fmt: skip
    body = replace(body, ended_at=body.ended_at - odd.get("sooner", 0))
    changes = {name: odd[name] for name in odd.keys() - {"sooner"}}
    signers = (("organisation", name), ("approver", approver))
    yield story.town.record(replace(body, **changes), *signers)


def _drained(story: Story, minutes: int, linked: bool) -> Records:
    """A permit, or an activity, with room for an hour."""
    if linked:
        yield from publish(story, "org", -60, 48, 1, 0, "", 0, 60, "environment")
    else:
        yield from permit(story, "org", -30, 24, 96, 60)
    for ago in (50, 40):
        which = (0, -1) if linked else (-1, 0)
        yield from _honour(story, "org", "second", "ann", ago, minutes, *which, {})


def _long_day(story: Story, parent: str, minutes: int) -> Records:
    yield from approve(story, "org", parent, "ann", 0, 400)
    for _ in range(2):
        yield from _visit(story, 0, "ann", minutes, ("inside", ("gps",)), "ann", "", {})


def signed(town: Town) -> Record:
    """The credit hours of all examples."""
    return town.credit("org", "ann", town.id(published(town)), START + 90000, 90)


def _examples(town: Town) -> list[Example]:
    at = town.id(published(town))
    typed = town.honour("org", "second", "ann", START + 90000, 45, evidence=(at,))
    on_a_sheet = [town.service_body("org", "ann", at, START + day * 86400, 60) for day in (2, 3, 4)]
    claims = sign_sheet(town.ledger, on_a_sheet, "organisation", key("org"))
    return [
        Example(17, "service, credit", signed(town)),
        Example(18, "service, honour", typed),
        *(
            Example(19 + i, f"service on a sheet, {i + 1} of 3", Record(body, (claims[i],)))
            for i, body in enumerate(on_a_sheet)
        ),
    ]


_wrong_credit = one_of(
    {}, {}, {}, {"more": 1}, {"more": -1}, {"sooner": 60, "more": -1}, {"sooner": 6 * HOUR},
    {"more": 500}, {"permit": b"\1" * 32}, {"clock_in": b"\1" * 32}, {"activity": b"\1" * 32},
    {"volunteer": address("bob")}, {"confirmation": b"\1" * 32}, {"clock_out": b"\1" * 32},
)  # fmt: skip
_wrong_honour = one_of(
    *[{}] * 8, {"sooner": 60}, {"sooner": 6 * HOUR}, {"evidence": ()},
    {"permit": b"\1" * 32}, {"permit": ZERO}, {"clock_out": b"\1" * 32}, {"sooner": -90 * HOUR},
    {"volunteer": address("eve")},
)  # fmt: skip

FAMILY = Family(
    judges={"service": _service},
    steps={
        "visit": Step(12, _visit, (which, person, one_of(0, 30, 60, 150, 241, 500), place, device,
            one_of(*[""] * 5, "served", "not_served"), one_of({}, {}, {}, None, {"more": -1}))),
        "sign": Step(6, _sign, (pick, one_of("org", "org", "second", "ann"), _wrong_credit)),
        "vouched": Step(2, _vouched, (one_of("ann", "roof", "second", "eve", "eve"),
            one_of("served", "served", "not_served"), st.booleans())),
        "honour": Step(16, _honour, (one_of(*["org"] * 9, "other"),
            one_of(*["second"] * 9, "authority", "roof", "org"), anyone,
            st.integers(1, 60) | one_of(170, 200), one_of(30, 60, 60, 120, 240, 241),
            one_of(0, 0, 0, 1, -1), one_of(0, 0, 1, -1), _wrong_honour)),
        "drained": Step(2, _drained, (one_of(60, 30), st.booleans())),
        "long_day": Step(2, _long_day, (one_of("", "roof", "roof"), one_of(200, 240))),
    },
    examples=_examples,
    scopes=("service",),
)  # fmt: skip
