"""A ledger asks its witnesses, and shows what they signed."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from anchoring.errors import Retry
from api.errors import WrongUse
from api.node.policy_file import read_policy
from api.node.witnesses import AGAIN_SECONDS, gather
from api.node.worker import WITNESS, Worker
from ledger.core.records.record import record_id
from ledger.core.trees.cosignatures import cosigned
from ledger.core.trees.notes import open_checkpoint, parse_tlog_proof
from ledger.core.trees.witness_policy import parse_policy
from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from tests.builders.http import Open
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import Town, address
from tests.builders.servers import serving
from tests.builders.waiting import breathe, until
from tests.builders.witnesses import Stood, policy_of, witness


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def home(town: Town, tmp_path: Path) -> Iterator[Open]:
    opened = Open(town, opened_ledger(town, tmp_path), tmp_path / "chain.sqlite")
    settle(town, opened.ledger)
    seal(opened.ledger, town.log_key)
    yield opened
    opened.close()


@pytest.fixture
def stood(town: Town, tmp_path: Path) -> Iterator[list[Stood]]:
    with ExitStack() as stack:
        yield [stack.enter_context(witness(tmp_path / f"w{n}", town, n)) for n in (1, 2)]


def grow(home: Open, name: str) -> None:
    home.ledger.append(home.town.enrol(name))
    seal(home.ledger, home.town.log_key)


def by(home: Open, stood: list[Stood]) -> set[str]:
    """The names of the witnesses under the newest checkpoint."""
    note = read.latest_checkpoint(home.ledger)
    return {c.name for c in cosigned(note, [s.witnessing.cosigner for s in stood])}


def test_each_new_checkpoint_is_cosigned_by_all(home: Open, stood: list[Stood]) -> None:
    policy = policy_of(*stood)
    assert by(home, stood) == set()
    for name in ("carol", "dave", "erin"):
        assert gather(home.ledger, policy, home.town.clock) == 2
        assert by(home, stood) == {"witness.example/w1", "witness.example/w2"}
        note = read.latest_checkpoint(home.ledger)
        assert policy.is_met(cosigned(note, policy.cosigners()))
        grow(home, name)
    assert audit(home.ledger.engine).findings == []


def test_a_proof_carries_what_the_witnesses_signed(
    home: Open, stood: list[Stood], town: Town
) -> None:
    policy = policy_of(*stood)
    gather(home.ledger, policy, home.town.clock)
    (entry,) = read.account_entries(home.ledger, address("ann"), 0, 1)
    record = record_id(home.ledger.ledger_id, entry.record.body)
    found = bundle(home.ledger, record, home.anchors_within)
    note = parse_tlog_proof(found["record"]["tlog_proof"]).checkpoint
    assert set(cosigned(note, policy.cosigners())) == set(policy.cosigners())
    public = home.town.log_key.public_key().public_bytes_raw()
    assert (
        open_checkpoint(note, home.town.body.origin, public).size
        == read.latest_batch(home.ledger).size
    )


def test_within_the_hour_none_is_asked_twice_and_then_all_are(
    home: Open, stood: list[Stood]
) -> None:
    policy = policy_of(*stood)
    assert gather(home.ledger, policy, home.town.clock) == 2
    assert gather(home.ledger, policy, home.town.clock) == 0
    first = cosigned(read.latest_checkpoint(home.ledger), policy.cosigners())
    home.town.now += AGAIN_SECONDS
    assert gather(home.ledger, policy, home.town.clock) == 2
    second = cosigned(read.latest_checkpoint(home.ledger), policy.cosigners())
    assert all(second[c] - first[c] == AGAIN_SECONDS for c in policy.cosigners())


def test_one_that_is_silent_holds_up_no_other(home: Open, stood: list[Stood], town: Town) -> None:
    async def broken(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("broken")

    with serving(broken, lifespan="off") as url:
        lines = f"{stood[0].line.replace(stood[0].url, url)}{stood[1].line}quorum w1\n"
        with pytest.raises(Retry, match=r"^witnesses did not cosign: w1: it answers 500$"):
            gather(home.ledger, parse_policy(lines), town.clock)
    assert by(home, stood) == {"witness.example/w2"}
    secret = lines.replace(url, "http://user:secret@127.0.0.1:9/")
    with pytest.raises(Retry) as refused:
        gather(home.ledger, parse_policy(secret), town.clock)
    assert "secret" not in str(refused.value)


def test_a_witness_that_is_further_than_the_ledger_remembers_is_caught_up(
    home: Open, stood: list[Stood], tmp_path: Path, town: Town
) -> None:
    """As after a restore, which brings no cosignatures back."""
    policy = policy_of(*stood)
    gather(home.ledger, policy, town.clock)
    with home.ledger.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM cosignature")
    grow(home, "carol")
    assert gather(home.ledger, policy, town.clock) == 2


def test_two_histories_are_found_at_once_without_a_chain(
    home: Open, stood: list[Stood], tmp_path: Path, town: Town
) -> None:
    """The operator, with every key of his: another history of the same log, for other eyes."""
    policy = policy_of(*stood)
    gather(home.ledger, policy, town.clock)
    (tmp_path / "second").mkdir()
    second = Open(town, opened_ledger(town, tmp_path / "second"), tmp_path / "second.sqlite")
    settle(town, second.ledger)
    second.ledger.append(town.enrol("mallory"))
    seal(second.ledger, town.log_key)
    with pytest.raises(Retry, match="w1: it answers 422; w2: it answers 422"):
        gather(second.ledger, policy, town.clock)
    assert by(second, stood) == set()
    for one in stood:
        (kept,) = (one.folder / "evidence").iterdir()
        assert read.latest_checkpoint(second.ledger).encode() in kept.read_bytes()
    second.close()


@pytest.mark.parametrize("body", ["", "nonsense", "\u2014 witness.example/w1 AAAA\n"])
def test_an_answer_that_is_no_cosignature_is_not_kept(
    home: Open, stood: list[Stood], body: str, town: Town
) -> None:
    async def lying(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": body.encode()})  # type: ignore[operator]

    with serving(lying, lifespan="off") as url:
        line = stood[0].line.replace(stood[0].url, url)
        with pytest.raises(Retry, match="w1: "):
            gather(home.ledger, parse_policy(line + "quorum w1\n"), town.clock)
    assert by(home, stood) == set()


def test_a_witness_that_dribbles_its_answer_is_not_waited_for(
    home: Open, stood: list[Stood], town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dribbling(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        for _ in range(50):
            await send({"type": "http.response.body", "body": b"x", "more_body": True})  # type: ignore[operator]
            await breathe()

    monkeypatch.setattr("api.node.witnesses.SECONDS", 0.0)
    with serving(dribbling, lifespan="off") as url:
        line = stood[0].line.replace(stood[0].url, url)
        with pytest.raises(Retry, match="w1: its answer takes longer than"):
            gather(home.ledger, parse_policy(line + "quorum w1\n"), town.clock)


def test_the_worker_asks_and_one_that_is_silent_stops_neither_sealing_nor_anchoring(
    home: Open, stood: list[Stood], town: Town
) -> None:
    home.witnesses = policy_of(*stood)
    worker = Worker(home, max_delay=0.2)
    worker.start()
    try:
        until(lambda: by(home, stood) == {"witness.example/w1", "witness.example/w2"})
        line = stood[0].line.replace(stood[0].url, "http://127.0.0.1:9")
        home.witnesses = parse_policy(line + "quorum w1\n")
        size = home.ledger.append(town.enrol("carol")).index + 2
        until(lambda: bool(home.anchors_for(size)))
        chores = {chore.name: chore for chore in worker.chores}
        until(lambda: chores[WITNESS].state == "retrying")
        assert worker.trouble == ""
    finally:
        worker.stop()


def test_a_policy_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "witnesses.policy"
    with pytest.raises(WrongUse, match=r"witnesses.policy cannot be read"):
        read_policy(file)
    file.write_text("quorum w1\n")
    with pytest.raises(WrongUse, match="line 1"):
        read_policy(file)
