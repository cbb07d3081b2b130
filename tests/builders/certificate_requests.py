"""A served ledger at which a volunteer asks for certificates."""

from typing import Any

from anchoring.reader import ChainReader
from api.certificates.checking import verify_any
from api.certificates.issuer import Issuer, bind
from api.certificates.issuers import IssuerRegistry
from api.server.app import create_app
from ledger.core.verify.checks import Report
from ledger.operations.vault_parts import Deposit
from tests.builders.http import Client
from tests.builders.http_people import Scene, at
from tests.builders.records import address, key
from tests.builders.trusting import everybody

EVER = 1_900_000_000
ASKED: dict[str, Any] = {
    "organisation": address("org"),
    "served_from": 0,
    "served_until": EVER,
    "purpose": "申请实习",
    "language": "zh-Hans",
    "services": None,
    "supersedes": None,
}


class CertificateRequests:
    """A scene with `org` as issuer, a clocked morning of ann's, and a back-filled hour."""

    def __init__(self, made: Scene) -> None:
        self.scene = made
        town, ledger = made.town, made.home.ledger
        issuer = Issuer(address("org"), key("issuer"))
        ledger.append(town.grant("org", "issuer", "certificate"))
        bind(ledger, issuer, key("org"))
        self.registry = IssuerRegistry(
            ledger,
            made.vault,
            made.home.anchors_within,
            "https://hours.example",
            {issuer.organisation: issuer},
        )
        made.client = Client(create_app(made.home, access=made.access, registry=self.registry))
        identity = Deposit(address("ann"), "identity", {"name": "李小明"})
        content = Deposit(address("ann"), "service", {"what": "整理图书"}, "1")
        _, committed = made.vault.put_many([identity, content])
        assert isinstance(committed, bytes)
        self.names = []
        activity = town.activity("org", at("15 09:00"), at("17 18:00"), title="社区图书馆整理")
        ledger.append(activity)
        start = at("15 09:30")
        for event, when in zip(
            town.pair("org", "ann", town.id(activity), start, 90), (0, 5400), strict=True
        ):
            town.now = start + when
            ledger.append(event)
        town.now = at("17 20:00")
        for record in (
            town.credit("org", "ann", town.id(activity), start, 90),
            town.honour("org", "second", "ann", at("14 09:00"), 45, content=committed),
        ):
            ledger.append(record)
            self.names.append("0x" + town.id(record).hex())

    def ask(self, name: str = "ann", **changes: Any) -> Any:
        return self.scene.ask("POST", "/certificates", name, **{**ASKED, **changes})

    def issued(self, **changes: Any) -> str:
        answer = self.ask(**changes)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["record_id"])

    def file(self, record: str) -> bytes:
        answer = self.scene.ask("GET", f"/me/certificates/{record}", "ann")
        assert answer.status_code == 200, answer.text
        return bytes(answer.content)

    def judged(self, data: bytes) -> Report:
        assert self.scene.home.web3 is not None
        return verify_any(data, ChainReader(self.scene.home.web3), pins=everybody)
