"""A ledger opened from its directory, and what lies in there.

hourledger.toml   settings; marks the directory
ledger.sqlite     the ledger
chain.sqlite      the embedded demonstration chain, where no other is set
vault.sqlite      what people said of themselves, encrypted; may be forgotten
access.sqlite     sign-in, sessions, tokens and share links of the server
credits/          runs of registrars: rosters and reports, with names; may be forgotten
keys/             the keystore
*.lock            held by the process that seals, anchors, or writes to the demonstration chain
passphrase        only where nobody was there to choose one
"""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from eth_account import Account
from eth_account.signers.local import LocalAccount

from anchoring.address import EMBEDDED, checked
from anchoring.anchorer import Anchorer, AnchorState
from anchoring.contract import ZERO_ADDRESS, BatchAnchor
from anchoring.deploy import deploy, ensure_target, open_ledger
from anchoring.errors import Fatal
from anchoring.funding import fund_from_node
from anchoring.journal import anchors_for, anchors_within, targets
from anchoring.web3_chain import close, connect, is_demonstration, usual_confirmations
from api.errors import WrongUse
from api.node import passphrase
from api.node.keystore import Keystore
from api.node.migrations.upgrade import upgrade
from api.node.policy_file import read_policy
from api.node.settings import CHAIN, FILE, Settings, load
from api.node.witnesses import gather
from ledger.operations.ledger import Clock, Ledger, system_clock
from ledger.operations.read import batches, consistency
from ledger.operations.seal import next_head
from ledger.operations.vault import Vault
from ledger.store.engine import open_engine
from ledger.store.vault import open_vault

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from anchoring.web3_chain import Web3
    from ledger.store.engine import Engine

KEYS: Final = "keys"
DEMONSTRATION: Final = "demonstration"
"""The nature of a target that nobody but its operator witnesses."""
LEDGER: Final = "ledger.sqlite"
VAULT: Final = "vault.sqlite"

AUTHORITY: Final = "authority"
ANCHORER: Final = "anchorer"
OWNER: Final = "owner"
STATION: Final = "station"
"""The key with which this ledger's server witnesses clock events, where organisations let it."""


class LedgerDir:
    """One ledger in one directory. The keystore is unlocked when a key is first needed."""

    def __init__(self, path: Path, settings: Settings, clock: Clock = system_clock) -> None:
        """Open the ledger; use `at` for a directory that a person named."""
        self.path = path
        self.settings = settings
        self.clock = clock
        engine = open_engine(path / LEDGER)
        upgrade(engine)
        self.ledger = Ledger(engine, clock)
        self._chain: Web3 | None = None
        self._reading: Web3 | None = None
        self._anchorer: Anchorer | None = None
        self._engines: list[Engine] = []
        self._log_keys: dict[bytes, Ed25519PrivateKey] = {}

    @classmethod
    def at(
        cls,
        path: Path | None,
        clock: Clock = system_clock,
        rpc: str | None = None,
        **changes: str | int | None,
    ) -> Self:
        """The ledger of a directory, on the chain `rpc` if given; settings that are given and not
        None go before its own. Raises `WrongUse`."""
        if path is None:
            raise WrongUse("say where the ledger lives: --dir DIR, or HOURLEDGER_DIR")
        if not is_ledger(path):
            raise WrongUse(f"there is no ledger in {path}: make one with `hourledger init`")
        given = {name: to for name, to in {"rpc": rpc or None, **changes}.items() if to is not None}
        settings = load(path).model_copy(update=given)
        try:
            checked(settings.rpc or EMBEDDED)
        except Fatal as error:
            raise WrongUse(str(error)) from error
        return cls(path, settings, clock)

    def __enter__(self) -> Self:
        """The ledger itself; leaving closes it."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the ledger and what was opened for it."""
        self.close()

    def reading(self) -> Web3:
        """A reading connection to the chain, kept until `close`."""
        if self._reading is None:
            self._reading = connect(self.chain_url, clock=self.clock, read_only=True)
        return self._reading

    def closing(self, engine: Engine) -> Engine:
        """The same engine, which is disposed of when the ledger is closed."""
        self._engines.append(engine)
        return engine

    def close(self) -> None:
        """Finish what is being written and give back files and locks."""
        for engine in self._engines:
            engine.dispose()
        self.ledger.close()
        self.ledger.engine.dispose()
        for chain in (self._chain, self._reading):
            if chain is not None:
                close(chain)

    @cached_property
    def keys(self) -> Keystore:
        """The unlocked keystore. Raises `WrongUse` without the passphrase."""
        return Keystore.unlock(self.path / KEYS, passphrase.existing(self.path, self.settings))

    @property
    def log_key(self) -> Ed25519PrivateKey:
        """The key that signs the next checkpoint: the one that the charter for it names. Raises
        `WrongUse` without the passphrase, and where that key is not here."""
        public = self.ledger.root().at(next_head(self.ledger)).log_key
        if public not in self._log_keys:
            self._log_keys[public] = self.keys.log_key(public)
        return self._log_keys[public]

    @property
    def batch_seconds(self) -> float:
        """Longest wait of an entry for its batch, in seconds."""
        return self.settings.batch_seconds

    @cached_property
    def vault(self) -> Vault:
        """What people said of themselves. Raises `WrongUse` without the passphrase."""
        engine = self.closing(open_vault(self.path / VAULT))
        return Vault(engine, self.keys.vault_key(), self.clock)

    def account(self, label: str) -> LocalAccount:
        """The chain account of a key."""
        found: LocalAccount = Account.from_key(self.keys.demand(label))
        return found

    @property
    def chain_url(self) -> str:
        """The chain that this ledger anchors to."""
        return self.settings.rpc or f"embedded:{self.path / CHAIN}"

    def chain(self) -> Web3:
        """A writing connection to the chain, kept until `close`."""
        if self._chain is None:
            self._chain = connect(self.chain_url, clock=self.clock, new_id=self._promised_id())
        return self._chain

    def _promised_id(self) -> int | None:
        """The id of the demonstration chain that the charter names, as long as nothing was anchored
        there: a chain that was lost is never taken for its successor."""
        found, charter = self.ledger.ledger_id, self.ledger.head().charter
        used = {target.chain_id for target in targets(self.ledger.engine, found)}
        return next(
            (
                target.chain_id
                for target in charter.targets
                if target.nature == DEMONSTRATION and target.chain_id not in used
            ),
            None,
        )

    def set_up_contract(self) -> str:
        """Deploy BatchAnchor to a real chain, open this ledger in it, and remember it.

        Development nodes with unlocked accounts pay for it; elsewhere the owner's and the
        anchorer's addresses must have been funded. Raises `Fatal` or `Retry`.
        """
        web3, owner, anchorer = self.chain(), self.account(OWNER), self.account(ANCHORER)
        if not is_demonstration(web3):
            fund_from_node(web3, owner.address, anchorer.address)
            contract = self.settings.contract or deploy(web3, owner)
            ledger, guardian = self.ledger.ledger_id, self.settings.guardian or ZERO_ADDRESS
            open_ledger(web3, contract, ledger, owner, anchorer.address, guardian)
            return self.place(contract).address
        return self.place(None).address

    def place(self, contract: str | None) -> BatchAnchor:
        """This ledger's place in its contract, found, checked and remembered (`ensure_target`)."""
        return ensure_target(
            self.ledger.engine,
            self.chain(),
            ledger_id=self.ledger.ledger_id,
            owner=self.account(OWNER),
            anchorer=self.account(ANCHORER).address,
            contract=contract,
            clock=self.clock,
        )

    def gather_cosignatures(self) -> None:
        """Ask the witnesses of the policy in `settings.witnesses`, if there is one, to cosign the
        newest checkpoint. Raises `WrongUse` for a policy that cannot be read, and `Retry` when a
        witness did not cosign."""
        if self.settings.witnesses is not None:
            # Read each time: who adds a witness need not start the server anew.
            policy = read_policy(self.path / self.settings.witnesses)
            gather(self.ledger, policy, self.clock)

    def anchor_pending(self) -> list[AnchorState]:
        """Bring the anchors of all batches one step further; the state of each, in order.

        Raises `Retry` while the chain cannot be had and `Fatal` when a person is needed.
        """
        if self._anchorer is None:
            web3 = self.chain()
            self._anchorer = Anchorer(
                self.ledger.engine,
                web3,
                self.place(self.settings.contract),
                self.account(ANCHORER),
                partial(consistency, self.ledger),
                clock=self.clock,
                confirmations=self.settings.confirmations or usual_confirmations(web3),
                every_seconds=self.settings.anchor_seconds,
            )
        sealed = batches(self.ledger, 0, 2**31)
        try:
            return self._anchorer.tick([(batch.size, batch.root) for batch in sealed])
        except Fatal:
            # Whoever looks again asks anew which chain and contract there are.
            self._anchorer = None
            raise

    def anchors_for(self, size: int) -> list[dict[str, Any]]:
        """The anchors of the checkpoint of `size` entries, as last seen."""
        return anchors_for(self.ledger.engine, size)

    def anchors_within(self, smallest: int, largest: int) -> list[dict[str, Any]]:
        """The anchors that a proof had best rest on, as last seen."""
        return anchors_within(self.ledger.engine, smallest, largest)


def is_ledger(path: Path) -> bool:
    """Whether a directory holds a ledger."""
    return (path / FILE).is_file()
