"""Rule sets: strictly read, hashed whatever their spelling, and the five that come with it."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ledger.core.credits.days import Period, day_of
from ledger.core.credits.rules import RuleSet, choose, parse_rules, read_rules
from ledger.errors import Refused
from tests.builders.credit_services import RULES, START, rules

ROOT = Path(__file__).resolve().parents[4]
EXAMPLES = sorted((ROOT / "api/credits/rules").glob("*.toml"))
SCHEMA = json.loads((ROOT / "docs/spec/credit-rules.schema.json").read_text(encoding="utf-8"))


def test_there_are_five_examples() -> None:
    assert len(EXAMPLES) == 5


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_the_same_in_toml_and_json_and_fits_the_schema(path: Path) -> None:
    found = read_rules(path.read_bytes())
    as_json = json.dumps(found.to_json()).encode()
    assert read_rules(as_json) == found
    assert read_rules(as_json).hash() == found.hash()
    jsonschema.validate(found.to_json(), SCHEMA)


def test_the_published_schema_is_that_of_the_code() -> None:
    assert RuleSet.model_json_schema() == SCHEMA


def test_the_hash_is_of_what_the_rules_say() -> None:
    assert rules().hash() == parse_rules(dict(reversed(RULES.items()))).hash()
    assert (
        rules().hash().hex() == "5e6e62b31067a270b9cf38623ba764c5c6503ea26b36dcc6267e89d9377be61a"
    )
    assert rules(version="2").hash() != rules().hash()


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    found = copy.deepcopy(RULES)
    place: Any = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return found


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), "hourledger-credit-rules/v2"),
        (("scheme",), ""),
        (("scheme",), "a\u0007b"),
        (("other",), 1),
        (("terms",), []),
        (("terms", 0, "until"), "2025-09-01"),
        (("terms", 0, "from"), "2025-08-31"),
        (("terms", 0, "from"), "yesterday"),
        (("classes",), {}),
        (("classes", "credit"), "2"),
        (("classes", "credit"), "0"),
        (("classes", "credit"), "1/0"),
        (("classes", "credit"), "0.5"),
        (("classes", "credit"), 1),
        (("credit", "minutes_per_credit"), 0),
        (("credit", "minutes_per_credit"), 60.0),
        (("credit", "minutes_per_credit"), "60"),
        (("credit", "minutes_per_credit"), True),
        (("caps",), {"day": -1}),
        (("caps",), {"week": 1}),
        (("rounding",), {"mode": "up"}),
        (("entered",), {"within_days": 0}),
        (("organisations_allowed",), ["0x12"]),
        (("history_from",), "2025-09-02"),
        (("credit",), {"minutes_per_credit": 60, "pass_hundredths": 2, "max_hundredths": 1}),
        (
            ("make_up",),
            {"name": "m", "from": "2026-01-31", "until": "2026-03-01", "minutes_max": 1},
        ),
        (("terms",), [RULES["terms"][0], {**RULES["terms"][0], "name": "2"}]),
    ],
)
def test_wrong_rules_are_refused_with_the_place(path: tuple[Any, ...], value: Any) -> None:
    with pytest.raises(Refused):
        parse_rules(changed(path, value))


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"[]", b"a = ", b"\xff", b"x" * 300_000])
def test_what_is_no_rule_set_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read_rules(data)


def test_days_are_local() -> None:
    first = rules().period(rules().terms[0])
    assert first.start == START
    assert first.holds(START)
    assert not first.holds(START - 1)
    assert not first.holds(first.end)
    assert day_of(START, 480) == day_of(START - 1, 480) + 1
    assert Period.of_days(date(1970, 1, 1), date(1970, 1, 2), 0) == Period(0, 86400)


def test_the_version_of_a_day_is_the_one_that_became_valid_last() -> None:
    old, new = rules(), rules(version="2", valid_from="2025-08-01")
    newer = rules(version="3", valid_from="2025-09-01", scheme="another")
    rule_sets = [old, new, newer]
    assert choose(rule_sets, "practice", date(2025, 8, 31)) == new
    assert choose(rule_sets, "practice", date(2025, 9, 1)) == old
    assert choose(rule_sets, "practice", date(2025, 7, 31)) is None
