"""A server that only reads answers every question and takes nothing in."""

from api.server.app import create_app
from tests.builders.http import Client, Open
from tests.builders.records import Town


def test_questions_are_answered_and_nothing_is_taken(
    home: Open, town: Town, activity: bytes
) -> None:
    client, size = Client(create_app(home, read_only=True)), home.ledger.size
    assert client.get("/v1/ledger").status_code == 200
    assert client.get(f"/v1/records/0x{activity.hex()}/proof").status_code == 200
    answer = client.post(town.enrol("carol"))
    assert (answer.status_code, answer.json()["code"]) == (503, "UNAVAILABLE")
    assert client.request("POST", "/v1/clock/challenge", json={}).status_code == 503
    assert home.ledger.size == size
