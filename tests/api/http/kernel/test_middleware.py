"""What every answer says to browsers, crawlers and other sites, and which port answers what."""

from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from api.http.kernel.context import Front
from api.server.app import create_app
from ledger.core.records.record import Record
from tests.builders.http import Client, Open, SignedIn, access_to
from tests.builders.records import Town, address

SITE = {"Origin": "https://verifier.example"}
ASKS = {**SITE, "Access-Control-Request-Method": "GET"}


@pytest.fixture
def paths(town: Town, service: Record) -> dict[str, str]:
    record = f"0x{town.id(service).hex()}"
    return {
        "record": f"/v1/records/{record}",
        "proof": f"/v1/records/{record}/proof",
        "page": f"/records/{record}",
        "account": f"/v1/accounts/{address('ann')}",
    }


OPEN = ["/v1/ledger", "/v1/checkpoint", "/v1/batches", "/v1/batches/1", "/v1/anchors"]
OPEN += ["/v1/tile/0/000.p/8", "/problems/OVERLAP", "record", "proof"]
CLOSED = ["/", "/explorer", "/me", "/v1/me", "/v1/me/entries", "/v1/tokens", "/v1/entries"]
CLOSED += ["account", "page", "/metrics", "/healthz", "/v1/sign-in", "/v1/nothing"]


@pytest.mark.parametrize("name", OPEN)
def test_scripts_of_other_sites_read_what_verifiers_need(
    client: Client, paths: dict[str, str], name: str
) -> None:
    path = paths.get(name, name)
    answer = client.get(path, headers=SITE)
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "*")
    assert "access-control-allow-credentials" not in answer.headers
    again = client.get(path, headers={**SITE, "If-None-Match": answer.headers.get("etag", "*")})
    assert again.headers["access-control-allow-origin"] == "*"
    asked = client.request("OPTIONS", path, headers=ASKS)
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (204, "*")
    assert "GET" in asked.headers["access-control-allow-methods"]
    assert "authorization" not in asked.headers["access-control-allow-headers"].lower()


@pytest.mark.parametrize("name", CLOSED)
def test_scripts_of_other_sites_read_nothing_else(
    client: Client, paths: dict[str, str], name: str
) -> None:
    path = paths.get(name, name)
    for method, headers in (("GET", SITE), ("OPTIONS", ASKS)):
        answer = client.request(method, path, headers=headers)
        assert "access-control-allow-origin" not in answer.headers
    assert client.request("OPTIONS", path, headers=ASKS).status_code in (404, 405)


def test_only_public_pages_may_be_listed_by_search_engines(
    client: Client, paths: dict[str, str], service: Record
) -> None:
    for path in ("/", "/explorer", "/verify", "/batches/1", f"/organisations/{address('org')}"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert "x-robots-tag" not in answer.headers
        assert 'name="robots"' not in answer.text
    for path in (paths["page"], "/me", "/registrar", "/records/0x" + "5" * 64):
        answer = client.get(path)
        assert answer.headers["x-robots-tag"] == "noindex", path
        assert '<meta name="robots" content="noindex">' in answer.text
    for path in (paths["record"], paths["proof"], "/v1/ledger", "/v1/nothing"):
        assert client.get(path).headers["x-robots-tag"] == "noindex", path


def test_a_shared_page_is_not_to_be_listed(home: Open, service: Record, tmp_path: Path) -> None:
    with access_to(home.ledger, tmp_path) as access:
        secret, _ = access.shares.share(address("ann"), home.town.id(service), "", 1)
        page = Client(create_app(home, access=access)).get(f"/shared/{secret.text}")
    assert (page.status_code, page.headers["x-robots-tag"]) == (200, "noindex")
    assert '<meta name="robots" content="noindex">' in page.text


def test_crawlers_may_fetch_what_tells_them_not_to_list_it(client: Client) -> None:
    rules = [line for line in client.get("/robots.txt").text.splitlines() if line[:1] != "#"]
    assert rules == ["User-agent: *", "Disallow:"]


def test_what_is_answered_to_one_caller_is_kept_for_no_other(
    signed_in: SignedIn, paths: dict[str, str]
) -> None:
    for path in (paths["account"], paths["record"], paths["record"] + "/entry", "/v1/batches/1"):
        answer = signed_in("ann").get(path)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "private, no-store"


def test_https_alone_is_asked_for_where_people_come_by_it(home: Open, service: Record) -> None:
    secure = Client(create_app(home, front=Front(https=True)))
    plain = Client(create_app(home))
    for path in ("/", "/v1/ledger", "/v1/nothing"):
        assert secure.get(path).headers["strict-transport-security"] == "max-age=31536000"
        assert "strict-transport-security" not in plain.get(path).headers


def at_port(app: Any, port: int, path: str) -> int:
    async def ask() -> int:
        transport = httpx.ASGITransport(app)
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(transport=transport, base_url=url) as client:
            return (await client.get(path)).status_code

    return anyio.run(ask)


def test_the_operator_s_answers_are_given_at_the_operator_s_port_alone(
    home: Open, service: Record
) -> None:
    app = create_app(home, front=Front(operations_port=9090))
    found = {
        (port, path): at_port(app, port, path)
        for port in (8000, 9090)
        for path in ("/readyz", "/metrics", "/healthz", "/v1/ledger", "/")
    }
    assert {place for place, status in found.items() if status == 200} == {
        *((9090, "/readyz"), (9090, "/metrics"), (9090, "/healthz")),
        *((8000, "/healthz"), (8000, "/v1/ledger"), (8000, "/")),
    }
    assert set(found.values()) == {200, 404}


def test_without_a_port_for_them_in_public_they_are_given_nowhere(home: Open) -> None:
    app = create_app(home, front=Front(operations_port=0))
    assert [at_port(app, 8000, path) for path in ("/readyz", "/metrics", "/healthz")] == [
        *(404, 404, 200),
    ]
