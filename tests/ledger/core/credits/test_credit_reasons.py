"""Each reason why a minute does not count, provoked once; and the scenarios of caps."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.core.credits.evaluate import Evaluation, evaluate
from ledger.core.credits.evidence import Served, StudentEvidence, Suspension
from ledger.core.credits.reasons import REASONS
from ledger.core.credits.rules import RuleSet
from tests.builders.credit_services import (
    CLUB,
    DAY,
    HOUR,
    OTHER_CLUB,
    START,
    UNIVERSITY,
    consent,
    decision,
    rules,
    served,
    told,
)

SUSPENDED = (Suspension(CLUB, START),)


def evaluated(rule_set: RuleSet, story: StudentEvidence, *suspensions: Suspension) -> Evaluation:
    found = evaluate(rule_set, story, UNIVERSITY, suspensions)
    assert found is not None
    return found


def week(minutes: int, **others: Any) -> list[Served]:
    return [served(n, at=n * DAY + 9 * HOUR, minutes=minutes, **others) for n in range(7)]


CASES: dict[str, tuple[RuleSet, StudentEvidence, int]] = {
    "BAD_SIGNATURE": (rules(), told(served(well_signed=False)), 120),
    "NOT_ANCHORED": (rules(), told(served(), anchored=False), 120),
    "VOIDED": (rules(), told(served(status="void")), 120),
    "AMENDED": (rules(), told(served(status="amended")), 120),
    "DISPUTED": (rules(), told(served(status="disputed")), 120),
    "OUT_OF_WINDOW": (rules(), told(served(at=-1)), 120),
    "AFTER_CUTOFF": (rules(entered={"within_days": 7}), told(served(delay=7 * DAY + 1)), 120),
    "CLASS_NOT_COUNTED": (
        rules(classes={"credit": "1"}),
        told(served(hour_class="honour")),
        120,
    ),
    "CATEGORY_DENIED": (rules(categories_denied=["讲座"]), told(served(category="讲座")), 120),
    "ORG_NOT_ALLOWED": (
        rules(organisations_allowed=[CLUB]),
        told(served(organisation=OTHER_CLUB)),
        120,
    ),
    "ORG_SUSPENDED": (rules(), told(served()), 120),
    "ALREADY_CREDITED": (
        rules(),
        told(served(), decisions=(decision(served().record),)),
        120,
    ),
    "OVERLAP": (
        rules(),
        told(served(0, minutes=180), served(1, at=11 * HOUR, organisation=OTHER_CLUB)),
        60,
    ),
    "OVER_SESSION_CAP": (rules(caps={"session": 100}), told(served()), 20),
    "BELOW_UNIT": (rules(rounding={"session": 50}), told(served()), 20),
    "OVER_DAY_CAP": (
        rules(caps={"day": 200}),
        told(served(0), served(1, at=14 * HOUR)),
        40,
    ),
    "OVER_CATEGORY_CAP": (
        rules(caps={"category": {"讲座": 90}}),
        told(served(0, category="讲座"), served(1, at=14 * HOUR)),
        30,
    ),
    "OVER_TERM_CAP": (rules(caps={"term": 600}), told(*week(120)), 240),
    "OVER_TOTAL_CAP": (
        rules(caps={"total": 600}),
        told(*week(120), decisions=(decision(minutes=60),)),
        300,
    ),
    "NOT_NEEDED": (
        rules(
            make_up={"name": "补", "from": "2026-02-02", "until": "2026-03-01", "minutes_max": 600},
            credit={"minutes_per_credit": 60, "pass_hundredths": 300},
        ),
        told(served(0), served(1, at=155 * DAY)),
        60,
    ),
}


def test_there_is_a_case_for_each_reason() -> None:
    assert CASES.keys() == REASONS.keys()


@pytest.mark.parametrize("code", CASES)
def test_each_reason_is_given_for_its_minutes_and_no_other(code: str) -> None:
    rule_set, story, minutes = CASES[code]
    suspended = SUSPENDED if code == "ORG_SUSPENDED" else ()
    found = evaluated(rule_set, story, *suspended)
    assert found.excluded() == {code: minutes}
    assert found.counted_minutes + minutes == found.recorded_minutes


def test_a_term_of_forty_hours_under_a_cap_of_thirty_is_a_credit_and_a_quarter() -> None:
    """40 h in a term with cap 30 and 24 h a credit: 1.25 credits, or 1 in whole steps."""
    story = told(*(served(n, at=n * DAY, minutes=480) for n in range(5)))
    for step, credits in ((1, 125), (100, 100)):
        worth = {"minutes_per_credit": 1440, "step_hundredths": step}
        found = evaluated(rules(caps={"term": 1800}, credit=worth), story)
        assert (found.counted_minutes, found.credit_hundredths) == (1800, credits)
        assert found.excluded() == {"OVER_TERM_CAP": 600}


def test_two_organisations_at_one_time_count_once() -> None:
    """09:00-12:00 and 11:00-13:00: four hours of wall time."""
    story = told(served(0, minutes=180), served(1, at=11 * HOUR, organisation=OTHER_CLUB))
    assert evaluated(rules(), story).counted_minutes == 240


@pytest.mark.parametrize(
    "stated",
    [
        None,
        consent(action="withdraw"),
        consent(valid_until=START + 150 * DAY),
    ],
)
def test_without_a_consent_that_stands_nothing_is_evaluated(stated: Any) -> None:
    consents = {} if stated is None else {UNIVERSITY: (b"\x01" * 32, stated)}
    assert evaluate(rules(), told(served(), consents=consents), UNIVERSITY) is None


def test_what_the_student_did_not_open_does_not_count() -> None:
    opened = {UNIVERSITY: (b"\x01" * 32, consent(served_until=START + DAY))}
    story = told(served(0), served(1, at=DAY + HOUR), consents=opened)
    assert evaluated(rules(), story).excluded() == {"OUT_OF_WINDOW": 120}


def test_the_classes_are_weighed_as_the_rules_say_and_shown_apart() -> None:
    story = told(served(0), served(1, at=DAY, minutes=61, hour_class="honour"))
    found = evaluated(rules(classes={"credit": "1", "honour": "1/2"}), story)
    assert (found.credit_minutes, found.honour_minutes) == (120, 61)
    assert found.weighted == 120 + 61 / 2
    assert found.rounded_minutes == 150


@pytest.mark.parametrize(("mode", "rounded"), [("down", 120), ("nearest", 150)])
def test_the_sum_is_rounded_to_the_unit(mode: str, rounded: int) -> None:
    rule_set = rules(rounding={"total": 30, "mode": mode})
    assert evaluated(rule_set, told(served(minutes=135))).rounded_minutes == rounded


def test_making_up_leads_to_a_pass_and_not_beyond() -> None:
    make_up = {"name": "补", "from": "2026-02-02", "until": "2026-03-01", "minutes_max": 300}
    rule_set = rules(make_up=make_up, credit={"minutes_per_credit": 60, "pass_hundredths": 500})
    late = [served(n, at=(155 + n) * DAY) for n in (1, 2, 3)]
    found = evaluated(rule_set, told(served(0), *late))
    assert (found.passed, found.credit_hundredths, found.shortfall) == (True, 500, 0)
    assert found.excluded() == {"NOT_NEEDED": 120, "OVER_TOTAL_CAP": 60}
    short = evaluated(rule_set, told(served(0), late[0]))
    assert (short.passed, short.shortfall) == (False, 60)


def test_a_report_can_be_made_anew_after_its_own_decisions() -> None:
    own = b"\x07" * 32
    story = told(served(), decisions=(decision(served().record, report=own),))
    found = evaluate(rules(), story, UNIVERSITY, own_report=own)
    assert found is not None
    assert (found.counted_minutes, found.earlier_minutes) == (120, 0)


def test_what_another_university_or_scheme_counted_counts_here_too() -> None:
    others = (
        decision(served().record, scheme="another"),
        decision(served().record, organisation=OTHER_CLUB),
    )
    assert evaluated(rules(), told(served(), decisions=others)).counted_minutes == 120
