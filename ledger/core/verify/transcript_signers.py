"""Who signed the entries of a transcript, as far as the transcript itself shows it.

Each entry has the signatures that its kind demands, of those whom its body or the genesis names,
and credit hours have the clock events that they are made of. A key that acts for an organisation
needs a grant, which concerns the organisation and that key and so stands in nobody else's
transcript: such a signature is counted, and said not to be shown. So is a void by an organisation
that may have succeeded the one that recorded the hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.format.limits import SKEW_SECONDS
from ledger.core.kinds.registry import (
    CREDIT,
    Amend,
    Clock,
    Confirmation,
    Decision,
    Delegation,
    Organisation,
    Seal,
    Service,
    Void,
    service_of,
)
from ledger.core.proofs.basis import check_third
from ledger.core.proofs.transcript import Transcript
from ledger.core.records.record import Entry, SignatureClaim, record_id
from ledger.core.verify.changes import check_author, succeeds, target_of
from ledger.core.verify.signatures import check_signed
from ledger.core.verify.signers import delegated, grants, issuer_of, scope_of
from ledger.errors import ProofError, Refused


@dataclass(slots=True)
class Signed:
    """The ids of all records in order. By places: what is wrong with a signature (`unsigned`), with
    who signed, what the hours rest on or what was changed (`unnamed`); and how many signatures rest
    on a grant or a succession that the transcript does not show (`unshown`)."""

    names: list[bytes] = field(default_factory=list)
    unsigned: dict[int, ProofError | Refused] = field(default_factory=dict)
    unnamed: dict[int, ProofError] = field(default_factory=dict)
    unshown: dict[int, int] = field(default_factory=dict)

    def bad(self) -> frozenset[bytes]:
        """The ids of the records that are not signed as their kind demands."""
        return frozenset(self.names[place] for place in (*self.unsigned, *self.unnamed))


def signed_by(transcript: Transcript, ledger: bytes) -> Signed:
    """Judge each of the entries."""
    found, given = Signed(), _Grants()
    shown: dict[bytes, Entry] = {}
    for place, entry in enumerate(transcript.entries):
        found.names.append(record_id(ledger, entry.record.body))
        try:
            check_signed(ledger, entry.record)
        except (ProofError, Refused) as error:
            found.unsigned[place] = error
        try:
            claims = delegated(transcript.root.at(entry.index), entry.record, entry.accepted_at)
            _check_basis(transcript, entry, shown)
        except ProofError as error:
            found.unnamed[place] = error
            claims = []
        missing = sum(not given.cover(entry, claim) for claim in claims)
        try:
            missing += given.is_strangers(entry, shown)
        except ProofError as error:
            found.unnamed.setdefault(place, error)
        if missing:
            found.unshown[place] = missing
        given.take(entry)
        shown[found.names[place]] = entry
    return found


class _Grants:
    """The newest word of each organisation on each key, and the successions, among the entries so
    far."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, str], Entry] = {}
        self._successions: list[Entry] = []

    def take(self, entry: Entry) -> None:
        body = entry.record.body
        if isinstance(body, Delegation):
            self._last[body.organisation, body.delegate] = entry
        if isinstance(body, Organisation) and body.action == "succeed":
            self._successions.append(entry)

    def is_strangers(self, entry: Entry, shown: Mapping[bytes, Entry]) -> bool:
        """Whether it voids or decides for another organisation than the one that recorded its
        target, which takes a succession that is not shown. Raises `ProofError` where who signed may
        not change what it names."""
        body, old = entry.record.body, shown.get(target_of(entry.record) or b"")
        if old is None:
            return False
        whose = issuer_of(old.record) or ""
        if isinstance(body, Void | Decision) and body.organisation not in (ZERO_ADDRESS, whose):
            return not any(succeeds(e, whose, body.organisation) for e in self._successions)
        check_author(old, entry, self._successions)
        return False

    def cover(self, entry: Entry, claim: SignatureClaim) -> bool:
        whose, scope = issuer_of(entry.record), scope_of(entry.record, claim.role)
        grant = self._last.get((whose or "", claim.signer))
        if grant is None or whose is None or scope is None:
            return False
        return grants(grant, whose, claim.signer, scope, entry.accepted_at)


def _check_basis(transcript: Transcript, entry: Entry, shown: dict[bytes, Entry]) -> None:
    """Credit hours are made of a clock-in and a clock-out that stand among the entries before them,
    or are older than the earlier batch; and what the recipient said of them does too."""
    body, service = entry.record.body, service_of(entry.record.body)
    if service is None or service.hour_class != CREDIT:
        return
    events = (
        (service.clock_in, "in", service.started_at),
        (service.clock_out, "out", service.ended_at),
    )
    records = [entry.record]
    for name, direction, time in events:
        clock = shown.get(name)
        if clock is not None:
            records.append(clock.record)
            exact = None if isinstance(body, Amend) else time
            if not _is_event(clock, service, direction, exact):
                raise _fail(entry, "a clock event is not that of the credit hours")
        elif not _is_older(transcript, time):
            raise _fail(entry, "the clock events of the credit hours are missing")
    said = shown.get(service.confirmation)
    if said is None and any(service.confirmation) and transcript.before is None:
        raise _fail(entry, "what the recipient said is missing")
    if said is None:
        return
    answer = said.record.body
    if not isinstance(answer, Confirmation) or answer.clock_out != service.clock_out:
        raise _fail(entry, "what the recipient said is of another visit")
    check_third(answer, service, records)


def _is_event(entry: Entry, service: Service, direction: str, time: int | None) -> bool:
    body = entry.record.body
    if not isinstance(body, Clock) or (time is not None and body.clocked_at != time):
        return False
    named = (body.activity, body.organisation, body.volunteer, body.direction)
    return named == (service.activity, service.organisation, service.volunteer, direction)


def _is_older(transcript: Transcript, time: int) -> bool:
    """Whether what happened then may have been entered before the earlier batch was sealed."""
    body = transcript.before.seal.record.body if transcript.before else None
    return isinstance(body, Seal) and time - body.sealed_at <= SKEW_SECONDS


def _fail(entry: Entry, reason: str) -> ProofError:
    return ProofError("roles", f"entry {entry.index}: {reason}")
