"""A proof rests on the newest batch that is final, whatever was mined or sealed since."""

from functools import partial
from pathlib import Path

from eth_account import Account
from eth_account.signers.local import LocalAccount

from anchoring.anchorer import Anchorer
from anchoring.reader import ChainReader
from anchoring.web3_chain import send_and_wait
from ledger.core.records.record import Record
from ledger.core.verify.account import verify_account
from ledger.core.verify.checks import EXIT_CODES, Report
from ledger.core.verify.record import verify
from ledger.operations.prove import bundle
from ledger.operations.prove_account import statement
from ledger.operations.read import consistency
from ledger.operations.seal import seal
from tests.builders.anchored import Anchored, anchored_town
from tests.builders.ledgers import settle
from tests.builders.nodes import Node
from tests.builders.records import START, address

DEPTH = 3


class Life:
    """A town on a real node where an anchor is final under three blocks."""

    def __init__(self, home: Anchored) -> None:
        self.home, self.town, self.days = home, home.town, 0
        home.anchorer = Anchorer(
            home.ledger.engine,
            home.web3,
            home.anchorer._place,
            home.anchorer._account,
            partial(consistency, home.ledger),
            confirmations=DEPTH,
            wait_seconds=0,
        )
        self.activity = settle(home.town, home.ledger)

    def serve(self) -> Record:
        """An hour in a batch of its own."""
        start = START + 90000 + self.days * 86400
        self.days += 1
        record = self.town.served(self.home.ledger, "org", "ann", self.activity, start, 60)
        self.home.ledger.append(record)
        seal(self.home.ledger, self.town.log_key)
        return record

    def anchor(self, blocks: int = 0) -> list[str]:
        """Anchor what is sealed, and let blocks pass; the state of each batch."""
        self.home.anchor_pending()
        for _ in range(blocks):
            self.home.web3.provider.make_request("evm_mine", [])  # type: ignore[arg-type]
        return [state.state for state in self.home.anchor_pending()]

    def judged(self, record: Record) -> Report:
        found = bundle(self.home.ledger, self.town.id(record), self.home.anchors_within)
        return verify(found, ChainReader(self.home.web3, confirmations=DEPTH))


def test_what_was_final_stays_valid_while_newer_batches_come(tmp_path: Path, node: Node) -> None:
    with anchored_town(tmp_path, node.url) as home:
        life = Life(home)
        first = life.serve()
        assert life.anchor(blocks=DEPTH) == ["final"]
        assert life.judged(first).verdict == "valid"
        second = life.serve()
        assert life.anchor() == ["final", "mined"]
        assert life.judged(first).verdict == "valid", "a newer batch is only mined"
        assert life.judged(second).verdict == "pending"
        for number in range(70):
            later = START + 10**7
            announced = life.town.activity("org", later, later + 60, title=f"{number}")
            home.ledger.append(announced)
            seal(home.ledger, life.town.log_key)
        assert life.judged(first).verdict == "valid", "70 newer batches wait"
        found = statement(home.ledger, address("ann"), home.anchors_within)
        assert verify_account(found, ChainReader(home.web3, confirmations=DEPTH)).verdict == "valid"


def test_a_change_that_only_a_newer_batch_knows_is_not_hidden_by_an_older_final_one(
    tmp_path: Path, node: Node
) -> None:
    """The operator, or whoever is served a proof, gets no clean one of a voided record."""
    with anchored_town(tmp_path, node.url) as home:
        life = Life(home)
        record = life.serve()
        life.anchor(blocks=DEPTH)
        assert life.judged(record).verdict == "valid"
        home.ledger.append(life.town.void(life.town.id(record), "org"))
        seal(home.ledger, life.town.log_key)
        assert life.judged(record).verdict == "void"
        assert life.anchor() == ["final", "mined"]
        newest = bundle(home.ledger, life.town.id(record), home.anchors_within)
        assert [anchor["size"] for anchor in newest["anchors"]] == [home.ledger.size]
        assert life.judged(record).verdict == "void"


def test_a_proof_whose_anchor_was_taken_back_is_disowned_and_a_fresh_one_valid(
    tmp_path: Path, node: Node
) -> None:
    with anchored_town(tmp_path, node.url) as home:
        life = Life(home)
        record = life.serve()
        life.anchor(blocks=DEPTH)
        old = bundle(home.ledger, life.town.id(record), home.anchors_within)
        demanding = ChainReader(home.web3, confirmations=DEPTH, final=True)
        assert verify(old, demanding).verdict == "pending", "it may still be taken back"

        owner, place = Account.from_key(bytes((1,)) * 32), home.anchorer._place
        anchorer = home.anchorer._account

        def send(account: LocalAccount, name: str, *arguments: object) -> None:
            send_and_wait(home.web3, account, place.address, place.data(name, *arguments))

        send(owner, "disown", home.ledger.size, "two logs were mixed up")
        chain = ChainReader(home.web3, confirmations=DEPTH)
        report = verify(old, chain)
        assert (report.verdict, EXIT_CODES[report.verdict]) == ("disowned", 3)
        (check,) = (check for check in report.checks if check.name == "anchor")
        assert check.ok is None
        assert check.reason.endswith("; ask for a fresh proof: two logs were mixed up")

        send(owner, "proposeAnchorer", anchorer.address)
        send(anchorer, "acceptAnchorer")
        life.serve()
        assert life.anchor(blocks=DEPTH)[-1] == "final"
        assert life.judged(record).verdict == "valid"
