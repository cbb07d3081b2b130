"""Reading records and accounts.

A record's id that cannot be guessed opens its entry and its proof to whoever names it; one that can
be (`api.access.opening`) opens them to the record's parties alone, and to all others there is no
such record. An address is no secret, so what goes by one is for its holder. There is no search.
"""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from api.http.kernel import caching, examples
from api.http.kernel import models as forms
from api.http.kernel.caching import PRIVATE, private
from api.http.kernel.context import PREFIX, Served
from api.http.kernel.openapi import NDJSON, cached, content, problems
from api.http.proofs import models as proof_forms
from api.http.proofs import receipt_models
from api.http.records import models as record_forms
from ledger.core.format.fields import Address
from ledger.core.format.limits import INTEGER_MAX
from ledger.errors import NotFound
from ledger.operations import hours, prove, prove_account, read, receipt

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


RECEIPT: str = "application/vnd.hourledger.receipt+json"
"""Media type of a record's receipt."""


class ReceiptResponse(JSONResponse):
    """A record's receipt."""

    media_type = RECEIPT


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
    ledger = served.home.ledger
    entry, batch = read.find_record(ledger, _id(record_id))
    service = read.find_service(ledger, _id(record_id))
    flags = hours.flags_of(ledger, entry, service) if service else []
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
    entry, _ = read.find_record(served.home.ledger, _id(record_id))
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
    home = served.home
    found = prove.bundle(home.ledger, _id(record_id), home.anchors_within)
    return caching.answer(request, _dumped(found), PROOF)


@router.get(
    "/records/{record_id}/receipt",
    tags=["proofs"],
    summary="A record's receipt",
    response_model=receipt_models.SignedReceipt,
    response_class=ReceiptResponse,
    responses=cached(400, 404),
)
def get_receipt(record_id: RecordId, request: Request, served: Served) -> Response:
    """What the log promised on acceptance, and the newest anchored head that shows whether it kept
    it, else the newest; 404 from a server that only reads, since it signs nothing."""
    home, found = served.home, _id(record_id)
    entry, _ = read.find_record(home.ledger, found)
    if served.read_only:
        raise NotFound("this server only reads: ask the one that takes records in")
    head = receipt.head_at(home.ledger, entry.index, home.anchors_within)
    made = receipt.receipt(home.ledger, home.log_key, found, home.batch_seconds, head)
    return caching.answer(request, _dumped(made), RECEIPT)


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
    home = served.home
    found = prove.bundle(home.ledger, _id(record_id), home.anchors_within)
    proof: str | None = found["record"]["tlog_proof"]
    if proof is None:
        raise NotFound("the record is in no batch yet")
    return caching.text(request, proof)


@router.get(
    "/accounts/{address}",
    tags=["accounts"],
    summary="Totals of an address",
    response_model=record_forms.Account,
    responses=problems(400),
)
def get_account(address: AddressPath, served: Served) -> Response:
    """For the holder and who acts for the organisation: minutes by class, never added up, and
    yibi; all zero for an address that nothing concerns."""
    known = _ADDRESS.decode(address, "address")
    return private(record_forms.Account.of(read.account(served.home.ledger, known)))


@router.get(
    "/accounts/{address}/proof",
    tags=["proofs"],
    summary="The totals of an address, proved",
    response_model=proof_forms.AccountStatement,
    response_class=StatementResponse,
    responses=problems(400, 404),
)
def get_account_proof(address: AddressPath, served: Served) -> Response:
    """For the holder: the totals as the state tree of a batch has them; 404 where it has none. That
    there are none could be proved only by showing the totals of somebody else."""
    known = _ADDRESS.decode(address, "address")
    home = served.home
    found = prove_account.statement(home.ledger, known, home.anchors_within)
    if not prove_account.is_there(found):
        raise NotFound("no batch knows of this address yet")
    return Response(_dumped(found), headers=PRIVATE, media_type=STATEMENT)


@router.get(
    "/accounts/{address}/entries",
    tags=["accounts"],
    summary="Which entries concern an address",
    response_model=forms.Page[record_forms.AccountEntry],
    responses=problems(400),
)
def get_account_entries(
    address: AddressPath, served: Served, after: After = -1, limit: Limit = 100
) -> Response:
    """For the holder: index, kind, time and leaf hash, by index. No ids, which open entries to
    anybody."""
    known = _ADDRESS.decode(address, "address")
    found = read.account_entries(served.home.ledger, known, after, limit + 1)
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
    return private(forms.Page[record_forms.AccountEntry](items=items, next=next_after))


@router.get(
    "/entries",
    tags=["log"],
    summary="The entries of the log, for mirrors and auditors",
    response_class=Response,
    responses={
        200: content("One entry a line, by index.", NDJSON, json.dumps(examples.ENTRY) + "\n"),
        **problems(400),
    },
)
def get_entries(served: Served, after: After = -1, limit: Limit = 100) -> Response:
    """For an authority, and for who bears a token that one gave with the scope `log:mirror`: the
    bytes in the log, in their RFC 8785 form, of the entries above the index `after` that the newest
    checkpoint covers. An empty answer is the end of it."""
    found = read.sealed_entries(served.home.ledger, after, limit)
    lines = b"".join(data + b"\n" for data in found)
    return Response(lines, headers=PRIVATE, media_type=NDJSON)


def _dumped(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
