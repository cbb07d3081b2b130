"""What a record rests on that may be taken back: the standing of the organisation that answers for
it, and the grants of the keys that signed for it, as the state tree has them.

Each is a leaf of the tree, asked with an index and a time: it is taken back for the record by a
pair behind that index, from that time or before it on. What was taken back before the record was
entered, it withstood; a clock event is not in the log of its own, so it withstood what is before
the grant that is shown for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from ledger.core.kinds.kind import SELVES
from ledger.core.kinds.registry import Clock
from ledger.core.proofs.bundle import Bundle
from ledger.core.proofs.standing import Taken
from ledger.core.records.charters import Root
from ledger.core.records.record import Entry, Record
from ledger.core.state.taken_back import Pairs, is_hit, revoked_leaf
from ledger.core.state.tree_keys import delegation_name, organisation_name
from ledger.core.trees.patricia_many import Values
from ledger.core.verify.signers import grants, issuer_of, scope_of
from ledger.errors import ProofError

Rest = tuple[bytes, int, int]
"""A leaf of the tree, and the index behind and the time (Unix s) from which it must stand."""

NOWHERE = -1
"""Stands for the index of a grant that is not shown: whatever was taken back since counts."""


def entry_rests(root: Root, entry: Entry) -> list[Rest]:
    """What an entry rests on: its organisation first, then the keys that it lets sign."""
    authorities, index = root.at(entry.index).authorities, entry.index
    return _rests(authorities, entry.record, entry.accepted_at, lambda *_: index, index)


def clock_rests(
    clock: Record,
    before: int,
    certification: Entry | None,
    delegations: Sequence[Entry],
) -> list[Rest]:
    """What a clock event rests on that a service, entered at `before`, is made of."""
    assert isinstance(clock.body, Clock)
    time = clock.body.clocked_at

    def granted(organisation: str, signer: str, scope: str) -> int:
        for grant in delegations:
            if grant.index < before and grants(grant, organisation, signer, scope, time):
                return grant.index
        return NOWHERE

    certified = certification.index if certification else NOWHERE
    return _rests((), clock, time, granted, certified)


def _rests(
    authorities: Collection[str],
    record: Record,
    time: int,
    granted: Callable[[str, str, str], int],
    certified: int,
) -> list[Rest]:
    organisation = issuer_of(record)
    if organisation is None:
        return []
    found = [(organisation_name(organisation), certified, time)]
    for claim in record.signatures:
        scope = scope_of(record, claim.role)
        if scope is None or claim.role in (*SELVES, "authority"):
            continue
        if claim.role == "approver" and claim.signer in authorities:
            continue
        if claim.signer != organisation or claim.role == "station":
            after = granted(organisation, claim.signer, scope)
            found.append((delegation_name(organisation, claim.signer), after, time))
    return found


def rests_of(bundle: Bundle) -> list[Rest]:
    """What the record of a bundle rests on, and the clock events of its basis."""
    entry = bundle.record.entry
    rests = entry_rests(bundle.root, entry)
    for record in bundle.basis.records(entry.record.body):
        if isinstance(record.body, Clock):
            rests += clock_rests(record, entry.index, bundle.certification, bundle.delegations)
    return rests


def is_revoked(bundle: Bundle) -> bool:
    """Whether a bundle, its standing checked before, shows that something was taken back of what
    its record rests on."""
    if bundle.standing is None:
        return False
    organisation = issuer_of(bundle.record.entry.record)
    rests = rests_of(bundle)
    return is_taken(taken_leaves(organisation, rests, bundle.standing.taken)[1], rests)


def keys_of(organisation: str | None, rests: Sequence[Rest]) -> list[bytes]:
    """The leaves of the keys that act for the organisation, as they first sign."""
    own = organisation and organisation_name(organisation)
    return [key for key in dict.fromkeys(rest[0] for rest in rests) if key != own]


def taken_leaves(
    organisation: str | None, rests: Sequence[Rest], taken: Taken
) -> tuple[Values, Mapping[bytes, Pairs]]:
    """What the tree must say for this to be all that was taken back, and by leaf what was. Raises
    `ProofError("status", …)`."""
    keys = keys_of(organisation, rests)
    if len(keys) != len(taken.revoked):
        raise ProofError("status", "what was taken back of each key that signed is needed")
    pairs_of = dict(zip(keys, taken.revoked, strict=True))
    wanted = {key: revoked_leaf(p).value() if p else None for key, p in pairs_of.items()}
    if organisation is not None:
        own, ended = organisation_name(organisation), taken.organisation
        wanted[own] = ended.opened().value() if ended else None
        pairs_of[own] = ended.ended if ended else ()
    elif taken.organisation is not None:
        raise ProofError("status", "no organisation answers for this kind of record")
    return wanted, pairs_of


def is_taken(pairs_of: Mapping[bytes, Pairs], rests: Iterable[Rest]) -> bool:
    """Whether something was taken back of what a record rests on."""
    return any(is_hit(pairs_of[key], after, time) for key, after, time in rests)
