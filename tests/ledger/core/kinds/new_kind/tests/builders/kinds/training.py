"""Courses, written once more from the page of the specification."""

from ledger.core.kinds.training import Training

from ledger.core.records.record import Record
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.records import Town, address, key
from tests.builders.story import Story, acting, anyone
from tests.ledger.rules.oracle_ledger import History, ahead, by_organisation, roles


def _judge(h: History, record: Record, body: Training, now: int) -> Codes:
    yield from roles(record, "organisation")
    yield from by_organisation(h, record, body.organisation, "train", now)
    yield from ahead(h, now, body.issued_at)
    if not h.enrolled(body.volunteer):
        yield "VOLUNTEER_UNKNOWN"


def trained(town: Town, signer: str, volunteer: str, details: bytes = key("course")) -> Record:
    organisation = signer if signer == "other" else "org"
    body = Training(address(organisation), address(volunteer), "急救", 90, details, town.now)
    return town.record(body, ("organisation", signer))


def _train(story: Story, signer: str, volunteer: str) -> Records:
    yield trained(story.town, signer, volunteer, story.nonce())


def _examples(town: Town) -> list[Example]:
    return [Example(36, "training", trained(town, "org", "ann"))]


FAMILY = Family(
    judges={"training": _judge},
    steps={"training": Step(2, _train, (acting, anyone | one_of("kid")))},
    examples=_examples,
    scopes=("train",),
)
