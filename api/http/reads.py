"""Reading records and accounts.

Who sees what, until people can sign in: a record's id is the share link to its entry and its proof.
It cannot be guessed as long as the body holds one salted commitment. So nothing here that can be
found without an id gives one away: totals of an address are public aggregates, and the list of its
entries gives index, kind, time and leaf hash, by which only a holder of an entry recognises it.
There is no search.
"""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api.http import caching, examples, forms, proof_forms, record_forms
from api.http.ports import PREFIX, Served
from api.http.schemas import cached, content
from ledger.core.fields import Address
from ledger.core.limits import INTEGER_MAX
from ledger.errors import NotFound
from ledger.operations import hours, prove, prove_account, read

router = APIRouter(prefix=PREFIX)

PROOF: str = "application/vnd.hourledger.proof+json"
"""Media type of a proof bundle."""

_ADDRESS = Address(zero_allowed=True)
_TLOG_PROOF = "c2sp.org/tlog-proof@v1\nindex 0\n\nexample.org/town\n1\n…\n"

RecordId = Annotated[
    str, Path(pattern=r"^0x[0-9a-f]{64}$", max_length=66, examples=[examples.RECORD_ID])
]
AddressPath = Annotated[
    str, Path(pattern=r"^0x[0-9a-fA-F]{40}$", max_length=42, examples=[examples.VOLUNTEER])
]
After = Annotated[
    int, Query(ge=-1, le=INTEGER_MAX, description="the last one that is known", examples=[-1])
]
Limit = Annotated[int, Query(ge=1, le=1000, description="most items of a page", examples=[100])]


class ProofResponse(JSONResponse):
    """A proof bundle."""

    media_type = PROOF


STATEMENT: str = "application/vnd.hourledger.account+json"
"""Media type of an account's statement."""


class StatementResponse(JSONResponse):
    """An account's statement."""

    media_type = STATEMENT


def _id(text: str) -> bytes:
    return bytes.fromhex(text[2:])


@router.get(
    "/records/{record_id}",
    tags=["records"],
    summary="A record",
    response_model=record_forms.RecordView,
    responses=cached(400, 404),
)
def get_record(record_id: RecordId, request: Request, served: Served) -> Response:
    """The entry, the batch that holds it and, for a service, class, delay and status."""
    book = served.ledger.book
    entry, batch = read.find_record(book, _id(record_id))
    service = read.find_service(book, _id(record_id))
    flags = hours.flags_of(book, entry, service) if service else []
    withdrew = served.withdrawn(service.volunteer) if service else None
    view = record_forms.RecordView.of(_id(record_id), entry, batch, service, flags, withdrew)
    return caching.json(request, view)


@router.get(
    "/records/{record_id}/entry",
    tags=["records"],
    summary="The bytes in the log",
    response_model=record_forms.EntryForm,
    responses=cached(400, 404),
)
def get_entry(record_id: RecordId, request: Request, served: Served) -> Response:
    """The entry in its RFC 8785 form: the leaf hash is SHA-256 of 0x00 and exactly these bytes."""
    entry, _ = read.find_record(served.ledger.book, _id(record_id))
    return caching.answer(request, entry.to_bytes(), "application/json", immutable=True)


@router.get(
    "/records/{record_id}/proof",
    tags=["proofs"],
    summary="A record's proof bundle",
    response_model=proof_forms.ProofBundle,
    response_class=ProofResponse,
    responses=cached(400, 404),
)
def get_proof(record_id: RecordId, request: Request, served: Served) -> Response:
    """All that a verifier needs but the chain."""
    ledger = served.ledger
    found = prove.bundle(ledger.book, _id(record_id), ledger.anchors_for)
    return caching.answer(request, _dumped(found), PROOF)


@router.get(
    "/records/{record_id}/tlog-proof",
    tags=["proofs"],
    summary="A record's inclusion proof alone",
    response_class=Response,
    responses={
        200: content("A C2SP tlog-proof.", "text/plain; charset=utf-8", _TLOG_PROOF),
        **cached(400, 404),
    },
)
def get_tlog_proof(record_id: RecordId, request: Request, served: Served) -> Response:
    """The C2SP tlog-proof@v1 text, for others' tools; 404 while the record is in no batch."""
    ledger = served.ledger
    found = prove.bundle(ledger.book, _id(record_id), ledger.anchors_for)
    proof: str | None = found["record"]["tlog_proof"]
    if proof is None:
        raise NotFound("the record is in no batch yet")
    return caching.text(request, proof)


@router.get(
    "/accounts/{address}",
    tags=["accounts"],
    summary="Totals of an address",
    response_model=record_forms.Account,
    responses=cached(400, 404),
)
def get_account(address: AddressPath, request: Request, served: Served) -> Response:
    """Minutes by class, never added up, and yibi; all zero for an address that nothing concerns."""
    known = _ADDRESS.decode(address, "address")
    return caching.json(request, record_forms.Account.of(read.account(served.ledger.book, known)))


@router.get(
    "/accounts/{address}/proof",
    tags=["proofs"],
    summary="The totals of an address, proved",
    response_model=proof_forms.AccountStatement,
    response_class=StatementResponse,
    responses=cached(400, 404),
)
def get_account_proof(address: AddressPath, request: Request, served: Served) -> Response:
    """The totals as the state tree of a batch has them, or that it has none of this address; 404
    before the first batch."""
    known = _ADDRESS.decode(address, "address")
    ledger = served.ledger
    found = prove_account.statement(ledger.book, known, ledger.anchors_for)
    return caching.answer(request, _dumped(found), STATEMENT)


@router.get(
    "/accounts/{address}/entries",
    tags=["accounts"],
    summary="Which entries concern an address",
    response_model=forms.Page[record_forms.AccountEntry],
    responses=cached(400),
)
def get_account_entries(
    address: AddressPath,
    request: Request,
    served: Served,
    after: After = -1,
    limit: Limit = 100,
) -> Response:
    """Index, kind, time and leaf hash, by index. No ids: an id opens its entry to anybody."""
    known = _ADDRESS.decode(address, "address")
    found = read.account_entries(served.ledger.book, known, after, limit + 1)
    items = [
        record_forms.AccountEntry(
            index=entry.index,
            kind=entry.record.kind,
            accepted_at=entry.accepted_at,
            leaf=forms.hexed(entry.leaf()),
        )
        for entry in found[:limit]
    ]
    next_after = items[-1].index if len(found) > limit else None
    page = forms.Page[record_forms.AccountEntry](items=items, next=next_after)
    return caching.json(request, page)


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
