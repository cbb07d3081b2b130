"""Certificates: asking an organisation's desk for one, fetching its file, looking one up by number.

The file holds personal data: it is for the holder, and for who holds the code on the paper. What
anybody may look up by a number says what became of a certificate, and of nobody anything else.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api.access.errors import AccessRefused, Flaw
from api.certificates.credential import MEDIA_TYPE
from api.certificates.issuer import NOTHING, Wanted
from api.certificates.issuers import Office
from api.certificates.stored import fetch_code
from api.http.certificates import models as certificate_forms
from api.http.hours.activities import ActivityId as RecordId
from api.http.kernel import examples
from api.http.kernel.authorise import Caller
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Context, Served
from api.http.kernel.openapi import json_body, problems
from api.http.kernel.request_body import read_fields
from ledger.core.format.fields import Address, Bytes32, Choice, Text, UInt
from ledger.errors import NotFound
from ledger.operations import certificates as operations
from ledger.operations import read

router = APIRouter(prefix=PREFIX, tags=["certificates"])

PDF: Final = "application/pdf"

_ADDRESS, _ID, _TIME, _TEXT = Address(), Bytes32(), UInt(64), Text()
_LANGUAGE: Final = Choice("zh-Hans", "zh-Hant", "en")
_SHAPE: Final[dict[str, Any]] = {
    "organisation": {"type": "string"},
    "served_from": {"type": "integer"},
    "served_until": {"type": "integer"},
    "purpose": {"type": "string"},
    "language": {"type": "string", "enum": list(_LANGUAGE.words)},
    "services": {
        "type": ["array", "null"],
        "items": {"type": "string"},
        "description": "record ids; null: all of the period that nothing has changed",
    },
    "supersedes": {"type": ["string", "null"], "description": "the one that this replaces"},
}
_EXAMPLE: Final[dict[str, Any]] = {
    "organisation": examples.VOLUNTEER,
    "served_from": 1_700_000_000,
    "served_until": 1_710_000_000,
    "purpose": "申请实习",
    "language": "zh-Hans",
    "services": None,
    "supersedes": None,
}

Number = Annotated[str, Path(max_length=200, examples=["2K7Q-93TM-H4WD"])]


def office_of(served: Context) -> Office:
    """The office of this server. Raises `NotFound` where there is none."""
    if served.office is None:
        raise NotFound("no certificates are issued here")
    return served.office


def _id(text: str) -> bytes:
    return bytes.fromhex(text[2:])


def _file(found: dict[str, Any]) -> Response:
    data = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(data, headers={"Cache-Control": "private, no-store"}, media_type=MEDIA_TYPE)


@router.post(
    "/certificates",
    status_code=201,
    summary="Ask for a certificate of my hours",
    response_model=certificate_forms.Issued,
    responses=problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
    openapi_extra=json_body(_SHAPE, _EXAMPLE),
)
async def issue_certificate(request: Request, served: Served, principal: Caller) -> Response:
    """Free of charge, from the desk of the organisation that recorded the hours (67号令 art. 14).
    Hours that are void, amended or disputed are left out."""
    office = office_of(served)
    if principal.address is None:
        raise AccessRefused(Flaw.SIGN_IN)
    fields = await read_fields(
        request,
        organisation=str,
        served_from=int,
        served_until=int,
        purpose=str,
        language=str,
        services=(list, type(None)),
        supersedes=(str, type(None)),
    )
    services = fields["services"]
    if services is not None:
        services = [_ID.decode(item, "services") for item in services]
    supersedes = fields["supersedes"]
    wanted = Wanted(
        holder=principal.address,
        served_from=_TIME.decode(fields["served_from"], "served_from"),
        served_until=_TIME.decode(fields["served_until"], "served_until"),
        purpose=_TEXT.decode(fields["purpose"], "purpose"),
        language=_LANGUAGE.decode(fields["language"], "language"),
        services=services,
        supersedes=NOTHING if supersedes is None else _ID.decode(supersedes, "supersedes"),
    )
    organisation = _ADDRESS.decode(fields["organisation"], "organisation")
    issued = await served.writers.run(office.issue, organisation, wanted)
    return private(certificate_forms.Issued.of(issued), 201)


@router.get(
    "/me/certificates",
    summary="My certificates",
    response_model=certificate_forms.Certificates,
    responses=problems(401, 403, 404, 429),
)
def get_my_certificates(served: Served, principal: Caller) -> Response:
    """All that were ever issued to me, with what became of each."""
    if principal.address is None:
        raise AccessRefused(Flaw.SIGN_IN)
    found = operations.certificates_of(served.ledger.book, principal.address)
    return private(certificate_forms.Certificates.of(served.ledger.book, served.office, found))


@router.get(
    "/me/recorders",
    summary="Who recorded hours of mine",
    response_model=certificate_forms.Recorders,
    responses=problems(401, 403, 404, 429),
)
def get_my_recorders(served: Served, principal: Caller) -> Response:
    """The organisations, and which of them issue certificates here."""
    if principal.address is None:
        raise AccessRefused(Flaw.SIGN_IN)
    book, desks = served.ledger.book, served.office.desks if served.office else {}
    items = []
    for address in operations.recorders_of(book, principal.address):
        organisation = read.organisation(book, address)
        name = organisation.name if organisation else ""
        items.append(
            certificate_forms.Recorder(organisation=address, name=name, issues=address in desks)
        )
    return private(certificate_forms.Recorders(items=items))


@router.get(
    "/me/certificates/{record_id}",
    summary="The file of my certificate",
    response_class=Response,
    responses={**problems(400, 401, 403, 404, 429), 200: {"content": {MEDIA_TYPE: {}}}},
)
def get_my_certificate(record_id: RecordId, served: Served, principal: Caller) -> Response:
    """The credential with the ledger's newest proof: all that a stranger needs but the chain."""
    office = office_of(served)
    _mine(served, principal.address, _id(record_id))
    return _file(office.file(_id(record_id), principal.address))


@router.get(
    "/me/certificates/{record_id}/paper",
    summary="My certificate on paper",
    response_class=Response,
    responses={**problems(400, 401, 403, 404, 429), 200: {"content": {PDF: {}}}},
)
def get_my_paper(record_id: RecordId, served: Served, principal: Caller) -> Response:
    """The PDF is the proof file too: the whole credential is inside."""
    office = office_of(served)
    found = _mine(served, principal.address, _id(record_id))
    data = office.paper(_id(record_id), principal.address)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{found.record.hex()[:12]}.pdf"',
    }
    return Response(data, headers=headers, media_type=PDF)


@router.get(
    "/me/certificates/{record_id}/code",
    summary="The code that opens my certificate",
    response_model=certificate_forms.FetchCode,
    responses=problems(400, 401, 403, 404, 429),
)
def get_my_code(record_id: RecordId, served: Served, principal: Caller) -> Response:
    """What stands in the QR code on the paper: whoever holds it can fetch the file."""
    office = office_of(served)
    _mine(served, principal.address, _id(record_id))
    _, kept = office.kept(_id(record_id), principal.address)
    return private(certificate_forms.FetchCode(code=fetch_code(kept.salt)))


def _mine(served: Context, address: str | None, record: bytes) -> operations.Certified:
    found = operations.find_certificate(served.ledger.book, record)
    if address is None or found.body.volunteer != address:
        raise NotFound("no such certificate of yours")
    return found


@router.post(
    "/certificates/{record_id}/file",
    summary="The file of a certificate, for who holds its code",
    response_class=Response,
    responses={**problems(400, 404, 413, 415, 429), 200: {"content": {MEDIA_TYPE: {}}}},
    openapi_extra=json_body({"code": {"type": "string"}}, {"code": "00" * 16}),
)
async def fetch_certificate(record_id: RecordId, request: Request, served: Served) -> Response:
    """The code stands in the QR code, behind the `#` of its address, and so reaches no server
    until it is sent here."""
    office = office_of(served)
    fields = await read_fields(request, code=str)
    found = await run_in_threadpool(office.file_by_code, _id(record_id), fields["code"])
    return _file(found)


@router.get(
    "/certificates/numbered/{number}",
    summary="What became of the certificates with a number",
    response_model=certificate_forms.Certificates,
    responses=problems(400, 404, 429),
)
def get_numbered(number: Number, served: Served) -> Response:
    """Issuer, period, hours by class and status; never whose it is. A number is not to be guessed,
    and one alone proves nothing: the file does."""
    found = operations.certificates_numbered(served.ledger.book, number.strip().upper())
    if not found:
        raise NotFound("no certificate has this number")
    return private(certificate_forms.Certificates.of(served.ledger.book, served.office, found))
