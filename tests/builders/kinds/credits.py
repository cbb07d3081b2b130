"""Consent and practice credits, written once more from docs/spec/kinds/credits.md."""

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.certificate_records import consent, decision
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.kinds.hours import signed
from tests.builders.records import DAY, START, Town, address
from tests.builders.story import Story, acting, anyone, pick
from tests.ledger.rules.oracle_ledger import (
    History,
    ahead,
    by_organisation,
    by_self,
    newest,
    roles,
)


def _consent(h: History, record: Record, body: b.Consent, now: int) -> Codes:
    yield from roles(record, "volunteer")
    yield from by_self(record, "volunteer", body.volunteer)
    yield from newest(h, body, "volunteer", "grantee", "purpose")
    yield from ahead(h, now, body.issued_at)
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"
    if body.action == "withdraw":
        if h.consented(body.volunteer, body.grantee) is None:
            yield "NO_CONSENT"
    elif body.served_until <= body.served_from:
        yield "TIMES_REVERSED"


def _decision(h: History, record: Record, body: b.CreditDecision, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_organisation(h, record, body.organisation, "credit", now)
    yield from ahead(h, now, body.issued_at)
    given = h.consented(body.volunteer, body.organisation)
    if given is None or given.valid_until <= now:
        yield "NO_CONSENT"
        return
    made = [a.body for a in h.of(b.CreditDecision)]
    mine = [d for d in made if (d.organisation, d.scheme) == (body.organisation, body.scheme)]
    counted = {service for d in mine for service in d.services}
    for target in body.services:
        service = h.counting().get(target)
        if service is None or service.volunteer != body.volunteer:
            yield "CREDIT_TARGET"
            return
        if service.started_at < given.served_from or service.started_at >= given.served_until:
            yield "NO_CONSENT"
        if target in counted:
            yield "ALREADY_CREDITED"
    if body.minutes > sum(h.counting()[target].minutes for target in body.services):
        yield "CREDIT_MINUTES"


def _agree(story: Story, who: str, name: str, action: str, since: int, until: int) -> Records:
    """For services from `since` days on, for `until` days from now."""
    yield consent(
        story.town, who, name, action=action, served_from=START + since * DAY,
        valid_until=story.town.now + until * DAY,
    )  # fmt: skip


def _count(story: Story, name: str, who: str, which: int, more: int) -> Records:
    """One service of all, for so many minutes more than it has."""
    known = list(story.oracle.versions().items())
    target, minutes = b"\1" * 32, 1
    if known:
        target, service = known[which % len(known)]
        minutes = max(0, service.minutes + more)
    yield decision(
        story.town, "org" if name == "second" else name, who, (target,), signer=name,
        minutes=minutes, details=story.nonce(),
    )  # fmt: skip


def _counted(story: Story, which: int, more: int) -> Records:
    """With the consent of whose it is; and counted again."""
    known = list(story.oracle.versions().items())
    if not known:
        return
    target, service = known[which % len(known)]
    who = "ann" if service.volunteer == address("ann") else "bob"
    yield from _agree(story, who, "org", "grant", -30, 9)
    for less, scheme in enumerate(("one", "one", "two")):
        yield decision(
            story.town, "org", who, (target,), scheme=scheme, details=story.nonce(),
            minutes=service.minutes + more - less,
        )  # fmt: skip
    yield from _agree(story, who, "org", "withdraw", 0, 1)


def _examples(town: Town) -> list[Example]:
    served = (town.id(signed(town)),)
    return [
        Example(29, "consent", consent(town, "ann", "school")),
        Example(30, "credit_decision", decision(town, "school", "ann", served)),
    ]


FAMILY = Family(
    judges={"consent": _consent, "credit_decision": _decision},
    steps={
        "consent": Step(2, _agree, (anyone, one_of("org", "org", "other"),
            one_of("grant", "grant", "withdraw"), one_of(-30, 0, 400), one_of(0, 1, 9))),
        "count": Step(2, _count, (acting, anyone, pick, one_of(-1, 0, 1))),
        "counted": Step(2, _counted, (pick, one_of(0, 0, 1))),
    },
    examples=_examples,
    scopes=("credit",),
)  # fmt: skip
