"""Whatever a run says, in whatever trouble the node is, its address stays in the process."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from api.node.directory import LedgerDir
from api.node.worker import Worker
from api.server.app import create_app
from api.server.services import Services
from tests.builders.commands import Done
from tests.builders.faulty_nodes import bad_node, secret_url, secrets_in
from tests.builders.http import Client
from tests.builders.waiting import until

TELLING = ("429", "no JSON", "null", "echo", "unreachable")
"""Kinds of trouble whose errors differ; tests/anchoring tries all."""

QUESTIONS = (
    ("eth_chainId", "[]"),
    ("eth_blockNumber", "[]"),
)


@pytest.fixture(name="own", scope="module")
def _own(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "ledger"
    shutil.copytree(demo, folder)
    return folder


@pytest.mark.parametrize("fault", TELLING)
def test_no_command_tells_the_address_of_the_node(
    run: Callable[..., Done], own: Path, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with bad_node(fault) as node:
        done = [
            run("verify", own / "proof.json", "--rpc", node.url, "--json"),
            run("anchor", "--dir", own, "--wait", 0, HOURLEDGER_RPC=node.url),
        ]
        if fault == "echo":
            done += [
                run("audit", "--dir", own, "--rpc", node.url, "--json"),
                run("anchor", "--dir", own, "--rpc", node.url, "--deploy"),
            ]
    assert done[1].code == 3
    told = caplog.text + "".join(one.out + one.err for one in done)
    assert secrets_in(told) == []


@pytest.mark.parametrize("command", ["verify", "anchor", "demo", "serve", "audit"])
@pytest.mark.parametrize(
    "url", [secret_url("node.example:x"), secret_url("a b"), secret_url("").replace("http", "wss")]
)
def test_an_address_of_no_known_form_is_not_repeated(
    run: Callable[..., Done], own: Path, tmp_path: Path, command: str, url: str
) -> None:
    arguments = {"verify": [own / "proof.json"], "demo": ["--dir", tmp_path / "new"]}
    done = run(command, *arguments.get(command, ["--dir", own]), "--rpc", url)
    assert (done.code > 0, secrets_in(done.out + done.err)) == (True, [])
    assert "chain address must be" in done.err


@pytest.mark.parametrize("fault", TELLING)
def test_no_answer_and_no_log_line_of_a_server_tells_the_address_of_the_node(
    own: Path, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    with bad_node(fault) as node, LedgerDir.at(own, rpc=node.url) as home:
        worker = Worker(home, max_delay=0.1)
        client = Client(create_app(home, worker=worker, relay=Services(home).relay))
        worker.start()
        until(lambda: worker.chores[1].errors.total() > 0)
        for method, params in QUESTIONS:
            answer = client.get("/verify/chain", params={"method": method, "params": params})
            sentence = "the chain cannot be asked now: try again later"
            assert answer.json()["error"]["message"] == sentence
            told.append(answer.text)
        told += [client.get(path).text for path in ("/readyz", "/metrics", "/healthz", "/verify")]
        worker.stop()
    assert secrets_in(caplog.text + "".join(told)) == []
