"""`hourledger serve` and `hourledger witness serve` as processes of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.builders.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Serving:
    """A running server: its process, its address, and what it said when it began to listen."""

    process: subprocess.Popen[str]
    url: str
    said: list[str]
    errors: Path

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, timeout=PATIENCE)

    def post(self, path: str, content: object) -> httpx.Response:
        return httpx.post(self.url + path, json=content, timeout=PATIENCE)

    def chores(self) -> dict[str, str]:
        found: dict[str, str] = self.get("/readyz").json()["chores"]
        return found

    def kill(self) -> None:
        """As `kill -9`."""
        self.process.kill()
        self.process.wait()


def serving(folder: Path, *options: str, **environment: str) -> AbstractContextManager[Serving]:
    """A server of a ledger's directory at a free port, until it is left. Its directory is made
    with the permissions that most systems give."""
    return _started(("serve",), "Listening on ", folder, options, environment)


def witnessing(folder: Path, **environment: str) -> AbstractContextManager[Serving]:
    """The same of a witness' folder."""
    return _started(("witness", "serve"), "Witnessing at ", folder, (), environment)


@contextmanager
def _started(
    words: tuple[str, ...],
    listening: str,
    folder: Path,
    options: tuple[str, ...],
    environment: dict[str, str],
) -> Iterator[Serving]:
    plain = {k: v for k, v in os.environ.items() if not k.startswith("HOURLEDGER_")}
    errors = folder.parent / f"{folder.name}.{os.urandom(4).hex()}.err"
    command = [sys.executable, "-m", "api.cli.app", *words, "--dir", str(folder), "--port", "0"]
    with errors.open("w") as err:
        process = subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env={**plain, **environment},
            stdout=subprocess.PIPE,
            stderr=err,
            text=True,
            umask=0o022,
        )
    assert process.stdout is not None
    said: list[str] = []
    try:
        for line in process.stdout:
            said.append(line.rstrip("\n"))
            if line.startswith(listening):
                break
        else:
            raise AssertionError(f"it does not listen: {errors.read_text()}")
        yield Serving(process, said[-1].removeprefix(listening), said, errors)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
        process.stdout.close()
