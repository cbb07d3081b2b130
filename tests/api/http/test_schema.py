"""Whatever is sent, the answer is one that the OpenAPI document states, and never a failure."""

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from api.http.kernel.context import Access
from api.server.app import create_app
from ledger.core.kinds.registry import KINDS
from ledger.operations.audit import audit
from ledger.operations.seal import seal
from tests.builders.full_server import Sealed, certify, count
from tests.builders.http import access_to, bearer, station_for
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town, address, key

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]

REFUSED = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]
"""What counts as a refusal of contradicting input: also that a body is too large."""
CONFIG = {"checks": {"negative_data_rejection": {"expected-statuses": [str(s) for s in REFUSED]}}}


@schemathesis.serializer("application/x-ndjson")
def lines(_: schemathesis.SerializationContext, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def open_ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealed]:
    town, folder = Town(), tmp_path_factory.mktemp("schema")
    opened = Sealed(town, opened_ledger(town, folder), folder / "chain.sqlite")
    activity = settle(town, opened.ledger)
    opened.service = town.served(opened.ledger, "org", "ann", activity, START + 90000, 60)
    opened.ledger.append(opened.service)
    certify(opened, folder)
    opened.ledger.append(town.grant("org", "registrar", "credit"))
    seal(opened.ledger, town.log_key)
    count(opened, folder)
    yield opened
    # Nothing that was generated could sign, so nothing came in and all is sound.
    assert opened.ledger.size == 16
    assert audit(opened.ledger.engine).findings == []
    opened.registry.vault.engine.dispose()
    opened.close()


@pytest.fixture(scope="module")
def access(open_ledger: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    with access_to(open_ledger.ledger, tmp_path_factory.mktemp("access")) as access:
        yield access


@pytest.fixture(scope="module")
def document(open_ledger: Sealed, access: Access) -> schemathesis.BaseSchema:
    app = create_app(
        open_ledger,
        access=access,
        station=station_for(open_ledger.ledger),
        registry=open_ledger.registry,
        registrar=open_ledger.registrar,
    )
    config = SchemathesisConfig.from_dict(CONFIG)
    return schemathesis.openapi.from_asgi("/v1/openapi.json", app, config=config)


# The document needs no ledger to be made.
OPERATIONS = [
    (method.upper(), path, mode)
    for path, operations in create_app(None).openapi()["paths"].items()  # type: ignore[arg-type]
    for method, operation in operations.items()
    # Only what states 400 can be asked in a way that contradicts the document.
    for mode in (["positive", "negative"] if "400" in operation["responses"] else ["positive"])
]


@pytest.mark.parametrize(("method", "path", "mode"), OPERATIONS)
def test_every_answer_is_as_the_document_states(
    document: schemathesis.BaseSchema, method: str, path: str, mode: str
) -> None:
    cases = document[path][method].as_strategy(generation_mode=GenerationMode(mode))

    @settings(
        max_examples=20,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def check(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS)

    check()


NAMES = ("ann", "org", "authority")

QUERIES = {
    "/signed": {"signer": address("org")},
    "/disclosure": {"from": "2023-11", "to": "2023-12"},
}
"""What a route needs beside its path, by the end of the path."""


def test_answers_about_real_things_are_as_the_document_states(
    document: schemathesis.BaseSchema, open_ledger: Sealed, access: Access
) -> None:
    open_ledger.anchor_pending()
    bearers = {name: bearer(access, address(name), key(name)) for name in NAMES}
    places = {
        "activity": "0x" + open_ledger.service.body.activity.hex(),  # type: ignore[attr-defined]
        "organisation": address("org"),
        "record_id": "0x" + open_ledger.town.id(open_ledger.service).hex(),
        "address": address("ann"),
        "index": 1,
        "number": 1,
        "level": "0",
        "path": "000.p/8",
        "code": "OVERLAP",
        "run": open_ledger.run,
        "name": "students.csv",
        "kind": "service",
    }
    certificate = open_ledger.certificate
    issued = {
        "record_id": "0x" + certificate.record.hex(),
        "number": certificate.statement.number,
    }
    for method, path, mode in OPERATIONS:
        if (method, mode) == ("GET", "positive"):
            needed = {name: value for name, value in places.items() if f"{{{name}}}" in path}
            if path.endswith(("/did.json", "/credit-jobs/{job}")):
                continue  # An organisation without a domain has none; a job is made by a call.
            if path == "/v1/organisations/{address}":
                needed = {"address": address("org")}
            if "/status/" in path:
                needed = {"address": address("org"), "list_number": 1}
            elif "/certificates/" in path:
                needed = {name: issued[name] for name in needed}
            who = "org" if {"activity", "organisation"} & needed.keys() else "ann"
            headers = bearers["authority" if path == "/v1/entries" else who]
            query = next((q for end, q in QUERIES.items() if path.endswith(end)), {})
            case = document[path]["GET"].Case(path_parameters=needed, headers=headers, query=query)
            answer = case.call_and_validate(checks=CHECKS[:-1])
            assert answer.status_code == 200, path


def test_every_route_is_documented_with_an_example(open_ledger: Sealed) -> None:
    found = create_app(open_ledger).openapi()
    for path, operations in found["paths"].items():
        for operation in operations.values():
            assert operation["summary"], path
            assert operation["description"], path
            for parameter in operation.get("parameters", []):
                assert parameter["schema"].get("examples") or parameter.get("example"), path
            for status, answer in operation["responses"].items():
                assert answer["description"], (path, status)


def test_the_stated_kinds_are_those_that_can_be_submitted(open_ledger: Sealed) -> None:
    schemas = create_app(open_ledger).openapi()["components"]["schemas"]
    kinds = set(schemas["Record"]["discriminator"]["mapping"])
    assert kinds == KINDS.keys() - {"seal"}
    body = schemas["ServiceRecord"]["properties"]["body"]
    assert body["properties"]["hour_class"]["enum"] == ["credit", "honour"]
    assert body["additionalProperties"] is False
