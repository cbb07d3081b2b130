"""Programs that employers use accept a certificate of ours, and see when it is taken back: the
verifier of the Digital Credentials Consortium (npm) and openbadgeslib (PyPI), each as its registry
delivers it, against a server of ours that knows them as little as they know us."""

import copy
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from openbadgeslib.ob3 import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError

from api.certificates.data_integrity import JCS, RDFC
from api.certificates.issuer import Issuer, bind
from api.certificates.signed import for_other_programs
from tests.builders.certificate_requests import CertificateRequests
from tests.builders.http_people import scene
from tests.builders.records import address, key
from tests.builders.servers import serving
from tests.builders.signed_twice import own, with_proofs
from tests.builders.waiting import PATIENCE

SCRIPT = Path(__file__).with_name("dcc.mjs")
SCHEMA = "ob_v3p0_achievementcredential_schema.json"
PUBLISHED = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/"
HOST = "https://hours.example"
File = dict[str, Any]


@dataclass(frozen=True)
class World:
    """An organisation that issues under its own domain, and where its server really is."""

    requests: CertificateRequests
    server: str

    def issued(self) -> tuple[str, File]:
        """The record id of a certificate in the log, and its whole file."""
        # These programs know no time but the machine's.
        town = self.requests.scene.town
        town.now = max(town.now, int(time.time()))
        record = self.requests.issued(language="en")
        self.requests.scene.seal()
        return record, json.loads(self.requests.file(record))

    def by_dcc(self, *files: File) -> list[File]:
        folder = Path(__file__).parents[2] / "standards"
        schema = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
        asked = {
            "credentials": files,
            "hosts": {HOST: self.server},
            "files": {PUBLISHED + SCHEMA: schema},
        }
        done = subprocess.run(
            ["node", str(SCRIPT)],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def by_openbadgeslib(self, file: File) -> str:
        """`accepted`, or why it refuses."""

        def fetch(url: str) -> bytes:
            assert url.startswith(HOST), url
            return httpx.get(self.server + url.removeprefix(HOST)).raise_for_status().content

        try:
            # It can check the signature of status lists that are JWTs alone.
            OB3LdpVerifier().verify(
                file, check_status=True, verify_status_list=False, download=fetch
            )
        except OB3VerificationError as error:
            return str(error)
        return "accepted"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with scene(tmp_path_factory.mktemp("town")) as made:
        asked = CertificateRequests(made)
        issuer = Issuer(address("org"), key("issuer"))
        bind(made.home.ledger, issuer, key("org"), HOST.removeprefix("https://"))
        with serving(made.client.app) as server:
            yield World(asked, server)


def test_both_accept_the_whole_file_and_the_one_for_other_programs(world: World) -> None:
    record, file = world.issued()
    path = f"/me/certificates/{record}/credential"
    files = [file, world.requests.scene.ask("GET", path, "ann").json()]
    assert files[1] == for_other_programs(file)
    for found in world.by_dcc(*files):
        asked = found.pop("asked")
        assert found == {"signature": True, "status": True, "schema": True, "errors": []}
        assert {url.split("/")[2] for url in asked} <= {"hours.example", "purl.imsglobal.org"}
    assert [world.by_openbadgeslib(one) for one in files] == ["accepted"] * 2


def test_both_see_that_it_was_taken_back(world: World) -> None:
    record, file = world.issued()
    town, ledger = world.requests.scene.town, world.requests.scene.home.ledger
    ledger.append(town.void(bytes.fromhex(record[2:]), "org"))
    (found,) = world.by_dcc(file)
    assert (found["signature"], found["status"]) == (True, False)
    assert "status 'revocation' is set" in world.by_openbadgeslib(file)


def test_both_refuse_what_was_changed_or_signed_otherwise(world: World) -> None:
    _, file = world.issued()
    _, other = world.issued()
    longer = copy.deepcopy(file)
    longer["evidence"][0]["hourledger:minutes"] += 600
    title = copy.deepcopy(file)
    title["name"] = "Doctor"
    more = {**file, "note": "an undefined term"}
    context = {**file, "@context": [*file["@context"], {"@vocab": "https://evil.example#"}]}
    forged = [
        *(longer, title),
        with_proofs(file, own(file), own(other, RDFC)),
        with_proofs(file, own(file)),
        with_proofs(file, {**own(file), "cryptosuite": RDFC}),
        with_proofs(file, {**own(file, RDFC), "cryptosuite": JCS}),
    ]
    for found in world.by_dcc(*forged):
        assert found["signature"] is not True
        assert found["errors"]
    # The first of them passes over what no context defines: what it accepts is what was signed, not
    # what stands there. So the issuer's form has no such member, and ours hold files to the form.
    assert "accepted" not in [world.by_openbadgeslib(one) for one in (*forged, more, context)]
