"""A tick brings every batch to the chain exactly once, whatever happens in between."""

import pytest
from eth_account import Account
from sqlmodel import Session, select

from anchoring import anchorer as module
from anchoring.anchorer import RECHECKED, Anchorer
from anchoring.embedded_chain import fund
from anchoring.errors import Fatal, Retry
from anchoring.journal import AnchorAttempt, Journal, anchors_for, targets
from anchoring.web3_chain import send_raw


class Planted(Exception):
    """A crash."""


def attempts(room) -> list[AnchorAttempt]:
    with Session(room.engine) as session:
        return list(session.exec(select(AnchorAttempt)))


def test_anchors_all_batches_in_order(room):
    states = room.anchorer().tick(room.batches(3, 5, 8))
    assert [s.state for s in states] == ["final"] * 3
    blocks = [s.block_number for s in states]
    assert blocks == sorted(blocks)
    assert len(set(blocks)) == 3
    assert room.nonce() == 3


def test_a_repeated_tick_sends_nothing(room):
    for _ in range(3):
        assert room.states(3, 5) == ["final", "final"]
    assert room.nonce() == 2
    assert len(attempts(room)) == 2


def test_a_tick_without_batches_does_nothing(room):
    assert room.states() == []


def test_old_final_batches_are_not_asked_for_again(room):
    sizes = range(1, RECHECKED + 5)
    assert set(room.states(*sizes, wait_seconds=30)) == {"final"}
    assert set(room.states(*sizes)) == {"final"}
    assert room.nonce() == len(sizes)


def test_final_only_under_enough_blocks(room):
    assert room.states(3, confirmations=3) == ["mined"]
    room.add_block()
    assert room.states(3, confirmations=3) == ["mined"]
    room.add_block()
    assert room.states(3, confirmations=3) == ["final"]


def test_sizes_must_grow(room):
    with pytest.raises(Fatal, match="growing"):
        room.states(5, 3)


def test_a_crash_before_recording_sends_nothing(room, monkeypatch):
    def crash(*_args: object) -> None:
        raise Planted

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "record", crash)
        with pytest.raises(Planted):
            room.states(3)
    assert room.nonce() == 0
    assert room.states(3) == ["final"]
    assert room.nonce() == 1


def test_a_crash_between_recording_and_sending_leads_to_one_transaction(room, monkeypatch):
    recorded = []

    def crash(*_args: object) -> None:
        recorded.extend(attempts(room))
        raise Planted

    with monkeypatch.context() as patch:
        patch.setattr(module, "send_raw", crash)
        with pytest.raises(Planted):
            room.states(3)
    assert [a.size for a in recorded] == [3]
    assert room.nonce() == 0
    assert anchors_for(room.engine, 3) == []
    (state,) = room.anchorer().tick(room.batches(3))
    assert state.transaction == recorded[0].tx_hash
    assert (state.state, room.nonce(), len(attempts(room))) == ("final", 1, 1)


def test_a_crash_after_sending_leads_to_one_transaction(room, monkeypatch):
    def crash(web3: object, raw: bytes) -> None:
        send_raw(web3, raw)
        raise Planted

    with monkeypatch.context() as patch:
        patch.setattr(module, "send_raw", crash)
        with pytest.raises(Planted):
            room.states(3)
    assert room.nonce() == 1
    assert room.states(3) == ["final"]
    assert (room.nonce(), len(attempts(room))) == (1, 1)


def test_another_root_on_the_chain_is_fatal(room, make_room):
    room.call(room.account, "anchor", 3, b"\xee" * 32)
    with pytest.raises(Fatal, match="chain holds root"):
        room.states(3)


def test_another_root_in_the_ledger_than_was_anchored_is_fatal(room):
    room.states(3)
    with pytest.raises(Fatal, match="was 0000"):
        room.anchorer().tick([(3, b"\xee" * 32)])


def test_a_head_that_the_ledger_never_anchored_is_fatal(room):
    room.call(room.account, "anchor", 9, b"\xee" * 32)
    with pytest.raises(Fatal, match="never anchored"):
        room.states(3)


def test_a_size_below_the_head_is_skipped(room):
    room.states(9)
    assert room.states(3, 9) == ["skipped", "final"]


def test_a_revoked_key_is_fatal(room):
    room.states(3)
    room.as_owner("revokeAnchorer")
    with pytest.raises(Fatal, match="not our key"):
        room.states(3, 5)


def test_a_rotated_key_goes_on_with_the_same_journal(room):
    room.states(3)
    successor = Account.from_key(b"\x03" * 32)
    fund(room.web3, successor.address)
    room.as_owner("proposeAnchorer", successor.address)
    room.call(successor, "acceptAnchorer")
    room.account = successor
    assert room.states(3, 5) == ["final", "final"]


def test_disowned_batches_are_anchored_again_in_the_new_epoch(room):
    room.states(3, 5, 8)
    before = room.anchor_of(5)
    room.as_owner("startEpoch", 3, "test")
    states = room.anchorer().tick(room.batches(3, 5, 8))
    assert [(s.state, s.epoch) for s in states] == [("final", 1), ("final", 2), ("final", 2)]
    assert room.look_up(5, before) == "contradicted"
    assert room.look_up(5, room.anchor_of(5)) == "final"
    assert room.look_up(3, room.anchor_of(3)) == "final"


def test_a_lost_journal_is_filled_from_the_chain(room, make_room):
    room.states(3, 5)
    wanted = room.anchor_of(3)
    with Session(room.engine) as session:
        for attempt in session.exec(select(AnchorAttempt)):
            session.delete(attempt)
        session.commit()
    assert room.states(3, 5) == ["final", "final"]
    assert room.anchor_of(3) == wanted
    assert room.nonce() == 2


def test_an_empty_purse_waits(room):
    poor = Account.from_key(b"\x04" * 32)
    room.as_owner("proposeAnchorer", poor.address)
    fund(room.web3, poor.address)
    room.call(poor, "acceptAnchorer")
    room.account = poor
    balance = room.web3.eth.get_balance(poor.address)
    gift = {"to": room.owner.address, "gas": 21000, "gasPrice": 10**10, "nonce": room.nonce(),
            "value": balance - 21000 * 10**10, "chainId": room.web3.eth.chain_id}  # fmt: skip
    send_raw(room.web3, bytes(poor.sign_transaction(gift).raw_transaction))
    with pytest.raises(Retry):
        room.states(3)
    assert attempts(room) == []
    fund(room.web3, poor.address)
    assert room.states(3) == ["final"]


def test_the_target_is_remembered_once(room):
    room.settle().settle()
    (target,) = targets(room.engine, room.ledger_id)
    assert (target.contract, target.owner) == (room.contract, room.owner.address)
    assert isinstance(room.anchorer(), Anchorer)
