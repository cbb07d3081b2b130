"""People and systems: sign-in with Ethereum (EIP-4361), one's own entries, tokens.

Whoever is signed in sees the whole of what concerns their own address, and nobody else's. Sessions
are bearer secrets and no cookies, so no other site can act with them.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.access.errors import AccessProblem, AccessRefused
from api.access.principal import TokenScope
from api.access.sessions import SESSION_SECONDS
from api.access.siwe import MESSAGE_SECONDS, STATEMENT
from api.http.kernel import models as forms
from api.http.kernel.authorise import Caller, SignedIn, bearer_of
from api.http.kernel.caching import private
from api.http.kernel.context import PREFIX, Access, Context, Served
from api.http.kernel.json_body import Sent
from api.http.kernel.openapi import ApiRoute, problems
from api.http.people import models as people_forms
from api.http.people.shares import GrantId
from api.http.records import models as record_forms
from api.http.records.read import After, Limit
from api.words import chinese
from ledger.core.records.record import Entry, record_id
from ledger.core.verify.signers import issuer_of
from ledger.errors import NotFound
from ledger.operations import hours, read
from ledger.operations.ledger import Ledger

router = APIRouter(prefix=PREFIX, tags=["people"], route_class=ApiRoute)


def _access(served: Context) -> Access:
    if served.access is None:
        raise NotFound("nobody can sign in here")
    return served.access


@router.post(
    "/sign-in/challenge",
    summary="What to sign in order to sign in",
    response_model=people_forms.Challenge,
    responses=problems(400, 403, 404, 413, 415, 429),
)
async def get_challenge(served: Served, asked: Sent[people_forms.ChallengeRequest]) -> Response:
    """A message for one address and one sign-in, good for ten minutes."""
    message = await served.writers.run(_access(served).sessions.challenge, asked.address)
    return private(
        people_forms.Challenge(
            message=message,
            explanation={"en": STATEMENT, "zh": chinese(STATEMENT)},
            expires_in=MESSAGE_SECONDS,
        )
    )


@router.post(
    "/sign-in",
    summary="Sign in with the signed message",
    response_model=people_forms.SignedIn,
    responses=problems(400, 403, 404, 413, 415, 429),
)
async def sign_in(served: Served, asked: Sent[people_forms.SignInRequest]) -> Response:
    """A session of an hour for the address that signed. A message serves once."""
    access = _access(served)
    try:
        signature = bytes.fromhex(asked.signature.removeprefix("0x"))
    except ValueError:
        raise AccessRefused(AccessProblem.SIGNATURE) from None
    secret = await served.writers.run(access.sessions.sign_in, asked.message, signature)
    address = await run_in_threadpool(access.sessions.address_of, secret.text)
    assert address is not None
    return private(
        people_forms.SignedIn(address=address, secret=secret.text, expires_in=SESSION_SECONDS)
    )


@router.delete(
    "/sign-in",
    status_code=204,
    response_class=Response,
    summary="Sign out",
    responses=problems(401, 403, 404, 429),
)
def sign_out(request: Request, served: Served) -> Response:
    """End this session at once."""
    _access(served).sessions.sign_out(bearer_of(request) or "")
    return Response(status_code=204)


@router.get(
    "/me",
    summary="Who I am to the ledger",
    response_model=people_forms.Me,
    responses=problems(401, 403, 429),
)
def get_me(served: Served, principal: Caller, address: SignedIn) -> Response:
    """Roles and totals. Roles are those of the ledger at this moment."""
    ledger = served.home.ledger
    account = record_forms.Account.of(read.account(ledger, address))
    return private(people_forms.Me.of(principal, account))


@router.get(
    "/me/entries",
    summary="All that concerns me",
    response_model=forms.Page[people_forms.MyEntry],
    responses=problems(400, 401, 403, 429),
)
def get_my_entries(
    served: Served, address: SignedIn, after: After = -1, limit: Limit = 100
) -> Response:
    """Whole entries by index, with the ids that open their proofs."""
    ledger = served.home.ledger
    found = read.account_entries(ledger, address, after, limit + 1)
    names = _names_of(ledger, found)
    items = [_entry(ledger, entry, names) for entry in found[:limit]]
    following = found[limit - 1].index if len(found) > limit else None
    return private(forms.Page[people_forms.MyEntry](items=items, next=following))


def _names_of(ledger: Ledger, entries: list[Entry]) -> dict[str | None, str]:
    """Names of the organisations that answer for entries, by address."""
    named = {issuer_of(entry.record) for entry in entries} - {None}
    known = {address: read.organisation(ledger, address) for address in named if address}
    return {address: found.name for address, found in known.items() if found}


def _entry(ledger: Ledger, entry: Entry, names: dict[str | None, str]) -> people_forms.MyEntry:
    record = record_id(ledger.ledger_id, entry.record.body)
    service = read.find_service(ledger, record)
    flags = hours.flags_of(ledger, entry, service) if service else []
    return people_forms.MyEntry(
        record_id=forms.hexed(record),
        entry=record_forms.EntryForm.model_validate(entry.to_json()),
        organisation_name=names.get(issuer_of(entry.record), ""),
        service=record_forms.service_facts(entry, service, flags) if service else None,
    )


@router.get(
    "/tokens",
    summary="My tokens",
    response_model=people_forms.TokenList,
    responses=problems(401, 403, 404, 429),
)
def get_tokens(served: Served, address: SignedIn) -> Response:
    """The tokens that I gave to systems, without their secrets."""
    found = _access(served).tokens.list_of(address)
    return private(people_forms.TokenList(items=[people_forms.TokenForm.of(t) for t in found]))


@router.post(
    "/tokens",
    status_code=201,
    summary="Give a system a token",
    response_model=people_forms.IssuedToken,
    responses=problems(400, 401, 403, 404, 413, 415, 429),
)
async def issue_token(
    served: Served, principal: Caller, asked: Sent[people_forms.TokenRequest]
) -> Response:
    """A token with some scopes for some days. Its secret is shown once."""
    access = _access(served)
    try:
        scopes = [TokenScope(word) for word in asked.scopes]
    except ValueError:
        raise AccessRefused(AccessProblem.TOKEN_GRANT, "scopes") from None
    secret, token = await served.writers.run(
        access.tokens.issue, principal, asked.name, scopes, asked.days
    )
    answer = people_forms.IssuedToken(secret=secret.text, token=people_forms.TokenForm.of(token))
    return private(answer, 201)


@router.delete(
    "/tokens/{token_id}",
    status_code=204,
    response_class=Response,
    summary="Revoke a token",
    responses=problems(400, 401, 403, 404, 429),
)
def revoke_token(
    token_id: GrantId,
    served: Served,
    address: SignedIn,
) -> Response:
    """The token stops working at once, and no new one is made of it."""
    if not _access(served).tokens.revoke(address, token_id):
        raise NotFound("no such token to revoke")
    return Response(status_code=204)
