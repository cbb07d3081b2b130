"""What changed an entry: which kinds of record can, who may sign them, and the status that holds.

The rules of the ledger (`ledger.rules.corrections`, `objections`, `certificates`), as far as a
proof can show that they were kept: a change that the ledger would not have taken changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.kind import kind_of
from ledger.core.kinds.registry import (
    CREDIT,
    Amend,
    Certificate,
    Decision,
    Objection,
    Organisation,
    Service,
    Void,
    service_of,
)
from ledger.core.records.record import Entry, Record, record_id
from ledger.core.state.totals import FINAL, RECORDED, Status
from ledger.errors import ProofError

_SAME: Final = ("hour_class", "volunteer", "organisation", "activity", "clock_out", "permit")
_SAME_CREDIT: Final = ("clock_in", "confirmation")
"""What an amendment leaves as it was."""


def target_of(record: Record) -> bytes | None:
    """The record id that a record changes the status of; None where it changes none."""
    kind = kind_of(record.body)
    return kind.target_of(record.body) if brings(record) else None


def brings(record: Record) -> str | None:
    """The status that a record brings to what it corrects; None where it changes none."""
    corrects = kind_of(record.body).corrects
    return corrects.brings(record.body) if corrects else None


def changed(
    old: Entry, change: Entry | None, ledger: bytes, record: bytes, status: Status, size: int
) -> str:
    """The status of an entry with the id `record`: what the tree of `size` entries says, with what
    made it so; or what a change says that is newer than the tree, which never softens that.
    Raises `ProofError("status", …)`."""
    if change is None:
        if status.changed_by is not None:
            raise _status(f"{status.word}, but what made it so is not shown")
        return status.word
    body = change.record.body
    word = brings(change.record)
    if word is None or target_of(change.record) != record:
        raise _status("what is shown does not change this record")
    if change.index <= old.index:
        raise _status("the change shown is older than the record")
    if change.index >= size:
        if status.word in FINAL:
            raise _status(f"{status.word} in the ledger's state: nothing newer changes that")
        if word == RECORDED.word:
            raise _status(f"{status.word} in the ledger's state: nothing newer softens that")
        return word
    if (word, record_id(ledger, body)) != (status.word, status.changed_by):
        raise _status("the change shown is not the one that the tree names")
    return word


def check_author(old: Entry, change: Entry, grants: Sequence[Entry]) -> int | None:
    """Whether who signed a change of an entry may, its signers and roles being checked already:
    the organisation that recorded it, the successor that one of `grants` names, or an authority; of
    an objection the volunteer. The place of the grant that this takes, if one. Raises
    `ProofError("roles", …)`; a record that changes nothing is not judged here."""
    certificate, service = old.record.body, service_of(old.record.body)
    if target_of(change.record) is None:
        return None
    match change.record.body:
        case Decision() as body if service is not None:
            return _check_void(service.organisation, body, change, grants)
        case Void() as body if isinstance(certificate, Certificate):
            return _check_void(certificate.organisation, body, change, grants)
        case Void() as body if service is not None:
            return _check_void(service.organisation, body, change, grants)
        case Certificate() as body if isinstance(certificate, Certificate):
            _check_replaced(certificate, body, change)
        case Objection() as body if service is not None:
            if body.volunteer != service.volunteer:
                who = f"{service.volunteer}, whose hours these are"
                raise _not_theirs(change, f"only {who}, may object")
        case Amend() as body if service is not None:
            _check_amended(service, body.service, change)
        case _:
            raise _roles(f"no {change.record.kind} changes this kind of record: {old.record.kind}")
    return None


def _check_void(
    whose: str, body: Void | Decision, change: Entry, grants: Sequence[Entry]
) -> int | None:
    verb = "void" if isinstance(body, Void) else "decide"
    may = f"only {whose}, who recorded this, its successor shown here or an authority may {verb} it"
    if [claim.role for claim in change.record.signatures] == ["authority"]:
        if body.organisation != ZERO_ADDRESS:
            raise _roles(f"an authority {verb}s in its own name, not for an organisation")
        return None
    if body.organisation == whose:
        return None
    for place, grant in enumerate(grants):
        if grant.index < change.index and succeeds(grant, whose, body.organisation):
            return place
    raise _not_theirs(change, may)


def succeeds(entry: Entry, organisation: str, successor: str) -> bool:
    """Whether an entry makes one organisation the successor of another."""
    body = entry.record.body
    if not isinstance(body, Organisation) or body.action != "succeed":
        return False
    return (body.organisation, body.successor) == (organisation, successor)


def _check_replaced(old: Certificate, new: Certificate, change: Entry) -> None:
    if new.organisation != old.organisation:
        raise _not_theirs(change, f"only {old.organisation}, who issued it, may replace it")
    if new.volunteer != old.volunteer:
        raise _roles("the newer certificate is of another volunteer")


def _check_amended(old: Service, new: Service, change: Entry) -> None:
    if new.organisation != old.organisation:
        raise _not_theirs(change, f"only {old.organisation}, who recorded this, may amend it")
    credit = old.hour_class == CREDIT
    for field in (*_SAME, *(_SAME_CREDIT if credit else ())):
        if getattr(new, field) != getattr(old, field):
            raise _roles(f"the amendment is of other hours: {field}")
    inside = old.started_at <= new.started_at and new.ended_at <= old.ended_at
    if credit and not (inside and new.minutes <= old.minutes):
        raise _roles("an amendment never makes credit hours more")


def _not_theirs(change: Entry, may: str) -> ProofError:
    signers = " and ".join(claim.signer for claim in change.record.signatures)
    return _roles(f"{change.record.kind}: signed by {signers}; {may}")


def _roles(reason: str) -> ProofError:
    return ProofError("roles", reason)


def _status(reason: str) -> ProofError:
    return ProofError("status", reason)
