"""What an operator shows the world: a mirror names the batch, says what differs, and keeps both
signed heads as evidence; where the ledger's own files contradict themselves, so does the audit."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account

from anchoring.web3_chain import send_and_wait
from api.mirror.evidence import KNOWN, SENTENCE, SHOWN
from ledger.core.trees.merkle import consistency_path, leaf_hash, reader_of, root
from ledger.core.trees.notes import Checkpoint, sign_note
from ledger.operations.read import batches, sealed_entries
from tests.builders.http import Open
from tests.builders.mirrors import Stage
from tests.faults.attacks.operator import another_history, audited, newest, signed_again, tamper

LIE = b"\x66" * 32


def alarm(stage: Stage, *options: object, chain: bool | None = None) -> str:
    """The sentence of a mirror's alarm, which it keeps as it says it."""
    done = stage.mirror(*options, chain=chain)
    assert done.code == 1, (done.out, done.err)
    sentence = done.err.split("\n")[0].removeprefix("ALARM ")
    assert stage.evidence()[SENTENCE] == sentence + "\n"
    # Whoever asks again hears the same again: the false head was not taken over.
    assert stage.mirror(*options, chain=chain).err.split("\n")[0] == done.err.split("\n")[0]
    return sentence


def both_heads(stage: Stage, known: str, shown: str) -> None:
    found = stage.evidence()
    assert (found[KNOWN], found[SHOWN]) == (known, shown)


def test_two_histories_of_one_length(stage: Stage) -> None:
    assert stage.mirror().code == 0
    known = newest(stage)
    other = another_history(stage, minutes=30)
    stage.serve_other(other)
    shown = batches(other.ledger, 0, 9)[-1]
    sentence = alarm(stage)
    assert sentence.startswith("batch 3: two histories of 16 entries are signed")
    assert known.root.hex() in sentence
    assert shown.root.hex() in sentence
    both_heads(stage, known.checkpoint, shown.checkpoint)


def test_another_history_that_has_grown(stage: Stage) -> None:
    assert stage.mirror().code == 0
    known = newest(stage)
    other = another_history(stage, minutes=30, later_batches=5)
    stage.serve_other(other)
    assert alarm(stage).startswith("batch 1: entry 9 was rewritten: hash 0x")
    both_heads(stage, known.checkpoint, batches(other.ledger, 0, 9)[-1].checkpoint)


def test_another_history_that_shows_the_old_hashes(stage: Stage) -> None:
    """Tiles and old batches as they were verified, and a new head over another past."""
    assert stage.mirror().code == 0
    stage.grow()
    lie = signed_again(stage, newest(stage), LIE)
    change = ("UPDATE batch SET root = ?, checkpoint = ? WHERE number = 4", (LIE, lie.checkpoint))
    tamper(stage.database, change)
    sentence = alarm(stage)
    assert sentence.startswith("batch 4: its hashes, behind those known, give root 0x")
    assert LIE.hex() in sentence
    finding = audited(stage).findings[0]
    assert (finding.check, finding.where) == ("batch", "batch 4")


def test_a_batch_of_the_past_with_a_new_root(stage: Stage) -> None:
    assert stage.mirror().code == 0
    old = batches(stage.ledger, 0, 9)[1]
    lie = signed_again(stage, old, LIE)
    change = ("UPDATE batch SET root = ?, checkpoint = ? WHERE number = 2", (LIE, lie.checkpoint))
    tamper(stage.database, change)
    assert audited(stage).findings[0].where == "batch 2"
    sentence = alarm(stage, "--whole")
    assert sentence.startswith("batch 2: rewritten: root 0x" + old.root.hex())
    assert LIE.hex() in sentence
    both_heads(stage, old.checkpoint, lie.checkpoint)


def test_a_batch_whose_row_says_another_root_than_is_signed(stage: Stage) -> None:
    tamper(stage.database, ("UPDATE batch SET root = ? WHERE number = 2", (LIE,)))
    assert alarm(stage).startswith(f"batch 2: listed with root 0x{LIE.hex()} of 14 entries, but")
    assert audited(stage).findings[0].where == "batch 2"


def test_the_newest_batch_deleted(stage: Stage) -> None:
    assert stage.mirror().code == 0
    tamper(stage.database, "DELETE FROM batch WHERE number = 3")
    sentence = "batch 3: the log shrank: it had signed 16 entries, now it shows 14"
    assert alarm(stage) == sentence


def test_all_batches_deleted(stage: Stage) -> None:
    assert stage.mirror().code == 0
    tamper(stage.database, "DELETE FROM batch")
    sentence = "batch 3: the log shrank: it had signed 16 entries, now it shows none"
    assert alarm(stage) == sentence


@pytest.mark.parametrize("options", [(), ("--whole",)])
def test_a_batch_in_the_middle_deleted(stage: Stage, options: tuple[str, ...]) -> None:
    if options:
        assert stage.mirror().code == 0
    tamper(stage.database, "DELETE FROM batch WHERE number = 2")
    assert alarm(stage, *options).startswith("batch 2: ")


def test_hashes_changed_below_a_signed_head(stage: Stage) -> None:
    assert stage.mirror().code == 0
    tamper(
        stage.database,
        "UPDATE tile SET data = CAST(substr(data, 1, 64) || zeroblob(32) || substr(data, 97) "
        "AS BLOB) WHERE level = 0",
    )
    assert alarm(stage, "--whole").startswith("batch 1: entry 2 was rewritten: hash 0x")
    finding = audited(stage).findings[0]
    assert finding.check == "tiles"
    assert finding.where.startswith("batch 1")


@pytest.mark.parametrize("trusted_name", [True, False])
def test_a_head_that_the_log_did_not_sign(stage: Stage, trusted_name: bool) -> None:
    assert stage.mirror().code == 0
    known = newest(stage)
    stage.grow()
    lie = newest(stage)
    origin = stage.town.body.origin if trusted_name else "localhost/elsewhere"
    text = Checkpoint(origin, lie.size, lie.root).body()
    forged = sign_note(text, origin, Ed25519PrivateKey.generate())
    tamper(stage.database, ("UPDATE batch SET checkpoint = ? WHERE number = 4", (forged,)))
    sentence = "the head behind batch 3 is not signed by the log: no signature of localhost/town"
    assert alarm(stage) == sentence
    both_heads(stage, known.checkpoint, forged)
    assert audited(stage).findings[0].where == "batch 4"


def anchor_a_lie(home: Open, size: int) -> bytes:
    """The operator's own key puts another root on the chain, as if it were the batch's: of a log
    that extends what is there, or the contract would not take it."""
    assert home._anchorer is not None
    place, account = home._anchorer._place, home._anchorer._account
    head = place.status(0).head_size
    leaves = [leaf_hash(row) for row in sealed_entries(home.ledger, -1, head)]
    leaves += [leaf_hash(b"a lie")] * (size - head)
    data = place.anchor_data(size, root(leaves), consistency_path(reader_of(leaves), head, size))
    assert home.web3 is not None
    send_and_wait(home.web3, account, place.address, data)
    return root(leaves)


def claim_an_anchor(stage: Stage, size: int) -> None:
    """The ledger says of its newest batch that it is anchored, as it says of the one before."""
    with closing(sqlite3.connect(stage.database)) as raw, raw:
        columns = "chain_id, contract, root, tx_hash, raw, state, block_number, block_hash"
        raw.execute(
            f"INSERT INTO anchor_attempt (size, nonce, created_at, {columns}) "
            f"SELECT {size}, nonce + 100, 0, {columns} FROM anchor_attempt "
            "ORDER BY size DESC LIMIT 1"
        )


def test_a_wrong_root_anchored(anchored: Stage) -> None:
    assert anchored.mirror().code == 0
    anchored.grow(anchor=False)
    batch = newest(anchored)
    lie = anchor_a_lie(anchored.home, batch.size)
    claim_an_anchor(anchored, batch.size)
    sentence = alarm(anchored)
    assert sentence.startswith("batch 4: chain ")
    assert f"the chain holds another root, {lie.hex()}, since " in sentence
    assert anchored.evidence()[KNOWN] == batch.checkpoint
    finding = audited(anchored).findings[0]
    assert (finding.check, finding.where) == ("anchor", "batch 4")


def test_a_wrong_root_anchored_and_not_told(anchored: Stage) -> None:
    assert anchored.mirror().code == 0
    anchored.grow(anchor=False)
    lie = anchor_a_lie(anchored.home, newest(anchored).size)
    sentence = alarm(anchored)
    assert sentence.startswith("batch 4: chain ")
    assert f"holds root 0x{lie.hex()}" in sentence
    assert "which the ledger does not show" in sentence


def test_an_anchor_made_up(anchored: Stage) -> None:
    """Of a batch that the contract does not hold; a made-up transaction is only a bad hint."""
    anchored.grow(anchor=False)
    claim_an_anchor(anchored, newest(anchored).size)
    assert alarm(anchored).startswith("batch 4: chain ")
    finding = audited(anchored).findings[0]
    assert (finding.check, finding.where) == ("anchor", "batch 4")


def test_an_anchor_taken_back(anchored: Stage) -> None:
    """By the owner himself, after a mirror saw it: nobody can do that unseen."""
    assert anchored.mirror().code == 0
    home = anchored.home
    assert home._anchorer is not None
    assert home.web3 is not None
    place = home._anchorer._place
    data = place.data("disown", newest(anchored).size, "an hour too many")
    send_and_wait(home.web3, Account.from_key(bytes((1,)) * 32), place.address, data)
    sentence = alarm(anchored)
    assert sentence.startswith("batch 3: chain ")
    assert "the ledger took this anchor back at " in sentence
    assert sentence.endswith("; ask for a fresh proof: an hour too many")
    finding = audited(anchored).findings[0]
    assert (finding.check, finding.where) == ("anchor", "batch 3")


def test_an_anchored_batch_hidden_from_somebody_who_looks_for_the_first_time(
    anchored: Stage,
) -> None:
    tamper(anchored.database, "DELETE FROM batch WHERE number = 3")
    reason = "the chain holds 16 entries of this ledger, which shows only 14"
    assert alarm(anchored) == f"batch 3: {reason}"


def test_another_history_under_the_anchors_of_the_first(anchored: Stage) -> None:
    """Shown to somebody new, signed by the right key: the chain alone tells."""
    other = another_history(anchored, minutes=30)
    with anchored.ledger.engine.connect() as ours, other.ledger.engine.begin() as theirs:
        for table in ("anchor_target", "anchor_attempt"):
            for row in ours.exec_driver_sql(f"SELECT * FROM {table}"):
                marks = ", ".join("?" * len(row))
                theirs.exec_driver_sql(f"INSERT INTO {table} VALUES ({marks})", tuple(row))
    anchored.serve_other(other)
    sentence = alarm(anchored)
    assert sentence.startswith("batch 1: chain ")
    assert "the chain holds another root" in sentence


def test_who_watches_bears_trouble_on_the_way_and_ends_with_the_alarm(stage: Stage) -> None:
    real, other = stage.server.app, another_history(stage, minutes=30)
    stage.serve_other(other)
    false, looks = stage.server.app, 0

    async def changing(scope: Any, receive: Any, send: Any) -> None:
        nonlocal looks
        looks += scope["path"] == "/v1/checkpoint"
        if looks == 2 and scope["path"] == "/v1/checkpoint":
            await send({"type": "http.response.start", "status": 503, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await (real if looks < 4 else false)(scope, receive, send)

    stage.server.app = changing
    done = stage.mirror("--watch", "0.1")
    assert done.code == 1
    assert "answers 503" in done.err
    assert "ALARM batch 3: two histories" in done.err
    assert looks == 4
