"""A ledger's contract, deployed on a chain."""

from dataclasses import dataclass, field

from eth_account import Account
from eth_account.signers.local import LocalAccount
from sqlalchemy import Engine
from sqlmodel import SQLModel, create_engine
from web3 import Web3
from web3.types import RPCEndpoint

from anchoring.anchorer import Anchorer, AnchorState
from anchoring.contract import BatchAnchor
from anchoring.deploy import ensure_target
from anchoring.journal import anchors_for
from anchoring.reader import ChainReader
from anchoring.web3_chain import send_and_wait
from ledger.core.trees.merkle import consistency_path, leaf_hash, reader_of, root
from tests.builders.waiting import PATIENCE

NOW = 1_800_000_000


LEAVES = [leaf_hash(b"entry %d" % number) for number in range(100)]
"""The log of the ledgers here."""

LIES = [leaf_hash(b"another entry %d" % number) for number in range(100)]
"""What a thief of the anchorer's key would have the log be."""


def root_of(size: int) -> bytes:
    """The root of the log at a size."""
    return root(LEAVES[:size])


def consistency(old: int, new: int) -> list[bytes]:
    """The proof that the log of the new size extends the old one."""
    return consistency_path(reader_of(LEAVES), old, new)


def lie(size: int, before: int) -> tuple[int, bytes, list[bytes]]:
    """What a thief of the anchorer's key can anchor on top of a log of the size before: size, root
    and a proof that it extends it."""
    leaves = LEAVES[:before] + LIES[before:size]
    path = consistency_path(reader_of(leaves), before, size) if before else []
    return size, root(leaves), path


def anchor_each(anchorer: Anchorer, batches: list[tuple[int, bytes]]) -> list[AnchorState]:
    """Anchor batch by batch, as a ledger does that anchors as often as it seals."""
    head = anchorer._place.status(0).head_size
    ends = [end for end, (size, _) in enumerate(batches, 1) if size > head]
    return [anchorer.tick(batches[:end]) for end in ends or [len(batches)]][-1]


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

    @property
    def place(self) -> BatchAnchor:
        """Where the ledger is in its contract; its owner founded it."""
        return BatchAnchor(self.web3, self.contract, self.owner.address, self.ledger_id)

    def settle(self) -> "Deployment":
        found = ensure_target(
            self.engine,
            self.web3,
            ledger_id=self.ledger_id,
            owner=self.owner,
            anchorer=self.account.address,
            contract=self.contract or None,
        )
        self.contract = found.address
        return self

    def anchorer(self, **options: object) -> Anchorer:
        return Anchorer(
            self.engine,
            self.web3,
            self.place,
            self.account,
            consistency,
            **{"wait_seconds": PATIENCE, **options},
        )

    def batches(self, *sizes: int) -> list[tuple[int, bytes]]:
        return [(size, root_of(size)) for size in sizes]

    def states(self, *sizes: int, **options: object) -> list[str]:
        """The states after each of these batches was anchored, as soon as it was sealed."""
        states = anchor_each(self.anchorer(**options), self.batches(*sizes))
        return [state.state for state in states]

    def tick(self, *sizes: int, **options: object) -> list[str]:
        """The states after one tick."""
        return [state.state for state in self.anchorer(**options).tick(self.batches(*sizes))]

    def anchor_of(self, size: int) -> dict[str, object]:
        (anchor,) = anchors_for(self.engine, size)
        return anchor

    def claim(self, size: int, **changes: object) -> dict[str, object]:
        """An anchor object with no hints that lead anywhere."""
        return {
            "chain_id": self.web3.eth.chain_id,
            "contract": self.contract,
            "founder": self.place.founder,
            "size": size,
            "transaction": "0x" + "11" * 32,
            "block_number": 0,
            "block_hash": "0x" + "11" * 32,
            **changes,
        }

    def look_up(self, size: int, anchor: dict[str, object], **options: object) -> str:
        reader = ChainReader(self.web3, **options)
        return reader.look_up(anchor, self.ledger_id, size, root_of(size)).state

    def as_owner(self, name: str, *args: object) -> None:
        self.call(self.owner, name, *args)

    def call(self, account: LocalAccount, name: str, *args: object) -> None:
        send_and_wait(self.web3, account, self.contract, self.place.data(name, *args))

    def rotate(self, account: LocalAccount) -> None:
        """The owner makes another key the anchorer."""
        self.as_owner("proposeAnchorer", account.address)
        self.call(account, "acceptAnchorer")
        self.account = account

    def later(self, seconds: int) -> None:
        """A block so much later; on anvil."""
        self.rpc("evm_increaseTime", seconds)
        self.rpc("evm_mine")

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
