"""A town whose clock moves on: how drawn steps become records, and the steps of no kind."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from ledger.core.format.structs import Body
from ledger.core.records.record import Record, SignatureClaim
from tests.builders.families import Records, Step, families, one_of
from tests.builders.records import DAY, POLICY, START, Town, address
from tests.ledger.rules.oracle import Oracle

HOUR = 3600
VOLUNTEERS = ("ann", "bob")
TIGHT_POLICY = replace(
    POLICY,
    session_minutes_max=240,
    day_minutes_max=300,
    day_minutes_parent_max=420,
    clock_pairs_max=2,
    clock_answer_seconds=900,
    late_working_days=2,
    bulk_entries_hour=2,
)
"""Small numbers, so that a short history comes to every bound."""

COUNCIL: Any = {
    "policy": TIGHT_POLICY,
    "authorities": ("authority", "mayor", "warden"),
    "threshold": 3,
    "certify_threshold": 2,
}
"""What a town of three authorities differs in from the usual one."""

Drawn = tuple[Any, ...]
"""The name of a step, and its arguments."""


class Unsigned(Town):
    """A town whose records only claim their signatures: the rules do not look at them."""

    def record(self, body: Body, *signers: tuple[str, str]) -> Record:
        claims = (SignatureClaim(role, address(name), bytes(65)) for role, name in signers)
        return Record(body, tuple(claims))


class Story:
    """What was sent and what was accepted; each step gives the records that it sends next. Most of
    what is told is sensible, and some of it is refused."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.oracle = Oracle()
        self.sent: list[Record] = []
        self.count = 0
        self._steps = steps()

    def records(self, drawn: list[Drawn]) -> Records:
        """One record after the other; the next is made when it is known what the ledger said."""
        yield from _prologue(self.town)
        for step in drawn:
            for record in self._made(step):
                self.sent.append(record)
                yield record

    def took(self, record: Record) -> None:
        """The ledger accepted a record."""
        self.oracle.accept(self.town.id(record), record, self.town.now)

    def nonce(self) -> bytes:
        """32 bytes that no other step has."""
        return self.count.to_bytes(32, "big")

    def one(self, kind: type, which: int) -> bytes:
        """The id of one accepted record of a kind; of none when there is none."""
        known = [a.id for a in self.oracle.of(kind)]
        return known[which % len(known)] if known else b"\7" * 32

    def by(self, record: Record, role: str, signer: str) -> Record:
        """The same record with another signer in its first role."""
        claim = self.town.record(record.body, (role, signer)).signatures[0]
        return replace(record, signatures=(claim, *record.signatures[1:]))

    def _made(self, step: Drawn) -> Records:
        self.count += 1
        name, *arguments = step
        if name == "stripped":
            return self._stripped(arguments[0])
        return self._steps[name].make(self, *arguments)

    def _stripped(self, inner: Drawn) -> Records:
        for record in self._made(inner):
            yield replace(record, signatures=record.signatures[:-1])


def _prologue(town: Town) -> Iterator[Record]:
    """So that most histories get somewhere."""
    yield town.genesis()
    yield town.certify("roof")
    yield town.certify("other")
    yield town.certify("org", parent=address("roof"), valid_from=START - 10 * DAY)
    yield town.grant("org", "second", "activity", "approve", "service", "void")
    yield town.grant("org", "station", "clock")
    yield town.permit("org", minutes_max=600)
    yield town.enrol("ann")
    yield town.enrol("bob")
    yield town.activity("org", START + HOUR, START + 60 * HOUR, recipient=address("school"))
    yield town.activity("org", START + 2 * HOUR, START + 50 * HOUR, seats=1, fence_metres=50)
    town.now += 2 * HOUR


def _wait(story: Story, minutes: int) -> Records:
    story.town.now += minutes * 60
    yield from ()


def _again(story: Story, which: int) -> Records:
    if story.sent:
        yield story.sent[which % len(story.sent)]


pick = st.integers(-3, 9)
which = one_of(0, 0, 1, -1, -1, 2)
person = one_of(*VOLUNTEERS)
anyone = one_of("ann", "ann", "ann", "bob", "bob", "eve")
acting = one_of("org", "org", "org", "other", "second")
signing = one_of("org", "other", "second", "ann", "authority")

OWN = {
    "wait": Step(4, _wait, (one_of(1, 10, 30, 60, 240, 600, 1440, 2880),)),
    "again": Step(1, _again, (pick,)),
}


def steps() -> dict[str, Step]:
    """All steps of all families, and those of none."""
    found = dict(OWN)
    for family in families().values():
        assert not found.keys() & family.steps.keys(), "a step has a name of its own"
        found |= family.steps
    return found


def drawn_steps(*names: str) -> st.SearchStrategy[Drawn]:
    """A step of all, or of those that are named; one in twenty lacks its last signature."""
    known = {name: step for name, step in steps().items() if not names or name in names}
    made = {n: st.tuples(st.just(n), *step.arguments) for n, step in known.items()}
    # A choice among equal strategies does not count them twice: the weights need names.
    weighted = [name for name, step in known.items() for _ in range(step.weight)]
    plain = st.sampled_from(weighted).flatmap(made.__getitem__)
    return st.integers(0, 19).flatmap(
        lambda luck: st.tuples(st.just("stripped"), plain) if luck == 19 else plain
    )
