"""Authorisation in front of every route: who calls, how often, and whether the policy lets them.

A caller is whoever bears the secret in `Authorization: Bearer …`: of a session (a person who signed
in) or of a token (a system). Without one a caller is anonymous, which is enough for all that is
public. What each route demands stands in `api.access.policy.ACCESS`.
"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.access import sessions as session_secrets
from api.access import tokens as token_secrets
from api.access.errors import AccessProblem, AccessRefused
from api.access.limits import Limiter, network_of
from api.access.opening import opens
from api.access.policy import ACCESS, HOLDER_OF_ID, Resource, may_call
from api.access.principal import ANONYMOUS, Principal, resolve
from api.http.kernel.context import Context, Served
from ledger.core.format.structs import Body
from ledger.errors import NotFound, Unavailable
from ledger.operations import hours, read

BEARER = "bearer "

_ID = re.compile(r"0x[0-9a-f]{64}\Z")

NAMES = ("activity", "number")
"""Path parameters that name a thing by an id that cannot be guessed."""


def bearer_of(request: Request) -> str | None:
    """The secret that a request bears, if any."""
    header = request.headers.get("authorization", "")
    return header[len(BEARER) :].strip() if header[: len(BEARER)].lower() == BEARER else None


async def caller(request: Request, served: Served) -> Principal:
    """Who calls. Raises `AccessRefused(SIGN_IN)` for a secret that opens nothing now."""
    secret = bearer_of(request)
    if secret is None:
        return ANONYMOUS
    found = await run_in_threadpool(_known, served, secret)
    if found is None:
        _slow_down(request, served, ANONYMOUS)
        raise AccessRefused(AccessProblem.SIGN_IN)
    return found


def _known(served: Context, secret: str) -> Principal | None:
    if served.access is None:
        return None
    if secret.startswith(token_secrets.PREFIX):
        return served.access.tokens.principal_of(secret)
    if secret.startswith(session_secrets.PREFIX):
        address = served.access.sessions.address_of(secret)
        return None if address is None else resolve(served.home.ledger, address)
    return None


Caller = Annotated[Principal, Depends(caller)]
"""The parameter by which a route is handed its caller."""


async def signed_in(principal: Caller) -> str:
    """The address (EIP-55) of who calls, or who gave the token. Raises `AccessRefused(SIGN_IN)`
    where there is none."""
    if principal.address is None:
        raise AccessRefused(AccessProblem.SIGN_IN)
    return principal.address


SignedIn = Annotated[str, Depends(signed_in)]
"""The parameter by which a route that is for those who are signed in is handed their address."""


async def permitted(request: Request, served: Served, principal: Caller) -> None:
    """Raises `AccessRefused` for a caller who comes too often, or whom the policy does not let, and
    `NotFound` where not even that there is something may be told.

    A thing that no address of the path names is the caller's own.
    """
    if served.read_only and request.method not in ("GET", "HEAD"):
        raise Unavailable("this server only reads")
    _slow_down(request, served, principal)
    route = str(getattr(request.scope.get("route"), "name", ""))
    resource = await _resource(request, served, principal, route)
    if may_call(route, principal, resource):
        return
    if HOLDER_OF_ID in ACCESS.get(route, ()):
        raise NotFound("no such record")
    raise AccessRefused(
        AccessProblem.SIGN_IN if principal is ANONYMOUS else AccessProblem.NOT_YOURS
    )


def take(limiter: Limiter, request: Request, principal: Principal, cost: int = 1) -> None:
    """Count something against the caller's network address and, where one is signed in, against
    the caller. Raises `AccessRefused(TOO_OFTEN)`."""
    wait = limiter.take(*keys_of(request, principal), cost=cost)
    if wait:
        raise AccessRefused(AccessProblem.TOO_OFTEN, str(wait))


def keys_of(request: Request, principal: Principal) -> tuple[str, ...]:
    """Whose buckets a call is taken from."""
    network = network_of(request.client.host if request.client else "")
    return (network,) if principal.address is None else (network, principal.address)


def _slow_down(request: Request, served: Context, principal: Principal) -> None:
    if served.limits is not None:
        take(served.limits.calls, request, principal)


async def _resource(
    request: Request, served: Context, principal: Principal, route: str
) -> Resource:
    """What a call is about, as its path names it."""
    names = request.path_params
    if "record_id" in names and HOLDER_OF_ID in ACCESS.get(route, ()):
        return await run_in_threadpool(_record, served, names["record_id"])
    organisation = names.get("organisation")
    if _ID.match(names.get("activity", "")):
        organisation = await run_in_threadpool(_publisher, served, names["activity"])
    own = names.get("address", principal.address)
    parties = frozenset(() if own is None else (own,))
    named = any(name in names for name in NAMES)
    return Resource(parties, organisation, named_by_id=named)


def _record(served: Context, record_id: str) -> Resource:
    """A record: whom it concerns, and whether its id opens it; nobody's, where there is none."""
    if not _ID.match(record_id):
        # What cannot be an id is refused as such by the route.
        return Resource(named_by_id=True)
    ledger = served.home.ledger

    def body(record: bytes) -> Body | None:
        try:
            return read.find_record(ledger, record)[0].record.body
        except NotFound:
            return None

    try:
        entry, parties = read.record_parties(ledger, bytes.fromhex(record_id[2:]))
    except NotFound:
        return Resource()
    return Resource(parties, named_by_id=opens(entry.record.body, body))


def _publisher(served: Context, activity: str) -> str | None:
    try:
        return hours.activity(served.home.ledger, bytes.fromhex(activity[2:])).organisation
    except NotFound:
        return None
