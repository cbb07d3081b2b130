"""Keys of issuers and certificates, written once more from docs/spec/kinds/certificates.md."""

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.certificate_records import certificate, issuer_key
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.kinds.hours import signed
from tests.builders.records import START, ZERO, Town, key
from tests.builders.story import Story, acting, anyone, pick, signing
from tests.ledger.rules.oracle_ledger import (
    NOTHING,
    History,
    ahead,
    by_organisation,
    by_self,
    certified,
    newest,
    roles,
)


def _issuer_key(h: History, record: Record, body: b.IssuerKey, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_self(record, "organisation", body.organisation)
    yield from newest(h, body, "organisation", "public_key")
    yield from ahead(h, now, body.issued_at)
    yield from certified(h, body.organisation, now, now)
    if body.valid_until and body.valid_until <= body.valid_from:
        yield "TIMES_REVERSED"
    if body.action == "bind":
        if body.public_key == NOTHING:
            yield "ISSUER_KEY"
        return
    until = h.bound(body.organisation, body.public_key)
    if until is None or until <= body.valid_from:
        yield "ISSUER_KEY"


def _certificate(h: History, record: Record, body: b.Certificate, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_organisation(h, record, body.organisation, "certificate", now)
    yield from ahead(h, now, body.issued_at)
    if body.served_until <= body.served_from:
        yield "TIMES_REVERSED"
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"
    issued = h.of(b.Certificate)
    if (body.organisation, body.number) in {(a.body.organisation, a.body.number) for a in issued}:
        yield "CERTIFICATE_NUMBER"
    if body.supersedes == NOTHING:
        return
    old = [a.body for a in issued if a.id == body.supersedes]
    if [(o.organisation, o.volunteer) for o in old] != [(body.organisation, body.volunteer)]:
        yield "CERTIFICATE_TARGET"
    if body.supersedes in h.corrected(b.Void):
        yield "VOID_TWICE"
    if body.supersedes in h.replaced():
        yield "SUPERSEDED"


def _bind(story: Story, name: str, which: int, until: int) -> Records:
    yield issuer_key(
        story.town, name, public_key=key(f"issuer {which}") if which else ZERO, valid_until=until
    )


def _unbind(story: Story, name: str, which: int, since: int) -> Records:
    yield issuer_key(
        story.town, name, action="revoke", public_key=key(f"issuer {which}"), valid_from=since
    )


def _certify(story: Story, name: str, who: str, number: int, old: int, until: int) -> Records:
    """`old` 0: it replaces none."""
    yield certificate(
        story.town, "org" if name == "second" else name, who, (), signer=name,
        number=str(number or story.count), count=1, served_until=START + until,
        supersedes=story.one(b.Certificate, old) if old else ZERO,
    )  # fmt: skip


def _recall(story: Story, which: int, by: str) -> Records:
    owner = None if by == "authority" else "org" if by == "second" else by
    made = story.town.void(story.one(b.Certificate, which), owner)
    yield story.by(made, made.signatures[0].role, by)


def _reissued(story: Story, which: int, by: str, who: str) -> Records:
    """One that is replaced or taken back, and replaced again; once under its own number."""
    yield from _certify(story, "org", who, 0, 0, 1)
    if by:
        yield from _recall(story, -1, by)
    old = story.one(b.Certificate, -1)
    for number in ("", "-1", "-2"):
        yield certificate(
            story.town, "org", who, (), count=1, number=f"{story.count}{number}", supersedes=old
        )
    yield story.town.void(old, "org")


def _examples(town: Town) -> list[Example]:
    served = (town.id(signed(town)),)
    return [
        Example(27, "issuer_key", issuer_key(town, "org")),
        Example(28, "certificate", certificate(town, "org", "ann", served)),
    ]


_issuer = one_of("org", "org", "other", "ann")

FAMILY = Family(
    judges={"issuer_key": _issuer_key, "certificate": _certificate},
    steps={
        "bind": Step(2, _bind, (_issuer, one_of(0, 1, 1, 2), one_of(0, 0, START, START + 9))),
        "unbind": Step(1, _unbind, (_issuer, one_of(1, 2), one_of(0, START + 5, START + 20))),
        "certificate": Step(3, _certify, (acting, anyone, one_of(0, 0, 1), one_of(0, 0, 1, -1),
            one_of(1, 1, 1, 0))),
        "recall": Step(1, _recall, (pick, signing)),
        "reissued": Step(1, _reissued, (pick, one_of("", "org"), one_of("ann", "bob"))),
    },
    examples=_examples,
    scopes=("certificate",),
)  # fmt: skip
