"""Transfers of yibi. There is no mint record: coins are a pure function of the ledger."""

from __future__ import annotations

from dataclasses import replace

from ledger.core.kinds.registry import THANKS, Transfer
from ledger.core.records.record import Record
from ledger.core.state.state import (
    Change,
    State,
    account_key,
    account_of,
    organisation_key,
    volunteer_key,
)
from ledger.errors import Refused
from ledger.refusals import Code
from ledger.rules.judging import judges
from ledger.rules.roles import head_of, not_future


@judges(Transfer)
def judge_transfer(
    state: State, body: Transfer, record: Record, record_id: bytes, time: int
) -> list[Change]:
    """The sender alone signs; the recipient is somebody else in the ledger; never below zero."""
    not_future(state, time, body.issued_at)
    _demand_purpose(body)
    if body.recipient == body.sender or not _known(state, body.recipient, time):
        raise Refused(Code.RECIPIENT_UNKNOWN, body.recipient)
    unit = head_of(state).policy.minutes_per_yibi
    sender, recipient = account_of(state, body.sender), account_of(state, body.recipient)
    if sender.balance(unit) < body.coins:
        raise Refused(Code.NO_COINS, f"the balance is {sender.balance(unit)}")
    sent = replace(sender, sent=sender.sent + body.coins)
    received = replace(recipient, received=recipient.received + body.coins)
    return [Change(account_key(body.sender), sent), Change(account_key(body.recipient), received)]


def _demand_purpose(body: Transfer) -> None:
    """A word that nothing binds, neither a payment to its goods nor a refund to its payment, is
    decoration on a gift."""
    if body.purpose != THANKS:
        raise Refused(Code.TRANSFER_PURPOSE, body.purpose)


def _known(state: State, address: str, time: int) -> bool:
    if state.get(volunteer_key(address)) is not None:
        return True
    organisation = state.get(organisation_key(address))
    return organisation is not None and organisation.certified_at(time)
