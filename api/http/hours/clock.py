"""Clocking in and out: the station asks, the volunteer's key answers. Server time only.

A position comes in, is compared with the fence and is forgotten: it stands in no record, no
database and no log. A face never comes here.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.access.errors import AccessProblem, AccessRefused
from api.access.principal import ANONYMOUS
from api.http.hours import models as hour_forms
from api.http.kernel.authorise import keys_of
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Context, Served
from api.http.kernel.json_body import Sent
from api.http.kernel.openapi import ApiRoute, problems
from api.http.records import models as record_forms
from api.station.fence import Position
from api.station.station import Station, Visit
from ledger.core.format.structs import decode_body
from ledger.core.kinds.registry import Clock
from ledger.errors import NotFound, Refused
from ledger.refusals import Code

router = APIRouter(prefix=PREFIX, tags=["clock"], route_class=ApiRoute)


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
)
async def get_clock_challenge(served: Served, asked: Sent[hour_forms.VisitRequest]) -> Response:
    """The body of a clock record by the station's own clock, after a look at what shows the place.

    The place is shown by a position, by the code that is shown there, or by both; a face check may
    come on top where one is set up, and is never the only way.
    """
    station = station_of(served)
    body, ticket = await run_in_threadpool(station.challenge, _visit(asked))
    ledger = served.home.ledger
    seconds = (await run_in_threadpool(ledger.head)).policy.clock_answer_seconds
    return private(hour_forms.ClockChallenge.of(ledger.ledger_id, body, ticket, seconds))


@router.post(
    "/clock",
    status_code=201,
    summary="Clock in or out",
    response_model=record_forms.AcceptanceForm,
    responses=problems(400, 404, 409, 413, 415, 422, 429),
)
async def append_clock(
    request: Request, served: Served, asked: Sent[hour_forms.ClockRequest]
) -> Response:
    """The station's question, answered by the volunteer's key. The same answer again is the same
    event, with status 200. Only now, to who signed, is told whether the code of the place was
    right; who was wrong too often waits."""
    station = station_of(served)
    body = decode_body(Clock, asked.body)
    try:
        signature = bytes.fromhex(asked.signature.removeprefix("0x"))
    except ValueError:
        raise Refused(Code.BAD_SIGNATURE, "signature: hex") from None

    def guess(right: bool) -> None:
        _count_guess(request, served, body, right)

    acceptance = await served.writers.run(
        lambda: served.home.ledger.append(station.answer(body, asked.ticket, signature, guess))
    )
    told = record_forms.AcceptanceForm.of(acceptance)
    return private(told, 200 if acceptance.duplicate else 201)


@router.post(
    "/clock/face",
    summary="What a face check asks",
    response_model=hour_forms.FaceQuestion,
    responses=problems(400, 404, 413, 415, 422),
)
async def get_face_question(served: Served, asked: Sent[hour_forms.FaceRequest]) -> Response:
    """Gestures for the provider's app, good for a minute. 404 where no face check is set up."""
    question = station_of(served).question(asked.volunteer)
    return private(hour_forms.FaceQuestion(nonce=question.nonce, gestures=list(question.gestures)))


def _visit(asked: hour_forms.VisitRequest) -> Visit:
    given = asked.position
    return Visit(
        activity=asked.activity,
        volunteer=asked.volunteer,
        direction=asked.direction,
        device=asked.device,
        position=Position(given.latitude, given.longitude, given.accuracy) if given else None,
        site_code=asked.site_code or "",
        face=asked.face or "",
    )


def _count_guess(request: Request, served: Context, body: Clock, right: bool) -> None:
    """Six digits can be guessed by whoever may guess for long enough."""
    if served.limits is None:
        return
    (network,) = keys_of(request, ANONYMOUS)
    guesses = served.limits.guesses
    wait = guesses.count(body.volunteer, body.activity, network, right=right)
    if wait:
        raise AccessRefused(AccessProblem.TOO_OFTEN, str(wait))
