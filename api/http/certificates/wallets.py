"""What wallets fetch to check our credentials by W3C's own means: DID documents, status lists.

They stand below `/organisations`, where `did:web` looks, and say nothing that the ledger's proof
does not prove better.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Response

from api.certificates.did import did_document
from api.http.certificates.routes import registry_of
from api.http.kernel.context import Served
from api.http.kernel.openapi import problems
from api.http.records.read import AddressPath
from ledger.core.format.fields import Address
from ledger.operations.certificates import web_keys

router = APIRouter(prefix="/organisations", tags=["certificates"])

DID: Final = "application/did+json"
LIST: Final = "application/vc"

_ADDRESS = Address()

ListNumber = Annotated[int, Path(ge=1, le=100_000, examples=[1])]


def _answer(document: dict[str, Any], media_type: str) -> Response:
    data = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    return Response(data, headers=headers, media_type=media_type)


@router.get(
    "/{address}/did.json",
    summary="An organisation's did:web",
    response_class=Response,
    responses={**problems(400, 404), 200: {"content": {DID: {}}}},
)
def get_did_document(address: AddressPath, served: Served) -> Response:
    """The keys that it bound in the ledger under its domain, and its address there."""
    organisation = _ADDRESS.decode(address, "address")
    domain, keys = web_keys(served.home.ledger, organisation)
    return _answer(did_document(domain, organisation, keys), DID)


@router.get(
    "/{address}/status/{list_number}",
    summary="A status list of an organisation",
    response_class=Response,
    responses={**problems(400, 404), 200: {"content": {LIST: {}}}},
)
def get_status_list(address: AddressPath, list_number: ListNumber, served: Served) -> Response:
    """W3C Bitstring Status List: a bit is set for a certificate that is void or replaced."""
    registry = registry_of(served)
    return _answer(registry.status_list(_ADDRESS.decode(address, "address"), list_number), LIST)
