"""What can be read over HTTP, and by whom."""

import base64
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from anchoring.reader import ChainReader
from anchoring.web3_chain import close, connect
from ledger.core.documents import verify_bytes
from ledger.core.kinds.registry import Service
from ledger.core.records.record import Record, ledger_id
from ledger.core.trees.merkle import leaf_hash, root, root_from_inclusion
from ledger.core.trees.notes import open_checkpoint, parse_tlog_proof, parse_vkey
from ledger.operations.ledger import Ledger
from ledger.operations.seal import seal
from tests.builders.http import Client, Open, SignedIn
from tests.builders.records import START, Town, address
from tests.builders.trusting import everybody


@pytest.fixture
def path(town: Town, service: Record) -> str:
    return f"/v1/records/0x{town.id(service).hex()}"


def pages(client: Client, path: str, first: int, limit: int) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    found: list[dict[str, Any]] = []
    after: int | None = first
    while after is not None:
        answer = client.get(path, params={"after": after, "limit": limit})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert len(page["items"]) <= limit
        found += page["items"]
        after = page["next"]
    return found


def test_a_service_shows_class_signers_and_delay(client: Client, path: str) -> None:
    found = client.get(path).json()
    assert found["service"] == {
        "hour_class": "credit",
        "minutes": 90,
        "delay_seconds": 10 * 86400 - 90000 - 5400,
        "evidence_count": 0,
        "status": "recorded",
        "changed_by": None,
        "flags": [],
    }
    assert [(s["role"], s["signer"]) for s in found["signers"]] == [
        ("organisation", address("org")),
    ]
    assert found["batch"]["number"] == 1
    assert found["entry"]["index"] == 10


def test_a_service_names_what_disputed_amended_and_voided_it(
    client: Client, path: str, town: Town, ledger: Ledger, service: Record
) -> None:
    old = service.body
    assert isinstance(old, Service)
    shorter = replace(old, minutes=30, ended_at=old.started_at + 1800)
    objection = town.objection(town.id(service), "ann")
    amend = town.amend(town.id(service), shorter)
    void = town.void(town.id(amend), "org")
    for record, status, shown in (
        (objection, "disputed", path),
        (amend, "amended", path),
        (void, "void", f"/v1/records/0x{town.id(amend).hex()}"),
    ):
        ledger.append(record)
        facts = client.get(shown).json()["service"]
        assert (facts["status"], facts["changed_by"]) == (status, "0x" + town.id(record).hex())
    assert (facts["hour_class"], facts["minutes"]) == ("credit", 30)


def test_a_record_that_is_no_service_has_no_facts_of_one(
    client: Client, town: Town, activity: bytes
) -> None:
    found = client.get(f"/v1/records/0x{activity.hex()}").json()
    assert (found["service"], found["batch"]) == (None, None)


def test_the_entry_s_bytes_hash_to_the_leaf_of_its_bare_proof(
    client: Client, path: str, town: Town
) -> None:
    entry = client.get(f"{path}/entry")
    assert entry.json() == client.get(path).json()["entry"]
    leaf = leaf_hash(entry.content)
    proof = parse_tlog_proof(client.get(f"{path}/tlog-proof").text)
    origin, public = parse_vkey(client.get("/v1/ledger").json()["log_vkey"])
    head = open_checkpoint(proof.checkpoint, origin, public)
    assert root_from_inclusion(leaf, proof.index, head.size, proof.path) == head.root
    assert proof.checkpoint == client.get("/v1/checkpoint").text


def test_a_bare_proof_waits_for_the_batch(client: Client, activity: bytes) -> None:
    answer = client.get(f"/v1/records/0x{activity.hex()}/tlog-proof")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_a_proof_fetched_over_http_is_valid_on_the_chain(
    client: Client, path: str, home: Open
) -> None:
    home.anchor_pending()
    answer = client.get(f"{path}/proof")
    assert answer.headers["content-type"] == "application/vnd.hourledger.proof+json"
    web3 = connect(f"embedded:{home.chain_path}", read_only=True)
    report = verify_bytes(answer.content, ChainReader(web3), pins=everybody)
    close(web3)
    assert report.verdict == "valid", report


def test_a_proof_before_its_batch_is_pending(client: Client, activity: bytes) -> None:
    answer = client.get(f"/v1/records/0x{activity.hex()}/proof")
    assert verify_bytes(answer.content, pins=everybody).verdict == "pending"


def test_hours_of_different_classes_are_never_added_up(
    signed_in: SignedIn, town: Town, ledger: Ledger, service: Record
) -> None:
    ledger.append(town.honour("org", "second", "ann", START + 200000, 60))
    found = signed_in("ann").get(f"/v1/accounts/{address('ann')}").json()
    assert found == {
        "address": address("ann"),
        "credit_minutes": 90,
        "honour_minutes": 60,
        "voided_minutes": 0,
        "yibi": {"minted": 1, "received": 0, "sent": 0, "balance": 1},
        "stars": 0,
        "entries": 5,
    }


def test_an_address_without_entries_has_nothing(signed_in: SignedIn, activity: bytes) -> None:
    found = signed_in("nobody").get(f"/v1/accounts/{address('nobody')}").json()
    assert (found["entries"], found["yibi"]["balance"]) == (0, 0)


def test_the_entries_of_an_address_give_no_record_id_away(
    client: Client, signed_in: SignedIn, town: Town, service: Record
) -> None:
    answer = signed_in("ann").get(f"/v1/accounts/{address('ann')}/entries")
    (enrolled, *clocked, served) = answer.json()["items"]
    assert [event["kind"] for event in clocked] == ["clock", "clock"]
    assert (enrolled["kind"], served["kind"], served["index"]) == ("volunteer", "service", 10)
    assert town.id(service).hex() not in answer.text
    entry = client.get(f"/v1/records/0x{town.id(service).hex()}/entry").content
    assert served["leaf"] == "0x" + leaf_hash(entry).hex()


def test_pages_cover_every_entry_once(
    signed_in: SignedIn, town: Town, ledger: Ledger, activity: bytes
) -> None:
    for number in range(7):
        ledger.append(town.honour("org", "second", "ann", START + 90000 + 7200 * number, 60))
    path, client = f"/v1/accounts/{address('ann')}/entries", signed_in("ann")
    whole = pages(client, path, -1, 1000)
    assert len(whole) == 8
    for limit in (1, 3, 4, 8):
        assert pages(client, path, -1, limit) == whole


def test_pages_cover_every_batch_once(
    client: Client, town: Town, ledger: Ledger, home: Open, activity: bytes
) -> None:
    for number in range(5):
        ledger.append(town.enrol(f"person {number}"))
        seal(ledger, town.log_key)
    home.anchor_pending()
    for limit in (1, 2, 5, 6):
        found = pages(client, "/v1/batches", 0, limit)
        assert [batch["number"] for batch in found] == [1, 2, 3, 4, 5]
        anchored = pages(client, "/v1/anchors", 0, limit)
        assert [(b["number"], len(b["anchors"])) for b in anchored] == [(n, 1) for n in range(1, 6)]
    assert client.get("/v1/batches/3").json() == found[2]
    assert anchored[2]["anchors"][0]["size"] == found[2]["size"]


def test_tiles_rebuild_the_root_of_the_checkpoint(
    client: Client, town: Town, ledger: Ledger, activity: bytes
) -> None:
    ledger.append_many([town.enrol(f"person {number}") for number in range(300)])
    seal(ledger, town.log_key)
    size = int(client.get("/v1/checkpoint").text.split("\n")[1])
    assert size == 309
    full = client.get("/v1/tile/0/000").content
    rest = client.get(f"/v1/tile/0/001.p/{size - 256}").content
    data = full + rest
    leaves = [data[at : at + 32] for at in range(0, len(data), 32)]
    signed = base64.b64decode(client.get("/v1/checkpoint").text.split("\n")[2])
    assert root(leaves) == signed
    assert client.get("/v1/tile/1/000.p/1").content == root(leaves[:256])
    assert client.get("/v1/tile/0/000.p/257").status_code == 404


@pytest.mark.parametrize(
    "tile",
    ["0/000", "0/000.p/13", "0/000.p/0", "0/0", "9/000", "entries/000", "0/x000/000", "0/٠٠٠"],
)
def test_there_is_no_other_tile(client: Client, service: Record, tile: str) -> None:
    answer = client.get(f"/v1/tile/{tile}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_a_verifier_finds_what_it_pins(client: Client, town: Town, activity: bytes) -> None:
    found = client.get("/v1/ledger").json()
    assert found["ledger_id"] == "0x" + ledger_id(town.body).hex()
    assert parse_vkey(found["log_vkey"]) == (town.body.origin, town.body.log_key)
    assert found["policy"] == found["genesis"]["policy"]
    assert found["policy_version"] == 1


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/records/0x" + "00" * 32, 404, "NOT_FOUND"),
        ("/v1/records/0x" + "00" * 32 + "/proof", 404, "NOT_FOUND"),
        ("/v1/records/0x" + "00" * 31, 400, "BAD_PARAMETER"),
        ("/v1/records/0x" + "AB" * 32, 400, "BAD_PARAMETER"),
        ("/v1/accounts/0x1234", 401, "SIGN_IN_NEEDED"),
        ("/v1/accounts/0x" + "ab" * 20, 401, "SIGN_IN_NEEDED"),
        ("/v1/batches?after=-1", 400, "BAD_PARAMETER"),
        ("/v1/batches?limit=1001", 400, "BAD_PARAMETER"),
        ("/v1/batches/99", 404, "NOT_FOUND"),
        ("/v1/batches/" + "9" * 40, 400, "BAD_PARAMETER"),
        ("/v1/nothing", 404, "NOT_FOUND"),
        ("/v1/records/", 404, "NOT_FOUND"),
        ("/problems/NOTHING", 404, "NOT_FOUND"),
    ],
)
def test_what_cannot_be_read_is_a_problem_document(
    client: Client, service: Record, path: str, status: int, code: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(answer.json()["type"]).json()["status"] == status


def test_another_method_is_told_which_ones_there_are(client: Client) -> None:
    answer = client.request("DELETE", "/v1/records")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


CHANGING = ("/v1/checkpoint", "/v1/ledger", "/v1/batches", "/v1/anchors", "{record}")
FIXED = ("/v1/batches/1", "/v1/tile/0/000.p/8", "{record}/entry")


@pytest.mark.parametrize("path_form", [*CHANGING, *FIXED])
def test_what_a_client_has_is_not_sent_again(client: Client, path: str, path_form: str) -> None:
    address = path_form.format(record=path)
    first = client.get(address)
    tag = first.headers["etag"]
    assert tag == f'"{sha256(first.content).hexdigest()}"'
    assert ("immutable" in first.headers["cache-control"]) is (path_form in FIXED)
    for stated in (tag, f'"x", W/{tag}', "*"):
        again = client.get(address, headers={"If-None-Match": stated})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(address, headers={"If-None-Match": '"x"'}).content == first.content


def test_a_new_batch_changes_the_tag_of_the_checkpoint(
    client: Client, town: Town, ledger: Ledger, service: Record
) -> None:
    tag = client.get("/v1/checkpoint").headers["etag"]
    ledger.append(town.enrol("carol"))
    seal(ledger, town.log_key)
    answer = client.get("/v1/checkpoint", headers={"If-None-Match": tag})
    assert answer.status_code == 200


def test_head_is_answered_as_get_without_content(client: Client, path: str) -> None:
    get, head = client.get(path), client.request("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == get.headers


@pytest.mark.parametrize("address", ["/v1/ledger", "/v1/nothing", "/healthz", "/metrics"])
def test_every_answer_carries_the_headers_of_caution(
    client: Client, activity: bytes, address: str
) -> None:
    headers = client.get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "cache-control" in headers


@pytest.mark.parametrize("address", ["/v1/ledger", "/v1/checkpoint"])
def test_before_genesis_there_is_nothing(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
