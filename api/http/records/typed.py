"""What a wallet needs to sign a record of a kind: its EIP-712 types under this ledger's domain."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from api.http.kernel import caching
from api.http.kernel import models as forms
from api.http.kernel.context import PREFIX, Served
from api.http.kernel.openapi import cached
from ledger.core.kinds.registry import KINDS
from ledger.core.records.typed_data import domain_of, types_of
from ledger.errors import NotFound

router = APIRouter(prefix=PREFIX, tags=["records"])

KindName = Annotated[str, Path(pattern="^[a-z_]{1,40}$", max_length=40, examples=["objection"])]


class Member(forms.Form):
    """A member of a struct, in the types of EIP-712."""

    name: str
    type: str


class TypedData(forms.Form):
    """All of EIP-712 typed data but the message, which is the body of the record."""

    kind: str = Field(examples=["objection"])
    types: dict[str, list[Member]]
    primaryType: str = Field(examples=["Objection"])
    domain: dict[str, str]
    signed_by: list[dict[str, Any]] = Field(
        description="lists of roles, any of which is enough, each with the field that decides"
    )


@router.get(
    "/typed-data/{kind}",
    summary="What a wallet signs",
    response_model=TypedData,
    responses=cached(400, 404),
)
def get_typed_data(kind: KindName, request: Request, served: Served) -> Response:
    """Put a body in as `message`, and `eth_signTypedData_v4` signs it; 404 for a kind that nobody
    submits."""
    declared = KINDS.get(kind)
    if declared is None or not declared.is_submitted:
        raise NotFound("no such kind")
    types = types_of(declared.body)
    view = TypedData(
        kind=kind,
        types={name: [Member(**member) for member in of] for name, of in types.items()},
        primaryType=declared.body.primary_type,
        domain=domain_of(served.home.ledger.ledger_id),
        signed_by=[signers.to_json() for signers in declared.signed_by],
    )
    return caching.json(request, view)
