"""The life of a certificate over HTTP: asked for, fetched, printed, shown to a stranger, voided."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.certificates.did import read_did_document
from api.certificates.issuer import Issuer, bind
from api.certificates.status_list import read_list
from api.certificates.stored import fetch_code
from ledger.core.files.pdf import attached_file
from ledger.operations.audit import audit
from tests.builders.certificate_requests import CertificateRequests
from tests.builders.http_people import scene
from tests.builders.records import address, key


@pytest.fixture
def town(tmp_path: Path) -> Iterator[CertificateRequests]:
    with scene(tmp_path) as made:
        yield CertificateRequests(made)


def test_a_volunteer_asks_and_a_stranger_checks(town: CertificateRequests) -> None:
    answer = town.ask()
    assert answer.status_code == 201, answer.text
    stated = answer.json()
    assert (stated["rows"], stated["credit_minutes"], stated["honour_minutes"]) == (2, 90, 45)
    town.scene.seal()

    report = town.judged(town.file(stated["record_id"]))
    assert report.verdict == "valid", report.checks
    assert report.facts["number"] == stated["number"]
    assert {row["activity"] for row in report.facts["rows"]} == {"社区图书馆整理", ""}
    text = town.file(stated["record_id"]).decode()
    assert "李＊＊" in text
    assert "李小明" not in text
    assert "整理图书" in text

    (mine,) = town.scene.ask("GET", "/me/certificates", "ann").json()["items"]
    assert (mine["record_id"], mine["state"]) == (stated["record_id"], "valid")
    found = town.scene.ask("GET", f"/certificates/numbered/{stated['number']}")
    assert found.json()["items"] == [mine]
    assert address("ann") not in found.text
    assert audit(town.scene.home.ledger.engine).sound


def test_the_paper_is_the_proof(town: CertificateRequests) -> None:
    record = town.issued(language="en")
    town.scene.seal()
    paper = town.scene.ask("GET", f"/me/certificates/{record}/paper", "ann")
    assert paper.headers["content-type"] == "application/pdf"
    assert town.judged(attached_file(paper.content)).verdict == "valid"


def test_who_holds_the_code_fetches_the_file_and_nobody_else(town: CertificateRequests) -> None:
    record = town.issued()
    town.scene.seal()
    code = town.scene.ask("GET", f"/me/certificates/{record}/code", "ann").json()["code"]
    path = f"/certificates/{record}/file"
    answer = town.scene.ask("POST", path, code=code)
    assert answer.status_code == 200
    assert town.judged(answer.content).verdict == "valid"
    assert town.scene.ask("POST", path, code="00" * 16).status_code == 404
    assert town.scene.ask("POST", path, code="é").status_code == 404
    assert fetch_code(key("salt")) != code
    for what in ("", "/paper", "/code", "/credential"):
        other = town.scene.ask("GET", f"/me/certificates/{record}{what}", "bob")
        assert other.status_code == 404
        assert town.scene.ask("GET", f"/me/certificates/{record}{what}").status_code == 401


@pytest.mark.parametrize("sealed", [False, True])
def test_after_a_void_there_is_one_verdict_with_its_reason(
    town: CertificateRequests, sealed: bool
) -> None:
    record = town.issued()
    town.scene.seal()
    void = town.scene.town.void(bytes.fromhex(town.names[0][2:]), "org")
    assert town.scene.post(void) == "accepted"
    if sealed:
        town.scene.seal()
    report = town.judged(town.file(record))
    assert report.verdict == "void", report.checks
    assert report.facts["change"]["of"] == town.names[0]


def test_a_new_one_leaves_changed_hours_out_and_replaces_the_old(town: CertificateRequests) -> None:
    old = town.issued()
    void = town.scene.town.void(bytes.fromhex(town.names[0][2:]), "org")
    assert town.scene.post(void) == "accepted"
    new = town.issued(supersedes=old)
    town.scene.seal()
    assert town.judged(town.file(new)).verdict == "valid"
    # One verdict: that there is a newer one says it all.
    assert town.judged(town.file(old)).verdict == "amended"
    items = town.scene.ask("GET", "/me/certificates", "ann").json()["items"]
    assert [item["state"] for item in items] == ["amended", "valid"]
    assert items[0]["changed_by"] == new


def test_chosen_hours_alone(town: CertificateRequests) -> None:
    record = town.issued(services=town.names[1:])
    town.scene.seal()
    facts = town.judged(town.file(record)).facts
    assert [row["record_id"] for row in facts["rows"]] == town.names[1:]
    assert (facts["credit_minutes"], facts["honour_minutes"]) == (0, 45)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"organisation": address("other")}, 404),
        ({"served_until": 1}, 404),
        ({"services": ["0x" + "11" * 32]}, 404),
        ({"services": "all"}, 400),
        ({"services": ["0x11"]}, 400),
        ({"language": "fr"}, 400),
        ({"purpose": ""}, 400),
        ({"served_from": -1}, 400),
        ({"served_from": None}, 400),
        ({"supersedes": "0x" + "11" * 32}, 422),
    ],
)
def test_what_cannot_be_issued_is_refused(
    town: CertificateRequests, changes: dict[str, Any], status: int
) -> None:
    answer = town.ask(**changes)
    assert answer.status_code == status, answer.text


def test_nobody_asks_for_another_or_unsigned_in(town: CertificateRequests) -> None:
    assert town.ask("bob").status_code == 404
    assert town.ask("").status_code == 401


def test_who_withdrew_has_no_file_any_more(town: CertificateRequests) -> None:
    record = town.issued()
    town.scene.seal()
    town.scene.vault.forget(address("ann"), address("ann"))
    answer = town.scene.ask("GET", f"/me/certificates/{record}", "ann")
    assert answer.status_code == 404
    (mine,) = town.scene.ask("GET", "/me/certificates", "ann").json()["items"]
    assert mine["state"] == "valid"


def test_every_changed_member_of_the_file_is_found(town: CertificateRequests) -> None:
    record = town.issued()
    town.scene.seal()
    whole = json.loads(town.file(record))
    for name in whole:
        for odd in ("", None, 1, [], {}):
            changed = {**whole, name: odd}
            # Without the ledger's proof it is a stranger's credential, whatever it says.
            wanted = "no_proof" if name == "proof" else "invalid"
            assert town.judged(json.dumps(changed).encode()).verdict == wanted, name
    without = {name: value for name, value in whole.items() if name != "evidence"}
    assert town.judged(json.dumps(without).encode()).verdict == "invalid"
    unproved = {**whole, "proof": whole["proof"][0]}
    assert town.judged(json.dumps(unproved).encode()).verdict == "no_proof"


def test_a_wallet_finds_in_the_status_list_what_became_of_it(town: CertificateRequests) -> None:
    first, second = town.issued(), town.issued()
    documents = [json.loads(town.file(record)) for record in (first, second)]
    entries = [document["credentialStatus"] for document in documents]
    assert entries[0]["statusListCredential"] == entries[1]["statusListCredential"]
    assert town.scene.post(town.scene.town.void(bytes.fromhex(first[2:]), "org")) == "accepted"
    path = entries[0]["statusListCredential"].removeprefix("https://hours.example")
    answer = town.scene.client.get(path)
    assert answer.status_code == 200, answer.text
    found, public = read_list(answer.json(), town.scene.town.now)
    assert public == Issuer(address("org"), key("issuer")).public_key()
    assert [found.is_revoked(int(entry["statusListIndex"])) for entry in entries] == [True, False]
    assert sum(byte.bit_count() for byte in found.bits) == 1
    assert town.scene.client.get(path[:-1] + "2").status_code == 404


def test_an_organisation_with_a_domain_issues_by_did_web(town: CertificateRequests) -> None:
    ledger, issuer = town.scene.home.ledger, Issuer(address("org"), key("issuer"))
    path = f"/organisations/{address('org')}/did.json"
    assert town.scene.client.get(path).status_code == 404
    bind(ledger, issuer, key("org"), "volunteers.example.org")
    record = town.issued()
    town.scene.seal()
    report = town.judged(town.file(record))
    assert report.verdict == "valid", report.checks
    document = town.scene.client.get(path).json()
    keys = read_did_document(document, "volunteers.example.org", address("org"))
    assert keys == (issuer.public_key(),)
    assert json.loads(town.file(record))["issuer"]["id"] == document["id"]


def test_who_recorded_my_hours_and_whose_issuer_is_here(town: CertificateRequests) -> None:
    (mine,) = town.scene.ask("GET", "/me/recorders", "ann").json()["items"]
    assert (mine["organisation"], mine["name"], mine["issues"]) == (address("org"), "org", True)
    assert town.scene.ask("GET", "/me/recorders", "bob").json()["items"] == []
