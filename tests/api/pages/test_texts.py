"""Both verifiers and the specification know the same characters that no text has."""

import json
import re
import subprocess
from pathlib import Path

from ledger.core.format.texts import HIDDEN, has_hidden
from tests.builders.waiting import PATIENCE

ROOT = Path(__file__).parents[3]
RANGE = re.compile(r"(?:U\+)?([0-9A-F]{4,6})(?:–([0-9A-F]{4,6}))?")


def test_both_verifiers_refuse_the_same_of_all_characters() -> None:
    command = ["node", str(Path(__file__).with_name("hidden.mjs"))]
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=True)
    ours = [point for point in range(0x110000) if has_hidden(chr(point))]
    assert json.loads(done.stdout) == ours
    assert len(ours) == len({point for a, b in HIDDEN for point in range(a, b + 1)})


def test_what_people_write_is_not_among_them() -> None:
    assert not has_hidden("河岸清洁 Café — 🌊 葛\U000e0100飾")
    for trick in ("a\u202eb", "a\u200bb", "\ufeffa", "a\u2066b", "a\0", "\ud800", "\U000e0041"):
        assert has_hidden(trick)


def test_the_specification_lists_them() -> None:
    text = (ROOT / "docs/spec/README.md").read_text(encoding="utf-8")
    listed = " ".join(
        text.partition("without the characters ")[2].partition(". The ledger")[0].split()
    )
    found = {
        point
        for first, last in RANGE.findall(listed)
        for point in range(int(first, 16), int(last or first, 16) + 1)
    }
    assert "the last two of every plane" in listed
    found |= {plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)}
    assert found == {point for a, b in HIDDEN for point in range(a, b + 1)}
