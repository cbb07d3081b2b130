"""What always holds, whatever was sent: I1 to I10 and I14, from the accepted records alone.

The numbers are those of the domain's list of invariants; the ledger's own totals come beside them.
"""

from itertools import pairwise

from ledger.core.kinds import registry as b
from ledger.core.state.state import Account
from tests.ledger.rules.oracle_ledger import History

Totals = dict[str, Account]
"""What the ledger says of each address."""


def check_all(h: History, accounts: Totals, moments: list[Totals]) -> None:
    """Over a whole history; `moments` is what the ledger said after each of its records."""
    i1_each_credit_hour_has_one_pair_and_coins_follow(h, accounts)
    i2_honour_hours_mint_nothing(h, accounts)
    i3_and_i10_nobody_spends_what_is_not_there(h)
    i4_transfers_sum_to_zero(h, accounts)
    i5_no_two_hours_of_one_person_overlap(h)
    i6_minutes_fit_the_times_and_credit_has_server_time(h)
    i7_and_i8_clock_ins_lie_in_an_activity_published_before(h)
    i9_a_void_removes_nothing_and_old_totals_can_be_rebuilt(h, moments)
    i14_honour_hours_of_an_activity_stay_below_its_ceiling(h)


def i1_each_credit_hour_has_one_pair_and_coins_follow(h: History, accounts: Totals) -> None:
    visits, unit = h.visits(), h.policy().minutes_per_yibi
    entered = [a.body.clock_out for a in h.of(b.Service) if a.body.hour_class == "credit"]
    assert len(set(entered)) == len(entered)
    assert set(entered) <= visits.keys()
    counted = [s.clock_out for s in h.counting().values() if s.hour_class == "credit"]
    assert len(set(counted)) == len(counted)
    for who, account in accounts.items():
        mine = [s for s in h.counting().values() if s.volunteer == who]
        credit = sum(s.minutes for s in mine if s.hour_class == "credit")
        assert account.minted(unit) == credit // unit


def i2_honour_hours_mint_nothing(h: History, accounts: Totals) -> None:
    clocked = {v.went.volunteer for v in h.visits().values()}
    for who, account in accounts.items():
        if who not in clocked:
            assert account.minted(h.policy().minutes_per_yibi) == 0


def i3_and_i10_nobody_spends_what_is_not_there(h: History) -> None:
    """A balance falls below zero by a correction alone, and is then earned back before it moves."""
    versions = h.versions()
    targets = {a.body.target for a in h.of(b.Void, b.Amend)} & versions.keys()
    corrected = {versions[target].volunteer for target in targets}
    for position, accepted in enumerate(h.accepted):
        if isinstance(accepted.body, b.Transfer):
            assert h.before(position + 1).balance(accepted.body.sender) >= 0
    senders = {a.body.sender for a in h.of(b.Transfer)}
    assert all(h.balance(who) >= 0 for who in senders - corrected)


def i4_transfers_sum_to_zero(h: History, accounts: Totals) -> None:
    unit = h.policy().minutes_per_yibi
    assert sum(a.received for a in accounts.values()) == sum(a.sent for a in accounts.values())
    minted = sum(a.minted(unit) for a in accounts.values())
    assert sum(a.balance(unit) for a in accounts.values()) == minted


def i5_no_two_hours_of_one_person_overlap(h: History) -> None:
    spans: dict[str, list[tuple[int, int]]] = {}
    for service in h.counting().values():
        spans.setdefault(service.volunteer, []).append((service.started_at, service.ended_at))
    for mine in spans.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(mine)))


def i6_minutes_fit_the_times_and_credit_has_server_time(h: History) -> None:
    visits = h.visits()
    for position, accepted in enumerate(h.accepted):
        policy = h.before(position).policy() if position else h.policy()
        if isinstance(accepted.body, b.Clock):
            age = accepted.time - accepted.body.clocked_at
            assert -policy.clock_skew_seconds <= age <= policy.clock_answer_seconds
        service = b.service_of(accepted.body)
        if service is None:
            continue
        assert service.ended_at > service.started_at
        assert 1 <= service.minutes <= (service.ended_at - service.started_at) // 60
        assert service.minutes <= policy.session_minutes_max
        if service.hour_class == "credit":
            came, went = visits[service.clock_out].came, visits[service.clock_out].went
            assert came.clocked_at <= service.started_at
            assert service.ended_at <= went.clocked_at
            if isinstance(accepted.body, b.Service):
                clocked = (came.clocked_at, went.clocked_at)
                assert (service.started_at, service.ended_at) == clocked


def i7_and_i8_clock_ins_lie_in_an_activity_published_before(h: History) -> None:
    for position, accepted in enumerate(h.accepted):
        body, before = accepted.body, h.before(position)
        if isinstance(body, b.Clock) and body.direction == "in":
            plan, policy = before.plan(body.activity), before.policy()
            assert plan is not None
            assert not plan.cancelled
            assert plan.accepted_at <= body.clocked_at <= plan.body.ends_at
            opens = plan.body.starts_at - 60 * policy.clock_in_early_minutes
            assert opens <= body.clocked_at


def i9_a_void_removes_nothing_and_old_totals_can_be_rebuilt(
    h: History, moments: list[Totals]
) -> None:
    assert len(moments) == len(h.accepted)
    for position, accepted in enumerate(h.accepted):
        if not isinstance(accepted.body, b.Void) or accepted.body.target not in h.versions():
            continue
        who = h.versions()[accepted.body.target].volunteer
        for length in (position, position + 1):
            then, said = h.before(length), moments[length - 1][who]
            counted = then.minutes(who, "credit"), then.minutes(who, "honour")
            assert (said.credit_minutes, said.honour_minutes) == counted
            assert said.voided_minutes == then.voided_minutes(who)


def i14_honour_hours_of_an_activity_stay_below_its_ceiling(h: History) -> None:
    for position, accepted in enumerate(h.accepted):
        service = b.service_of(accepted.body)
        if service is None or service.hour_class != "honour":
            continue
        then = h.before(position + 1)
        plan = then.plan(service.activity)
        if plan is None:
            continue
        linked = [s for s in then.counting().values() if s.activity == service.activity]
        typed = sum(s.minutes for s in linked if s.hour_class == "honour")
        assert typed <= plan.body.honour_minutes_max
