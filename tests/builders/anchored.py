"""A small town's ledger, anchored on a real node and served, with records of every standing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from eth_account import Account
from web3 import Web3

from anchoring.anchorer import Anchorer, AnchorState
from anchoring.deploy import deploy, ensure_target, open_ledger
from anchoring.funding import fund_from_node
from anchoring.journal import anchors_for, anchors_within, targets
from anchoring.once import Once
from anchoring.relay import Relay
from anchoring.web3_chain import close, connect
from ledger.core.kinds.constitution import Target
from ledger.core.kinds.registry import Organisation, Service
from ledger.operations.ledger import Ledger
from ledger.operations.read import batches, consistency
from ledger.operations.seal import seal
from tests.builders.certificate_files import Issuer
from tests.builders.deployments import anchor_each
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import DAY, START, Town
from tests.builders.waiting import until

HOSTILE = "<img src=x onerror=\"document.title='taken'\">"
"""The name of an organisation that hopes for a careless page."""


@dataclass
class Anchored:
    """A town's ledger on a real node, as an `OpenLedger`."""

    town: Town
    ledger: Ledger
    web3: Web3
    anchorer: Anchorer

    @property
    def log_key(self) -> Any:
        return self.town.log_key

    @property
    def batch_seconds(self) -> float:
        return 5.0

    def anchors_for(self, size: int) -> list[dict[str, Any]]:
        return anchors_for(self.ledger.engine, size)

    def anchors_within(self, smallest: int, largest: int) -> list[dict[str, Any]]:
        return anchors_within(self.ledger.engine, smallest, largest)

    def anchor_pending(self) -> list[AnchorState]:
        sealed = [(b.size, b.root) for b in batches(self.ledger, 0, 2**31)]
        return anchor_each(self.anchorer, sealed)

    def seal(self) -> None:
        """Close a batch and anchor it."""
        seal(self.ledger, self.town.log_key)
        pending = self.anchor_pending
        until(lambda: all(state.state in ("final", "covered") for state in pending()), "the anchor")

    def relay(self) -> Relay:
        known = targets(self.ledger.engine, self.ledger.ledger_id)
        kept = Once(lambda: True, time.monotonic)
        return Relay(lambda: self.web3, lambda: {target.contract for target in known}, kept)


@contextmanager
def anchored_town(folder: Path, node: str) -> Iterator[Anchored]:
    """A town's ledger whose batches can be anchored on a node."""
    web3 = connect(node)
    owner, account = (Account.from_key(bytes((n,)) * 32) for n in (1, 2))
    fund_from_node(web3, owner.address, account.address)
    contract = deploy(web3, owner)
    clock = Target(web3.eth.chain_id, contract, owner.address, "demonstration", 3600)
    town = Town(targets=(clock,))
    ledger = opened_ledger(town, folder)
    open_ledger(web3, contract, town.ledger, owner, account.address)
    place = ensure_target(
        ledger.engine,
        web3,
        ledger_id=town.ledger,
        owner=owner,
        anchorer=account.address,
        contract=contract,
    )
    yield Anchored(
        town,
        ledger,
        web3,
        Anchorer(ledger.engine, web3, place, account, partial(consistency, ledger)),
    )
    ledger.close()
    ledger.engine.dispose()
    close(web3)


def certify(home: Anchored) -> dict[str, dict[str, Any]]:
    """Certificates of what is in the ledger: name → file."""
    counter = Issuer(home.town, home.ledger, home.anchors_within)
    valid, revoked = counter.issue("2023-1"), counter.issue("2023-2")
    home.ledger.append(home.town.void(home.town.id(revoked), "org"))
    home.seal()
    return {"valid": counter.file(valid), "void": counter.file(revoked)}


def furnish(home: Anchored) -> dict[str, str]:
    """Records of every standing: name → record id."""
    town, ledger = home.town, home.ledger
    activity = settle(town, ledger)
    start = START + 90000
    found = {
        name: town.served(ledger, "org", "ann", activity, start + day * 86400, 90)
        for day, name in enumerate(("valid", "void", "amended", "disputed"))
    }
    found["honour"] = town.honour("org", "second", "bob", start, 45)
    amended = found["amended"].body
    assert isinstance(amended, Service)
    certification = town.certify("nobody").body
    assert isinstance(certification, Organisation)
    for record in (
        *found.values(),
        town.void(town.id(found["void"]), "org"),
        town.amend(town.id(found["amended"]), replace(amended, minutes=60)),
        town.objection(town.id(found["disputed"]), "ann"),
        town.record(replace(certification, name=HOSTILE), ("authority", "authority")),
    ):
        ledger.append(record)
    town.now += 60
    found["hostile"] = town.activity("nobody", town.now + 3600, town.now + 7200)
    ledger.append(found["hostile"])
    home.seal()
    return {name: "0x" + town.id(record).hex() for name, record in found.items()}


def await_batch(home: Anchored) -> str:
    """The id of a record that no batch holds yet."""
    record = home.town.honour("org", "second", "bob", START + 6 * DAY, 30)
    home.ledger.append(record)
    return "0x" + home.town.id(record).hex()
