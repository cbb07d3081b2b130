"""The names that generated clients take from the OpenAPI document are those that people choose."""

import re

from api.access.policy import ACCESS
from api.server.app import create_app

DOCUMENT = create_app(None).openapi()  # type: ignore[arg-type]
IDS = [
    operation["operationId"] for path in DOCUMENT["paths"].values() for operation in path.values()
]


def test_an_operation_is_called_as_its_route_and_by_no_path() -> None:
    assert len(IDS) == len(set(IDS))
    assert [name for name in IDS if name not in ACCESS] == []
    assert [name for name in IDS if not re.fullmatch("[a-z]+(_[a-z]+)*", name)] == []
    assert {"append_record", "get_record", "get_typed_data", "get_organisation"} <= set(IDS)
