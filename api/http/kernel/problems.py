"""Every refusal and failure as a problem document (RFC 9457).

    category format     400  the input cannot be read as a record
    category capacity   413  the input is larger than a limit
    category signature  422  a signature or a signer does not hold
    category rule       409  a remembered refusal: this record id gets this answer for ever
                        422  any other: the same record may be taken once the ledger has moved on

That is how a refusal of `ledger.refusals` gets its status; every other code is declared with its
own, as a `ProblemCode`. Besides 503 (later) the server says 500 alone, and only for what is damaged
or a defect.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from anchoring.errors import Retry
from api.access.errors import AccessProblem, AccessRefused
from api.credits.errors import RunBlocked, RunConflict
from api.errors import ProblemCode, WrongUse
from api.http.kernel.models import Problem
from api.words import chinese
from ledger.errors import Busy, Damaged, LedgerError, NotFound, Refused, Unavailable
from ledger.refusals import Code

LOG = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
"""RFC 9457 §3."""

RETRY_SECONDS: Final = 5
"""When to come again after 503, in seconds."""

DETAIL_MAX: Final = 500
"""Longest detail in characters."""

_AGAIN: Final = "Try again; the same record again is no second record."

_CATEGORIES: Final = {"format": 400, "capacity": 413, "signature": 422, "rule": 422}


class WrongMediaType(LedgerError):
    """The body is not of a media type, or has an encoding, that the route takes."""


class HttpProblem(ProblemCode):
    """What only HTTP can answer, or a server that fails."""

    NOT_FOUND = "NOT_FOUND", 404, "There is no such thing here.", "RFC 9110 §15.5.5"
    METHOD = "METHOD_NOT_ALLOWED", 405, "The method is not allowed here.", "RFC 9110 §15.5.6"
    BAD_PARAMETER = (
        "BAD_PARAMETER",
        400,
        "A parameter has a value that is not allowed.",
        "RFC 9110 §15.5.1",
    )
    BAD_FILE = "BAD_FILE", 400, "The file cannot be used as it is.", "docs/credits.md"
    MEDIA = (
        "WRONG_MEDIA_TYPE",
        415,
        "The body is not of a media type that is taken here.",
        "RFC 9110 §15.5.16",
    )
    UNAVAILABLE = (
        "UNAVAILABLE",
        503,
        "Not now; the same request may succeed later.",
        "RFC 9110 §15.6.4",
    )
    DAMAGED = "DAMAGED", 500, "Stored data contradicts itself.", "docs/operations.md"
    DEFECT = "INTERNAL_ERROR", 500, "The server failed.", "RFC 9110 §15.6.1"


AnyCode = Code | ProblemCode

PROBLEMS: Final[Mapping[str, AnyCode]] = MappingProxyType(
    {code.value: code for code in (*Code, *AccessProblem, *RunConflict, *HttpProblem)}
)
"""Every code that an answer can carry, by its text."""


def status_of(code: AnyCode) -> int:
    """The HTTP status that goes with a code."""
    if isinstance(code, ProblemCode):
        return code.status
    return 409 if code.category == "rule" and code.remembered else _CATEGORIES[code.category]


def code_of(error: Exception) -> AnyCode:
    """The one code of each error."""
    match error:
        case Refused():
            return error.code
        case AccessRefused():
            return error.problem
        case RunBlocked():
            return error.why
        case NotFound():
            return HttpProblem.NOT_FOUND
        case WrongUse():
            return HttpProblem.BAD_FILE
        case WrongMediaType():
            return HttpProblem.MEDIA
        case Unavailable() | Retry():
            return HttpProblem.UNAVAILABLE
        case Damaged():
            return HttpProblem.DAMAGED
        case _:
            return HttpProblem.DEFECT


def printable(text: str) -> str:
    """Text that can be sent as UTF-8: details quote input, which may hold lone surrogates."""
    return text[:DETAIL_MAX].encode("utf-8", "replace").decode()


def respond(
    code: AnyCode, detail: str = "", headers: Mapping[str, str] | None = None, instance: str = ""
) -> Response:
    """A problem document; `instance` names one occurrence that the log knows."""
    document = Problem(
        type=f"/problems/{code.value}",
        title=code.en,
        title_zh=chinese(code.en),
        status=status_of(code),
        detail=printable(detail) or code.en,
        code=code.value,
        source=code.source,
        instance=instance or None,
    )
    body = document.model_dump_json(exclude_none=True)
    return Response(body, document.status, dict(headers or {}), MEDIA_TYPE)


def failed(code: AnyCode, error: Exception, route: str) -> Response:
    """A problem whose cause stands in the log, under an id that the answer carries."""
    instance = f"urn:uuid:{uuid.uuid4()}"
    LOG.error("%s on %s, %s", code.value, route, instance, exc_info=error)
    return respond(code, "The operator finds the cause by this instance.", None, instance)


def problem_of(error: LedgerError, route: str) -> Response:
    """The one answer to each error of the ledger."""
    code = code_of(error)
    if status_of(code) == 500:
        return failed(code, error, route)
    if code is HttpProblem.UNAVAILABLE:
        # A flood of those who wait must not become a flood of the log; they are counted as 503.
        if not isinstance(error, Busy):
            LOG.warning("%s on %s: %s", code.value, route, error)
        return respond(code, _AGAIN, {"Retry-After": str(RETRY_SECONDS)})
    detail = str(getattr(error, "detail", error))
    return respond(code, detail, _headers(code, detail))


def _headers(code: AnyCode, detail: str) -> dict[str, str]:
    if code is AccessProblem.SIGN_IN:
        return {"WWW-Authenticate": "Bearer"}
    if code is AccessProblem.TOO_OFTEN:
        return {"Retry-After": detail}
    # What is left of a body that is too large, or of another kind, shall not be read.
    return {"Connection": "close"} if status_of(code) in (413, 415) else {}


def route_of(scope: Mapping[str, Any]) -> str:
    """The template of the matched route, never the raw path: that may hold a record's id."""
    return str(getattr(scope.get("route"), "path", "unmatched"))


def install(app: FastAPI) -> None:
    """Answer every known error on an application with a problem document."""

    @app.exception_handler(LedgerError)
    async def ledger_error(request: Request, error: LedgerError) -> Response:
        return problem_of(error, route_of(request.scope))

    @app.exception_handler(RequestValidationError)
    async def bad_parameter(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return respond(HttpProblem.BAD_PARAMETER, f"{first['loc'][-1]}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        known = {404: HttpProblem.NOT_FOUND, 405: HttpProblem.METHOD}
        code = known.get(error.status_code, HttpProblem.BAD_PARAMETER)
        return respond(code, "", error.headers)
