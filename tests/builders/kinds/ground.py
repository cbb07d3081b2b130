"""Accreditations and checked persons, written once more from docs/spec/kinds/ground.md."""

from typing import Any

from ledger.core.kinds.registry import Accreditation, IdentityCheck
from ledger.core.records.record import Record
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.records import START, ZERO, Town, address, key
from tests.builders.story import HOUR, Story, acting, anyone
from tests.ledger.rules.oracle_ledger import (
    FOR_EVER,
    History,
    ahead,
    by_another,
    by_authorities,
    by_organisation,
    certified,
    newest,
    roles,
)


def _span(h: History, organisation: str, role: str) -> tuple[int, int] | None:
    """From when until when an organisation has a role, as the records since say."""
    found = None
    for accepted in h.of(Accreditation):
        said = accepted.body
        if (said.organisation, said.role) != (organisation, role):
            continue
        if said.action == "grant":
            found = (said.valid_from, said.valid_until or FOR_EVER)
        elif found is not None:
            found = (found[0], max(said.valid_from, 1))
    return found


def _accreditation(h: History, record: Record, body: Accreditation, now: int) -> Codes:
    yield from by_authorities(h, record, now, h.charter().certify_threshold)
    yield from newest(h, body, "organisation", "role")
    yield from ahead(h, now, body.issued_at)
    if body.valid_until and body.valid_until <= body.valid_from:
        yield "TIMES_REVERSED"
    if body.action == "grant":
        yield from certified(h, body.organisation, now, now)
        return
    held = _span(h, body.organisation, body.role)
    if held is None or (held[1] < FOR_EVER and held[1] <= body.valid_from):
        yield "ACCREDITATION_ACTION"


def _identity(h: History, record: Record, body: IdentityCheck, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_another(h, record, body.volunteer, body.verifier, "organisation")
    yield from newest(h, body, "volunteer")
    yield from by_organisation(h, record, body.verifier, "verify_identity", now)
    yield from ahead(h, now, body.issued_at)
    if body.valid_until and body.valid_until <= body.issued_at:
        yield "TIMES_REVERSED"
    held = _span(h, body.verifier, "identity_verifier")
    if held is None or not held[0] <= now < held[1]:
        yield "NOT_ACCREDITED"
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"
    for accepted in h.of(IdentityCheck):
        same = (accepted.body.volunteer == body.volunteer, accepted.body.person == body.person)
        if same in ((True, False), (False, True)):
            yield "PERSON_KNOWN"


def accredited(
    town: Town, name: str, role: str = "identity_verifier", *signers: str, **changes: Any
) -> Record:
    fields: dict[str, Any] = {
        "organisation": address(name),
        "role": role,
        "action": "grant",
        "region": "",
        "details": ZERO,
        "valid_from": START,
        "valid_until": 0,
        "issued_at": town.now,
    }
    return town.by_authorities(Accreditation(**{**fields, **changes}), *signers)


def checked(town: Town, signer: str, volunteer: str, person: str = "", **changes: Any) -> Record:
    fields: dict[str, Any] = {
        "volunteer": address(volunteer),
        "verifier": address(signer if signer == "other" else "org"),
        "person": key("person " + (person or volunteer)),
        "level": "document",
        "valid_until": 0,
        "issued_at": town.now,
    }
    return town.record(IdentityCheck(**{**fields, **changes}), ("organisation", signer))


def _accredit(story: Story, name: str, role: str, action: str, at: int, length: int) -> Records:
    begins = story.town.now + at * HOUR
    until = begins + length * HOUR if length else 0
    yield accredited(story.town, name, role, action=action, valid_from=begins, valid_until=until)


def _check(story: Story, signer: str, volunteer: str, person: str, length: int) -> Records:
    until = story.town.now + length * HOUR if length else 0
    yield checked(story.town, signer, volunteer, person, valid_until=until)


def _trusted(story: Story, signer: str, volunteer: str, person: str) -> Records:
    """The way to a checked person, from its begin."""
    name = signer if signer == "other" else "org"
    yield accredited(story.town, name, valid_from=story.town.now)
    yield checked(story.town, signer, volunteer, person)


def _examples(town: Town) -> list[Example]:
    return [
        Example(34, "accreditation", accredited(town, "org", region="青禾市")),
        Example(35, "identity", checked(town, "org", "ann")),
    ]


FAMILY = Family(
    judges={"accreditation": _accreditation, "identity": _identity},
    steps={
        "accredit": Step(2, _accredit, (one_of("org", "org", "other", "eve"),
            one_of("identity_verifier", "identity_verifier", "merchant"),
            one_of("grant", "grant", "revoke"), one_of(-24, 0, 1), one_of(0, 0, 48, -1))),
        "check": Step(2, _check, (acting, anyone | one_of("kid", "eve"),
            one_of("", "", "ann"), one_of(0, 0, 48, -1))),
        "trusted": Step(3, _trusted, (acting, anyone, one_of("", "", "ann"))),
    },
    examples=_examples,
    scopes=("verify_identity",),
)  # fmt: skip
