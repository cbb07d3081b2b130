"""Every refusal and failure as a problem document (RFC 9457), in one table.

    category format     400  the input cannot be read as a record
    category capacity   413  the input is larger than a limit
    category signature  422  a signature or a signer does not hold
    category rule       409  a remembered refusal: this record id gets this answer for ever
                        422  any other: the same record may be taken once the book has moved on

Beside the refusal codes of `ledger.refusals` stand the few that only HTTP can give. Besides 503
(later) the server says 500 alone, and only for what is damaged or a defect.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from anchoring.errors import Retry
from api.access.errors import AccessRefused, Flaw
from api.credits.errors import WORDS, Hindered, Hindrance
from api.errors import WrongUse
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


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its stable code, HTTP status, sentence and source."""

    code: str
    status: int
    en: str
    source: str

    @property
    def zh(self) -> str:
        """The sentence in simplified Chinese."""
        return chinese(self.en)


class WrongMediaType(LedgerError):
    """The body is not of a media type, or has an encoding, that the route takes."""


# fmt: off
NOT_FOUND: Final = Kind(
    "NOT_FOUND", 404, "There is no such thing here.", "RFC 9110 §15.5.5",
)
METHOD: Final = Kind(
    "METHOD_NOT_ALLOWED", 405, "The method is not allowed here.",
    "RFC 9110 §15.5.6",
)
BAD_PARAMETER: Final = Kind(
    "BAD_PARAMETER", 400, "A parameter has a value that is not allowed.",
    "RFC 9110 §15.5.1",
)
BAD_FILE: Final = Kind(
    "BAD_FILE", 400, "The file cannot be used as it is.", "docs/credits.md",
)
MEDIA: Final = Kind(
    "WRONG_MEDIA_TYPE", 415, "The body is not of a media type that is taken here.",
    "RFC 9110 §15.5.16",
)
UNAVAILABLE: Final = Kind(
    "UNAVAILABLE", 503, "Not now; the same request may succeed later.",
    "RFC 9110 §15.6.4",
)
DAMAGED: Final = Kind(
    "DAMAGED", 500, "Stored data contradicts itself.", "docs/operations.md",
)
DEFECT: Final = Kind(
    "INTERNAL_ERROR", 500, "The server failed.", "RFC 9110 §15.6.1",
)
# fmt: on

_FLAW_STATUS: Final = {Flaw.SIGN_IN: 401, Flaw.TOO_OFTEN: 429}
"""Statuses of access refusals; all others are 403."""


def kind_of_flaw(flaw: Flaw) -> Kind:
    """A refusal of access as a kind of problem."""
    status = _FLAW_STATUS.get(flaw, 403)
    return Kind(flaw.value, status, flaw.en, "EIP-4361; api/access/policy.py")


def kind_of_hindrance(why: Hindrance) -> Kind:
    """Why a run of a registrar cannot go on, as a kind of problem."""
    return Kind(why.value, 409, WORDS[why], "docs/credits.md")


HTTP_KINDS: Final = (
    *(NOT_FOUND, METHOD, BAD_PARAMETER, BAD_FILE, MEDIA, UNAVAILABLE, DAMAGED, DEFECT),
    *map(kind_of_hindrance, Hindrance),
)
"""The kinds that are no refusals of a record."""


def status_of(code: Code) -> int:
    """The HTTP status of a refusal."""
    return 409 if code.category == "rule" and code.remembered else _CATEGORIES[code.category]


def kind_of(code: Code) -> Kind:
    """A refusal code as a kind of problem."""
    return Kind(code.value, status_of(code), code.en, code.source)


def printable(text: str) -> str:
    """Text that can be sent as UTF-8: details quote input, which may hold lone surrogates."""
    return text[:DETAIL_MAX].encode("utf-8", "replace").decode()


def respond(
    kind: Kind, detail: str = "", headers: Mapping[str, str] | None = None, instance: str = ""
) -> Response:
    """A problem document; `instance` names one occurrence that the log knows."""
    document = Problem(
        type=f"/problems/{kind.code}",
        title=kind.en,
        title_zh=kind.zh,
        status=kind.status,
        detail=printable(detail) or kind.en,
        code=kind.code,
        source=kind.source,
        instance=instance or None,
    )
    body = document.model_dump_json(exclude_none=True)
    return Response(body, kind.status, dict(headers or {}), MEDIA_TYPE)


def failed(kind: Kind, error: Exception, route: str) -> Response:
    """A problem whose cause stands in the log, under an id that the answer carries."""
    instance = f"urn:uuid:{uuid.uuid4()}"
    LOG.error("%s on %s, %s", kind.code, route, instance, exc_info=error)
    return respond(kind, "The operator finds the cause by this instance.", None, instance)


def problem_of(error: LedgerError, route: str) -> Response:
    """The one answer to each error of the ledger."""
    match error:
        case Refused():
            kind = kind_of(error.code)
            # What is left of a body that is too large shall not be read.
            headers = {"Connection": "close"} if kind.status == 413 else None
            return respond(kind, error.detail, headers)
        case AccessRefused():
            return respond(kind_of_flaw(error.flaw), error.detail, _challenge(error))
        case NotFound():
            return respond(NOT_FOUND, str(error))
        case Hindered():
            return respond(kind_of_hindrance(error.why), error.detail)
        case WrongUse():
            return respond(BAD_FILE, str(error))
        case WrongMediaType():
            return respond(MEDIA, str(error), {"Connection": "close"})
        case Busy():
            # A flood of these must not become a flood of the log; they are counted as 503.
            return respond(UNAVAILABLE, _AGAIN, {"Retry-After": str(RETRY_SECONDS)})
        case Unavailable() | Retry():
            LOG.warning("%s on %s: %s", UNAVAILABLE.code, route, error)
            return respond(UNAVAILABLE, _AGAIN, {"Retry-After": str(RETRY_SECONDS)})
        case Damaged():
            return failed(DAMAGED, error, route)
        case _:
            return failed(DEFECT, error, route)


def _challenge(error: AccessRefused) -> dict[str, str]:
    if error.flaw is Flaw.SIGN_IN:
        return {"WWW-Authenticate": "Bearer"}
    return {"Retry-After": error.detail} if error.flaw is Flaw.TOO_OFTEN else {}


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
        return respond(BAD_PARAMETER, f"{first['loc'][-1]}: {first['msg']}")

    @app.exception_handler(HTTPException)
    async def http_error(request: Request, error: HTTPException) -> Response:
        kind = {404: NOT_FOUND, 405: METHOD}.get(error.status_code, BAD_PARAMETER)
        return respond(kind, "", error.headers)
