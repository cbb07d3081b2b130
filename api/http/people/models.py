"""What the API takes from those who sign in and answers to them; units as in `kernel.models`."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from api.access.principal import Principal, TokenScope
from api.access.tokens import known_scopes
from api.http.kernel import examples
from api.http.kernel.json_body import Bytes32In, JsonBody
from api.http.kernel.models import Address, Form, Hash, Time, hexed
from api.http.records.models import Account, EntryForm, ServiceFacts
from ledger.core.format.volunteer_number import number_of
from ledger.store.access import StoredToken
from ledger.store.shares import StoredShare
from ledger.store.shares import View as StoredView


class ChallengeRequest(JsonBody):
    """Who wants to sign in."""

    address: str = Field(examples=[examples.VOLUNTEER])


class SignInRequest(JsonBody):
    """The message as it was handed out, and its signature in hex."""

    message: str = Field(examples=["example.org wants you to sign in …"])
    signature: str = Field(examples=["0x" + "00" * 65])


class TokenRequest(JsonBody):
    """What a new token may be used for, and for how many days; the name is for its owner."""

    name: str = Field(examples=["payroll"])
    scopes: list[str] = Field(examples=[[TokenScope.READ.value]])
    days: int = Field(examples=[30])


class ShareRequest(JsonBody):
    """What a new link shows, and for how many days."""

    record_id: Bytes32In
    name: str = Field(description="for the owner alone", examples=["HR"])
    days: int = Field(examples=[30])


class Challenge(Form):
    """What a wallet is asked to sign with `personal_sign`, and what that means in plain words."""

    message: str = Field(description="EIP-4361, to be signed as it is")
    explanation: dict[str, str] = Field(description="for the page, by language")
    expires_in: int = Field(description="seconds")


class SignedIn(Form):
    """A session: send `secret` as `Authorization: Bearer …`. It is not shown again."""

    address: Address
    secret: str
    expires_in: int = Field(description="seconds")


class Mandate(Form):
    """For which organisation the caller acts now, and in which scopes."""

    organisation: Address
    scopes: list[str]
    certified: bool


class Me(Form):
    """The caller as the ledger knows it now, and the totals of their own address. The volunteer
    number follows from the address: it is what lists of people name."""

    address: Address
    volunteer_number: str
    authority: bool
    volunteer: bool
    mandates: list[Mandate]
    account: Account

    @classmethod
    def of(cls, principal: Principal, account: Account) -> Me:
        """From the caller's roles and account."""
        assert principal.address is not None
        return cls(
            address=principal.address,
            volunteer_number=number_of(principal.address),
            authority=principal.authority,
            volunteer=principal.volunteer,
            mandates=[
                Mandate(
                    organisation=mandate.organisation,
                    scopes=sorted(mandate.scopes),
                    certified=mandate.certified,
                )
                for mandate in principal.mandates
            ],
            account=account,
        )


class MyEntry(Form):
    """An entry that concerns the caller, with the id that opens its proof; and what must stand
    beside it where it is a version of a service."""

    record_id: Hash
    entry: EntryForm
    organisation_name: str = Field(description="of who answers for it; empty without one")
    service: ServiceFacts | None


class TokenForm(Form):
    """A token of a system, without its secret. `last_used_day` counts days since 1970, 0: never."""

    token_id: str
    name: str
    scopes: list[TokenScope]
    issued_at: Time
    expires_at: Time
    revoked_at: Time = Field(description="0: not revoked")
    last_used_day: int

    @classmethod
    def of(cls, token: StoredToken) -> TokenForm:
        """What HTTP says of it, without the secret itself."""
        return cls(
            token_id=token.token_id,
            name=token.name,
            scopes=sorted(known_scopes(token)),
            issued_at=token.issued_at,
            expires_at=token.expires_at,
            revoked_at=token.revoked_at,
            last_used_day=token.last_used_day,
        )


class TokenList(Form):
    """The caller's tokens, newest first."""

    items: list[TokenForm]


class IssuedToken(Form):
    """A new token: its secret is shown here and never again."""

    secret: str
    token: TokenForm


class View(Form):
    """That somebody looked at what a link shows; `network` is too large to tell a person by."""

    seen_at: Time
    network: str = Field(examples=["203.0.0.0/16"])


class ShareForm(Form):
    """A link by which one record is shown to others, without its secret."""

    share_id: str = Field(examples=["00112233aabbccdd"])
    record_id: Hash
    name: str
    issued_at: Time
    expires_at: Time
    revoked_at: Time = Field(description="0: not withdrawn")
    views: list[View] = Field(description="newest first, at most 100")

    @classmethod
    def of(cls, share: StoredShare, views: Iterable[StoredView] = ()) -> ShareForm:
        """What HTTP says of it, without the secret itself."""
        return cls(
            share_id=share.share_id,
            record_id=hexed(share.target),
            name=share.name,
            issued_at=share.issued_at,
            expires_at=share.expires_at,
            revoked_at=share.revoked_at,
            views=[View(seen_at=view.seen_at, network=view.network) for view in views],
        )


class ShareList(Form):
    """The caller's links, newest first."""

    items: list[ShareForm]


class NewShare(Form):
    """A new link: its path at this server is shown here and never again."""

    path: str = Field(examples=["/shared/hlh_…"])
    share: ShareForm
