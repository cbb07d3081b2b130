"""Who is who, written once more from docs/spec/kinds/members.md."""

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.records import START, Town, address, key
from tests.builders.story import HOUR, Story, acting
from tests.ledger.rules.oracle_ledger import (
    FOR_EVER,
    NOBODY,
    History,
    ahead,
    by_authorities,
    by_self,
    certified,
    newest,
    roles,
)


def _organisation(h: History, record: Record, body: b.Organisation, now: int) -> Codes:
    one = body.action == "suspend"
    yield from by_authorities(h, record, now, 1 if one else h.charter().certify_threshold)
    yield from newest(h, body, "organisation")
    yield from ahead(h, now, body.issued_at)
    if body.valid_until and body.valid_until <= body.valid_from:
        yield "TIMES_REVERSED"
    if body.parent == body.organisation:
        yield "BAD_VALUE"
    if (body.successor == NOBODY) == (body.action == "succeed"):
        yield "BAD_VALUE"
    if body.action == "certify":
        return
    if not h.in_force(body.organisation, body.valid_from, body.valid_from):
        yield "ORG_ACTION"
    if body.action == "succeed" and (
        body.successor == body.organisation or not h.in_force(body.successor, now, now)
    ):
        yield "ORG_ACTION"


def _delegation(h: History, record: Record, body: b.Delegation, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_self(record, "organisation", body.organisation)
    yield from newest(h, body, "organisation", "delegate")
    yield from ahead(h, now, body.issued_at)
    yield from certified(h, body.organisation, now, now)
    if body.valid_until and body.valid_until <= body.valid_from:
        yield "TIMES_REVERSED"
    if body.action == "grant":
        if body.delegate == body.organisation:
            yield "DELEGATION_ACTION"
        if "clock" in body.scopes and set(body.scopes) != {"clock"}:
            yield "DELEGATION_ACTION"
        return
    held = h.granted(body.organisation, body.delegate)
    if held is None or (held[2] < FOR_EVER and held[2] <= body.valid_from):
        yield "DELEGATION_ACTION"


def _volunteer(h: History, record: Record, body: b.Volunteer, now: int) -> Codes:
    if body.guardian == NOBODY:
        yield from roles(record, "volunteer")
    else:
        yield from roles(record, "volunteer", "guardian")
        yield from by_self(record, "guardian", body.guardian)
        if body.guardian == body.volunteer:
            yield "SIGNER_NOT_ALLOWED"
    yield from by_self(record, "volunteer", body.volunteer)
    yield from ahead(h, now, body.issued_at)
    if h.enrolled(body.volunteer):
        yield "VOLUNTEER_KNOWN"
    if any(a.body.identity == body.identity for a in h.of(b.Volunteer)):
        yield "PERSON_KNOWN"


def _certify(story: Story, name: str, start: int, length: int, parent: str) -> Records:
    begins = START + start * HOUR
    until = begins + length * HOUR if length else 0
    above = address(parent) if parent else ZERO_ADDRESS
    yield story.town.certify(name, valid_from=begins, valid_until=until, parent=above)


def _end(story: Story, name: str, action: str, heir: str, at: int) -> Records:
    successor = address(heir) if action == "succeed" else ZERO_ADDRESS
    begins = story.town.now + at * HOUR
    yield story.town.certify(name, action=action, successor=successor, valid_from=begins)


def _grant(story: Story, name: str, delegate: str, scopes: tuple[str, ...], ago: int) -> Records:
    """Signed some hours ago."""
    now = story.town.now
    yield story.town.grant(name, delegate, *scopes, valid_from=now, issued_at=now - ago * HOUR)


def _revoke(story: Story, name: str, delegate: str, ago: int) -> Records:
    since = story.town.now - ago * HOUR
    yield story.town.grant(name, delegate, "void", action="revoke", valid_from=since)


def _thief(story: Story, ago: int) -> Records:
    """The key of the organisation's second was stolen some hours ago; it gets another grant."""
    yield from _revoke(story, "org", "second", ago)
    story.town.now += HOUR
    yield from _grant(story, "org", "second", ("activity", "service", "approve", "void"), 0)


def _enrol(story: Story, name: str, signer: str, guardian: str, person: str) -> Records:
    identity = key("identity " + (person or name))
    record = story.town.enrol(name, guardian or None, identity)
    yield story.by(record, "volunteer", signer or name)


def _examples(town: Town) -> list[Example]:
    return [
        Example(2, "organisation, certified", town.certify("org")),
        Example(3, "delegation, granted", town.grant("org", "second", "service", "approve")),
        Example(4, "volunteer", town.enrol("ann")),
        Example(5, "volunteer under 14", town.enrol("child", guardian="ann")),
    ]


_owner = one_of("org", "other", "roof")
_scopes = one_of(
    ("service",), ("approve",), ("void",), ("clock",), ("clock", "void"),
    ("activity", "service", "approve", "void"),
)  # fmt: skip
_keys = ("org", "other", "second", "ann", "authority", "station")

FAMILY = Family(
    judges={
        "organisation": _organisation,
        "delegation": _delegation,
        "volunteer": _volunteer,
    },
    steps={
        "certify": Step(1, _certify, (_owner, one_of(-48, 0, 24), one_of(0, 0, 50),
            one_of("", "roof", "roof", "org"))),
        "end": Step(1, _end, (one_of("other", "roof", "org"), one_of("suspend", "succeed"),
            one_of("other", "org"), one_of(-24, -2, 0, 1, 3, 24))),
        "grant": Step(2, _grant, (acting, one_of("other", "ann", "station"), _scopes,
            one_of(0, 0, 1, 30))),
        "revoke": Step(1, _revoke, (acting, one_of(*_keys), one_of(0, 0, 2, 400_000))),
        "thief": Step(1, _thief, (one_of(*range(10)),)),
        "enrol": Step(2, _enrol, (one_of("ann", "eve", "kid", "kid"),
            one_of("", "", "eve", "kid"), one_of("", "", "mum", "kid"),
            one_of("", "", "ann", "eve"))),
    },
    examples=_examples,
)  # fmt: skip
