"""Caps: never exceeded, never better for anybody otherwise, never worse when they are raised."""

from __future__ import annotations

import dataclasses
import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.credits.caps import Group, Item, allot, full_group, usage
from ledger.core.credits.evaluate import Evaluation, evaluate
from ledger.core.credits.evidence import Served
from ledger.core.credits.rules import RuleSet
from tests.builders.credit_services import DAY, HOUR, UNIVERSITY, decision, rules, served, told

CATEGORIES = ("讲座", "社区", "")


def best(items: list[Item], limits: dict[Group, int]) -> int:
    """The most that can be had, by trying everything."""
    choices = itertools.product(*(range(item.minutes + 1) for item in items))
    fitting = (c for c in choices if fits(items, c, limits))
    return max(worth(items, c) for c in fitting)


def fits(items: list[Item], taken: tuple[int, ...] | list[int], limits: dict[Group, int]) -> bool:
    used = usage(items, taken)
    return all(used[group] <= most for group, most in limits.items())


def worth(items: list[Item], taken: tuple[int, ...] | list[int]) -> int:
    return sum(item.worth * minutes for item, minutes in zip(items, taken, strict=True))


ITEMS = st.builds(
    Item,
    minutes=st.integers(0, 3),
    worth=st.integers(1, 2),
    day=st.integers(0, 2),
    term=st.just("1"),
    category=st.sampled_from(CATEGORIES),
)
GROUPS = [("day", 0), ("day", 1), ("day", 2), ("category", "讲座"), ("category", "社区")]
LIMITS = st.dictionaries(
    st.sampled_from([*GROUPS, ("term", "1"), ("total", "")]), st.integers(0, 6)
)


@given(st.lists(ITEMS, max_size=5), LIMITS)
def test_caps_hold_and_nothing_better_fits(items: list[Item], limits: dict[Group, int]) -> None:
    taken = allot(items, limits)
    assert fits(items, taken, limits)
    assert worth(items, taken) == best(items, limits)
    used = usage(items, taken)
    for item, minutes in zip(items, taken, strict=True):
        assert 0 <= minutes <= item.minutes
        assert minutes == item.minutes or full_group(item, used, limits)


@st.composite
def stories(draw: st.DrawFn) -> list[Served]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        found.append(
            served(
                number,
                at=draw(st.integers(-2, 160)) * DAY + draw(st.integers(6, 20)) * HOUR,
                minutes=draw(st.integers(1, 600)),
                hour_class=draw(st.sampled_from(("credit", "honour"))),
                category=draw(st.sampled_from(CATEGORIES)),
                status=draw(st.sampled_from(("recorded", "recorded", "void", "disputed"))),
                delay=draw(st.integers(0, 20)) * DAY,
            )
        )
    return found


CAP = st.none() | st.integers(0, 1500)


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    caps = {kind: draw(CAP) for kind in ("session", "day", "term", "total")}
    category = draw(st.dictionaries(st.sampled_from(CATEGORIES[:2]), st.integers(0, 900)))
    make_up = {"name": "补", "from": "2026-02-02", "until": "2026-03-01", "minutes_max": 600}
    return rules(
        caps={**caps, "category": category},
        classes={"credit": "1", "honour": draw(st.sampled_from((None, "1", "1/2", "2/3")))},
        rounding={
            "session": draw(st.sampled_from((1, 30))),
            "total": draw(st.sampled_from((1, 30, 45))),
            "mode": draw(st.sampled_from(("down", "nearest"))),
        },
        credit={
            "minutes_per_credit": 1440,
            "step_hundredths": draw(st.sampled_from((1, 25, 50))),
            "pass_hundredths": draw(st.sampled_from((0, 50, 100))),
        },
        make_up=draw(st.sampled_from((None, make_up))),
        entered={"within_days": draw(st.sampled_from((None, 7)))},
    )


def judged(rule_set: RuleSet, story: list[Served], earlier: int = 0) -> Evaluation:
    decisions = (decision(minutes=earlier),) if earlier else ()
    found = evaluate(rule_set, told(*story, decisions=decisions), UNIVERSITY)
    assert found is not None
    return found


@given(rule_sets(), stories())
def test_every_recorded_minute_counts_or_has_a_reason(
    rule_set: RuleSet, story: list[Served]
) -> None:
    found = judged(rule_set, story)
    assert found.counted_minutes + sum(found.excluded().values()) == found.recorded_minutes
    for line, one in zip(found.lines, story, strict=True):
        assert line.record == one.record
        assert line.minutes + sum(m for _, m in line.excluded) == one.service.minutes
        assert line.minutes >= 0
        assert all(minutes > 0 for _, minutes in line.excluded)


@given(rule_sets(), stories(), st.integers(0, 600))
def test_no_cap_is_exceeded(rule_set: RuleSet, story: list[Served], earlier: int) -> None:
    found, caps = judged(rule_set, story, earlier), rule_set.caps
    days: dict[int, int] = {}
    categories: dict[str, int] = {}
    in_term = 0
    for line, one in zip(found.lines, story, strict=True):
        begin = one.service.started_at
        assert caps.session is None or line.minutes <= caps.session
        day = (begin + 8 * HOUR) // DAY
        days[day] = days.get(day, 0) + line.minutes
        if rule_set.period(rule_set.terms[0]).holds(begin):
            categories[one.category] = categories.get(one.category, 0) + line.minutes
            in_term += line.minutes
    assert caps.day is None or all(minutes <= caps.day for minutes in days.values())
    assert all(categories.get(name, 0) <= most for name, most in caps.category.items())
    assert caps.term is None or in_term <= caps.term
    assert caps.total is None or in_term <= max(0, caps.total - earlier)


@given(rule_sets(), stories(), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(
    rule_set: RuleSet, story: list[Served], chance: random.Random
) -> None:
    mixed = list(story)
    chance.shuffle(mixed)
    one, other = judged(rule_set, story), judged(rule_set, mixed)
    assert sorted(one.lines, key=lambda line: line.record) == sorted(
        other.lines, key=lambda line: line.record
    )
    assert dataclasses.replace(one, lines=()) == dataclasses.replace(other, lines=())


@pytest.mark.parametrize("kind", ["session", "day", "term", "total", "category"])
@given(rule_set=rule_sets(), story=stories(), more=st.integers(1, 900))
def test_a_higher_cap_never_lowers_credits(
    kind: str, rule_set: RuleSet, story: list[Served], more: int
) -> None:
    caps = rule_set.caps
    if kind == "category":
        raised = {name: most + more for name, most in caps.category.items()}
        higher = caps.model_copy(update={"category": raised})
    else:
        most = getattr(caps, kind)
        higher = caps.model_copy(update={kind: None if most is None else most + more})
    before = judged(rule_set, story)
    after = judged(rule_set.model_copy(update={"caps": higher}), story)
    assert after.credit_hundredths >= before.credit_hundredths
    assert after.passed >= before.passed
