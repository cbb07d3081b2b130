"""Random histories: the book and a naive oracle agree on every record, every total, every code."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from ledger.core.bodies import PolicyChange, Service, service_of
from ledger.core.fields import ZERO_ADDRESS
from ledger.core.records import Record
from ledger.core.state import Account, MemoryState, account_of
from ledger.errors import Refused
from ledger.operations.audit import audit
from ledger.operations.book import Receipt
from ledger.operations.read import account
from ledger.operations.seal import seal
from ledger.rules.registry import judge
from tests.ledger.rules.oracle import Oracle
from tests.town import POLICY, START, ZERO, Town, address, open_book

ORGANISATIONS = ("org", "other")
VOLUNTEERS = ("ann", "bob")
KEYS = ("org", "other", "second", "ann", "authority")
HOUR = 3600

org = st.sampled_from(ORGANISATIONS)
person = st.sampled_from(VOLUNTEERS)
anyone = st.sampled_from((*VOLUNTEERS, *VOLUNTEERS, "eve"))
key = st.sampled_from(KEYS)
approver = st.sampled_from(("second", "second", "second", *KEYS))
hour = st.sampled_from((0, 2, 3, 4, 5, 8, 8, 9, 26, 30, 42, 60))
minutes = st.sampled_from((30, 60, 60, 90, 240, 480, 481))
pick = st.integers(0, 50)
mostly_org = st.sampled_from(("org", "org", "org", "other", "second"))

LATER = [("wait", 50)]
"""Histories go on two days after the town was settled, so that there is something to record."""

STEPS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 40)),
    st.tuples(st.just("certify"), org, st.sampled_from((-48, 0, 24)), st.sampled_from((0, 0, 50))),
    st.tuples(st.just("end"), org, st.sampled_from(("suspend", "succeed")), hour),
    st.tuples(st.just("grant"), org, key, st.sampled_from(("service", "approve", "void", "all"))),
    st.tuples(st.just("revoke"), org, key),
    st.tuples(st.just("enrol"), person, person),
    st.tuples(st.just("activity"), mostly_org, hour, st.integers(0, 12), st.integers(0, 9)),
    *[st.tuples(st.just("credit"), mostly_org, key, anyone, st.just(0) | pick, hour, minutes)] * 4,
    *[st.tuples(st.just("honour"), mostly_org, approver, anyone, hour, minutes, st.integers(0, 9))]
    * 2,
    st.tuples(st.just("void"), pick, key),
    st.tuples(st.just("amend"), pick, st.integers(-2, 2), minutes),
    *[st.tuples(st.just("object"), pick, person)] * 2,
    *[st.tuples(st.just("decide"), pick, key, st.sampled_from(("upheld", "rejected")))] * 2,
    *[st.tuples(st.just("transfer"), person, st.sampled_from((*VOLUNTEERS, "org", "eve")))] * 2,
    st.tuples(
        st.just("policy"), st.integers(2, 4), st.sampled_from((60, 480, 600)), st.integers(0, 9)
    ),
    st.tuples(st.just("again"), pick),
)


class Story:
    """Turns steps into records of a town whose clock moves on."""

    def __init__(self) -> None:
        self.town = Town()
        self.oracle = Oracle()
        self.sent: list[Record] = []
        self.activities: list[bytes] = []
        self.count = 0

    def prologue(self) -> list[Record]:
        """So that most histories get somewhere."""
        town = self.town
        return [
            town.genesis(),
            town.certify("org"),
            town.grant("org", "second", "approve", "service", "void"),
            town.enrol("ann"),
            town.enrol("bob"),
            town.activity("org", START + HOUR, START + 40 * HOUR),
        ]

    def record(self, step: tuple[Any, ...]) -> Record | None:
        self.count += 1
        made: Record | None = getattr(self, "_" + step[0])(*step[1:])
        return made

    def _wait(self, hours: int) -> None:
        self.town.now += hours * HOUR

    def _again(self, which: int) -> Record | None:
        return self.sent[which % len(self.sent)] if self.sent else None

    def _certify(self, name: str, start: int, length: int) -> Record:
        begins = START + start * HOUR
        until = begins + length * HOUR if length else 0
        return self.town.certify(name, valid_from=begins, valid_until=until)

    def _end(self, name: str, action: str, at: int) -> Record:
        heir = address("other") if action == "succeed" else ZERO_ADDRESS
        return self.town.certify(name, action=action, successor=heir, valid_from=START + at * HOUR)

    def _grant(self, name: str, delegate: str, scope: str) -> Record:
        scopes = ("activity", "service", "approve", "void") if scope == "all" else (scope,)
        return self.town.grant(name, delegate, *scopes, valid_from=self.town.now)

    def _revoke(self, name: str, delegate: str) -> Record:
        now = self.town.now
        return self.town.grant(name, delegate, "void", action="revoke", valid_from=now)

    def _enrol(self, name: str, signer: str) -> Record:
        return self.town.record(self.town.enrol(name).body, ("volunteer", signer))

    def _activity(self, name: str, start: int, length: int, category: int) -> Record:
        begins = START + start * HOUR
        kind = "meeting" if category == 0 else "environment"
        signer = "org" if name == "second" else name
        made = self.town.activity(signer, begins, begins + length * HOUR, category=kind)
        return self.town.record(made.body, ("organisation", name))

    def _credit(self, name: str, other: str, who: str, which: int, at: int, length: int) -> Record:
        activity = self.activities[which % len(self.activities)] if self.activities else ZERO
        organisation = "org" if name == "second" else name
        body = self.town.service_body(organisation, who, activity, START + at * HOUR, length)
        body = replace(body, content=self.count.to_bytes(32, "big"))
        volunteer = who if other != "other" else "second"
        return self.town.record(body, ("organisation", name), ("volunteer", volunteer))

    def _honour(self, name: str, approver: str, who: str, at: int, length: int, odd: int) -> Record:
        organisation = "org" if name == "second" else name
        slack = {0: -60, 1: -length * 60}.get(odd, 0)
        start = START + at * HOUR
        body = self.town.service_body(
            organisation, who, ZERO, start, length, hour_class="honour",
            ended_at=start + length * 60 + slack, content=self.count.to_bytes(32, "big"),
        )  # fmt: skip
        return self.town.record(body, ("organisation", name), ("approver", approver))

    def _target(self, which: int) -> tuple[bytes, Service] | None:
        known = list(self.oracle.versions().items())
        return known[which % len(known)] if known else None

    def _void(self, which: int, by: str) -> Record | None:
        found = self._target(which)
        if found is None:
            return self.town.void(b"\1" * 32, "org")
        if by == "authority":
            return self.town.void(found[0], None)
        organisation = "org" if by == "second" else by
        body = self.town.void(found[0], organisation).body
        return self.town.record(body, ("organisation", by))

    def _amend(self, which: int, shift: int, length: int) -> Record | None:
        found = self._target(which)
        if found is None:
            return None
        target, old = found
        start = old.started_at + shift * 1800
        new = replace(old, started_at=start, ended_at=start + length * 60, minutes=length)
        return self.town.amend(target, new)

    def _object(self, which: int, who: str) -> Record | None:
        found = self._target(which)
        return self.town.objection(found[0], who) if found else None

    def _decide(self, which: int, by: str, outcome: str) -> Record | None:
        found = self._target(which)
        if found is None:
            return None
        objection = self.oracle.open_objection(found[0]) or b"\2" * 32
        if by == "authority":
            return self.town.decision(objection, found[0], None, outcome)
        organisation = "org" if by == "second" else by
        body = self.town.decision(objection, found[0], organisation, outcome).body
        return self.town.record(body, ("organisation", by))

    def _transfer(self, sender: str, recipient: str) -> Record:
        return self.town.transfer(sender, recipient, 1 + self.count % 3, self.count)

    def _policy(self, version: int, day: int, odd: int) -> Record:
        unit = 30 if odd == 0 else POLICY.minutes_per_yibi
        policy = replace(POLICY, day_minutes_max=day, minutes_per_yibi=unit)
        body = PolicyChange(policy, version, "a reason", self.town.now)
        return self.town.record(body, ("authority", "ann" if odd == 1 else "authority"))

    def took(self, record: Record) -> None:
        """The book accepted a record."""
        self.oracle.accept(self.town.id(record), record, self.town.now)
        if record.kind == "activity":
            self.activities.append(self.town.id(record))


def agree(story: Story, record: Record, answer: Refused | None) -> None:
    """The oracle's judgement of a record is the book's."""
    broken = story.oracle.breaks(record, story.town.now)
    if answer is None:
        assert broken == set(), f"the book took what breaks {broken}"
    else:
        assert answer.code.value in broken, f"refused for {answer.code.value}, oracle: {broken}"


def same_totals(story: Story, name: str, found: Account) -> None:
    who = address(name)
    assert found.credit_minutes == story.oracle.minutes(who, "credit")
    assert found.honour_minutes == story.oracle.minutes(who, "honour")
    assert found.balance(POLICY.minutes_per_yibi) == story.oracle.balance(who)


def in_memory(steps: list[tuple[Any, ...]]) -> Counter[str]:
    """Play a history against the pure rules; how often each answer was given."""
    story, state, seen = Story(), MemoryState(), set[bytes]()
    answers: Counter[str] = Counter()
    prologue = story.prologue()
    for position, step in enumerate([None] * len(prologue) + steps):
        record = prologue[position] if step is None else story.record(step)
        if record is None or story.town.id(record) in seen:
            continue
        story.sent.append(record)
        try:
            state.apply(judge(state, record, story.town.id(record), story.town.now))
        except Refused as refused:
            agree(story, record, refused)
            answers[refused.code.value] += 1
            continue
        if record.kind != "genesis":
            agree(story, record, None)
        seen.add(story.town.id(record))
        story.took(record)
        answers["accepted " + record.kind] += 1
    for name in (*VOLUNTEERS, "org"):
        same_totals(story, name, account_of(state, address(name)))
    _invariants(story)
    return answers


def _invariants(story: Story) -> None:
    oracle = story.oracle
    everybody = {address(n) for n in (*KEYS, *VOLUNTEERS, "eve")}
    minted = sum(
        oracle.minutes(who, "credit") // POLICY.minutes_per_yibi for who in sorted(everybody)
    )
    assert sum(oracle.balance(who) for who in everybody) == minted
    for name in VOLUNTEERS:
        spans = sorted((s.started_at, s.ended_at) for s in oracle.counting(address(name)).values())
        assert all(one[1] <= other[0] for one, other in pairwise(spans))


COMMON = settings(
    deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), print_blob=False
)


@settings(COMMON, max_examples=400)
@given(st.lists(STEPS, min_size=10, max_size=60))
def test_the_rules_agree_with_the_oracle(steps: list[tuple[Any, ...]]) -> None:
    for answer in in_memory(LATER + steps):
        event(answer)


@settings(COMMON, max_examples=12)
@given(st.lists(STEPS, min_size=20, max_size=50))
def test_the_book_agrees_with_the_oracle_and_its_audit_is_sound(
    steps: list[tuple[Any, ...]],
) -> None:
    with TemporaryDirectory() as folder:
        story = Story()
        book = open_book(story.town, Path(folder))
        first: dict[bytes, Receipt] = {}
        for record in story.prologue():
            first[story.town.id(record)] = book.append(record)
            story.took(record)
        for step in LATER + steps:
            record = story.record(step)
            if record is None:
                continue
            story.sent.append(record)
            found = story.town.id(record)
            (answer,) = book.append_many([record])
            if found in first:
                assert isinstance(answer, Receipt)
                assert answer == replace(first[found], duplicate=True)
            elif isinstance(answer, Refused):
                # What is remembered may have become right since; the answer stays.
                if not answer.code.remembered:
                    agree(story, record, answer)
            else:
                agree(story, record, None)
                first[found] = answer
                story.took(record)
        for name in VOLUNTEERS:
            view = account(book, address(name))
            assert view.balance == story.oracle.balance(address(name))
            assert view.credit_minutes == story.oracle.minutes(address(name), "credit")
        seal(book, story.town.log_key)
        report = audit(book.engine)
        book.close()
        book.engine.dispose()
        assert report.sound, report.findings


def test_the_histories_reach_nearly_every_answer() -> None:
    """The property would be empty if the steps led nowhere."""
    reached: Counter[str] = Counter()

    @settings(COMMON, max_examples=300, database=None)
    @given(st.lists(STEPS, min_size=30, max_size=60))
    def play(steps: list[tuple[Any, ...]]) -> None:
        reached.update(in_memory(LATER + steps))

    play()
    kinds = {f"accepted {kind}" for kind in (
        "organisation", "delegation", "volunteer", "activity", "service", "void", "amend",
        "objection", "decision", "transfer", "policy",
    )}  # fmt: skip
    codes = {
        "ACTIVITY_LATE", "ACTIVITY_UNKNOWN", "AMEND_GROWS", "APPROVER_NOT_SECOND",
        "CATEGORY_BLOCKED", "DECISION_NOT_DONE", "DECISION_TARGET", "DELEGATION_ACTION",
        "FROM_THE_FUTURE", "MINUTES_EXCEED_TIMES", "NO_COINS", "OBJECTION_OPEN",
        "OBJECTION_TARGET", "ORG_ACTION", "ORG_NOT_CERTIFIED", "OUTSIDE_ACTIVITY", "OVERLAP",
        "OVER_DAY_CAP", "OVER_SESSION_CAP", "POLICY_UNIT_FIXED", "POLICY_VERSION",
        "RECIPIENT_UNKNOWN", "SIGNER_NOT_ALLOWED", "SUPERSEDED", "TIMES_REVERSED",
        "VOID_NOT_YOURS", "VOID_TWICE", "VOLUNTEER_KNOWN", "VOLUNTEER_UNKNOWN",
    }  # fmt: skip
    assert kinds | codes <= set(reached), sorted((kinds | codes) - set(reached))


@pytest.mark.parametrize("name", VOLUNTEERS)
def test_the_oracle_itself_counts_what_is_plain(name: str) -> None:
    story = Story()
    for record in story.prologue():
        story.took(record)
    service = story.town.credit("org", name, story.activities[0], START + 2 * HOUR, 90)
    story.town.now += 4 * HOUR
    assert story.oracle.breaks(service, story.town.now) == set()
    story.took(service)
    assert service_of(service.body) is not None
    assert story.oracle.minutes(address(name), "credit") == 90
    assert story.oracle.balance(address(name)) == 1
    again = story.town.credit(
        "org", name, story.activities[0], START + 2 * HOUR, 90, evidence=(ZERO,)
    )
    assert story.oracle.breaks(again, story.town.now) == {"OVERLAP"}
