"""People sign in with their key, see what is theirs, give systems tokens; others are refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from api.access.policy import ACCESS, PUBLIC, Who
from api.access.sessions import SESSION_SECONDS
from api.server.app import ROUTES, create_app
from ledger.operations.seal import seal
from tests.builders.http import Client, Open, access_to, limited, wallet_signs
from tests.builders.records import START, Town, address


@pytest.fixture
def client(home: Open, tmp_path: Path) -> Iterator[Client]:
    with access_to(home.ledger, tmp_path) as access:
        yield Client(create_app(home, access=access))


def ask(client: Client, method: str, path: str, secret: str = "", **body: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    options: dict[str, Any] = {"headers": headers}
    if body:
        options["json"] = body
    return client.request(method, "/v1" + path, **options)


def signed_in(client: Client, name: str) -> str:
    challenge = ask(client, "POST", "/sign-in/challenge", address=address(name)).json()
    answer = ask(
        client,
        "POST",
        "/sign-in",
        message=challenge["message"],
        signature=wallet_signs(name, challenge["message"]),
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["address"] == address(name)
    secret: str = answer.json()["secret"]
    return secret


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_volunteer_sees_every_own_entry_and_opens_its_proof(
    client: Client, town: Town, home: Open, activity: bytes
) -> None:
    home.ledger.append(town.served(home.ledger, "org", "ann", activity, START + 90000, 90))
    home.ledger.append(town.served(home.ledger, "org", "bob", activity, START + 90000, 60))
    seal(home.ledger, town.log_key)
    secret = signed_in(client, "ann")
    me = ask(client, "GET", "/me", secret).json()
    assert (me["volunteer"], me["account"]["credit_minutes"]) == (True, 90)
    items = ask(client, "GET", "/me/entries", secret).json()["items"]
    assert [item["entry"]["record"]["kind"] for item in items] == [
        "volunteer",
        "clock",
        "clock",
        "service",
    ]
    proof = client.get(f"/v1/records/{items[3]['record_id']}/proof")
    assert proof.status_code == 200
    assert proof.json()["record"]["entry"] == items[3]["entry"]


def test_entries_come_in_pages_without_gap_or_repetition(
    client: Client, town: Town, home: Open, activity: bytes
) -> None:
    for day in range(4):
        home.ledger.append(
            town.served(home.ledger, "org", "ann", activity, START + 90000 + day * 86400, 60)
        )
    secret, seen, after = signed_in(client, "ann"), [], -1
    while after is not None:
        page = ask(client, "GET", f"/me/entries?limit=2&after={after}", secret).json()
        seen += [item["entry"]["index"] for item in page["items"]]
        after = page["next"]
    assert seen == [5, *range(8, 20)]


def test_an_organisation_s_delegate_is_told_for_whom_it_acts(
    client: Client, activity: bytes
) -> None:
    me = ask(client, "GET", "/me", signed_in(client, "second")).json()
    assert me["mandates"] == [
        {"organisation": address("org"), "scopes": ["approve"], "certified": True}
    ]


def test_a_message_serves_once_and_for_its_own_key(client: Client, activity: bytes) -> None:
    message = ask(client, "POST", "/sign-in/challenge", address=address("ann")).json()["message"]
    other = {"message": message, "signature": wallet_signs("bob", message)}
    assert code(ask(client, "POST", "/sign-in", **other)) == (403, "SIGN_IN_SIGNATURE")
    own = {"message": message, "signature": wallet_signs("ann", message)}
    assert ask(client, "POST", "/sign-in", **own).status_code == 200
    assert code(ask(client, "POST", "/sign-in", **own)) == (403, "SIGN_IN_NONCE")


def test_a_session_ends_by_itself_and_by_signing_out(
    client: Client, town: Town, activity: bytes
) -> None:
    first, second = signed_in(client, "ann"), signed_in(client, "ann")
    assert ask(client, "DELETE", "/sign-in", first).status_code == 204
    assert code(ask(client, "GET", "/me", first)) == (401, "SIGN_IN_NEEDED")
    assert ask(client, "GET", "/me", second).status_code == 200
    town.now += SESSION_SECONDS
    assert code(ask(client, "GET", "/me", second)) == (401, "SIGN_IN_NEEDED")


def test_a_token_does_what_its_scopes_say_and_no_more(client: Client, activity: bytes) -> None:
    secret = signed_in(client, "ann")
    answer = ask(client, "POST", "/tokens", secret, name="家", scopes=["entries:read"], days=30)
    assert answer.status_code == 201
    token, stated = answer.json()["secret"], answer.json()["token"]
    assert ask(client, "GET", "/me/entries", token).status_code == 200
    assert code(ask(client, "GET", "/tokens", token)) == (403, "NOT_YOURS")
    more = {"name": "x", "scopes": ["entries:read"], "days": 1}
    assert code(ask(client, "POST", "/tokens", token, **more)) == (403, "NOT_YOURS")
    (listed,) = ask(client, "GET", "/tokens", secret).json()["items"]
    assert {**listed, "last_used_day": 0} == stated
    assert token not in ask(client, "GET", "/tokens", secret).text
    path = f"/tokens/{stated['token_id']}"
    assert ask(client, "DELETE", path, signed_in(client, "bob")).status_code == 404
    assert ask(client, "DELETE", path, secret).status_code == 204
    assert code(ask(client, "GET", "/me/entries", token)) == (401, "SIGN_IN_NEEDED")
    assert ask(client, "DELETE", path, secret).status_code == 404


@pytest.mark.parametrize(
    "grant",
    [
        {"name": "", "scopes": ["entries:read"], "days": 1},
        {"name": "x", "scopes": [], "days": 1},
        {"name": "x", "scopes": ["everything"], "days": 1},
        {"name": "x", "scopes": ["log:mirror"], "days": 1},
        {"name": "x", "scopes": ["entries:read"], "days": 0},
        {"name": "x", "scopes": ["entries:read"], "days": 367},
    ],
)
def test_a_grant_that_is_not_allowed_is_refused(
    client: Client, activity: bytes, grant: dict[str, Any]
) -> None:
    answer = ask(client, "POST", "/tokens", signed_in(client, "ann"), **grant)
    assert code(answer) == (403, "TOKEN_GRANT")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"address": 1}', b'{"address": "0x", "more": 1}', b"\xff", b"[" * 5000],
)
def test_a_malformed_challenge_is_a_400(client: Client, activity: bytes, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.request("POST", "/v1/sign-in/challenge", content=body, headers=headers)
    assert answer.status_code in (400, 413)


def test_every_closed_route_refuses_strangers_and_broken_secrets(
    client: Client, activity: bytes
) -> None:
    closed = {name for name, policies in ACCESS.items() if PUBLIC not in policies}
    by_id = {n for n in closed if any(p.who is Who.HOLDER_OF_ID for p in ACCESS[n])}
    modules = ROUTES
    routes = [r for m in modules for r in m.router.routes if isinstance(r, Route)]
    own = [route for route in routes if route.name in closed - by_id]
    assert len(own) >= 6
    for route in own:
        path = route.path.replace("{token_id}", "0" * 16)
        (method,) = route.methods or ()
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic x"}):
            answer = client.request(method, path, headers=headers)
            assert code(answer) == (401, "SIGN_IN_NEEDED"), (path, headers)
            assert answer.headers["www-authenticate"] == "Bearer"


def test_answers_to_a_person_are_kept_by_no_cache(client: Client, activity: bytes) -> None:
    secret = signed_in(client, "ann")
    for path in ("/me", "/me/entries", "/tokens"):
        assert ask(client, "GET", path, secret).headers["cache-control"] == "private, no-store"


def test_who_calls_too_often_is_told_when_to_come_again(
    home: Open, tmp_path: Path, activity: bytes
) -> None:
    with access_to(home.ledger, tmp_path) as access:
        client = Client(create_app(home, access=access, limits=limited(calls=5)))
        answers = [client.get("/v1/checkpoint") for _ in range(7)]
        assert [a.status_code for a in answers] == [404] * 5 + [429] * 2
        assert code(answers[-1]) == (429, "TOO_OFTEN")
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


def test_without_access_nobody_can_sign_in_and_all_that_is_public_stays(
    home: Open, activity: bytes
) -> None:
    client = Client(create_app(home))
    body = {"json": {"address": address("ann")}}
    assert client.request("POST", "/v1/sign-in/challenge", **body).status_code == 404
    assert client.get("/v1/me").status_code == 401
    assert client.get("/v1/ledger").status_code == 200
