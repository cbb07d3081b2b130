"""The gate in front of every route: who calls, how often, and whether the policy lets them.

A caller is whoever bears the secret in `Authorization: Bearer …`: of a session (a person who signed
in) or of a token (a system). Without one a caller is anonymous, which is enough for all that is
public. What each route demands stands in `api.access.policy.ACCESS`.
"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Request

from api.access import sessions as session_secrets
from api.access import tokens as token_secrets
from api.access.errors import AccessRefused, Flaw
from api.access.policy import Resource, may_call
from api.access.principal import ANONYMOUS, Principal, resolve
from api.http.ports import Context, Served
from ledger.errors import NotFound, Unavailable
from ledger.operations import hours

BEARER = "bearer "

_ID = re.compile(r"0x[0-9a-f]{64}\Z")

NAMES = ("record_id", "address", "activity", "number")
"""Path parameters that name a thing by its full id."""


def bearer_of(request: Request) -> str | None:
    """The secret that a request bears, if any."""
    header = request.headers.get("authorization", "")
    return header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else None


def caller(request: Request, served: Served) -> Principal:
    """Who calls. Raises `AccessRefused(SIGN_IN)` for a secret that opens nothing now."""
    secret = bearer_of(request)
    if secret is None:
        return ANONYMOUS
    found = _known(served, secret)
    if found is None:
        raise AccessRefused(Flaw.SIGN_IN)
    return found


def _known(served: Context, secret: str) -> Principal | None:
    if served.access is None:
        return None
    if secret.startswith(token_secrets.PREFIX):
        return served.access.tokens.principal_of(secret)
    if secret.startswith(session_secrets.PREFIX):
        address = served.access.sessions.address_of(secret)
        return None if address is None else resolve(served.ledger.book, address)
    return None


Caller = Annotated[Principal, Depends(caller)]
"""The parameter by which a route is handed its caller."""


def permitted(request: Request, served: Served, principal: Caller) -> None:
    """Raises `AccessRefused` for a caller who comes too often, or whom the policy does not let.

    The part of a thing in question is the caller's own: routes about others' things name them by
    their ids.
    """
    if served.read_only and request.method not in ("GET", "HEAD"):
        raise Unavailable("this server only reads")
    if served.access is not None:
        wait = served.access.limiter.take(_key(request, principal))
        if wait:
            raise AccessRefused(Flaw.TOO_OFTEN, str(wait))
    own = frozenset() if principal.address is None else frozenset((principal.address,))
    named = any(name in request.path_params for name in NAMES)
    route = str(getattr(request.scope.get("route"), "name", ""))
    resource = Resource(own, _organisation(request, served), named_by_id=named)
    if not may_call(route, principal, resource):
        flaw = Flaw.SIGN_IN if principal is ANONYMOUS else Flaw.NOT_YOURS
        raise AccessRefused(flaw)


def _organisation(request: Request, served: Context) -> str | None:
    """For which organisation a call is: the one of its path, or of the activity in its path."""
    named: str | None = request.path_params.get("organisation")
    activity = request.path_params.get("activity", "")
    if not _ID.match(activity):
        return named
    try:
        return hours.activity(served.ledger.book, bytes.fromhex(activity[2:])).organisation
    except NotFound:
        return None


def _key(request: Request, principal: Principal) -> str:
    """Whose bucket a call is taken from: the caller's, or the network address's."""
    if principal.address is not None:
        return principal.address
    return request.client.host if request.client else "nowhere"
