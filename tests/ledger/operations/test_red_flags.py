"""What a person should look at, and samples that anybody can draw again."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.terminal.audit_html import page, sample_of
from ledger.core.state.flags import FLAGS, KEY_REVOKED
from ledger.operations.audit import AuditReport, audit
from ledger.operations.red_flags import OWN, RedFlag, Thresholds, Watcher
from ledger.operations.sample import draw
from tests.builders.bundles import AnchoredLedger
from tests.builders.records import DAY, START, address

ROOT = sha256(b"root").digest()


class Odd(AnchoredLedger):
    """`org` back-fills 24 whole hours by one pair of keys, and voids six of them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        town = self.town
        for name in ("cat", "dan"):
            self.ledger.append(town.enrol(name))
        hours = [
            town.honour("org", "second", name, START + 90000 + day * DAY, 60)
            for name in ("ann", "bob", "cat", "dan")
            for day in range(6)
        ]
        for record in hours:
            self.ledger.append(record)
        for record in hours[:6]:
            self.ledger.append(town.void(town.id(record), "org"))
        self.seal()

    def flags(self, **thresholds: float) -> dict[str, RedFlag]:
        watcher = Watcher(Thresholds(**thresholds))  # type: ignore[arg-type]
        assert audit(self.ledger.engine, watch=watcher.observe).sound
        return {flag.code: flag for flag in watcher.flags()}


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[Odd]:
    odd = Odd(tmp_path)
    yield odd
    odd.ledger.close()
    odd.ledger.engine.dispose()


def test_each_flag_says_whose_how_many_and_where(odd: Odd) -> None:
    found = odd.flags()
    counts = {code: (flag.count, flag.of) for code, flag in found.items()}
    assert counts["HONOUR_SHARE"] == (24, 24)
    assert counts["SAME_PAIR"] == (24, 24)
    assert counts["ROUND_HOURS"] == (24, 24)
    assert counts["MANY_VOIDS"] == (6, 24)
    assert counts["NO_ACTIVITY"] == (24, 24)
    assert "LONG_DAY" not in counts
    for code, flag in found.items():
        assert flag.organisation == address("org")
        assert 0 < len(flag.entries) <= 5
        assert flag.en == (OWN.get(code) or FLAGS[code])


def test_shares_below_a_threshold_or_of_a_few_say_nothing(odd: Odd) -> None:
    assert "MANY_VOIDS" not in odd.flags(void_share=0.3)
    few = odd.flags(least=25)
    assert {"HONOUR_SHARE", "SAME_PAIR", "ROUND_HOURS", "MANY_VOIDS"}.isdisjoint(few)
    assert "NO_ACTIVITY" in few


def test_every_flag_has_a_sentence_of_its_own() -> None:
    assert not OWN.keys() & FLAGS.keys()
    assert all([*OWN.values(), *FLAGS.values()])
    assert KEY_REVOKED in FLAGS


def test_a_long_day_is_seen_whoever_approved_it(tmp_path: Path) -> None:
    world = AnchoredLedger(tmp_path)
    town = world.town
    day = (START + 100000 + 8 * 3600) // DAY
    start = day * DAY - 8 * 3600
    world.ledger.append(town.approval("org", "ann", day, 1440))
    for hour, minutes in ((1, 400), (10, 400)):
        world.ledger.append(town.honour("org", "second", "ann", start + hour * 3600, minutes))
    world.seal()
    watcher = Watcher()
    assert audit(world.ledger.engine, watch=watcher.observe).sound
    found = {flag.code: flag.count for flag in watcher.flags()}
    assert found["LONG_DAY"] == 1
    world.ledger.close()
    world.ledger.engine.dispose()


@given(st.integers(0, 50), st.integers(0, 1000), st.text(max_size=20))
def test_a_sample_is_of_different_numbers_in_order_and_the_same_again(
    wanted: int, total: int, seed: str
) -> None:
    found = draw("entries", seed, ROOT, wanted, total)
    assert found == sorted(set(found)) == draw("entries", seed, ROOT, wanted, total)
    assert len(found) == min(wanted, total)
    assert all(0 <= number < total for number in found)


def test_a_sample_is_drawn_as_the_specification_says() -> None:
    prefix = b"hourledger-sample/v1\nentries\n2026\n" + ROOT.hex().encode() + b"\n"
    words = [sha256(prefix + str(k).encode()).digest()[:8] for k in range(3)]
    wanted = sorted(int.from_bytes(word, "big") % 10**6 for word in words)
    assert draw("entries", "2026", ROOT, 3, 10**6) == wanted
    assert draw("entries", "2027", ROOT, 3, 10**6) != wanted
    assert draw("entries", "2026", bytes(32), 3, 10**6) != wanted
    assert draw("organisations", "2026", ROOT, 3, 10**6) != wanted


def test_the_page_shows_all_and_runs_nothing(odd: Odd) -> None:
    watcher = Watcher()
    report = audit(odd.ledger.engine, watch=watcher.observe)
    sample = sample_of(report, "<script>", 3, 1)
    assert sample.organisations == (address("org"),)
    report.find("rules", "entry 1", "<b>bad</b>")
    text = page("<a>", report, watcher.flags(), sample)
    assert "Breaks found" in text
    assert address("org") in text
    assert "ROUND_HOURS" in text
    assert "<script" not in text
    assert "<b>bad" not in text
    assert "http" not in text


def test_a_report_of_nothing_is_a_page_too() -> None:
    assert "No breaks found" in page("nothing", AuditReport(), [], None)
