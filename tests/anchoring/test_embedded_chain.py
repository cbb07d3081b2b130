"""The demonstration chain is durable, has one writer and says what it is."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from eth_account import Account
from web3 import Web3

from anchoring.embedded_chain import CLIENT_VERSION, EmbeddedProvider
from anchoring.errors import Fatal, Retry
from anchoring.web3_chain import close, connect, is_demonstration, send_raw

REPOSITORY = Path(__file__).resolve().parents[2]


def lose(path: Path) -> None:
    for file in path.parent.glob(path.name + "*"):
        file.unlink()


def count_nodes(deployment) -> int:
    path = deployment.url.removeprefix("embedded:")
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM node").fetchone()[0]


def test_says_that_it_is_a_demonstration(deployment):
    assert is_demonstration(deployment.web3)
    assert deployment.web3.client_version == CLIENT_VERSION
    assert not is_demonstration(connect("http://127.0.0.1:1"))


def test_a_restart_keeps_the_anchors(deployment, make_deployment):
    assert deployment.states(3, 5) == ["final", "final"]
    anchor = deployment.anchor_of(3)
    close(deployment.web3)
    again = make_deployment(deployment.url, engine=deployment.engine)
    assert again.settle().contract == deployment.contract
    assert again.states(3, 5) == ["final", "final"]
    assert again.nonce() == 2
    assert again.look_up(3, anchor) == "settling"


def test_a_lost_chain_is_set_up_anew_and_anchored_from_the_first_batch(
    deployment, chain_path, make_deployment
):
    deployment.states(3, 5)
    old = deployment.anchor_of(3)
    close(deployment.web3)
    lose(chain_path)
    again = make_deployment(deployment.url, engine=deployment.engine).settle()
    assert again.nonce() == 0
    assert again.states(3, 5, 8) == ["final", "final", "final"]
    assert again.nonce() == 3
    assert again.anchor_of(3)["chain_id"] != old["chain_id"]
    assert again.look_up(3, again.anchor_of(3)) == "settling"
    assert again.look_up(3, old) == "unreachable"


def test_a_second_writer_is_refused(deployment, chain_path):
    with pytest.raises(Retry, match="another process writes"):
        connect(f"embedded:{chain_path}")


def test_a_closed_chain_may_be_written_by_the_next(deployment, chain_path):
    close(deployment.web3)
    close(connect(f"embedded:{chain_path}"))


def test_a_reader_follows_the_writer_and_cannot_write(deployment, chain_path):
    reading = connect(f"embedded:{chain_path}", read_only=True)
    before = reading.eth.block_number
    deployment.states(3)
    assert reading.eth.block_number == before + 1
    with pytest.raises(Fatal, match="reading only"):
        reading.eth.send_raw_transaction(b"\x02")
    close(reading)


def test_a_second_process_reads_while_the_first_writes(deployment, chain_path):
    deployment.states(3)
    script = (
        "from anchoring.web3_chain import connect;"
        f"print(connect('embedded:{chain_path}', read_only=True).eth.block_number)"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert int(found.stdout) == deployment.web3.eth.block_number


def test_there_is_nothing_to_read_where_no_chain_is(chain_path):
    with pytest.raises(Fatal, match="no demonstration chain"):
        connect(f"embedded:{chain_path}", read_only=True)


def test_two_chains_have_two_ids(tmp_path):
    first, second = (connect(f"embedded:{tmp_path / name}") for name in ("a", "b"))
    assert first.eth.chain_id != second.eth.chain_id
    close(first)
    close(second)


def test_a_transaction_for_another_chain_is_refused(deployment):
    signed = deployment.account.sign_transaction(
        {"to": deployment.owner.address, "value": 1, "gas": 21000, "gasPrice": 10**10, "nonce": 0,
         "chainId": 1}
    )  # fmt: skip
    with pytest.raises(Retry, match="invalid chain id"):
        send_raw(deployment.web3, bytes(signed.raw_transaction))
    assert deployment.nonce() == 0


def test_block_time_is_the_clock_and_always_grows(chain_path: Path):
    times = iter([1_000, 2_000, 1_500, 3_000])
    web3 = Web3(EmbeddedProvider(str(chain_path), clock=lambda: next(times)))
    faucet = web3.eth.accounts[0]
    for _ in range(3):
        web3.eth.send_transaction({"from": faucet, "to": faucet, "value": 1, "gas": 21000})
    stamps = [web3.eth.get_block(number)["timestamp"] for number in range(4)]
    assert stamps == [1_000, 2_000, 2_001, 3_000]
    close(web3)


def test_a_block_that_fails_half_way_leaves_the_chain_whole(
    deployment, make_deployment: Callable[..., object], monkeypatch: pytest.MonkeyPatch
):
    deployment.states(3)
    backend = deployment.web3.provider.ethereum_tester.backend

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("planted")

    before = count_nodes(deployment)
    with monkeypatch.context() as patch:
        patch.setattr(type(backend), "mine_blocks", fail)
        with pytest.raises(Retry):
            deployment.states(3, 5)
    assert count_nodes(deployment) == before
    assert deployment.nonce() == 1
    assert deployment.states(3, 5) == ["final", "final"]
    assert deployment.nonce() == 2


def test_other_addresses_are_refused():
    with pytest.raises(Fatal, match="chain address"):
        connect("ws://127.0.0.1:1")


def test_an_unknown_account_has_nothing(deployment):
    assert deployment.web3.eth.get_balance(Account.from_key(b"\x09" * 32).address) == 0
