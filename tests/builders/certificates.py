"""A ledger whose organisation certifies hours."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger.core.kinds.registry import Certificate
from ledger.core.records.record import Record
from ledger.core.verify.certificate import Claims
from ledger.core.verify.certificate_rows import Claim
from ledger.operations.certificates import (
    certifiable,
)
from ledger.operations.prove_certificate import certificate_proof
from tests.builders.bundles import AnchoredLedger
from tests.builders.certificate_records import certificate, issuer_key
from tests.builders.records import DAY, START, address, key

DOMAIN = "hours.example.org"
SALT = key("salt")
DOCUMENT = b'{"a":"credential"}'
PUBLIC = key("credentials of org")
EVER = 2**53 - 1


class CertifyingLedger(AnchoredLedger):
    """`org` records four hours of ann, two of them clocked, and certifies them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        town = self.town
        hours = [
            town.served(self.ledger, "org", "ann", self.activity, START + 90000 + n * DAY, 60 + n)
            for n in range(2)
        ]
        hours += [
            town.honour("org", "second", "ann", START + 90000 + n * DAY, 30 + n) for n in (2, 3)
        ]
        for record in hours:
            self.ledger.append(record)
        self.ledger.append(issuer_key(town, "org", domain=DOMAIN))
        self.names = [town.id(record) for record in hours]
        self.issued = self.certify()
        self.ledger.append(self.issued)

    def certify(self, **changes: Any) -> Record:
        names = changes.pop("names", tuple(self.names))
        fields: dict[str, Any] = {
            "credential": sha256(SALT + DOCUMENT).digest(),
            "credit_minutes": 121,
            "honour_minutes": 65,
        }
        return certificate(self.town, "org", "ann", names, **{**fields, **changes})

    def proof(self, issued: Record | None = None) -> dict[str, Any]:
        record = self.town.id(issued or self.issued)
        found = certificate_proof(self.ledger, record, self.names, PUBLIC, SALT, self._anchors)
        plain: dict[str, Any] = json.loads(json.dumps(found))
        return plain

    def claims(self) -> Claims:
        body = self.issued.body
        assert isinstance(body, Certificate)
        found = certifiable(self.ledger, address("org"), address("ann"), START, EVER)
        rows = tuple(
            Claim(
                item.record,
                item.service.hour_class,
                item.activity.title if item.activity else "",
                item.activity.category if item.activity else "",
                item.service.started_at,
                item.service.ended_at,
                item.service.minutes,
                item.entry.accepted_at,
                item.flags,
                len(item.service.evidence),
                item.service.content,
                None,
            )
            for item in found
        )
        return Claims(
            document=DOCUMENT,
            key=PUBLIC,
            ignored=(),
            ledger=self.town.ledger,
            ledger_name=self.ledger.genesis.name,
            organisation=address("org"),
            organisation_name="org",
            domain=DOMAIN,
            holder=address("ann"),
            number=body.number,
            served_from=body.served_from,
            served_until=body.served_until,
            issued_at=body.issued_at,
            supersedes=body.supersedes,
            rows=rows,
        )
