"""A mirror takes over what is new, remembers it, and tells trouble on the way from a false log."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from api import fetching
from api.mirror.fetching import PAGE_MAX
from api.server.app import create_app
from ledger.core.trees.merkle import leaf_hash, root
from ledger.store import entries as store
from ledger.store.engine import snapshot
from tests.builders.commands import run
from tests.builders.ledgers import settle
from tests.builders.mirrors import Stage, open_ledger
from tests.builders.waiting import breathe


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_all_batches_are_verified_and_compared_with_the_chain(anchored: Stage) -> None:
    done = anchored.mirror()
    assert done.code == 0, done.err
    assert "16 entries in 3 batches agree; new: 3" in done.out
    assert "On the chain up to batch 3" in done.out
    assert "0x" + anchored.town.ledger.hex() in done.out


def test_the_known_contract_alone_is_believed_and_another_is_an_alarm(anchored: Stage) -> None:
    """The operator who anchors a second history in a contract of his shows it to no such mirror."""
    other = anchored.mirror("--contract", "0x" + "11" * 20)
    assert other.code == 1
    assert other.err.startswith("ALARM batch 1: chain ")
    assert "is not the known one" in other.err.replace("\n", " ")


def test_the_known_contract_is_asked(anchored: Stage) -> None:
    (anchor,) = anchored.home.anchors_for(anchored.ledger.size)
    done = anchored.mirror("--contract", anchor["contract"])
    assert (done.code, "On the chain up to batch 3" in done.out) == (0, True), done.err


def test_what_is_kept_are_the_hashes_and_heads_of_the_ledger_and_no_entry(stage: Stage) -> None:
    stage.grow(1, 300)
    assert stage.mirror().code == 0
    with snapshot(stage.ledger.engine) as connection:
        rows = store.entries_from(connection, 0, 1000)
    leaves = [leaf_hash(row.data) for row in rows]
    found = files(stage.kept)
    assert found["tile/0/000"] == b"".join(leaves[:256])
    assert found[f"tile/0/001.p/{len(leaves) - 256}"] == b"".join(leaves[256:])
    assert found["tile/1/000.p/1"] == root(leaves[:256])
    assert not [name for name in found if "entries" in name]
    batches = json.loads(found["batches/000.json"])
    anchors = json.loads(found["anchors/000.json"])
    assert [(b["number"], b["root"]) for b in batches] == [
        (a["number"], a["root"]) for a in anchors
    ]
    assert found["checkpoint"].decode() == batches[-1]["checkpoint"]


def test_growing_by_steps_ends_with_the_same_files_as_one_step(
    stage: Stage, tmp_path: Path
) -> None:
    for entries in (1, 244, 1, 300):
        assert stage.mirror().code == 0
        stage.grow(1, entries)
    assert stage.mirror().code == 0
    assert stage.mirror("--whole").code == 0
    by_steps = files(stage.kept)
    stage.kept.rename(tmp_path / "by-steps")
    assert stage.mirror().code == 0
    assert files(stage.kept) == by_steps


def test_many_small_batches_are_followed_page_by_page(stage: Stage) -> None:
    stage.grow(260)
    done = stage.mirror()
    assert done.code == 0, done.err
    assert "in 263 batches agree; new: 263" in done.out
    stage.grow(1)
    assert "in 264 batches agree; new: 1\n" in stage.mirror().out
    assert len(json.loads((stage.kept / "batches" / "001.json").read_text())) == 8


def test_anchors_that_come_later_are_compared_then(anchored: Stage) -> None:
    anchored.grow(2, anchor=False)
    assert "On the chain up to batch 3" in anchored.mirror().out
    anchored.home.anchor_pending()
    assert "On the chain up to batch 5" in anchored.mirror().out
    found = json.loads((anchored.kept / "anchors" / "000.json").read_text())
    assert [len(item["anchors"]) for item in found] == [1] * 5


def test_without_a_chain_it_says_that_it_did_not_ask_one(anchored: Stage) -> None:
    done = anchored.mirror(chain=False)
    assert done.code == 0
    assert "Not compared with a chain" in done.out
    assert "On the chain up to batch 3" in anchored.mirror().out


def test_a_ledger_without_a_batch_is_pinned_and_waited_for(tmp_path: Path, stage: Stage) -> None:
    empty = open_ledger(stage.town, tmp_path / "empty")
    empty.ledger.append(stage.town.genesis())
    real = stage.server.app
    stage.serve_other(empty)
    assert "0 entries in 0 batches" in stage.mirror().out
    stage.server.app = real
    assert "3 batches agree" in stage.mirror().out


def test_the_ledger_id_that_was_asked_for_decides(stage: Stage) -> None:
    right = "0x" + stage.town.ledger.hex()
    wrong = "0x" + "7" * 64
    done = stage.mirror("--ledger-id", wrong)
    assert done.code == 1
    assert f"this is ledger {right}, not {wrong}" in done.err
    assert not (stage.kept / "manifest.json").exists()
    assert stage.mirror("--ledger-id", right).code == 0
    assert stage.mirror("--ledger-id", wrong).code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("ftp://example.org",),
        ("{url}", "--ledger-id", "0x12"),
        ("{url}", "--rpc", "ftp://x"),
        ("{url}", "--contract", "0x12"),
        ("{url}", "--watch", "0"),
    ],
)
def test_wrong_use_is_exit_2(stage: Stage, arguments: tuple[str, ...]) -> None:
    given = [argument.format(url=stage.server.url) for argument in arguments]
    assert run("mirror", *given, "--dir", stage.kept).code == 2


def test_a_folder_with_something_else_is_left_alone(stage: Stage) -> None:
    stage.kept.mkdir()
    (stage.kept / "letters").write_text("dear")
    assert stage.mirror().code == 2
    assert files(stage.kept) == {"letters": b"dear"}


def test_a_server_that_is_away_is_no_alarm(stage: Stage) -> None:
    assert stage.mirror().code == 0
    before = files(stage.kept)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        done = run("mirror", url, "--dir", stage.kept)
    assert done.code == 3
    assert "cannot be reached" in done.err
    assert files(stage.kept) == before


def test_a_chain_that_is_away_is_no_alarm_and_the_log_is_followed(stage: Stage) -> None:
    done = run("mirror", stage.server.url, "--dir", stage.kept, "--rpc", "http://127.0.0.1:9")
    assert done.code == 3
    assert not (stage.kept / "evidence").exists()
    assert (stage.kept / "checkpoint").exists()


def answering(status: int, body: bytes, path: str = "", **headers: str) -> Any:
    """An application that gives one answer to everything whose path begins so."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        stated = [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ]
        await send({"type": "http.response.start", "status": status, "headers": stated})
        await send({"type": "http.response.body", "body": body})

    return app


BABBLE = {
    "a page of some portal": answering(200, b"<html>sign in</html>"),
    "nothing": answering(200, b""),
    "an error": answering(500, b"{}"),
    "too many calls": answering(429, b"{}"),
    "a redirection": answering(302, b"", location="http://127.0.0.1:9/"),
    "JSON of another kind": answering(200, b"[1, 2, 3]"),
    "an object of another kind": answering(200, b'{"items": 7, "genesis": {}}'),
    "not UTF-8": answering(200, b"\xff\xfe\n\n\xff"),
    "more than a page": answering(200, b" " * (PAGE_MAX + 1)),
    "compressed": answering(200, b"\x1f\x8b" * 10, content_encoding="gzip"),
    "nothing found anywhere": answering(404, b""),
}


@pytest.mark.parametrize("name", BABBLE)
def test_answers_that_no_ledger_gives_are_no_alarm(stage: Stage, name: str) -> None:
    stage.server.app = BABBLE[name]
    done = stage.mirror()
    assert done.code == 3, done.out
    assert stage.server.url in done.err
    assert not (stage.kept / "evidence").exists()


def test_a_server_that_drips_for_ever_is_left_alone_after_a_while(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.2)

    async def dripping(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not stage.server.stopping:
            await send({"type": "http.response.body", "body": b" ", "more_body": True})
            await breathe()

    stage.server.app = dripping
    done = stage.mirror()
    assert done.code == 3
    assert "takes longer than" in done.err


@pytest.mark.parametrize("route", ["/v1/batches", "/v1/tile", "/v1/anchors"])
def test_a_route_that_fails_in_the_middle_is_no_alarm_and_the_next_call_goes_on(
    stage: Stage, route: str
) -> None:
    real = create_app(stage.home)

    async def failing(scope: Any, receive: Any, send: Any) -> None:
        broken = scope["path"].startswith(route)
        await (answering(503, b"") if broken else real)(scope, receive, send)

    stage.server.app = failing
    assert stage.mirror().code == 3
    stage.server.app = real
    assert stage.mirror().code == 0


def test_files_of_the_mirror_that_somebody_changed_are_told_and_nothing_is_built_on_them(
    stage: Stage,
) -> None:
    assert stage.mirror().code == 0
    tile = stage.kept / "tile" / "0" / "000.p" / "16"
    tile.write_bytes(bytes(32 * 16))
    stage.grow()
    done = stage.mirror()
    assert done.code == 1
    assert "the hashes stored do not give the head that was verified" in " ".join(done.err.split())


def test_a_log_that_was_begun_anew_has_shrunk(stage: Stage, tmp_path: Path) -> None:
    assert stage.mirror().code == 0
    young = open_ledger(stage.town, tmp_path / "young")
    settle(stage.town, young.ledger)
    stage.serve_other(young)
    done = stage.mirror()
    assert done.code == 1
    assert "batch 3: the log shrank: it had signed 16 entries, now it shows none" in done.err
