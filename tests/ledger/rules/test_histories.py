"""Random histories: the book and a naive oracle agree on every record, every total, every flag."""

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from ledger.core.state.attendance_state import activity_key, permit_key
from ledger.core.state.flags import FLAGS, KEY_REVOKED
from ledger.core.state.hours_by_month import Cell, hours_key
from ledger.core.state.state import Account, MemoryState, State, account_of, service_key
from ledger.errors import Refused
from ledger.operations.audit import audit
from ledger.operations.book import Receipt
from ledger.operations.read import account
from ledger.operations.seal import seal
from ledger.rules.registry import judge
from tests.builders import certificate_records
from tests.builders.history_hours import HistoryOfHours
from tests.builders.history_people import TIGHT_POLICY, Step, Unsigned
from tests.builders.history_steps import STEPS, VOLUNTEERS
from tests.builders.ledgers import open_book
from tests.builders.records import Town, address
from tests.builders.settled import codes_of_the_rules
from tests.ledger.rules.invariants import Totals, check_all

EVERYBODY = [address(name) for name in (*VOLUNTEERS, "eve", "kid", "org", "other")]
UNIT = TIGHT_POLICY.minutes_per_yibi
SELDOM = {"ALREADY_OPEN", "BAD_SHEET", "ENGINE_ONLY", "NOT_OPEN"}
"""What no step leads to: `test_refusals` does."""


def same_totals(history: HistoryOfHours, who: str, found: Account) -> None:
    oracle = history.oracle
    assert found.credit_minutes == oracle.minutes(who, "credit")
    assert found.honour_minutes == oracle.minutes(who, "honour")
    assert found.voided_minutes == oracle.voided_minutes(who)
    assert found.minted(UNIT) == oracle.minted(who)
    assert found.balance(UNIT) == oracle.balance(who)


def same_state(history: HistoryOfHours, state: State, flags: dict[bytes, tuple[str, ...]]) -> None:
    """What the rules carry along is what a walk through the history gives."""
    oracle = history.oracle
    counting = oracle.counting().values()
    typed = [s for s in counting if s.hour_class == "honour"]
    for who in EVERYBODY:
        same_totals(history, who, account_of(state, who))
    for found in (a.id for a in oracle.of(b.Activity)):
        activity, plan = state.get(activity_key(found)), oracle.plan(found)
        assert activity is not None
        assert plan is not None
        assert activity.taken == len(oracle.seated(found)) <= activity.seats == plan.body.seats
        assert activity.honour_minutes == sum(s.minutes for s in typed if s.activity == found)
    for found in (a.id for a in oracle.of(b.Permit)):
        permit = state.get(permit_key(found))
        assert permit is not None
        assert permit.minutes == sum(s.minutes for s in typed if s.permit == found)
    same_months(history, state)
    void_ones, amended = oracle.corrected(b.Void), oracle.corrected(b.Amend)
    for found in oracle.versions():
        service = state.get(service_key(found))
        assert service is not None
        assert service.flags == flags[oracle.first_version(found)]
        assert (service.status == "void") == (found in void_ones)
        assert (service.status == "amended") == (found in amended)
        assert service.objected_by == (oracle.open_objection(found) or b"")


def same_months(history: HistoryOfHours, state: State) -> None:
    """Each month has what counts in it, by class and category, and all months make the totals."""
    oracle, wanted = history.oracle, dict[tuple[str, str], Counter[tuple[str, str]]]()
    for service in oracle.versions().values():
        wanted.setdefault(_month(history, service), Counter())
    for service in oracle.counting().values():
        plan = oracle.plan(service.activity)
        place = service.hour_class, plan.body.category if plan else ""
        wanted[_month(history, service)][place] += service.minutes
    sums = Counter[tuple[str, str]]()
    for (who, month), cells in wanted.items():
        held = state.get(hours_key(who, month))
        assert held is not None
        assert held.cells == tuple(Cell(*place, cells[place]) for place in sorted(cells))
        for cell in held.cells:
            sums[who, cell.hour_class] += cell.minutes
    for who in EVERYBODY:
        account = account_of(state, who)
        assert (sums[who, "credit"], sums[who, "honour"]) == (
            account.credit_minutes,
            account.honour_minutes,
        )


def _month(history: HistoryOfHours, service: b.Service) -> tuple[str, str]:
    local = service.started_at + 60 * history.oracle.policy().utc_offset_minutes
    return service.volunteer, time.strftime("%Y-%m", time.gmtime(local))


def _judged(state: MemoryState, record: Record, found: bytes, now: int) -> str | None:
    """Take it over into the state; the code of the refusal, or None."""
    try:
        state.apply(judge(state, record, found, now))
    except Refused as refusal:
        return refusal.code.value
    return None


def in_memory(steps: list[Step], reached: Counter[str]) -> None:
    """Play a history against the pure rules, and count what was answered."""
    history, state = HistoryOfHours(Unsigned(policy=TIGHT_POLICY)), MemoryState()
    seen: set[bytes] = set()
    flags: dict[bytes, tuple[str, ...]] = {}
    moments: list[Totals] = []
    for record in history.records(steps):
        found, now = history.town.id(record), history.town.now
        if found in seen:
            continue
        expected = history.oracle.refuses(record, now)
        code = _judged(state, record, found, now)
        assert code == expected, record
        reached[code or "accepted " + record.kind] += 1
        if code:
            continue
        if isinstance(record.body, b.Service):
            flags[found] = history.oracle.flags(record, now)
            reached.update(f"flag {flag}" for flag in flags[found])
        seen.add(found)
        history.took(record)
        moments.append({who: account_of(state, who) for who in EVERYBODY})
    same_state(history, state, flags)
    check_all(history.oracle, moments[-1], moments)


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(suppress_health_check=QUIET)
@given(st.lists(STEPS, min_size=20, max_size=50))
def test_the_rules_agree_with_the_oracle(steps: list[Step]) -> None:
    in_memory(steps, Counter())


def test_histories_reach_nearly_every_answer_kind_and_flag() -> None:
    """The properties would be empty if the steps led nowhere; what is drawn here never changes."""
    reached: Counter[str] = Counter()

    @settings(max_examples=450, suppress_health_check=QUIET, derandomize=True, database=None)
    @given(st.lists(STEPS, min_size=20, max_size=50))
    def play(steps: list[Step]) -> None:
        in_memory(steps, reached)

    play()
    wanted = {
        f"accepted {kind}" for kind in b.KINDS if kind not in ("seal", *certificate_records.KINDS)
    }
    wanted |= {f"flag {flag}" for flag in FLAGS if flag != KEY_REVOKED}
    wanted |= codes_of_the_rules() - SELDOM - certificate_records.CODES
    assert wanted <= set(reached), sorted(wanted - set(reached))


@settings(max_examples=8, suppress_health_check=QUIET)
@given(st.lists(STEPS, min_size=20, max_size=40))
def test_the_book_agrees_with_the_oracle_and_its_audit_is_sound(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        history = HistoryOfHours(Town(policy=TIGHT_POLICY))
        book = open_book(history.town, Path(folder))
        first: dict[bytes, Receipt] = {}
        for record in history.records(steps):
            found = history.town.id(record)
            expected = history.oracle.refuses(record, history.town.now)
            (answer,) = book.append_many([record])
            if found in first:
                assert answer == replace(first[found], duplicate=True)
            elif isinstance(answer, Receipt):
                assert expected is None
                first[found] = answer
                history.took(record)
            elif not answer.code.remembered:
                # What is remembered may have become right since; the answer stays.
                assert answer.code.value == expected
        for who in EVERYBODY:
            view = account(book, who)
            assert view.balance == history.oracle.balance(who)
            assert view.credit_minutes == history.oracle.minutes(who, "credit")
            assert view.honour_minutes == history.oracle.minutes(who, "honour")
        seal(book, history.town.log_key)
        report = audit(book.engine)
        book.close()
        book.engine.dispose()
        assert report.sound, report.findings


@pytest.mark.parametrize("name", VOLUNTEERS)
def test_the_oracle_itself_counts_what_is_plain(name: str) -> None:
    town = Unsigned(policy=TIGHT_POLICY)
    history = HistoryOfHours(town)
    visit = ("visit", 0, name, 90, ("inside", ("gps",)), name, "", {})
    for record in history.records([visit]):
        assert history.oracle.refuses(record, town.now) is None
        if record.kind == "service":
            assert history.oracle.flags(record, town.now) == ()
        history.took(record)
    assert history.oracle.minutes(address(name), "credit") == 90
    assert history.oracle.balance(address(name)) == 1
    typed = town.honour("org", "second", name, town.now - 3600, 60, permit=permit_of(history))
    assert history.oracle.refuses(typed, town.now) == "OVERLAP"
    earlier = town.honour("org", "second", name, town.now - 150 * 60, 60, permit=permit_of(history))
    assert history.oracle.refuses(earlier, town.now) is None
    assert history.oracle.flags(earlier, town.now) == ("NO_ACTIVITY",)


def permit_of(history: HistoryOfHours) -> bytes:
    (permit,) = history.oracle.of(b.Permit)
    return permit.id
