"""The keys of the state that a record names: what its rules will read of it."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from ledger.core.format.structs import Body
from ledger.core.kinds.kind import Reads, kind_of
from ledger.core.records.record import Record
from ledger.core.state.state import (
    Key,
    account_key,
    delegation_key,
    organisation_key,
    volunteer_key,
)


def key_of(value: Reads, body: Body) -> Key[Any]:
    """The key of a declared value, from the fields of a body."""
    return Key(value.table, tuple(attrgetter(path)(body) for path in value.fields))


def keys_of(record: Record) -> Iterator[Key[Any]]:
    """What can be read before a record is judged: what its kind declares, its issuer with the
    grants of its signers, and the accounts of those whom it names."""
    kind, body = kind_of(record.body), record.body
    for value in kind.reads:
        yield key_of(value, body)
    issuer = kind.issuer_of(body)
    if issuer is not None:
        yield organisation_key(issuer)
        for claim in record.signatures:
            if kind.scope_for(claim.role) and claim.signer != issuer:
                yield delegation_key(issuer, claim.signer)
    for address in kind.parties_of(body):
        yield account_key(address)
        yield volunteer_key(address)
