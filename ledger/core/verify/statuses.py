"""The statuses of records under a state root: by one proof for all, and `recorded` where there is
no leaf."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.core.kinds.kind import kind_of
from ledger.core.records.record import Record, record_id
from ledger.core.state.totals import Status
from ledger.core.state.tree_keys import status_name
from ledger.core.trees.patricia_many import Values, verify_many
from ledger.errors import ProofError


def status_leaf(ledger: bytes, record: Record) -> bytes | None:
    """The key under which what became of a record would stand; None for a kind that nothing
    changes."""
    subject = kind_of(record.body).subject_of(record.body)
    return None if subject is None else status_name(subject, record_id(ledger, record.body))


def status_values(ledger: bytes, stated: Iterable[tuple[Record, Status]]) -> Values:
    """What the tree must say for some records to have these statuses. Raises
    `ProofError("status", …)` for one that a record of its kind cannot have."""
    found: dict[bytes, bytes | None] = {}
    for record, status in stated:
        key = status_leaf(ledger, record)
        if key is not None:
            found[key] = status.value()
        elif status.changed_by is not None:
            raise ProofError("status", f"nothing changes a {record.kind}")
    return found


def demand_statuses(root: bytes, wanted: Values, proof: bytes) -> None:
    """The tree with a root says this, by the proof; of nothing that is asked there is none. Raises
    `ProofError("status", …)`."""
    if not wanted:
        if proof:
            raise ProofError("status", "the proof is of no key")
        return
    try:
        verify_many(root, wanted, proof)
    except ProofError as error:
        raise ProofError("status", error.reason) from error
