"""A revocation that is kept back is a lie in an anchored tree, the same for everybody, and never a
silence in one file."""

import copy
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.core.format.limits import LIST_MAX
from ledger.core.records.record import Record
from ledger.core.state.flags import KEY_REVOKED
from ledger.core.state.taken_back import Pairs, grown, is_hit
from ledger.core.verify.record import verify
from ledger.errors import Refused
from ledger.operations.audit import audit
from ledger.operations.ledger import Ledger
from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def ledger(town: Town, tmp_path: Path) -> Iterator[Ledger]:
    ledger = opened_ledger(town, tmp_path)
    settle(town, ledger)
    yield ledger
    ledger.close()
    ledger.engine.dispose()


def by_a_stolen_key(town: Town, ledger: Ledger) -> Record:
    """Hours of a clerk whose key is revoked from before then on."""
    ledger.append(town.grant("org", "clerk", "service"))
    body = town.honour("org", "second", "ann", START + 90000, 60).body
    hours = town.record(body, ("organisation", "clerk"), ("approver", "second"))
    ledger.append(hours)
    town.now += 60
    gone = town.grant("org", "clerk", "service", action="revoke", valid_from=START)
    ledger.append(gone)
    return hours


def shown(town: Town, ledger: Ledger, hours: Record) -> dict[str, Any]:
    return bundle(ledger, town.id(hours), lambda *_: [])


def test_a_file_cannot_leave_it_out(town: Town, ledger: Ledger) -> None:
    hours = by_a_stolen_key(town, ledger)
    seal(ledger, town.log_key)
    found = shown(town, ledger, hours)
    report = verify(found)
    assert (report.verdict, KEY_REVOKED in report.facts["flags"]) == ("disputed", True)
    hidden = copy.deepcopy(found)
    hidden["standing"]["revoked"] = [[] for _ in found["standing"]["revoked"]]
    assert verify(hidden).verdict == "invalid"


def test_an_operator_who_leaves_it_out_of_the_tree_is_found_by_whoever_replays(
    town: Town, ledger: Ledger, tmp_path: Path
) -> None:
    hours = by_a_stolen_key(town, ledger)
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as raw, raw:
        assert raw.execute("UPDATE delegation SET revoked = ''").rowcount > 0
    seal(ledger, town.log_key)
    # Everybody is told the same, under a root that the log's key signed.
    assert verify(shown(town, ledger, hours)).verdict == "pending"
    assert {finding.check for finding in audit(ledger.engine).findings} == {"state"}


def test_a_suspension_is_shown_of_what_was_entered_before_and_not_of_what_came_after(
    town: Town, ledger: Ledger
) -> None:
    early = town.honour("org", "second", "ann", START + 90000, 60)
    ledger.append(early)
    town.now += 60
    ledger.append(town.certify("org", action="suspend", valid_from=START + 1))
    town.now += 60
    ledger.append(town.certify("org"))
    late = town.honour("org", "second", "bob", START + 90000, 60)
    ledger.append(late)
    seal(ledger, town.log_key)
    flags = [verify(shown(town, ledger, one)).facts["flags"] for one in (early, late)]
    assert [KEY_REVOKED in told for told in flags] == [True, False]
    for one in (early, late):
        found = shown(town, ledger, one)
        assert found["standing"]["organisation"]["ended"] != []
        found["standing"]["organisation"] = None
        assert verify(found).verdict == "invalid"


def test_a_key_that_was_revoked_so_often_is_granted_no_more(town: Town, ledger: Ledger) -> None:
    for _ in range(LIST_MAX):
        town.now += 60
        ledger.append(town.grant("org", "clerk", "service", valid_from=town.now))
        town.now += 60
        gone = town.grant("org", "clerk", "service", action="revoke", valid_from=town.now)
        ledger.append(gone)
    town.now += 60
    with pytest.raises(Refused, match="too often"):
        ledger.append(town.grant("org", "clerk", "service", valid_from=town.now))
    seal(ledger, town.log_key)
    assert audit(ledger.engine).sound


def test_pairs_rise_in_both_members_and_lose_nothing() -> None:
    told: list[tuple[int, int]] = [(5, 100), (9, 300), (12, 200), (15, 250), (20, 50), (31, 400)]
    pairs: Pairs = ()
    for index, since in told:
        pairs = grown(pairs, index, since)
    assert pairs == ((20, 50), (31, 400))
    for after in range(40):
        for time in range(0, 500, 25):
            wanted = any(index > after and since <= time for index, since in told)
            assert is_hit(pairs, after, time) == wanted


def test_a_full_list_keeps_its_length_and_forgets_nothing() -> None:
    pairs: Pairs = tuple((n, n) for n in range(1, LIST_MAX + 1))
    longer = grown(pairs, 1000, 2000)
    assert len(longer) == LIST_MAX
    assert all(is_hit(longer, after, time) for after, time in ((0, 1), (998, 2000)))
