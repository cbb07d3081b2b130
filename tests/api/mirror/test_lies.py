"""One answer changed on its way, the rest true: a lie is an alarm that names the batch, a broken
answer is none, and no stated size is believed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from api.mirror.following import BATCH_ENTRIES_MAX
from api.server.app import create_app
from tests.builders.mirrors import Stage, changing
from tests.faults.attacks.operator import newest, signed_again, tamper

Change = Callable[[bytes], bytes]


def items(change: Callable[[list[Any]], Any]) -> Change:
    def changed(body: bytes) -> bytes:
        page = json.loads(body)
        change(page["items"])
        return json.dumps(page).encode()

    return changed


LIES: dict[str, tuple[str, Change, str]] = {
    "a batch that begins too late": (
        "/v1/batches",
        items(lambda found: found[1].update(first_index=13)),
        "batch 2: begins at entry 13, but the one before ends at 12",
    ),
    "a batch beyond the head": (
        "/v1/batches",
        items(lambda found: found[2].update(size=99)),
        "batch 3: has 99 entries, of 16 that are signed",
    ),
    "the checkpoint of another batch": (
        "/v1/batches",
        items(lambda found: found[1].update(checkpoint=found[0]["checkpoint"])),
        "batch 2: listed with root 0x",
    ),
    "no batches": (
        "/v1/batches",
        items(lambda found: found.clear()),
        "batch 1: missing, though 16 entries are signed",
    ),
    "a changed hash": (
        "/v1/tile",
        lambda body: body[:64] + bytes(32) + body[96:],
        "batch 1: its hashes, behind those known, give root 0x",
    ),
    "anchors of another root": (
        "/v1/anchors",
        items(lambda found: found[1].update(root="0x" + "00" * 32)),
        "batch 2: in the list of anchors: batch 2 has another size or root there",
    ),
    "no anchors": (
        "/v1/anchors",
        items(lambda found: found.clear()),
        "batch 1: missing in the list of anchors",
    ),
}

BROKEN: dict[str, tuple[str, Change]] = {
    "a hash too few": ("/v1/tile", lambda body: body[:-32]),
    "a hash too many": ("/v1/tile", lambda body: body + bytes(32)),
    "half a page": ("/v1/batches", lambda body: body[: len(body) // 2]),
    "a key twice": ("/v1/batches", lambda body: body.replace(b'"next"', b'"items"')),
    "more items than asked for": ("/v1/batches", items(lambda found: found.extend(found * 99))),
    "a size as text": ("/v1/batches", items(lambda found: found[0].update(size="8"))),
    "a negative size": ("/v1/batches", items(lambda found: found[0].update(size=-8))),
    "a field more": ("/v1/batches", items(lambda found: found[0].update(more=1))),
    "a genesis without a key": ("/v1/ledger", lambda body: body.replace(b'"log_key"', b'"no_key"')),
    "half a checkpoint": ("/v1/checkpoint", lambda body: body[:20]),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_an_alarm_that_names_the_batch(stage: Stage, name: str) -> None:
    route, change, sentence = LIES[name]
    stage.server.app = changing(create_app(stage.home), route, change)
    done = stage.mirror()
    assert done.code == 1
    assert done.err.startswith("ALARM " + sentence)
    assert stage.evidence()["alarm.txt"].startswith(sentence)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_answer_is_no_alarm(stage: Stage, name: str) -> None:
    route, change = BROKEN[name]
    stage.server.app = changing(create_app(stage.home), route, change)
    done = stage.mirror()
    assert done.code == 3, (done.out, done.err)
    assert not (stage.kept / "evidence").exists()


def test_a_head_signed_for_more_than_anybody_has_is_not_fetched(stage: Stage) -> None:
    assert stage.mirror().code == 0
    stage.grow()
    huge = 2**50
    lie = signed_again(stage, newest(stage), b"\1" * 32, size=huge)
    tamper(
        stage.database,
        (
            "UPDATE batch SET size = ?, root = ?, checkpoint = ? WHERE number = 4",
            (huge, lie.root, lie.checkpoint),
        ),
    )
    done = stage.mirror()
    assert done.code == 1
    assert f"batch 4: signed for {huge - 16} entries" in done.err
    assert str(BATCH_ENTRIES_MAX) in done.err
