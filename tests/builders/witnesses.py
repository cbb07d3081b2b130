"""Witnesses of a ledger's log, each behind a server of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.witness.keeping import LOGS, Witnessing, hold
from api.witness.serving import create_app
from ledger.core.trees.notes import vkey
from ledger.core.trees.witness_policy import WitnessPolicy, parse_policy
from tests.builders.records import Town
from tests.builders.servers import serving


@dataclass
class Stood:
    """A witness that serves: where, its folder, and what a policy says of it."""

    url: str
    folder: Path
    witnessing: Witnessing
    name: str

    @property
    def line(self) -> str:
        return f"witness {self.name} {self.witnessing.cosigner.vkey()} {self.url}\n"


def key_of(number: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([200 + number]) * 32)


def list_logs(folder: Path, *towns: Town) -> None:
    """Write the list of logs of a witness' folder."""
    folder.mkdir(exist_ok=True)
    public = [(t.body.origin, t.log_key.public_key().public_bytes_raw()) for t in towns]
    lines = "".join(f"log {vkey(*log)}\n" for log in public)
    (folder / LOGS).write_text(lines + "quorum none\n")


@contextmanager
def witness(folder: Path, town: Town, number: int = 1) -> Iterator[Stood]:
    """A witness of a town's log on a free port."""
    list_logs(folder, town)
    name = f"w{number}"
    with hold(folder):
        one = Witnessing(folder, f"witness.example/{name}", key_of(number), town.clock)
        with serving(create_app(one)) as url:
            yield Stood(url, folder, one, name)


def policy_of(*stood: Stood, needed: int | str = "all") -> WitnessPolicy:
    """The policy by which these count."""
    names = " ".join(one.name for one in stood)
    lines = "".join(one.line for one in stood)
    return parse_policy(f"{lines}group witnesses {needed} {names}\nquorum witnesses\n")
