"""A ledger's contract, deployed on a chain."""

from dataclasses import dataclass, field

from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_typing import HexStr
from sqlalchemy import Engine
from sqlmodel import SQLModel, create_engine
from web3 import Web3
from web3.types import RPCEndpoint

from anchoring.anchorer import Anchorer
from anchoring.contract import artifact
from anchoring.deploy import ensure_target
from anchoring.journal import anchors_for
from anchoring.reader import ChainReader
from anchoring.web3_chain import send_and_wait
from tests.builders.waiting import PATIENCE

NOW = 1_800_000_000


def root_of(size: int) -> bytes:
    """A root that names its size, so a mixed-up one shows."""
    return size.to_bytes(32, "big")


def new_engine() -> Engine:
    """An empty database with the journal's tables."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    return engine


@dataclass
class Deployment:
    """One ledger on one chain."""

    web3: Web3
    url: str
    engine: Engine = field(default_factory=new_engine)
    ledger_id: bytes = b"\x07" * 32
    owner: LocalAccount = field(default_factory=lambda: Account.from_key(b"\x01" * 32))
    account: LocalAccount = field(default_factory=lambda: Account.from_key(b"\x02" * 32))
    contract: str = ""

    def settle(self) -> "Deployment":
        self.contract = ensure_target(
            self.engine,
            self.web3,
            ledger_id=self.ledger_id,
            owner=self.owner,
            anchorer=self.account.address,
            contract=self.contract or None,
        )
        return self

    def anchorer(self, **options: object) -> Anchorer:
        return Anchorer(
            self.engine,
            self.web3,
            self.contract,
            self.ledger_id,
            self.account,
            **{"wait_seconds": PATIENCE, **options},
        )

    def batches(self, *sizes: int) -> list[tuple[int, bytes]]:
        return [(size, root_of(size)) for size in sizes]

    def states(self, *sizes: int, **options: object) -> list[str]:
        return [s.state for s in self.anchorer(**options).tick(self.batches(*sizes))]

    def anchor_of(self, size: int) -> dict[str, object]:
        (anchor,) = anchors_for(self.engine, size)
        return anchor

    def look_up(self, size: int, anchor: dict[str, object], **options: object) -> str:
        reader = ChainReader(self.web3, **options)
        return reader.look_up(anchor, self.ledger_id, size, root_of(size)).state

    def as_owner(self, name: str, *args: object) -> None:
        self.call(self.owner, name, *args)

    def call(self, account: LocalAccount, name: str, *args: object) -> None:
        abi = self.web3.eth.contract(abi=artifact().abi)
        data = abi.encode_abi(name, args=[self.ledger_id, *args])
        send_and_wait(self.web3, account, self.contract, HexStr(data))

    def nonce(self) -> int:
        """Number of the anchorer's transactions on the chain."""
        return self.web3.eth.get_transaction_count(self.account.address)

    def rpc(self, method: str, *params: object) -> object:
        answer = self.web3.provider.make_request(RPCEndpoint(method), list(params))
        assert "error" not in answer, answer
        return answer["result"]

    def add_block(self) -> None:
        funded = self.web3.eth.accounts[0]
        self.web3.eth.send_transaction({"from": funded, "to": funded, "value": 1})
