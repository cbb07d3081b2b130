"""A real node to anchor on: anvil, which npm brings."""

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from anchoring.web3_chain import close, connect

REPOSITORY = Path(__file__).resolve().parents[1]
ANVIL = REPOSITORY / "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"


@dataclass
class Node:
    """A running anvil."""

    process: subprocess.Popen[bytes]
    url: str

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def start_anvil(home: Path, chain_id: int = 31337) -> Node:
    """An empty chain at a free port."""
    command = os.environ.get("ANVIL") or str(ANVIL)
    assert Path(command).exists(), f"{command} is missing: make setup"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--chain-id", str(chain_id)]
    process = subprocess.Popen(
        [command, *arguments, "--silent", "--prune-history", "64"],
        env={**os.environ, "HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    node = Node(process, f"http://127.0.0.1:{port}")
    web3 = connect(node.url)
    try:
        for _ in range(250):
            if web3.is_connected():
                return node
            assert process.poll() is None, "anvil died"
            time.sleep(0.02)
    finally:
        close(web3)
    raise AssertionError("anvil does not answer")
