"""Who may call what, as data: one frozen table of routes, and one pure function that reads it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from api.access.principal import Principal, TokenScope
from ledger.core.kinds.registry import scopes


class Who(enum.Enum):
    """The kinds of permission."""

    PUBLIC = "public"
    """Anybody."""
    HOLDER_OF_ID = "holder of id"
    """Anybody who names the thing by an id that cannot be guessed: it stands in a proof. To all
    others who may not see it, it is not there."""
    PARTY = "party"
    """A signed-in address that the thing concerns, or a delegate of an organisation it concerns.
    What is about nothing in particular concerns whoever calls."""
    ORGANISATION = "organisation"
    """Who acts for the organisation in a scope, while it is certified."""
    AUTHORITY = "authority"
    """A signed-in authority of the ledger."""
    TOKEN = "token"  # noqa: S105 - the name of a permission, no secret
    """The bearer of a token with a scope, as far as its owner reaches."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One permission; `scope` where its kind needs one."""

    who: Who
    scope: str | TokenScope | None = None

    def __post_init__(self) -> None:
        """Raises `ValueError` for a scope that its kind does not know."""
        known: tuple[object, ...] = (None,)
        if self.who is Who.ORGANISATION:
            known = scopes()
        elif self.who is Who.TOKEN:
            known = tuple(TokenScope)
        if self.scope not in known:
            raise ValueError(f"{self.who.value} knows no scope {self.scope}")


PUBLIC: Final = Policy(Who.PUBLIC)
HOLDER_OF_ID: Final = Policy(Who.HOLDER_OF_ID)
PARTY: Final = Policy(Who.PARTY)
AUTHORITY: Final = Policy(Who.AUTHORITY)


def organisation(scope: str) -> Policy:
    """The permission of who acts for the organisation in a scope of `kind.scopes`."""
    return Policy(Who.ORGANISATION, scope)


def token(scope: TokenScope) -> Policy:
    """The permission of who bears a token with a scope."""
    return Policy(Who.TOKEN, scope)


@dataclass(frozen=True, slots=True)
class Resource:
    """What a call is about: the addresses that it concerns, the organisation for which something
    is to be done, and whether the call names it by an id that cannot be guessed."""

    parties: frozenset[str] = frozenset()
    organisation: str | None = None
    named_by_id: bool = False


NOTHING: Final = Resource()
"""A call that is about nothing in particular."""


# fmt: off
ACCESS: Final[Mapping[str, tuple[Policy, ...]]] = MappingProxyType({
    # A record carries its own permission, its signatures; how many come is the limiter's matter.
    # An id that can be guessed opens nothing: see `api.access.opening`.
    "append_record": (PUBLIC,),
    "append_lines": (PUBLIC,),
    "get_record": (HOLDER_OF_ID, PARTY, token(TokenScope.READ)),
    "get_entry": (HOLDER_OF_ID, PARTY, token(TokenScope.READ)),
    "get_proof": (HOLDER_OF_ID, PARTY, token(TokenScope.READ)),
    "get_receipt": (HOLDER_OF_ID, PARTY, token(TokenScope.READ)),
    "get_tlog_proof": (HOLDER_OF_ID, PARTY, token(TokenScope.READ)),
    # An address is no secret: what is told of one is told to its holder, who hands on what a
    # share link, a disclosure, an attestation or a certificate shows.
    "get_account": (PARTY, token(TokenScope.READ)),
    "get_account_entries": (PARTY, token(TokenScope.READ)),
    "get_account_proof": (PARTY, token(TokenScope.READ)),
    "get_entries": (AUTHORITY, token(TokenScope.MIRROR)),
    "get_ledger": (PUBLIC,),
    "get_home_document": (PUBLIC,),
    "get_organisation": (PUBLIC,),
    "get_typed_data": (PUBLIC,),
    "get_checkpoint": (PUBLIC,),
    "get_tile": (PUBLIC,),
    "get_batches": (PUBLIC,),
    "get_batch": (PUBLIC,),
    "get_anchors": (PUBLIC,),
    "get_head": (PUBLIC,),
    "get_health": (PUBLIC,),
    "get_readiness": (PUBLIC,),
    "get_metrics": (PUBLIC,),
    "get_problem": (PUBLIC,),
    "get_challenge": (PUBLIC,),
    "sign_in": (PUBLIC,),
    # What clocks is the volunteer's signature; who shows no place gets no question.
    "get_clock_challenge": (PUBLIC,),
    "append_clock": (PUBLIC,),
    "get_face_question": (PUBLIC,),
    "get_activity": (HOLDER_OF_ID,),
    "get_site_code": (organisation("activity"),),
    "get_drafts": (organisation("service"),),
    "put_place": (organisation("activity"),),
    "get_signed": (organisation("void"),),
    "get_verify_page": (PUBLIC,),
    "get_offline_page": (PUBLIC,),
    "ask_chain": (PUBLIC,),
    "sign_out": (PARTY,),
    "get_me": (PARTY, token(TokenScope.READ)),
    "get_my_entries": (PARTY, token(TokenScope.READ)),
    "get_transcript": (PARTY, token(TokenScope.READ)),
    "get_disclosure": (PARTY, token(TokenScope.READ)),
    "make_attestation": (PARTY,),
    "issue_certificate": (PARTY,),
    "get_my_certificates": (PARTY, token(TokenScope.READ)),
    "get_my_recorders": (PARTY, token(TokenScope.READ)),
    "get_my_certificate": (PARTY,),
    "get_my_credential": (PARTY,),
    "get_my_paper": (PARTY,),
    "get_my_code": (PARTY,),
    # The code on the paper opens it, or the number names it.
    "fetch_certificate": (HOLDER_OF_ID,),
    "get_numbered": (HOLDER_OF_ID,),
    "get_did_document": (PUBLIC,),
    "get_status_list": (PUBLIC,),
    # Practice credits: for who acts for the university, and for each student their own line.
    "get_credit_rules": (PUBLIC,),
    "preview_roster": (organisation("credit"),),
    "draft_credits": (organisation("credit"),),
    "get_credit_job": (organisation("credit"),),
    "get_credit_runs": (organisation("credit"),),
    "get_credit_run": (organisation("credit"),),
    "get_credit_lines": (organisation("credit"),),
    "get_credit_changes": (organisation("credit"),),
    "publish_credits": (organisation("credit"),),
    "answer_objection": (organisation("credit"),),
    "finalise_credits": (organisation("credit"),),
    "get_credit_file": (organisation("credit"),),
    "forget_credits": (organisation("credit"),),
    "get_my_credits": (PARTY,),
    "object_to_credits": (PARTY,),
    "get_tokens": (PARTY,),
    "issue_token": (PARTY,),
    "revoke_token": (PARTY,),
    "get_shares": (PARTY,),
    "share_record": (PARTY,),
    "revoke_share": (PARTY,),
    # Pages.
    "get_robots": (PUBLIC,),
    "get_static": (PUBLIC,),
    "get_icon": (PUBLIC,),
    "get_home": (PUBLIC,),
    "get_explorer": (PUBLIC,),
    "get_batch_page": (PUBLIC,),
    "get_organisation_page": (PUBLIC,),
    "get_record_page": (HOLDER_OF_ID,),
    # A link carries its own permission, its secret.
    "get_shared_page": (PUBLIC,),
    "get_my_page": (PUBLIC,),
    "get_registrar_page": (PUBLIC,),
})
# fmt: on
"""Route name → permissions, any of which is enough. A route that is not here is nobody's."""


OPEN_TO_SITES: Final = frozenset(
    (
        *("get_record", "get_entry", "get_proof", "get_receipt", "get_tlog_proof"),
        *(
            "get_home_document",
            "get_ledger",
            "get_checkpoint",
            "get_tile",
            "get_batches",
            "get_batch",
            "get_anchors",
        ),
        *("get_head", "get_organisation", "get_typed_data"),
        *("get_problem", "get_did_document", "get_status_list", "get_numbered"),
    )
)
"""Routes whose answers scripts of any other site may read, without the reader's session: what
verifiers need. Nothing that is closed to anybody is among them, but by an id."""

INDEXED: Final = frozenset(
    (
        *("get_robots", "get_static", "get_home", "get_explorer", "get_batch_page"),
        *("get_organisation_page", "get_verify_page", "get_offline_page"),
    )
)
"""Routes that search engines may list. Whatever else is served says that it is not to be."""


def may_call(route: str, principal: Principal, resource: Resource = NOTHING) -> bool:
    """Whether a caller may call a route about a resource; never for an unknown route."""
    return any(allowed(policy, principal, resource) for policy in ACCESS.get(route, ()))


def allowed(policy: Policy, principal: Principal, resource: Resource) -> bool:
    """Whether one permission covers a caller. Pure. The bearer of a token has none of the owner's
    own permissions: a token is what its scopes say."""
    signed_in = principal.address is not None and principal.token_scopes is None
    match policy.who:
        case Who.PUBLIC:
            return True
        case Who.HOLDER_OF_ID:
            return resource.named_by_id
        case Who.PARTY:
            return signed_in and _concerns(resource, principal)
        case Who.ORGANISATION:
            return signed_in and _acts(resource, principal, policy.scope)
        case Who.AUTHORITY:
            return signed_in and principal.authority
        case Who.TOKEN:
            return _token_reaches(resource, principal, policy.scope)


def _concerns(resource: Resource, principal: Principal) -> bool:
    mine = {principal.address, *(mandate.organisation for mandate in principal.mandates)}
    return not mine.isdisjoint(resource.parties)


def _acts(resource: Resource, principal: Principal, scope: str | None) -> bool:
    if resource.organisation is None:
        return False
    mandate = principal.mandate_of(resource.organisation)
    return mandate is not None and mandate.certified and scope in mandate.scopes


def _token_reaches(resource: Resource, principal: Principal, scope: str | None) -> bool:
    if principal.token_scopes is None or scope not in principal.token_scopes:
        return False
    match scope:
        case TokenScope.READ:
            return _concerns(resource, principal)
        case TokenScope.MIRROR:
            return principal.authority
        case _:
            return True
