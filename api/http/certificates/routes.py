"""Certificates: asking an organisation for one, fetching its file, looking one up by number.

The file holds personal data: it is for the holder, and for who holds the code on the paper. What
anybody may look up by a number says what became of a certificate, and of nobody anything else.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Response
from starlette.concurrency import run_in_threadpool

from api.certificates.credential import MEDIA_TYPE
from api.certificates.issuer import Wanted
from api.certificates.issuers import IssuerRegistry
from api.certificates.signed import for_other_programs
from api.certificates.stored import fetch_code
from api.http.certificates import models as certificate_forms
from api.http.hours.activities import ActivityId as RecordId
from api.http.kernel.authorise import SignedIn
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Context, Served
from api.http.kernel.json_body import Sent
from api.http.kernel.openapi import ApiRoute, problems
from ledger.core.format.fields import ZERO_HASH
from ledger.errors import NotFound
from ledger.operations import certificates as operations
from ledger.operations import read

router = APIRouter(prefix=PREFIX, tags=["certificates"], route_class=ApiRoute)

PDF: Final = "application/pdf"

Number = Annotated[str, Path(max_length=200, examples=["2K7Q-93TM-H4WD"])]


def registry_of(served: Context) -> IssuerRegistry:
    """The registry of this server. Raises `NotFound` where there is none."""
    if served.registry is None:
        raise NotFound("no certificates are issued here")
    return served.registry


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
)
async def issue_certificate(
    served: Served, address: SignedIn, asked: Sent[certificate_forms.CertificateRequest]
) -> Response:
    """Free of charge, from the organisation that recorded the hours (MCA Order 67, art. 14).
    Hours that are void, amended or disputed are left out."""
    wanted = Wanted(
        holder=address,
        served_from=asked.served_from,
        served_until=asked.served_until,
        purpose=asked.purpose,
        language=asked.language,
        services=asked.services,
        supersedes=asked.supersedes or ZERO_HASH,
    )
    issued = await served.writers.run(registry_of(served).issue, asked.organisation, wanted)
    return private(certificate_forms.Issued.of(issued), 201)


@router.get(
    "/me/certificates",
    summary="My certificates",
    response_model=certificate_forms.Certificates,
    responses=problems(401, 403, 404, 429),
)
def get_my_certificates(served: Served, address: SignedIn) -> Response:
    """All that were ever issued to me, with what became of each."""
    found = operations.certificates_of(served.home.ledger, address)
    return private(certificate_forms.Certificates.of(served.home.ledger, served.registry, found))


@router.get(
    "/me/recorders",
    summary="Who recorded hours of mine",
    response_model=certificate_forms.Recorders,
    responses=problems(401, 403, 404, 429),
)
def get_my_recorders(served: Served, address: SignedIn) -> Response:
    """The organisations, and which of them issue certificates here."""
    ledger, issuers = served.home.ledger, served.registry.issuers if served.registry else {}
    items = []
    for recorder in operations.recorders_of(ledger, address):
        organisation = read.organisation(ledger, recorder)
        name = organisation.name if organisation else ""
        items.append(
            certificate_forms.Recorder(organisation=recorder, name=name, issues=recorder in issuers)
        )
    return private(certificate_forms.Recorders(items=items))


@router.get(
    "/me/certificates/{record_id}",
    summary="The file of my certificate",
    response_class=Response,
    responses={**problems(400, 401, 403, 404, 429), 200: {"content": {MEDIA_TYPE: {}}}},
)
def get_my_certificate(record_id: RecordId, served: Served, address: SignedIn) -> Response:
    """The credential with the ledger's newest proof: all that a stranger needs but the chain."""
    registry = registry_of(served)
    _mine(served, address, _id(record_id))
    return _file(registry.file(_id(record_id), address))


@router.get(
    "/me/certificates/{record_id}/credential",
    summary="My certificate for other programs",
    response_class=Response,
    responses={**problems(400, 401, 403, 404, 429), 200: {"content": {MEDIA_TYPE: {}}}},
)
def get_my_credential(record_id: RecordId, served: Served, address: SignedIn) -> Response:
    """The credential with one proof, `eddsa-rdfc-2022`, for wallets and verifiers that know no
    ledger: they see the issuer's signature, and whether it was taken back."""
    registry = registry_of(served)
    _mine(served, address, _id(record_id))
    _, stored = registry.stored(_id(record_id), address)
    return _file(for_other_programs(stored.credential))


@router.get(
    "/me/certificates/{record_id}/paper",
    summary="My certificate on paper",
    response_class=Response,
    responses={**problems(400, 401, 403, 404, 429), 200: {"content": {PDF: {}}}},
)
def get_my_paper(record_id: RecordId, served: Served, address: SignedIn) -> Response:
    """The PDF is the proof file too: the whole credential is inside."""
    registry = registry_of(served)
    found = _mine(served, address, _id(record_id))
    data = registry.paper(_id(record_id), address)
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
def get_my_code(record_id: RecordId, served: Served, address: SignedIn) -> Response:
    """What stands in the QR code on the paper: whoever holds it can fetch the file."""
    registry = registry_of(served)
    _mine(served, address, _id(record_id))
    _, stored = registry.stored(_id(record_id), address)
    return private(certificate_forms.FetchCode(code=fetch_code(stored.salt)))


def _mine(served: Context, address: str, record: bytes) -> operations.Certified:
    found = operations.find_certificate(served.home.ledger, record)
    if found.body.volunteer != address:
        raise NotFound("no such certificate of yours")
    return found


@router.post(
    "/certificates/{record_id}/file",
    summary="The file of a certificate, for who holds its code",
    response_class=Response,
    responses={**problems(400, 404, 413, 415, 429), 200: {"content": {MEDIA_TYPE: {}}}},
)
async def fetch_certificate(
    record_id: RecordId, served: Served, asked: Sent[certificate_forms.FileRequest]
) -> Response:
    """The code stands in the QR code, behind the `#` of its address, and so reaches no server
    until it is sent here."""
    registry = registry_of(served)
    found = await run_in_threadpool(registry.file_by_code, _id(record_id), asked.code)
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
    found = operations.certificates_numbered(served.home.ledger, number.strip().upper())
    if not found:
        raise NotFound("no certificate has this number")
    return private(certificate_forms.Certificates.of(served.home.ledger, served.registry, found))
