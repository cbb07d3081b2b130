"""Clocking in and out: the station asks, the volunteer's key answers. Server time only.

A position comes in, is compared with the fence and is forgotten: it stands in no record, no
database and no log. A face never comes here.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.access.errors import AccessRefused, Flaw
from api.access.principal import ANONYMOUS
from api.http.hours import models as hour_forms
from api.http.kernel import examples
from api.http.kernel.authorise import keys_of
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Context, Served
from api.http.kernel.openapi import json_body, problems
from api.http.kernel.request_body import demand_fields, read_fields
from api.http.records import models as record_forms
from api.station.fence import Position
from api.station.station import Station, Visit
from ledger.core.format.fields import Address, Bytes32, Choice, decode_body
from ledger.core.kinds.registry import Clock
from ledger.errors import NotFound, Refused
from ledger.refusals import Code

router = APIRouter(prefix=PREFIX, tags=["clock"])

_ADDRESS, _ID, _WAY = Address(), Bytes32(), Choice("in", "out")
_TEXT: Final = {"type": "string"}
_NULLABLE: Final = {"type": ["string", "null"]}
_WHOLE: Final = {"type": "integer"}
_POSITION: Final[dict[str, Any]] = {
    "type": ["object", "null"],
    "description": "whole microdegrees, and metres",
    "properties": {"latitude": _WHOLE, "longitude": _WHOLE, "accuracy": _WHOLE},
    "required": ["latitude", "longitude", "accuracy"],
    "additionalProperties": False,
}
_VISIT: Final[dict[str, Any]] = {
    "activity": _TEXT,
    "volunteer": _TEXT,
    "direction": {"type": "string", "enum": ["in", "out"]},
    "device": _TEXT,
    "position": _POSITION,
    "site_code": _NULLABLE,
    "face": _NULLABLE,
}
_EXAMPLE: Final[dict[str, Any]] = {
    "activity": examples.RECORD_ID,
    "volunteer": examples.VOLUNTEER,
    "direction": "in",
    "device": "an id that the app made for itself",
    "position": None,
    "site_code": "042137",
    "face": None,
}


def station_of(served: Context) -> Station:
    """The station of this server. Raises `NotFound` where there is none."""
    if served.station is None:
        raise NotFound("nobody can clock in here")
    return served.station


@router.post(
    "/clock/challenge",
    summary="What to sign in order to clock in or out",
    response_model=hour_forms.ClockChallenge,
    responses=problems(400, 404, 409, 413, 415, 422, 429),
    openapi_extra=json_body(_VISIT, _EXAMPLE),
)
async def get_clock_challenge(request: Request, served: Served) -> Response:
    """The body of a clock record by the station's own clock, after a look at what shows the place.

    The place is shown by a position, by the code that is shown there, or by both; a face check may
    come on top where one is set up, and is never the only way.
    """
    station, text = station_of(served), (str, type(None))
    fields = await read_fields(
        request,
        activity=str,
        volunteer=str,
        direction=str,
        device=str,
        position=(dict, type(None)),
        site_code=text,
        face=text,
    )
    body, ticket = await run_in_threadpool(station.challenge, _visit(fields))
    book = served.ledger.book
    seconds = (await run_in_threadpool(book.head)).policy.clock_answer_seconds
    return private(hour_forms.ClockChallenge.of(book.ledger_id, body, ticket, seconds))


@router.post(
    "/clock",
    status_code=201,
    summary="Clock in or out",
    response_model=record_forms.ReceiptForm,
    responses=problems(400, 404, 409, 413, 415, 422, 429),
    openapi_extra=json_body(
        {"body": {"type": "object"}, "ticket": _TEXT, "signature": _TEXT},
        {"body": {}, "ticket": "0x" + "00" * 32, "signature": "0x" + "00" * 65},
    ),
)
async def append_clock(request: Request, served: Served) -> Response:
    """The station's question, answered by the volunteer's key. The same answer again is the same
    event, with status 200. Only now, to who signed, is told whether the code of the place was
    right; who was wrong too often waits."""
    station = station_of(served)
    fields = await read_fields(request, body=dict, ticket=str, signature=str)
    body, ticket = decode_body(Clock, fields["body"]), _ID.decode(fields["ticket"], "ticket")
    try:
        signature = bytes.fromhex(fields["signature"].removeprefix("0x"))
    except ValueError:
        raise Refused(Code.BAD_SIGNATURE, "signature: hex") from None

    def guess(right: bool) -> None:
        _count_guess(request, served, body, right)

    receipt = await served.writers.run(
        lambda: served.ledger.book.append(station.answer(body, ticket, signature, guess))
    )
    told = record_forms.ReceiptForm.of(receipt)
    return private(told, 200 if receipt.duplicate else 201)


@router.post(
    "/clock/face",
    summary="What a face check asks",
    response_model=hour_forms.FaceQuestion,
    responses=problems(400, 404, 413, 415, 422),
    openapi_extra=json_body({"volunteer": _TEXT}, {"volunteer": examples.VOLUNTEER}),
)
async def get_face_question(request: Request, served: Served) -> Response:
    """Gestures for the provider's app, good for a minute. 404 where no face check is set up."""
    station = station_of(served)
    fields = await read_fields(request, volunteer=str)
    question = station.question(_ADDRESS.decode(fields["volunteer"], "volunteer"))
    return private(hour_forms.FaceQuestion(nonce=question.nonce, gestures=list(question.gestures)))


def _visit(fields: dict[str, Any]) -> Visit:
    position = fields["position"]
    if position is not None:
        demand_fields(position, latitude=int, longitude=int, accuracy=int)
    if not 1 <= len(fields["device"]) <= 200:
        raise Refused(Code.BAD_VALUE, "device: 1 to 200 characters")
    return Visit(
        activity=_ID.decode(fields["activity"], "activity"),
        volunteer=_ADDRESS.decode(fields["volunteer"], "volunteer"),
        direction=_WAY.decode(fields["direction"], "direction"),
        device=fields["device"],
        position=Position(**position) if position is not None else None,
        site_code=fields["site_code"] or "",
        face=fields["face"] or "",
    )


def _count_guess(request: Request, served: Context, body: Clock, right: bool) -> None:
    """Six digits can be guessed by whoever may guess for long enough."""
    if served.limits is None:
        return
    (network,) = keys_of(request, ANONYMOUS)
    guesses = served.limits.guesses
    wait = guesses.count(body.volunteer, body.activity, network, right=right)
    if wait:
        raise AccessRefused(Flaw.TOO_OFTEN, str(wait))
