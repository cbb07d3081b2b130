"""A tick brings the newest batch to the chain exactly once, whatever happens in between."""

from dataclasses import replace

import pytest
from eth_account import Account
from sqlmodel import Session, select

from anchoring import anchorer as module
from anchoring.anchorer import RECHECKED, Anchorer
from anchoring.embedded_chain import fund
from anchoring.errors import Fatal, Retry
from anchoring.journal import AnchorAttempt, Journal, anchors_for, targets
from anchoring.web3_chain import send_and_wait, send_raw
from ledger.core.trees.merkle import consistency_path, reader_of
from tests.builders.deployments import (
    LIES,
    anchor_each,
    consistency,
    lie,
    new_engine,
    root_of,
)


class Planted(Exception):
    """A crash."""


def attempts(deployment) -> list[AnchorAttempt]:
    with Session(deployment.engine) as session:
        return list(session.exec(select(AnchorAttempt)))


def test_anchors_all_batches_in_order(deployment):
    states = anchor_each(deployment.anchorer(), deployment.batches(3, 5, 8))
    assert [s.state for s in states] == ["final"] * 3
    blocks = [s.block_number for s in states]
    assert blocks == sorted(blocks)
    assert len(set(blocks)) == 3
    assert deployment.nonce() == 3


def test_of_several_that_wait_the_newest_is_anchored_and_covers_the_others(deployment):
    assert deployment.tick(3, 5, 8) == ["covered", "covered", "final"]
    assert deployment.nonce() == 1
    assert anchors_for(deployment.engine, 5) == []
    assert deployment.tick(3, 5, 8, 9, 12) == ["covered", "covered", "final", "covered", "final"]
    assert deployment.place.status(12).previous == 8


def test_what_a_day_costs_follows_from_the_time_between_two_anchors(deployment):
    """Not from how many batches are sealed: those in between wait, and are covered."""
    first = deployment.web3.eth.get_block("latest")["timestamp"]
    now = [first]
    often = {"every_seconds": 600, "clock": lambda: now[0]}
    assert deployment.tick(3, **often) == ["final"]
    assert deployment.tick(3, 5, **often) == ["final", "waiting"]
    now[0] = deployment.place.status(3).time + 599
    assert deployment.tick(3, 5, 8, **often) == ["final", "waiting", "waiting"]
    assert deployment.nonce() == 1
    now[0] += 1
    assert deployment.tick(3, 5, 8, **often) == ["final", "covered", "final"]
    assert deployment.nonce() == 2


def test_a_repeated_tick_sends_nothing(deployment):
    for _ in range(3):
        assert deployment.states(3, 5) == ["final", "final"]
    assert deployment.nonce() == 2
    assert len(attempts(deployment)) == 2


def test_a_tick_without_batches_does_nothing(deployment):
    assert deployment.states() == []


def test_old_final_batches_are_not_asked_for_again(deployment):
    sizes = range(1, RECHECKED + 5)
    assert set(deployment.states(*sizes, wait_seconds=30)) == {"final"}
    assert set(deployment.states(*sizes)) == {"final"}
    assert deployment.nonce() == len(sizes)


def test_final_only_under_enough_blocks(deployment):
    assert deployment.states(3, confirmations=3) == ["mined"]
    deployment.add_block()
    assert deployment.states(3, confirmations=3) == ["mined"]
    deployment.add_block()
    assert deployment.states(3, confirmations=3) == ["final"]


def test_sizes_must_grow(deployment):
    with pytest.raises(Fatal, match="growing"):
        deployment.states(5, 3)


def test_a_crash_before_recording_sends_nothing(deployment, monkeypatch):
    def crash(*_args: object) -> None:
        raise Planted

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "record", crash)
        with pytest.raises(Planted):
            deployment.states(3)
    assert deployment.nonce() == 0
    assert deployment.states(3) == ["final"]
    assert deployment.nonce() == 1


def test_a_crash_between_recording_and_sending_leads_to_one_transaction(deployment, monkeypatch):
    recorded = []

    def crash(*_args: object) -> None:
        recorded.extend(attempts(deployment))
        raise Planted

    with monkeypatch.context() as patch:
        patch.setattr(module, "send_raw", crash)
        with pytest.raises(Planted):
            deployment.states(3)
    assert [a.size for a in recorded] == [3]
    assert deployment.nonce() == 0
    assert anchors_for(deployment.engine, 3) == []
    (state,) = deployment.anchorer().tick(deployment.batches(3))
    assert state.transaction == recorded[0].tx_hash
    assert (state.state, deployment.nonce(), len(attempts(deployment))) == ("final", 1, 1)


def test_a_crash_after_sending_leads_to_one_transaction(deployment, monkeypatch):
    def crash(web3: object, raw: bytes) -> None:
        send_raw(web3, raw)
        raise Planted

    with monkeypatch.context() as patch:
        patch.setattr(module, "send_raw", crash)
        with pytest.raises(Planted):
            deployment.states(3)
    assert deployment.nonce() == 1
    assert deployment.states(3) == ["final"]
    assert (deployment.nonce(), len(attempts(deployment))) == (1, 1)


def test_another_root_on_the_chain_is_fatal(deployment, make_deployment):
    deployment.call(deployment.account, "anchor", *lie(3, 0))
    with pytest.raises(Fatal, match="chain holds root"):
        deployment.states(3)


def test_another_root_in_the_ledger_than_was_anchored_is_fatal(deployment):
    deployment.states(3)
    with pytest.raises(Fatal, match=f"was {root_of(3).hex()}"):
        deployment.anchorer().tick([(3, b"\xee" * 32)])


def test_a_head_that_the_ledger_never_anchored_is_fatal(deployment):
    deployment.call(deployment.account, "anchor", *lie(9, 0))
    with pytest.raises(Fatal, match="never sealed"):
        deployment.states(3)


def test_a_size_below_the_head_is_covered(deployment):
    deployment.states(9)
    assert deployment.states(3, 9) == ["covered", "final"]


def test_a_second_history_on_top_of_the_first_is_refused_by_the_chain(deployment):
    """Whoever holds all keys, and writes a log that parts from the one that is anchored."""
    deployment.states(3, 5)
    place = deployment.place
    size, root, path = lie(8, 0)
    for proof in (path, consistency(5, 8), consistency_path(reader_of(LIES), 5, 8)):
        data = place.anchor_data(size, root, proof)
        with pytest.raises(Retry, match="estimate"):
            send_and_wait(deployment.web3, deployment.account, place.address, data)
    assert deployment.tick(3, 5, 8) == ["final", "final", "final"]


def test_a_revoked_key_is_fatal(deployment):
    deployment.states(3)
    deployment.as_owner("revokeAnchorer")
    with pytest.raises(Fatal, match="not our key"):
        deployment.states(3, 5)


def test_a_rotated_key_goes_on_with_the_same_journal(deployment):
    deployment.states(3)
    successor = Account.from_key(b"\x03" * 32)
    fund(deployment.web3, successor.address)
    deployment.rotate(successor)
    assert deployment.states(3, 5) == ["final", "final"]


def test_what_was_taken_back_is_anchored_anew_by_a_key_that_may(deployment):
    deployment.states(3, 5, 8)
    before = deployment.anchor_of(5)
    deployment.as_owner("disown", 5, "test")
    assert deployment.look_up(5, before) == "disowned"
    with pytest.raises(Fatal, match="not our key"):
        deployment.tick(3, 5, 8)
    assert anchors_for(deployment.engine, 5) == anchors_for(deployment.engine, 8) == []
    deployment.rotate(deployment.account)
    assert deployment.tick(3, 5, 8) == ["final", "covered", "final"]
    assert deployment.look_up(5, before) == "disowned", "its own root stands no more"
    assert deployment.look_up(8, deployment.anchor_of(8)) == "settling"
    assert deployment.look_up(3, deployment.anchor_of(3)) == "settling"
    assert deployment.tick(3, 5, 8) == ["final", "covered", "final"]


def test_a_batch_that_was_taken_back_and_is_covered_now_has_no_anchor_of_its_own(deployment):
    """Another process anchored anew in between, so that this one saw nothing of it."""
    deployment.states(3, 5)
    deployment.as_owner("disown", 5, "test")
    deployment.rotate(deployment.account)
    other = replace(deployment, engine=new_engine())
    assert other.tick(3, 5, 8) == ["final", "covered", "final"]
    other.engine.dispose()
    assert deployment.tick(3, 5, 8) == ["final", "covered", "final"]
    assert anchors_for(deployment.engine, 5) == []
    assert deployment.look_up(8, deployment.anchor_of(8)) == "settling"


def test_a_lost_journal_is_filled_from_the_chain(deployment, make_deployment):
    deployment.states(3, 5)
    wanted = deployment.anchor_of(3)
    with Session(deployment.engine) as session:
        for attempt in session.exec(select(AnchorAttempt)):
            session.delete(attempt)
        session.commit()
    assert deployment.states(3, 5) == ["final", "final"]
    assert deployment.anchor_of(3) == wanted
    assert deployment.nonce() == 2


def test_an_empty_balance_waits(deployment):
    poor = Account.from_key(b"\x04" * 32)
    fund(deployment.web3, poor.address)
    deployment.rotate(poor)
    balance = deployment.web3.eth.get_balance(poor.address)
    gift = {"to": deployment.owner.address, "gas": 21000, "gasPrice": 10**10,
            "nonce": deployment.nonce(),
            "value": balance - 21000 * 10**10,
            "chainId": deployment.web3.eth.chain_id}  # fmt: skip
    send_raw(deployment.web3, bytes(poor.sign_transaction(gift).raw_transaction))
    with pytest.raises(Retry):
        deployment.states(3)
    assert attempts(deployment) == []
    fund(deployment.web3, poor.address)
    assert deployment.states(3) == ["final"]


def test_the_target_is_remembered_once(deployment):
    deployment.settle().settle()
    (target,) = targets(deployment.engine, deployment.ledger_id)
    assert (target.contract, target.founder) == (deployment.contract, deployment.owner.address)
    assert isinstance(deployment.anchorer(), Anchorer)
