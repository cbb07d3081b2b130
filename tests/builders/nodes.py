"""A real node to anchor on: anvil, which npm brings."""

import os
import re
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.builders.waiting import PATIENCE, until

REPOSITORY = Path(__file__).resolve().parents[2]
ANVIL = REPOSITORY / "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
LISTENS = re.compile(r"^Listening on ([0-9.:]+)$", re.MULTILINE)


@dataclass
class Node:
    """A running anvil."""

    process: subprocess.Popen[bytes]
    url: str

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


def start_anvil(home: Path, chain_id: int = 31337) -> Node:
    """An empty chain, at a port that the node takes itself and says."""
    command = os.environ.get("ANVIL") or str(ANVIL)
    assert Path(command).exists(), f"{command} is missing: make setup"
    arguments = ["--host", "127.0.0.1", "--port", "0", "--chain-id", str(chain_id)]
    with tempfile.NamedTemporaryFile(dir=home, suffix=".anvil") as said:
        process = subprocess.Popen(
            [command, *arguments, "--color", "never", "--prune-history", "64"],
            env={**os.environ, "HOME": str(home)},
            stdout=said,
        )

        def listens() -> re.Match[str] | None:
            assert process.poll() is None, "anvil died"
            return LISTENS.search(Path(said.name).read_text(encoding="utf-8"))

        found = until(listens, "anvil")
    assert found
    return Node(process, f"http://{found[1]}")
