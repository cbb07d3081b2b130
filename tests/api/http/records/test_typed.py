"""What a wallet is told to sign is the id of the record, by the standard's own library."""

import pytest
from eth_account.messages import encode_typed_data
from eth_hash.auto import keccak

from ledger.core.format.structs import body_to_json
from ledger.core.kinds.kind import KINDS
from tests.builders.families import examples
from tests.builders.http import Client
from tests.builders.records import Town, address

EXAMPLES = {e.name: e.record for e in examples(Town()) if KINDS[e.record.kind].is_submitted}


def test_what_a_wallet_signs_is_the_id_of_the_record(
    client: Client, town: Town, activity: bytes
) -> None:
    for name, record in EXAMPLES.items():
        if record.kind == "genesis":
            continue
        found = client.get(f"/v1/typed-data/{record.kind}").json()
        message = {k: found[k] for k in ("types", "primaryType", "domain")}
        signable = encode_typed_data(full_message={**message, "message": body_to_json(record.body)})
        signed = keccak(b"\x19" + signable.version + signable.header + signable.body)
        assert signed == town.id(record), name


def test_it_says_in_which_roles_a_kind_is_signed(client: Client, activity: bytes) -> None:
    found = client.get("/v1/typed-data/service").json()
    assert found["signed_by"][0] == {"roles": ["organisation"], "when": ["hour_class", "credit"]}
    answer = client.get("/v1/typed-data/service", headers={"origin": "https://elsewhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("kind", ["seal", "party", "Service", "x" * 99])
def test_a_kind_that_nobody_submits_is_not_found(
    client: Client, activity: bytes, kind: str
) -> None:
    assert client.get(f"/v1/typed-data/{kind}").status_code in (400, 404)


def test_an_organisation_is_called_by_its_name_and_nobody_else(
    client: Client, activity: bytes
) -> None:
    found = client.get(f"/v1/organisations/{address('org')}").json()
    assert (found["name"], found["certified"], found["address"]) == ("org", True, address("org"))
    assert client.get(f"/v1/organisations/{address('org').lower()}").json() == found
    assert client.get(f"/v1/organisations/{address('ann')}").status_code == 404
