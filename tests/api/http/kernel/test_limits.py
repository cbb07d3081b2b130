"""How much is let through over HTTP: by network address and person, by record, by enrolment."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.access.limits import network_of
from api.http.kernel.context import Access
from api.server.app import create_app
from ledger.core.records.record import Record, record_to_json
from tests.builders.http import Client, Open, access_to, bearer, limited
from tests.builders.records import Town, address, key


@pytest.fixture
def access(home: Open, tmp_path: Path) -> Iterator[Access]:
    with access_to(home.ledger, tmp_path) as access:
        yield access


def as_person(access: Access, app: Any, name: str, host: str = "192.0.2.1") -> Client:
    return Client(app, bearer(access, address(name), key(name)), host)


def statuses(client: Client, calls: int, path: str = "/v1/checkpoint") -> list[int]:
    return [client.get(path).status_code for _ in range(calls)]


def lines(records: list[Record]) -> bytes:
    return b"".join(json.dumps(record_to_json(record)).encode() + b"\n" for record in records)


def test_fresh_keys_do_not_multiply_what_a_network_address_may_do(
    home: Open, access: Access, activity: bytes
) -> None:
    app = create_app(home, access=access, limits=limited(calls=10))
    found = [
        status for n in range(6) for status in statuses(as_person(access, app, f"fresh {n}"), 5)
    ]
    assert found == [404] * 10 + [429] * 20


def test_changing_addresses_do_not_multiply_what_a_person_may_do(
    home: Open, access: Access, activity: bytes
) -> None:
    app = create_app(home, access=access, limits=limited(calls=10))
    hosts = [f"192.0.2.{n}" for n in range(1, 7)]
    found = [s for host in hosts for s in statuses(as_person(access, app, "ann", host), 5)]
    assert found == [404] * 10 + [429] * 20
    assert statuses(as_person(access, app, "bob", "192.0.2.99"), 1) == [404]


def test_secrets_that_open_nothing_are_counted_too(
    home: Open, access: Access, activity: bytes
) -> None:
    app = create_app(home, access=access, limits=limited(calls=10))
    client = Client(app, {"Authorization": "Bearer hlt_" + "a" * 43})
    assert statuses(client, 12) == [401] * 10 + [429] * 2


def test_a_server_that_only_reads_counts_too(home: Open, activity: bytes) -> None:
    client = Client(create_app(home, read_only=True, limits=limited(calls=5)))
    assert statuses(client, 7) == [404] * 5 + [429] * 2


def test_the_lines_of_a_request_cost_what_they_are(home: Open, town: Town, activity: bytes) -> None:
    client = Client(create_app(home, limits=limited(records=100)))
    told = client.bulk(b"{}\n" * 300)
    assert len(told) == 300
    # It was let in with what was there; now it owes, and waits: 300 at 100 a minute.
    headers = {"Content-Type": "application/x-ndjson"}
    answer = client.request("POST", "/v1/records:batch", content=b"{}\n", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_OFTEN")
    assert 60 <= int(answer.headers["retry-after"]) <= 180
    assert client.post(town.enrol("carol")).status_code == 429
    assert client.get("/v1/ledger").status_code == 200


def test_strangers_enrol_only_so_many_from_one_network_address(
    home: Open, access: Access, town: Town, activity: bytes
) -> None:
    app = create_app(home, access=access, limits=limited(enrolments=5))
    size = home.ledger.size
    made_up = [town.enrol(f"sybil {n}") for n in range(20)]
    told = Client(app).bulk(lines(made_up))
    assert [line.get("code", line["outcome"]) for line in told] == (
        ["accepted"] * 5 + ["TOO_OFTEN"] * 15
    )
    assert all(int(line["detail"]) > 0 and line["zh"] for line in told[5:])
    assert home.ledger.size == size + 5
    # Neither one by one, nor with a session of a key that was made up, nor of an enrolled one.
    later = made_up[10]
    assert Client(app).post(later).status_code == 429
    for name in ("fresh", "sybil 0"):
        assert as_person(access, app, name, "127.0.0.1").post(later).status_code == 429
    # Other records, other addresses and certified organisations are not held up.
    assert Client(app).post(town.grant("org", "third", "void")).status_code == 201
    assert Client(app, host="192.0.2.7").post(later).status_code == 201
    told = as_person(access, app, "org", "127.0.0.1").bulk(lines(made_up[11:]))
    assert [line["outcome"] for line in told] == ["accepted"] * 9


@pytest.mark.parametrize(
    ("host", "same", "other"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.2"),
        ("fe80::1%eth0", "fe80::2%eth1", "fe81::1"),
        ("nowhere", "nowhere", "elsewhere"),
    ],
)
def test_a_line_at_home_is_one_network_address(host: str, same: str, other: str) -> None:
    assert network_of(host) == network_of(same)
    assert network_of(host) != network_of(other)
