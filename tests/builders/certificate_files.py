"""Files of other kinds than bundles: certificates of each standing, transcripts, statements."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.certificates.credential import StatusEntry
from api.certificates.issuer import _row
from api.certificates.signed import commitment_to, signed_credential, with_ledger_proof
from api.pdf.statement import Opening, Statement
from ledger.core.records.commitments import commit
from ledger.core.records.record import Record
from ledger.operations.certificates import certifiable
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors
from ledger.operations.prove_account import statement
from ledger.operations.prove_certificate import certificate_proof
from ledger.operations.transcript import transcript
from tests.builders.bundles import AnchoredLedger
from tests.builders.certificate_records import certificate, issuer_key
from tests.builders.records import DAY, START, Town, address, key

EVER = 2**33
SALT = key("salt")
WHAT = {"what": "整理图书"}
OPENED = commit(SALT, WHAT)
DOMAIN = "hours.example.org"
ISSUER_KEY = Ed25519PrivateKey.from_private_bytes(key("desk"))
PUBLIC = ISSUER_KEY.public_key().public_bytes_raw()


class Issuer:
    """Where `org` certifies the hours of ann with one key."""

    def __init__(self, town: Town, ledger: Ledger, anchors: Anchors, domain: str = DOMAIN) -> None:
        self.town, self.ledger, self.anchors, self.domain = town, ledger, anchors, domain
        ledger.append(issuer_key(town, "org", public_key=PUBLIC, domain=domain))
        self._credentials: dict[bytes, tuple[dict[str, Any], list[bytes]]] = {}

    def issue(self, number: str = "2023-1", language: str = "zh-Hans", **changes: Any) -> Record:
        """Record a certificate of all that may be certified."""
        found = certifiable(self.ledger, address("org"), address("ann"), START, EVER)
        stated = Statement(
            ledger=self.town.ledger,
            ledger_name=self.ledger.genesis.name,
            number=number,
            organisation=address("org"),
            organisation_name="org",
            holder=address("ann"),
            holder_name="安＊",
            purpose="申请实习",
            language=language,
            served_from=START,
            served_until=START + 30 * DAY,
            issued_at=self.town.now,
            rows=tuple(_row(item, {OPENED: Opening(WHAT, SALT)}) for item in found),
            supersedes=changes.get("supersedes"),
        )
        status = StatusEntry("https://hours.example.org/organisations/list/1", 7)
        credential = signed_credential(stated, ISSUER_KEY, self.domain, status)
        names = [row.record for row in stated.rows]
        record = certificate(
            self.town,
            "org",
            "ann",
            tuple(names),
            number=number,
            credential=commitment_to(credential, SALT),
            credit_minutes=stated.credit_minutes,
            honour_minutes=stated.honour_minutes,
            **changes,
        )
        self.ledger.append(record)
        self._credentials[self.town.id(record)] = credential, names
        return record

    def file(self, record: Record) -> dict[str, Any]:
        """The credential with the ledger's proof."""
        name = self.town.id(record)
        credential, names = self._credentials[name]
        proof = certificate_proof(self.ledger, name, names, PUBLIC, SALT, self.anchors)
        found: dict[str, Any] = json.loads(json.dumps(with_ledger_proof(credential, proof)))
        return found


class IssuingLedger(AnchoredLedger):
    """`org` records hours of ann and certifies them."""

    def __init__(self, folder: Path, domain: str = DOMAIN) -> None:
        super().__init__(folder)
        town, start = self.town, START + 90000
        hours = [
            town.served(self.ledger, "org", "ann", self.activity, start + n * DAY, 60 + n)
            for n in range(2)
        ]
        hours += [
            town.honour("org", "second", "ann", start + 2 * DAY, 30, content=OPENED),
            town.honour("org", "second", "ann", start + 3 * DAY, 45),
        ]
        for record in hours:
            self.ledger.append(record)
        self.hours = [town.id(record) for record in hours]
        counter = Issuer(town, self.ledger, self._anchors, domain)
        self.issue, self.file = counter.issue, counter.file


@contextmanager
def issuing_ledger(folder: Path, domain: str = DOMAIN) -> Iterator[IssuingLedger]:
    made = IssuingLedger(folder, domain)
    yield made
    made.ledger.close()
    made.ledger.engine.dispose()


def certificates(folder: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """Name → verdict and file, along the life of certificates."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    with issuing_ledger(folder) as made:
        town, ledger = made.town, made.ledger
        first = made.issue()
        found["not in a batch"] = "pending", made.file(first)
        made.seal(anchored=False)
        found["not anchored"] = "pending", made.file(first)
        second = made.issue("2023-2", "en")
        made.seal()
        found["valid"] = "valid", made.file(first)
        found["in English"] = "valid", made.file(second)
        ledger.append(town.objection(made.hours[3], "ann"))
        found["disputed since"] = "disputed", made.file(first)
        third = made.issue("2023-3", "zh-Hant", supersedes=town.id(second))
        ledger.append(town.void(made.hours[0], "org"))
        made.seal()
        found["a service void"] = "void", made.file(first)
        found["replaced"] = "amended", made.file(second)
        ledger.append(town.void(town.id(third), "org"))
        found["void since"] = "void", made.file(third)
        town.now += 60
        gone = {"action": "revoke", "public_key": PUBLIC, "domain": DOMAIN, "valid_from": START}
        ledger.append(issuer_key(town, "org", **gone))
        made.seal()
        found["void"] = "void", made.file(third)
        found["by a revoked key"] = "void", made.file(first)
    return found


def accounts(folder: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """Name → verdict and file: statements and transcripts."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    with issuing_ledger(folder) as made:
        town, ledger = made.town, made.ledger
        made.seal()
        early = town.now
        town.now += 10 * DAY
        later = town.honour("org", "second", "ann", early, 30)
        for record in (later, town.void(made.hours[0], "org"), town.transfer("ann", "bob", 1)):
            ledger.append(record)
        made.seal()
        for who in ("ann", "nobody"):
            file = statement(ledger, address(who), made._anchors)
            found[f"totals of {who}"] = "valid", file
        for held_by in ("paths", "chain"):
            for since in (0, early):
                file = transcript(
                    ledger, address("ann"), since, EVER, made._anchors, held_by=held_by
                )
                found[f"transcript by {held_by} from {since}"] = "valid", file
        file = transcript(ledger, address("nobody"), 0, EVER, made._anchors)
        found["transcript of nobody"] = "valid", file
    return {name: (word, json.loads(json.dumps(file))) for name, (word, file) in found.items()}


def packed(value: object) -> bytes:
    return gzip.compress(json.dumps(value).encode(), mtime=0)
