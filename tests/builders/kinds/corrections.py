"""What becomes of records, written once more from docs/spec/kinds/corrections.md."""

from dataclasses import replace
from typing import Any

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.kinds.hours import signed
from tests.builders.records import ZERO, Town, address
from tests.builders.story import Story, person, pick, signing
from tests.ledger.rules.oracle_hours import by_others, by_two, caps, form
from tests.ledger.rules.oracle_ledger import (
    NOBODY,
    History,
    ahead,
    by_another,
    by_authority,
    by_organisation,
    by_self,
    roles,
)


def _void(h: History, record: Record, body: b.Void, now: int) -> Codes:
    yield from _by_recorder(h, record, body, "VOID_TARGET", now)
    yield from ahead(h, now, body.issued_at)
    if body.target in h.corrected(b.Void):
        yield "VOID_TWICE"
    if body.target in h.corrected(b.Amend) | h.replaced():
        yield "SUPERSEDED"


def _by_recorder(
    h: History, record: Record, body: b.Void | b.Decision, unknown: str, now: int
) -> Codes:
    authority = [claim.role for claim in record.signatures] == ["authority"]
    yield from by_authority(h, record) if authority else roles(record, "organisation")
    recorder = h.owner(body.target)
    if recorder is None or (unknown != "VOID_TARGET" and body.target not in h.versions()):
        yield unknown
        return
    if authority:
        if body.organisation != NOBODY:
            yield "VOID_NOT_YOURS"
        return
    if body.organisation not in {recorder, h.successor(recorder)} - {NOBODY}:
        yield "VOID_NOT_YOURS"
    yield from by_organisation(h, record, body.organisation, "void", now)


def _amend(h: History, record: Record, body: b.Amend, now: int) -> Codes:
    old, new = h.versions().get(body.target), body.service
    yield from roles(record, "organisation", "approver")
    yield from by_another(h, record, new.volunteer, new.organisation, "organisation", "approver")
    if old is None:
        yield "AMEND_TARGET"
        return
    yield from by_two(h, record, new, now)
    yield from ahead(h, now, body.issued_at, new.issued_at, new.ended_at)
    fixed = ["hour_class", "volunteer", "organisation", "activity"]
    fixed += ["clock_in", "clock_out", "confirmation", "permit"]
    if any(getattr(old, name) != getattr(new, name) for name in fixed):
        yield "AMEND_TARGET"
    inside = old.started_at <= new.started_at and new.ended_at <= old.ended_at
    if old.hour_class == "credit" and (not inside or new.minutes > old.minutes):
        yield "AMEND_GROWS"
    yield from by_others(h, record, new)
    if body.target in h.corrected(b.Void):
        yield "VOID_TWICE"
    if body.target in h.corrected(b.Amend):
        yield "SUPERSEDED"
    yield from form(h, new)
    others = h.counting()
    del others[body.target]
    yield from caps(h, new, others, None)


def _objection(h: History, record: Record, body: b.Objection, now: int) -> Codes:
    yield from roles(record, "volunteer")
    yield from by_self(record, "volunteer", body.volunteer)
    yield from ahead(h, now, body.issued_at)
    named = h.versions().get(body.target)
    void_ones = h.corrected(b.Void)
    if named is None or named.volunteer != body.volunteer or body.target in void_ones:
        yield "OBJECTION_TARGET"
    if body.target in h.corrected(b.Amend):
        yield "SUPERSEDED"
    if h.open_objection(body.target):
        yield "OBJECTION_OPEN"


def _decision(h: History, record: Record, body: b.Decision, now: int) -> Codes:
    yield from _by_recorder(h, record, body, "DECISION_TARGET", now)
    yield from ahead(h, now, body.issued_at)
    if h.open_objection(body.target) != body.objection:
        yield "DECISION_TARGET"
    done = h.corrected(b.Void) | h.corrected(b.Amend)
    if body.outcome == "upheld" and body.target not in done:
        yield "DECISION_NOT_DONE"


def _target(story: Story, which: int) -> tuple[bytes, b.Service] | None:
    known = list(story.oracle.versions().items())
    return known[which % len(known)] if known else None


def _take_back(story: Story, which: int, by: str) -> Records:
    target, _ = _target(story, which) or (b"\1" * 32, None)
    owner = None if by == "authority" else "org" if by == "second" else by
    made = story.town.void(target, owner)
    yield story.by(made, made.signatures[0].role, by)


def _correct(story: Story, which: int, later: int, longer: int, changes: dict[str, Any]) -> Records:
    """`later` and `longer` in minutes: the new version begins later, and has more minutes."""
    found = _target(story, which)
    if found is None:
        return
    target, old = found
    minutes = max(1, old.minutes + longer)
    start = old.started_at + later * 60
    end = start + (old.ended_at - old.started_at) + min(longer, 0) * 60 - later * 60
    times = {"started_at": start, "ended_at": max(end, 0) + max(longer, 0) * 60}
    new = replace(old, minutes=minutes, content=story.nonce(), **times)
    yield story.town.amend(target, replace(new, **changes))


def _object(story: Story, which: int, who: str) -> Records:
    found = _target(story, which)
    if found:
        yield story.town.objection(found[0], who, details=story.nonce())


def _decide(story: Story, which: int, by: str, outcome: str) -> Records:
    disputed = [i for i in story.oracle.versions() if story.oracle.open_objection(i)]
    found = (disputed[-1:] if which < 3 else None) or _target(story, which)
    if not found:
        return
    objection = story.oracle.open_objection(found[0]) or b"\2" * 32
    owner = None if by == "authority" else "org" if by == "second" else by
    made = story.town.decision(objection, found[0], owner, outcome)
    yield story.by(made, made.signatures[0].role, by)


def _quarrel(story: Story, which: int, by: str, outcome: str) -> Records:
    """A volunteer objects, objects again, and is answered."""
    found = _target(story, which)
    if found is None:
        return
    who = "ann" if found[1].volunteer == address("ann") else "bob"
    yield story.town.objection(found[0], who)
    yield story.town.objection(found[0], who, reason="wrong_time")
    yield from _decide(story, 0, by, outcome)


def _examples(town: Town) -> list[Example]:
    credit = signed(town)
    assert isinstance(credit.body, b.Service)
    target, objection = town.id(credit), town.objection(town.id(credit), "ann")
    return [
        Example(22, "void by an authority", town.void(target, None)),
        Example(23, "amend", town.amend(target, replace(credit.body, minutes=60))),
        Example(24, "objection", objection),
        Example(25, "decision", town.decision(town.id(objection), target, "org", "rejected")),
    ]


_outcome = one_of("upheld", "rejected")

FAMILY = Family(
    judges={"void": _void, "amend": _amend, "objection": _objection, "decision": _decision},
    steps={
        "void": Step(3, _take_back, (pick, signing)),
        "amend": Step(6, _correct, (pick, one_of(0, 0, 30, -30), one_of(-30, -1, 0, 1, 60),
            one_of({}, {}, {}, {"volunteer": address("bob")}, {"ended_at": 1}, {"permit": ZERO}))),
        "object": Step(2, _object, (pick, person)),
        "decide": Step(4, _decide, (pick, signing, _outcome)),
        "quarrel": Step(2, _quarrel, (pick, signing, _outcome)),
    },
    examples=_examples,
    scopes=("void",),
)  # fmt: skip
