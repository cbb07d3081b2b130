"""The published openings are what the library derives, and each opens its own leaf alone."""

import json
from typing import Any

from ledger.core.state.hours_by_month import Cell, MonthHours
from ledger.core.state.openings import Opened, next_secret, opening_of
from ledger.core.state.tree_keys import account_name, month_name, status_name
from tests.vectors.openings import ANN, BOB, FILE, MONTH, RECORD, rendered

PUBLISHED: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
LEAVES: list[dict[str, Any]] = PUBLISHED["leaves"]


def raw(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def secrets() -> dict[str, bytes]:
    """Of both accounts, after all entries."""
    found = {ANN: bytes(32), BOB: bytes(32)}
    for step in PUBLISHED["entries"]:
        for address, after in step["secrets"].items():
            found[address] = next_secret(found[address], step["entry"].encode())
            assert found[address] == raw(after)
    return found


def test_a_fresh_generation_gives_the_published_bytes() -> None:
    hint = "run: python -m tests.vectors.openings"
    assert FILE.read_text(encoding="utf-8") == rendered(), hint


def test_every_key_opening_and_value_follows_from_the_entries() -> None:
    after = secrets()
    record = raw(RECORD)
    names = (account_name(ANN), account_name(BOB), status_name(ANN, record))
    keys = [*names, status_name(BOB, record), month_name(ANN, MONTH)]
    assert [raw(leaf["key"]) for leaf in LEAVES] == keys
    for leaf, address in zip(LEAVES, (ANN, BOB, ANN, BOB, ANN), strict=True):
        assert opening_of(after[address], raw(leaf["key"])) == raw(leaf["opening"])
    for leaf in LEAVES[:4]:
        opened = Opened(raw(leaf["opening"]), leaf["stated"].encode())
        assert opened.value() == raw(leaf["value"])
    month = MonthHours(ANN, MONTH, after[ANN], (Cell("credit", "", 90),))
    assert month.cells[0].salt(month.opening) == raw(LEAVES[4]["salt"])
    assert month.value() == raw(LEAVES[4]["value"])


def test_no_two_leaves_have_one_opening_and_none_opens_another() -> None:
    assert len({leaf["opening"] for leaf in LEAVES}) == len(LEAVES)
    for leaf in LEAVES[:4]:
        for other in LEAVES:
            if other is not leaf:
                wrong = Opened(raw(other["opening"]), leaf["stated"].encode())
                assert wrong.value() != raw(leaf["value"])


def test_an_entry_that_is_not_known_leaves_every_later_opening_unknown() -> None:
    """Bob knows the entry that he shares with ann, and none of hers before it."""
    shared = PUBLISHED["entries"][-1]["entry"].encode()
    guessed = next_secret(bytes(32), shared)
    assert guessed == secrets()[BOB]
    assert guessed != secrets()[ANN]
