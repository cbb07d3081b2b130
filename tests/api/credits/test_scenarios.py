"""Each reason from a real ledger to a report that anybody checks; S9, S10 and S11 stand beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.core.credits.reasons import REASONS
from ledger.core.credits.rules import RuleSet
from ledger.core.documents import verify_bytes
from ledger.core.kinds.registry import Service
from ledger.core.records.record import Record
from ledger.core.verify.checks import Report
from ledger.core.verify.pinned import only
from ledger.errors import Refused
from ledger.operations import ledger as book_module
from ledger.refusals import Code
from tests.builders.certificate_records import decision
from tests.builders.credits import TERM, UNIVERSITY, CreditLedger, excluded, row, rules
from tests.builders.records import DAY, address


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[CreditLedger]:
    found = CreditLedger(tmp_path)
    yield found
    found.ledger.close()
    found.ledger.engine.dispose()


def of(record: Record) -> Service:
    assert isinstance(record.body, Service)
    return record.body


def void(campus: CreditLedger) -> RuleSet:
    record = campus.served("ann", 0)
    campus.ledger.append(campus.town.void(campus.town.id(record), "org"))
    return rules()


def amended(campus: CreditLedger) -> RuleSet:
    record = campus.served("ann", 0)
    body = replace(of(record), minutes=90)
    campus.ledger.append(campus.town.amend(campus.town.id(record), body))
    return rules()


def disputed(campus: CreditLedger) -> RuleSet:
    record = campus.served("ann", 0)
    campus.ledger.append(campus.town.objection(campus.town.id(record), "ann"))
    return rules()


def out_of_window(campus: CreditLedger) -> RuleSet:
    campus.served("ann", 0)
    return rules(terms=[{**TERM, "from": "2023-11-20"}], history_from="2023-11-01")


def after_cutoff(campus: CreditLedger) -> RuleSet:
    campus.town.now += 20 * DAY
    campus.served("ann", 0)
    return rules(entered={"within_days": 7})


def class_not_counted(campus: CreditLedger) -> RuleSet:
    campus.backfilled("ann", 0)
    return rules(classes={"credit": "1"})


def category_denied(campus: CreditLedger) -> RuleSet:
    campus.served("ann", 0)
    return rules(categories_allowed=["another"])


def org_not_allowed(campus: CreditLedger) -> RuleSet:
    campus.served("ann", 0)
    return rules(organisations_denied=[address("org")])


def org_suspended(campus: CreditLedger) -> RuleSet:
    campus.served("ann", 0)
    since = of(campus.served("ann", 1)).started_at
    campus.ledger.append(campus.town.certify("org", action="suspend", valid_from=since))
    return rules()


def already_credited(campus: CreditLedger) -> RuleSet:
    record = campus.served("ann", 0)
    counted = (campus.town.id(record),)
    campus.ledger.append(decision(campus.town, "university", "ann", counted, scheme="practice"))
    return rules()


def over_session_cap(campus: CreditLedger) -> RuleSet:
    campus.served("ann", 0)
    return rules(caps={"session": 100})


def below_unit(campus: CreditLedger) -> RuleSet:
    campus.served("ann", 0, 110)
    return rules(rounding={"session": 30})


def over_day_cap(campus: CreditLedger) -> RuleSet:
    campus.served("ann", 0)
    return rules(caps={"day": 100})


def over_category_cap(campus: CreditLedger) -> RuleSet:
    campus.served("ann", 0)
    return rules(caps={"category": {"environment": 100}})


def over_term_cap(campus: CreditLedger) -> RuleSet:
    for day in range(3):
        campus.served("ann", day)
    return rules(caps={"term": 340})


def over_total_cap(campus: CreditLedger) -> RuleSet:
    counted = campus.served("ann", 0)
    campus.served("ann", 1)
    first = decision(
        campus.town, "university", "ann", (campus.town.id(counted),), scheme="practice", minutes=90
    )
    campus.ledger.append(first)
    return rules(caps={"total": 190})


def not_needed(campus: CreditLedger) -> RuleSet:
    campus.served("ann", 8)
    return rules(
        terms=[{**TERM, "until": "2023-11-20"}],
        make_up={"name": "补", "from": "2023-11-20", "until": "2023-12-20", "minutes_max": 600},
        credit={"minutes_per_credit": 60, "pass_hundredths": 100},
    )


STORIES: dict[str, tuple[Callable[[CreditLedger], RuleSet], dict[str, int]]] = {
    "VOIDED": (void, {"VOIDED": 120}),
    "AMENDED": (amended, {"AMENDED": 120}),
    "DISPUTED": (disputed, {"DISPUTED": 120}),
    "OUT_OF_WINDOW": (out_of_window, {"OUT_OF_WINDOW": 120}),
    "AFTER_CUTOFF": (after_cutoff, {"AFTER_CUTOFF": 120}),
    "CLASS_NOT_COUNTED": (class_not_counted, {"CLASS_NOT_COUNTED": 120}),
    "CATEGORY_DENIED": (category_denied, {"CATEGORY_DENIED": 120}),
    "ORG_NOT_ALLOWED": (org_not_allowed, {"ORG_NOT_ALLOWED": 120}),
    "ORG_SUSPENDED": (org_suspended, {"ORG_SUSPENDED": 120}),
    "ALREADY_CREDITED": (already_credited, {"ALREADY_CREDITED": 120}),
    "OVER_SESSION_CAP": (over_session_cap, {"OVER_SESSION_CAP": 20}),
    "BELOW_UNIT": (below_unit, {"BELOW_UNIT": 20}),
    "OVER_DAY_CAP": (over_day_cap, {"OVER_DAY_CAP": 20}),
    "OVER_CATEGORY_CAP": (over_category_cap, {"OVER_CATEGORY_CAP": 20}),
    "OVER_TERM_CAP": (over_term_cap, {"OVER_TERM_CAP": 20}),
    "OVER_TOTAL_CAP": (over_total_cap, {"ALREADY_CREDITED": 120, "OVER_TOTAL_CAP": 20}),
    "NOT_NEEDED": (not_needed, {"NOT_NEEDED": 60}),
}
APART = {"BAD_SIGNATURE", "NOT_ANCHORED", "OVERLAP"}
"""StudentEvidence by tests of their own: an honest ledger has no such thing, or the report is not
valid yet."""


def test_every_reason_has_its_story() -> None:
    assert STORIES.keys() | APART == REASONS.keys()


def judged(campus: CreditLedger, path: Path) -> Report:
    return verify_bytes(path.read_bytes(), campus.chain, pins=only(campus.town.ledger))


@pytest.mark.parametrize("code", STORIES)
def test_each_reason_comes_out_of_the_ledger_and_is_reckoned_again(
    campus: CreditLedger, code: str
) -> None:
    tell, expected = STORIES[code]
    rule_set = tell(campus)
    campus.seal()
    _, path = campus.draft((row(1, "ann"),), rule_set)
    assert excluded(path) == [expected]
    found = judged(campus, path)
    assert found.verdict == "valid", found.checks


def test_a_batch_that_no_chain_holds_counts_nothing(campus: CreditLedger) -> None:
    campus.served("ann", 0)
    campus.seal(anchored=False)
    _, path = campus.draft((row(1, "ann"),))
    assert excluded(path) == [{"NOT_ANCHORED": 120}]
    assert judged(campus, path).verdict == "pending"


def test_the_ledger_takes_no_hours_that_overlap(campus: CreditLedger) -> None:
    """S12: so a report has none either, and says OVERLAP if a ledger ever did."""
    campus.served("ann", 0, 180)
    with pytest.raises(Refused) as refusal:
        campus.backfilled("ann", 0, 60)
    assert refusal.value.code is Code.OVERLAP


def test_what_a_crooked_operator_let_in_without_a_signature_counts_nothing(
    campus: CreditLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = campus.served("ann", 0)
    with monkeypatch.context() as crooked:
        crooked.setattr(book_module, "check_intake", _looks_away(campus))
        record = campus.town.honour("org", "second", "ann", 1, 60)
        start = of(good).ended_at + DAY
        body = replace(of(record), started_at=start, ended_at=start + 3600)
        campus.ledger.append(replace(record, body=body))
    campus.seal()
    _, path = campus.draft((row(1, "ann"),))
    assert excluded(path) == [{"BAD_SIGNATURE": 60}]
    assert judged(campus, path).verdict == "valid"


def _looks_away(campus: CreditLedger) -> Callable[..., Any]:
    return lambda ledger, record: campus.town.id(record)


def test_forty_hours_under_a_cap_of_thirty(campus: CreditLedger) -> None:
    """S11, from the ledger: 30 h count, 1.25 credits at 24 h each, 10 h OVER_TERM_CAP."""
    for day in range(5):
        campus.served("ann", day, 480)
    campus.seal()
    stated, path = campus.draft((row(1, "ann"),), rules(caps={"term": 1800}))
    assert stated.organisation == UNIVERSITY
    assert (stated.credit_minutes, stated.credit_hundredths) == (1800, 125)
    assert excluded(path) == [{"OVER_TERM_CAP": 600}]
