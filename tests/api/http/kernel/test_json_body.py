"""A JSON body is exactly what its class says; what is refused is told by its place alone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute
from hypothesis import given
from hypothesis import strategies as st

from api.http.hours.models import VisitRequest
from api.http.kernel.json_body import BYTES_MAX, Base64In, JsonBody
from api.http.people.models import TokenRequest
from api.server.app import ROUTES, create_app
from ledger.errors import Refused
from tests.builders.http import Client, Open
from tests.builders.records import address


def bodies() -> Iterator[tuple[str, type[JsonBody]]]:
    """Each route that takes a JSON body, with its class."""
    for module in ROUTES:
        for route in module.router.routes:
            for need in route.dependant.dependencies if isinstance(route, APIRoute) else []:
                body = getattr(need.call, "__self__", None)
                if isinstance(body, type) and issubclass(body, JsonBody):
                    yield route.path, body


def example_of(body: type[JsonBody]) -> dict[str, Any]:
    members = body.model_json_schema()["properties"].items()
    return {name: member["examples"][0] for name, member in members}


BODIES = dict(bodies())
EACH = sorted({*BODIES.values()}, key=lambda body: body.__name__)

DOCUMENT = create_app(None).openapi()  # type: ignore[arg-type]
PATHS, SCHEMAS = DOCUMENT["paths"], DOCUMENT["components"]["schemas"]

VISIT: dict[str, Any] = {
    **example_of(VisitRequest),
    "position": {"latitude": 1, "longitude": 2, "accuracy": 3},
}


def refusal_of(body: type[JsonBody], value: object) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        body.read(json.dumps(value).encode())
    # Neither the cause nor the context of the refusal holds what was sent.
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value.code.value, caught.value.detail


@pytest.mark.parametrize(("path", "body"), BODIES.items(), ids=BODIES)
def test_the_document_states_every_body_with_an_example_that_is_taken(
    path: str, body: type[JsonBody]
) -> None:
    (stated,) = [
        operation["requestBody"]["content"]["application/json"]
        for operation in PATHS[path].values()
        if "requestBody" in operation
    ]
    schema = SCHEMAS[stated["schema"]["$ref"].rpartition("/")[2]]
    assert schema["required"] == list(stated["example"])
    assert stated["example"] == example_of(body)
    assert schema["additionalProperties"] is False
    assert schema["description"]
    assert isinstance(body.read(json.dumps(stated["example"]).encode()), body)


def test_sixteen_routes_take_a_json_body() -> None:
    assert len(BODIES) == 16


@pytest.mark.parametrize("body", EACH, ids=lambda body: body.__name__)
def test_a_member_too_many_or_too_few_is_refused_without_its_name(body: type[JsonBody]) -> None:
    example = example_of(body)
    needed = ("BAD_FORM", f"needed: {', '.join(example)}")
    assert refusal_of(body, {**example, "secret": 1}) == needed
    assert refusal_of(body, dict(list(example.items())[1:])) == needed
    assert refusal_of(body, [example]) == needed
    assert refusal_of(body, None) == needed


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"activity": "0x00"}, "activity: 32 bytes as lower-case 0x-hex are needed"),
        ({"activity": 1}, "activity: 32 bytes as lower-case 0x-hex are needed"),
        (
            {"volunteer": address("ann").lower()},
            "volunteer: the address is not in EIP-55 spelling",
        ),
        ({"direction": "up"}, "direction: one of in, out is needed"),
        ({"device": ""}, "device: at least 1 characters are needed"),
        ({"device": "x" * 201}, "device: at most 200 characters are taken"),
        ({"device": None}, "device: text is needed"),
        ({"site_code": 42137}, "site_code: text is needed"),
        ({"device": "\ud800"}, "device"),
        (
            {"position": {"latitude": True, "longitude": 2, "accuracy": 3}},
            "position.latitude: an integer is needed",
        ),
        (
            {"position": {"latitude": "1", "longitude": 2, "accuracy": 3}},
            "position.latitude: an integer is needed",
        ),
    ],
)
def test_a_wrong_member_is_refused_at_its_place(changes: dict[str, Any], refusal: str) -> None:
    assert refusal_of(VisitRequest, VISIT | changes) == ("BAD_VALUE", refusal)


def test_a_wrong_member_of_a_member_is_refused_at_its_place() -> None:
    position = {**VISIT["position"], "secret": 1}
    needed = "position: needed: latitude, longitude, accuracy"
    assert refusal_of(VisitRequest, VISIT | {"position": position}) == ("BAD_FORM", needed)
    assert refusal_of(VisitRequest, VISIT | {"position": [1]}) == ("BAD_FORM", needed)
    wrong = example_of(TokenRequest) | {"scopes": ["a", 1]}
    assert refusal_of(TokenRequest, wrong) == ("BAD_VALUE", "scopes[1]: text is needed")


class Upload(JsonBody):
    data: Base64In


@pytest.mark.parametrize("sent", ["!!", "YQ", "YQ==\n", "ä", 1, None])
def test_what_is_no_base64_is_refused(sent: object) -> None:
    assert refusal_of(Upload, {"data": sent}) == ("BAD_VALUE", "data: base64 is needed")
    assert Upload.read(b'{"data": "YQ=="}').data == b"a"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.just("S3CRET"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.just("S3CRET"), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from(EACH), st.data())
def test_whatever_is_sent_is_taken_or_refused_and_never_said_again(
    body: type[JsonBody], data: st.DataObject
) -> None:
    example = example_of(body)
    changes = data.draw(st.dictionaries(st.sampled_from([*example, "S3CRET"]), VALUES))
    sent, told = json.dumps(example | changes).encode(), ""
    try:
        told = repr(body.read(sent))
    except Refused as refusal:
        told = str(refusal)
    assert "S3CRET" not in told


@pytest.mark.parametrize(
    ("body", "media", "status", "code"),
    [
        (b"", "application/json", 400, "NOT_JSON"),
        (b'{"address": 1.0}', "application/json", 400, "NOT_JSON"),
        (b'{"address": "a", "address": "a"}', "application/json", 400, "NOT_JSON"),
        (b"[" * 17 + b"]" * 17, "application/json", 413, "TOO_LARGE"),
        (b" " * (BYTES_MAX + 1), "application/json", 413, "TOO_LARGE"),
        (b'{"address": 1}', "application/json", 400, "BAD_VALUE"),
        (b"{}", "application/json", 400, "BAD_FORM"),
        (b"{}", "text/plain", 415, "WRONG_MEDIA_TYPE"),
        (b"{}", "application/json; charset=latin1", 415, "WRONG_MEDIA_TYPE"),
    ],
)
def test_bad_bytes_are_refused_as_those_of_records(
    home: Open, body: bytes, media: str, status: int, code: str
) -> None:
    client = Client(create_app(home))
    headers = {"Content-Type": media}
    answer = client.request("POST", "/v1/sign-in/challenge", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
