"""Random histories: the ledger and a naive oracle agree on every record, every total, every
flag."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.kinds import registry as b
from ledger.core.state.flags import FLAGS, KEY_REVOKED
from ledger.operations.audit import audit
from ledger.operations.ledger import Acceptance
from ledger.operations.read import account
from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger
from tests.builders.playing import EVERYBODY, QUIET, in_memory
from tests.builders.records import Town, address
from tests.builders.settled import codes_of_the_rules
from tests.builders.story import COUNCIL, VOLUNTEERS, Drawn, Story, Unsigned, drawn_steps
from tests.ledger.rules.oracle_hours import flags_of

SELDOM = {"ALREADY_OPEN", "BAD_SHEET", "ENGINE_ONLY", "NOT_OPEN"}
"""What no step leads to: `test_refusals` does."""


@settings(suppress_health_check=QUIET)
@given(st.lists(drawn_steps(), min_size=20, max_size=50))
def test_the_rules_agree_with_the_oracle(steps: list[Drawn]) -> None:
    in_memory(steps, Counter())


def test_histories_reach_nearly_every_answer_kind_and_flag() -> None:
    """The properties would be empty if the steps led nowhere; what is drawn here never changes."""
    reached: Counter[str] = Counter()

    @settings(max_examples=450, suppress_health_check=QUIET, derandomize=True, database=None)
    @given(st.lists(drawn_steps(), min_size=20, max_size=50))
    def play(steps: list[Drawn]) -> None:
        in_memory(steps, reached)

    play()
    wanted = {f"accepted {kind}" for kind in b.KINDS if kind != "seal"}
    wanted |= {f"flag {flag}" for flag in FLAGS if flag != KEY_REVOKED}
    wanted |= codes_of_the_rules() - SELDOM
    assert wanted <= set(reached), sorted(wanted - set(reached))


@settings(max_examples=8, suppress_health_check=QUIET)
@given(st.lists(drawn_steps(), min_size=20, max_size=40))
def test_the_ledger_agrees_with_the_oracle_and_its_audit_is_sound(steps: list[Drawn]) -> None:
    with TemporaryDirectory() as folder:
        history = Story(Town(**COUNCIL))
        ledger = opened_ledger(history.town, Path(folder))
        first: dict[bytes, Acceptance] = {}
        for record in history.records(steps):
            found = history.town.id(record)
            expected = history.oracle.refuses(record, history.town.now)
            (answer,) = ledger.append_many([record])
            if found in first:
                assert answer == replace(first[found], duplicate=True)
            elif isinstance(answer, Acceptance):
                assert expected is None
                first[found] = answer
                history.took(record)
            elif not answer.code.remembered:
                # What is remembered may have become right since; the answer stays.
                assert answer.code.value == expected
        for who in EVERYBODY:
            view = account(ledger, who)
            assert view.balance == history.oracle.balance(who)
            assert view.credit_minutes == history.oracle.minutes(who, "credit")
            assert view.honour_minutes == history.oracle.minutes(who, "honour")
        seal(ledger, history.town.log_key)
        report = audit(ledger.engine)
        ledger.close()
        ledger.engine.dispose()
        assert report.sound, report.findings


@pytest.mark.parametrize("name", VOLUNTEERS)
def test_the_oracle_itself_counts_what_is_plain(name: str) -> None:
    town = Unsigned(**COUNCIL)
    history = Story(town)
    visit = ("visit", 0, name, 90, ("inside", ("gps",)), name, "", {})
    for record in history.records([visit]):
        assert history.oracle.refuses(record, town.now) is None
        if record.kind == "service":
            assert flags_of(history.oracle, record, town.now) == ()
        history.took(record)
    assert history.oracle.minutes(address(name), "credit") == 90
    assert history.oracle.balance(address(name)) == 1
    typed = town.honour("org", "second", name, town.now - 3600, 60, permit=permit_of(history))
    assert history.oracle.refuses(typed, town.now) == "OVERLAP"
    earlier = town.honour("org", "second", name, town.now - 150 * 60, 60, permit=permit_of(history))
    assert history.oracle.refuses(earlier, town.now) is None
    assert flags_of(history.oracle, earlier, town.now) == ("NO_ACTIVITY",)


def permit_of(history: Story) -> bytes:
    (permit,) = history.oracle.of(b.Permit)
    return permit.id
