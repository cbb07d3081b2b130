"""A ledger whose server has everything: a sealed service, an issuer, a registrar, a certificate."""

from pathlib import Path

from api.certificates.issuer import Issued, Issuer, Wanted, bind
from api.certificates.issuers import IssuerRegistry
from api.credits.registrar import Registrar, Upload, registrar
from api.node.parallel import local
from ledger.core.credits.rules import parse_rules
from ledger.core.records.record import Record
from ledger.core.records.sealed import MasterKey
from ledger.operations.vault import Vault
from ledger.store.vault import open_vault
from tests.builders.credit_services import RULES
from tests.builders.http import Open
from tests.builders.records import START, address, key


class Sealed(Open):
    """A ledger with one service, in batch 1 of size 8."""

    service: Record
    registry: IssuerRegistry
    certificate: Issued
    registrar: Registrar
    run: str


def certify(opened: Sealed, folder: Path) -> None:
    """`org` issues a certificate to ann."""
    town, ledger, issuer = opened.town, opened.ledger, Issuer(address("org"), key("issuer"))
    ledger.append(town.grant("org", "issuer", "certificate"))
    bind(ledger, issuer, key("org"))
    vault = Vault(open_vault(folder / "vault.sqlite"), MasterKey(key("master")), town.clock)
    issuers = {issuer.organisation: issuer}
    opened.registry = IssuerRegistry(
        ledger, vault, opened.anchors_within, "https://hours.example", issuers
    )
    wanted = Wanted(address("ann"), START, START + 10**6, "school", "en")
    opened.certificate = opened.registry.issue(address("org"), wanted)


def count(opened: Sealed, folder: Path) -> None:
    """The registrar of `org` makes a draft of nobody."""
    keys = {address("org"): key("registrar")}
    opened.registrar = registrar(
        opened.ledger, None, opened.anchors_within, keys, folder / "credits", lambda _: local(1)
    )
    rules = parse_rules({**RULES, "classes": {"credit": "1"}})
    upload = Upload("roster.csv", "学号,姓名,志愿者编号\n1,a,".encode())
    opened.run = opened.registrar.draft(address("org"), upload, rules).name
