"""A random history played against the pure rules and the oracle, which must agree."""

import time
from collections import Counter

from hypothesis import HealthCheck

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from ledger.core.state.attendance_state import activity_key, permit_key
from ledger.core.state.certificate_state import certificate_key
from ledger.core.state.hours_by_month import Cell, hours_key
from ledger.core.state.state import Account, MemoryState, State, account_of, service_key
from ledger.errors import Refused
from ledger.rules.registry import judge
from tests.builders.records import address
from tests.builders.story import COUNCIL, TIGHT_POLICY, VOLUNTEERS, Drawn, Story, Unsigned
from tests.ledger.rules.invariants import Totals, check_all
from tests.ledger.rules.oracle_hours import flags_of

EVERYBODY = [address(name) for name in (*VOLUNTEERS, "eve", "kid", "org", "other")]
UNIT = TIGHT_POLICY.minutes_per_yibi


def same_totals(history: Story, who: str, found: Account) -> None:
    oracle = history.oracle
    assert found.credit_minutes == oracle.minutes(who, "credit")
    assert found.honour_minutes == oracle.minutes(who, "honour")
    assert found.voided_minutes == oracle.voided_minutes(who)
    assert found.minted(UNIT) == oracle.minted(who)
    assert found.balance(UNIT) == oracle.balance(who)


def same_state(history: Story, state: State, flags: dict[bytes, tuple[str, ...]]) -> None:
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
    for issued in oracle.of(b.Certificate):
        held = state.get(certificate_key(issued.id))
        assert held is not None
        assert (held.voided_by != b"") == (issued.id in oracle.corrected(b.Void))
        assert (held.superseded_by != b"") == (issued.id in oracle.replaced())
    void_ones, amended = oracle.corrected(b.Void), oracle.corrected(b.Amend)
    for found in oracle.versions():
        service = state.get(service_key(found))
        assert service is not None
        assert service.flags == flags[oracle.first_version(found)]
        assert (service.status == "void") == (found in void_ones)
        assert (service.status == "amended") == (found in amended)
        assert service.objected_by == (oracle.open_objection(found) or b"")


def same_months(history: Story, state: State) -> None:
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


def _month(history: Story, service: b.Service) -> tuple[str, str]:
    local = service.started_at + 60 * history.oracle.policy().utc_offset_minutes
    return service.volunteer, time.strftime("%Y-%m", time.gmtime(local))


def _judged(state: MemoryState, record: Record, found: bytes, now: int) -> str | None:
    """Take it over into the state; the code of the refusal, or None."""
    try:
        state.apply(judge(state, record, found, now))
    except Refused as refusal:
        return refusal.code.value
    return None


def in_memory(steps: list[Drawn], reached: Counter[str]) -> None:
    """Play a history against the pure rules, and count what was answered."""
    history, state = Story(Unsigned(**COUNCIL)), MemoryState()
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
            flags[found] = flags_of(history.oracle, record, now)
            reached.update(f"flag {flag}" for flag in flags[found])
        seen.add(found)
        history.took(record)
        moments.append({who: account_of(state, who) for who in EVERYBODY})
    same_state(history, state, flags)
    check_all(history.oracle, moments[-1], moments)


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
