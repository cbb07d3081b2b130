"""The one way to a verdict on a record: its signers as its kind declares them, none of whom
vouches for himself, then its own rule.

A rule is a pure function, registered for the body that it judges with `@judges`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from ledger.core.format.structs import Body
from ledger.core.kinds.kind import SELVES, expired, kind_of
from ledger.core.records.quorum import demand_quorum
from ledger.core.records.record import Record
from ledger.core.state.state import Change, NewestWord, State, newest_key
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.persons import demand_another
from ledger.rules.roles import head_of

B = TypeVar("B", bound=Body)

Rule = Callable[[State, B, Record, bytes, int], list[Change]]
"""(state, body, record, record id, time of acceptance) → changes; raises `Refused`."""

RULES: Final[dict[str, Rule[Any]]] = {}
"""Kind → its rule."""

BY_THEMSELVES: Final = ("genesis", "charter")
"""The root document: its own rule says how many sign it, some of whom it names itself."""

REPLACES: Final[dict[str, tuple[str, ...]]] = {}
"""Kind → the fields that say about what it takes the place of the record before; none: of none."""


def judges(body: type[B], *, replaces: tuple[str, ...] = ()) -> Callable[[Rule[B]], Rule[B]]:
    """Register the rule of a kind. Where a record takes the place of the one before it about the
    same, `replaces` are the fields that say about what. Raises `TypeError` where it has a rule."""

    def register(rule: Rule[B]) -> Rule[B]:
        if body.kind in RULES:
            raise TypeError(f"two rules judge a {body.kind}")
        RULES[body.kind] = rule
        REPLACES[body.kind] = replaces
        return rule

    return register


def judge(state: State, record: Record, record_id: bytes, accepted_at: int) -> list[Change]:
    """The changes that an accepted record makes; `Refused` names the first rule it breaks.

    That the signatures hold is checked before, by `ledger.core.records.signing.check_signatures`.
    """
    rule = RULES.get(record.kind)
    if rule is None:
        raise Refused(Code.ENGINE_ONLY)
    demand_signers(record)
    if record.kind not in BY_THEMSELVES:
        demand_quorum(head_of(state).charter, record, accepted_at)
    demand_another(state, record)
    demand_in_time(record, accepted_at)
    said = _newest_word(state, record.body)
    return [*rule(state, record.body, record, record_id, accepted_at), *said]


def _newest_word(state: State, body: Body) -> list[Change]:
    """What was signed before the word that stands does not take its place: else whoever kept a
    grant hands it in after the revocation."""
    about = REPLACES[body.kind]
    if not about:
        return []
    key, issued_at = newest_key(body, about), int(getattr(body, "issued_at", 0))
    demand_no_newer(state.get(key), issued_at)
    return [Change(key, NewestWord(issued_at))]


def demand_no_newer(standing: NewestWord | None, issued_at: int) -> None:
    """Nothing about the same was signed later and is in the ledger."""
    if standing is not None and issued_at < standing.issued_at:
        raise Refused(Code.EXPIRED, "a newer word stands")


def demand_in_time(record: Record, accepted_at: int) -> None:
    """What a signer limited in time is not handed in later."""
    if expired(record.body, accepted_at):
        raise Refused(Code.EXPIRED)


def demand_signers(record: Record) -> None:
    """Exactly the roles that the kind demands, in order; those sign themselves whom the body names
    so, as does an organisation that can let nobody else."""
    kind = kind_of(record.body)
    wanted = kind.roles(record.body)
    if not kind.allows(record.body, tuple(claim.role for claim in record.signatures)):
        lists = " or ".join(", ".join(roles) or "none" for roles in wanted)
        raise Refused(Code.WRONG_ROLES, f"needed: {lists}, in this order")
    for role, signer in ((claim.role, claim.signer) for claim in record.signatures):
        named = getattr(record.body, role) if role in SELVES else None
        if role == "organisation" and kind.scope is None:
            named = kind.issuer_of(record.body)
        if named not in (None, signer):
            raise Refused(Code.SIGNER_NOT_ALLOWED, f"{role}: only {named} may sign")
