"""The same code against anvil: chain ids, pools, reorganisations, nodes that go away."""

import socket

import pytest

from anchoring import endpoint
from anchoring.anchorer import RECHECKED, Anchorer
from anchoring.contract import ZERO_ADDRESS, BatchAnchor
from anchoring.deploy import deploy, ensure_target, open_ledger, preflight
from anchoring.errors import Fatal, Retry
from anchoring.funding import ENOUGH, fund_from_node
from anchoring.journal import anchors_for, targets
from anchoring.web3_chain import connect, send_and_wait, usual_confirmations
from tests.builders.commands import own, run
from tests.builders.deployments import anchor_each, consistency, new_engine

SLOW = {"wait_seconds": 0.05}


def test_anchors_and_reads_back(real):
    assert real.states(3, 5, 8) == ["final"] * 3
    assert real.nonce() == 3
    for size in (3, 5, 8):
        assert real.look_up(size, real.anchor_of(size)) == "settling"
    (target,) = targets(real.engine, real.ledger_id)
    assert (target.chain_id, target.demonstration) == (31337, False)


def test_a_lost_journal_is_filled_from_the_node_s_logs(real, make_deployment):
    real.states(3, 5)
    fresh = make_deployment(real.url, contract=real.contract).settle()
    assert fresh.states(3, 5) == ["final", "final"]
    assert fresh.anchor_of(5) == real.anchor_of(5)


def test_one_is_on_its_way_at_a_time_and_the_newest_follows_when_it_is_mined(real):
    """The contract checks each root against the one before: what that is must be known."""
    real.rpc("evm_setAutomine", False)
    assert real.tick(3, **SLOW) == ["sent"]
    assert real.tick(3, 5, 8, **SLOW) == ["sent", "waiting", "waiting"]
    real.rpc("evm_mine")
    assert real.tick(3, 5, 8, **SLOW) == ["final", "waiting", "sent"]
    real.rpc("evm_mine")
    assert real.tick(3, 5, 8) == ["final", "covered", "final"]
    assert real.nonce() == 2


def test_a_transaction_dropped_from_the_pool_is_sent_again(real):
    real.rpc("evm_setAutomine", False)
    (state,) = real.anchorer(**SLOW).tick(real.batches(3))
    real.rpc("anvil_dropTransaction", state.transaction)
    (again,) = real.anchorer(**SLOW).tick(real.batches(3))
    assert again.transaction == state.transaction
    real.rpc("evm_mine")
    assert real.states(3) == ["final"]
    assert real.nonce() == 1


def test_a_nonce_taken_by_a_foreign_transaction_gets_a_new_attempt(real):
    real.rpc("evm_setAutomine", False)
    (state,) = real.anchorer(**SLOW).tick(real.batches(3))
    real.rpc("anvil_dropTransaction", state.transaction)
    plain = {"to": real.owner.address, "value": 1, "gas": 21000, "gasPrice": 10**10, "nonce": 0,
             "chainId": 31337}  # fmt: skip
    real.web3.eth.send_raw_transaction(real.account.sign_transaction(plain).raw_transaction)
    real.rpc("evm_mine")
    real.rpc("evm_setAutomine", True)
    (after,) = real.anchorer().tick(real.batches(3))
    assert after.state == "final"
    assert after.transaction != state.transaction
    assert real.nonce() == 2


def test_a_reorganisation_after_final_falls_back_and_is_anchored_again(real):
    states = anchor_each(real.anchorer(), real.batches(3, 5, 8))
    anchor = real.anchor_of(8)
    real.rpc("evm_setAutomine", False)
    real.rpc("anvil_reorg", 2, [])
    assert real.look_up(8, anchor) == "absent"
    fallen = real.anchorer(**SLOW).tick(real.batches(3, 5, 8))
    assert [s.state for s in fallen] == ["final", "sent", "sent"]
    assert anchors_for(real.engine, 8) == []
    real.rpc("evm_mine")
    assert real.tick(3, 5, 8, **SLOW) == ["final", "final", "sent"]
    real.rpc("evm_mine")
    again = real.anchorer().tick(real.batches(3, 5, 8))
    assert [s.state for s in again] == ["final"] * 3
    assert [s.transaction for s in again] == [s.transaction for s in states]
    assert real.nonce() == 3
    assert real.anchor_of(8)["block_number"] != anchor["block_number"]
    assert real.look_up(8, anchor) == "settling", "a file of before it is as good as a new one"
    assert real.look_up(8, real.anchor_of(8)) == "settling"


def test_a_deep_reorganisation_brings_old_final_batches_back_too(real):
    sizes = range(1, RECHECKED + 5)
    assert set(real.states(*sizes)) == {"final"}
    real.rpc("evm_setAutomine", False)
    real.rpc("anvil_reorg", len(sizes), [])
    assert set(real.tick(*sizes, **SLOW)) == {"sent"}
    real.rpc("evm_mine")
    real.rpc("evm_setAutomine", True)
    assert set(real.tick(*sizes)) == {"final"}
    assert real.nonce() == len(sizes)


def test_the_wrong_chain_is_refused_before_and_during_work(real, start_node):
    with pytest.raises(Fatal, match="wrong chain"):
        preflight(real.web3, real.place, real.account.address, chain_id=1)
    working = real.anchorer()
    working.tick(real.batches(3))
    real.web3.provider = connect(start_node(chain_id=1).url).provider
    with pytest.raises(Fatal, match="changed from chain 31337 to 1"):
        working.tick(real.batches(3, 5))


def test_a_wrong_contract_or_key_is_refused(real):
    key, place = real.account.address, real.place
    assert preflight(real.web3, place, key) == 31337
    nowhere = BatchAnchor(real.web3, "0x" + "11" * 20, place.founder, real.ledger_id)
    with pytest.raises(Fatal, match="no BatchAnchor contract"):
        preflight(real.web3, nowhere, key)
    for founder, ledger_id in ((place.founder, b"\x08" * 32), (key, real.ledger_id)):
        other = BatchAnchor(real.web3, real.contract, founder, ledger_id)
        with pytest.raises(Fatal, match="is not open"):
            preflight(real.web3, other, key)
    with pytest.raises(Fatal, match="our key is"):
        preflight(real.web3, place, real.owner.address)


def test_a_real_chain_is_never_set_up_silently(real):
    known = {"ledger_id": real.ledger_id, "owner": real.owner, "anchorer": real.account.address}
    before = real.web3.eth.block_number
    nothing_known = new_engine()
    with pytest.raises(Fatal, match="no contract configured"):
        ensure_target(nothing_known, real.web3, **known)
    nothing_known.dispose()
    assert ensure_target(real.engine, real.web3, **known).address == real.contract
    with pytest.raises(Fatal, match="no BatchAnchor contract"):
        ensure_target(real.engine, real.web3, contract="0x" + "11" * 20, **known)
    assert real.web3.eth.block_number == before


def test_a_development_node_pays_for_the_first_steps(real):
    poor = "0x" + "42" * 20
    fund_from_node(real.web3, poor)
    assert real.web3.eth.get_balance(real.web3.to_checksum_address(poor)) == ENOUGH
    nonce = real.nonce()
    fund_from_node(real.web3, poor, real.account.address)
    assert real.web3.eth.get_balance(real.web3.to_checksum_address(poor)) == ENOUGH
    assert real.nonce() == nonce


def test_a_public_chain_gives_nothing_and_says_whom_to_fund(real, monkeypatch):
    poor = "0x" + "43" * 20
    monkeypatch.setattr(type(real.web3.eth), "accounts", ())
    with pytest.raises(Fatal, match=poor):
        fund_from_node(real.web3, real.owner.address, poor)


def test_finality_is_near_on_development_chains_and_far_on_others(start_node, make_deployment):
    assert usual_confirmations(make_deployment(start_node().url).web3) == 1
    public = make_deployment(start_node(chain_id=137).url)
    assert usual_confirmations(public.web3) == 12
    silent = connect("http://127.0.0.1:9")
    assert usual_confirmations(silent) == 12


def test_the_demonstration_runs_on_a_real_node(node, tmp_path):
    done = run("demo", "--dir", tmp_path / "d", "--rpc", node.url)
    assert done.code == 0, done.err
    proof = tmp_path / "d" / "proof.json"
    assert run("verify", proof, "--rpc", node.url, *own(tmp_path / "d")[2:]).code == 0
    assert run("verify", proof).code == 3
    assert run("audit", "--dir", tmp_path / "d", "--rpc", node.url).code == 0
    assert run("anchor", "--dir", tmp_path / "d", "--rpc", node.url).code == 0


def test_a_ledger_is_opened_once(real):
    arguments = (real.web3, real.contract, real.ledger_id, real.owner, real.account.address)
    before = real.web3.eth.get_transaction_count(real.owner.address)
    open_ledger(*arguments)
    assert real.web3.eth.get_transaction_count(real.owner.address) == before
    data = real.place.open_data(real.account.address, ZERO_ADDRESS)
    with pytest.raises(Retry, match="estimate"):
        send_and_wait(real.web3, real.owner, real.contract, data)


def test_a_second_contract_is_another_place(real):
    real.states(3)
    second = deploy(real.web3, real.owner)
    anchor = {**real.anchor_of(3), "contract": second}
    assert real.look_up(3, anchor) == "absent"


def test_an_empty_balance_waits_until_it_is_filled(real):
    real.rpc("anvil_setBalance", real.account.address, "0x1")
    with pytest.raises(Retry):
        real.states(3)
    real.rpc("anvil_setBalance", real.account.address, hex(10**20))
    assert real.states(3) == ["final"]


def test_a_node_that_is_gone_is_retry_and_unreachable(real, node):
    real.states(3)
    anchor, working = real.anchor_of(3), real.anchorer()
    node.stop()
    with pytest.raises(Retry):
        working.tick(real.batches(3, 5))
    assert real.look_up(3, anchor) == "unreachable"
    with pytest.raises(Retry):
        Anchorer(real.engine, real.web3, real.place, real.account, consistency)


def test_a_node_that_hangs_is_given_up(real, monkeypatch):
    monkeypatch.setattr(endpoint, "READ_SECONDS", 0.2)
    real.states(3)
    anchor = real.anchor_of(3)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        real.web3.provider = connect(f"http://127.0.0.1:{silent.getsockname()[1]}").provider
        assert real.look_up(3, anchor) == "unreachable"
        with pytest.raises(Retry):
            real.states(3)
