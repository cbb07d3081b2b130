"""Which key signs in which role: what the declaration of a kind leaves open, the person says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from api.errors import WrongUse
from api.words import both
from ledger.core.format.structs import Body
from ledger.core.kinds.kind import SELVES, Kind, kind_of
from ledger.core.records.record import SignatureClaim, digest
from ledger.core.records.signing import recover, sign


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: a key that is here, or the signature of one that is elsewhere. `role` is empty
    where the kind leaves only one."""

    role: str
    address: str
    secret: bytes = b""
    signature: bytes = b""


def from_elsewhere(ledger: bytes, body: Body, role: str, signature: bytes) -> Signer:
    """The signer of a signature that a wallet made of the typed data. Raises `Refused`."""
    return Signer(role, recover(digest(ledger, body), signature), signature=signature)


def claims(
    ledger: bytes, body: Body, signers: Sequence[Signer], authorities: Collection[str]
) -> tuple[SignatureClaim, ...]:
    """The signatures of a body in the order of the roles that its kind demands. Raises `WrongUse`
    where these signers cannot be those."""
    kind = kind_of(body)
    lists = _role_lists(kind, body, len(signers))
    found = [a for roles in lists if (a := _assigned(roles, signers))]
    possible = [a for a in found if all(_may(kind, body, *one, authorities) for one in a)]
    chosen = next(iter(possible or found), None)
    if chosen is None:
        demanded = both("or").join(f" {', '.join(roles)} " for roles in kind.roles(body)).strip()
        raise WrongUse(
            f"{both('It is to be signed in these roles, each by its own key:')} {demanded}"
        )
    # One role that several have: in the order of their addresses, as the format wants them.
    alike = len({role for role, _ in chosen}) == 1
    ordered = sorted(chosen, key=lambda one: one[1].address.lower()) if alike else chosen
    return tuple(_claim(ledger, body, role, signer) for role, signer in ordered)


def _role_lists(kind: Kind, body: Body, count: int) -> list[tuple[str, ...]]:
    """The role lists that so many signatures can have: where a quorum signs, each in that role."""
    found = []
    for signed in kind.signed_by:
        roles = signed.of(body)
        if roles is not None:
            found.append(roles * count if signed.most is not None and len(roles) == 1 else roles)
    return found


def own_fields(kind: Kind, signers: Sequence[Signer]) -> dict[str, str]:
    """Fields that can only name who signs: what stands in them if nobody writes there."""
    alone = {roles for signed in kind.signed_by for roles in signed.roles}
    only = alone.pop() if len(alone) == 1 and len(kind.signed_by) == 1 else ""
    found: dict[str, str] = {}
    for signer in signers:
        role = signer.role or (only if len(signers) == 1 else "")
        if role in SELVES:
            found[role] = signer.address
        elif role == "organisation" and kind.issuer and "." not in kind.issuer:
            found[kind.issuer] = signer.address
    return found


def _assigned(roles: tuple[str, ...], signers: Sequence[Signer]) -> list[tuple[str, Signer]] | None:
    """Each role with its signer: those that say theirs first, the others in their order."""
    if len(roles) != len(signers):
        return None
    left = [signer for signer in signers if not signer.role]
    stated = [signer for signer in signers if signer.role]
    found = []
    for role in roles:
        own = next((signer for signer in stated if signer.role == role), None)
        if own is not None:
            stated.remove(own)
        elif left:
            own = left.pop(0)
        else:
            return None
        found.append((role, own))
    return found


def _may(kind: Kind, body: Body, role: str, signer: Signer, authorities: Collection[str]) -> bool:
    """Whether an address can have a role; who may act for an organisation, the ledger knows."""
    if role == "authority":
        return signer.address in authorities
    if role in SELVES:
        return bool(getattr(body, role) == signer.address)
    return kind.issuer is None or kind.issuer_of(body) is not None


def _claim(ledger: bytes, body: Body, role: str, signer: Signer) -> SignatureClaim:
    if signer.signature:
        return SignatureClaim(role, signer.address, signer.signature)
    return sign(ledger, body, role, signer.secret)
