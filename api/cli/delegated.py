"""A key of this server that an organisation lets act for it."""

from __future__ import annotations

from api.cli.arguments import address_in
from api.errors import WrongUse
from api.node.directory import LedgerDir
from ledger.core.kinds.registry import Delegation
from ledger.core.records.record import Record
from ledger.core.records.signing import address_of, sign
from ledger.operations.read import is_delegate


def delegated_key(
    home: LedgerDir, organisation: str, signer: str, label: str, scope: str
) -> tuple[str, bytes, bytes]:
    """Make the delegate's key, under a label before the organisation's address, and let it act in a
    scope: the organisation's address, its own key, the delegate's key. Raises `WrongUse` unless
    `signer` is the label of the organisation's own key."""
    address = address_in(organisation)
    own, ledger = home.keys.demand(signer), home.ledger
    if address_of(own) != address:
        raise WrongUse("the organisation's own key is needed, not a delegate's")
    key, now = home.keys.obtain(label + address), ledger.clock()
    delegate = address_of(key)
    if not is_delegate(ledger, address, delegate, scope, now):
        grant = Delegation(address, delegate, "grant", (scope,), now, 0, now)
        ledger.append(Record(grant, (sign(ledger.ledger_id, grant, "organisation", own),)))
    return address, own, key
