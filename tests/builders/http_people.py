"""A served ledger on which people act over HTTP alone: what the scenarios are played on."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from api.http.kernel.context import Access
from api.node.migrations.upgrade import upgrade
from api.server.app import create_app
from api.station.places import Places
from api.station.station import Station
from ledger.core.format.structs import Body, decode_body
from ledger.core.kinds.registry import KINDS
from ledger.core.records.record import Record, record_to_json
from ledger.core.records.sealed import MasterKey
from ledger.core.records.signing import sign, sign_sheet
from ledger.operations.ledger import Ledger
from ledger.operations.seal import seal
from ledger.operations.vault import Vault
from ledger.store.engine import open_engine
from ledger.store.vault import open_vault
from tests.builders.http import Caller, Client, Open, access_to, limited
from tests.builders.records import POLICY, Town, address, key

STRICT = replace(POLICY, clock_answer_seconds=120, day_minutes_max=480, session_minutes_max=720)
"""The policy of a new ledger: what a station asked is answered at once."""


def at(text: str) -> int:
    """A local time of November 2023, as `20 09:00`."""
    moment = datetime.fromisoformat(f"2023-11-{text}:00+08:00")
    return int(moment.timestamp())


@dataclass
class Scene(Caller):
    """The town, its ledger, and a client of its server."""

    town: Town
    home: Open
    access: Access
    vault: Vault

    def post(self, record: Record) -> str:
        """Append over HTTP: `accepted` or the code."""
        answer = self.client.post(record)
        assert answer.status_code in (200, 201, 409, 422), answer.text
        return "accepted" if answer.status_code < 300 else str(answer.json()["code"])

    def code(self, activity: bytes, organisation: str = "org") -> str:
        """The code that is shown at the place now."""
        path = f"/activities/0x{activity.hex()}/site-code"
        return str(self.ask("GET", path, organisation).json()["code"])

    def clock(
        self, name: str, activity: bytes, direction: str, when: int, **visit: Any
    ) -> tuple[str, str]:
        """Clock at a time, by the code of the place unless told otherwise: (outcome, record id)."""
        self.town.now = when
        asked = self.challenge(name, activity, direction, **visit)
        if asked.status_code != 200:
            return str(asked.json()["code"]), ""
        answer = self.answer(name, asked.json())
        if answer.status_code not in (200, 201):
            return str(answer.json()["code"]), ""
        return "accepted", str(answer.json()["record_id"])

    def challenge(self, name: str, activity: bytes, direction: str, **visit: Any) -> Any:
        shown: dict[str, Any] = {"device": f"phone of {name}", "position": None, "face": None}
        shown |= {"site_code": self.code(activity)} if "site_code" not in visit else {}
        fields = {
            "activity": "0x" + activity.hex(),
            "volunteer": address(name),
            "direction": direction,
            **shown,
            **visit,
        }
        return self.ask("POST", "/clock/challenge", **fields)

    def answer(self, name: str, asked: dict[str, Any]) -> Any:
        body = decode_body(KINDS["clock"].body, asked["body"])
        signature = "0x" + sign(self.town.ledger, body, "volunteer", key(name)).signature.hex()
        return self.ask(
            "POST", "/clock", body=asked["body"], ticket=asked["ticket"], signature=signature
        )

    def visit(self, name: str, activity: bytes, start: int, end: int) -> None:
        """Clock in and out."""
        assert self.clock(name, activity, "in", start)[0] == "accepted"
        assert self.clock(name, activity, "out", end)[0] == "accepted"

    def drafts(self, activity: bytes, organisation: str = "org") -> list[dict[str, Any]]:
        path = f"/activities/0x{activity.hex()}/drafts"
        found: list[dict[str, Any]] = self.ask("GET", path, organisation).json()["items"]
        return found

    def sign_all(self, activity: bytes, signer: str = "org") -> list[str]:
        """Sign every draft on one sheet and hand them in: outcomes."""
        wanted = [d for d in self.drafts(activity) if d["refused"] is None]
        bodies = [decode_body(KINDS["service"].body, draft["body"]) for draft in wanted]
        return self.post_sheet(bodies, "organisation", signer) if bodies else []

    def post_sheet(self, bodies: list[Body], role: str, signer: str) -> list[str]:
        claims = sign_sheet(self.town.ledger, bodies, role, key(signer))
        records = [Record(body, (claim,)) for body, claim in zip(bodies, claims, strict=True)]
        lines = b"".join(json.dumps(record_to_json(r)).encode() + b"\n" for r in records)
        return [a.get("code", a["outcome"]) for a in self.client.bulk(lines)]

    def account(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/accounts/{address(name)}", name).json()
        return found

    def service(self, record: str, name: str = "org") -> dict[str, Any]:
        """What is shown of a service to one of its parties."""
        found: dict[str, Any] = self.ask("GET", f"/records/{record}", name).json()["service"]
        return found

    def proof(self, record: str) -> bytes:
        return self.client.get(f"/v1/records/{record}/proof").content

    def seal(self, *, anchored: bool = True) -> None:
        seal(self.home.ledger, self.town.log_key)
        if anchored:
            self.home.anchor_pending()


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Organisations `org` and `other` with approvers and stations, a permit, two volunteers."""
    town = Town(policy=STRICT, now=at("15 08:00"))
    engine, safe = open_engine(folder / "ledger.sqlite"), open_vault(folder / "vault.sqlite")
    upgrade(engine)
    home = Open(town, Ledger(engine, town.clock), folder / "chain.sqlite")
    with access_to(home.ledger, folder) as access:
        vault = Vault(safe, MasterKey(key("master")), town.clock)
        places = Places(vault)
        station = Station(home.ledger, key("station"), key("secret"), places.centre)
        app = create_app(
            home,
            access=access,
            limits=limited(),
            station=station,
            places=places,
            withdrawn=vault.withdrawn_at,
        )
        made = Scene(Client(app), town, home, access, vault)
        for record in (town.genesis(), *_settled(town)):
            assert made.post(record) == "accepted"
        yield made
    home.close()
    safe.dispose()


def _settled(town: Town) -> Iterator[Record]:
    for organisation in ("org", "other"):
        yield town.certify(organisation)
        yield town.grant(organisation, "second", "approve")
        yield town.grant(organisation, "station", "clock")
        yield town.permit(organisation)
    for name in ("ann", "bob"):
        yield town.enrol(name)
