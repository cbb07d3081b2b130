"""What a service rests on, as a bundle shows it: both clock events, or the permit.

A clock event says nothing of who, where and for whom that the service does not say too, so only the
rest of it is carried, with its signatures; the event is put together again and must be the one that
the service names. Parsing and judging; no I/O.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ledger.core.format.fields import ZERO_HASH, Address
from ledger.core.format.structs import Body, body_to_json, fields_of
from ledger.core.kinds.registry import (
    CREDIT,
    SERVED,
    Amend,
    Clock,
    Confirmation,
    Permit,
    Service,
    service_of,
)
from ledger.core.records.decode import decode_record
from ledger.core.records.record import Record, SignatureClaim, record_id, record_to_json
from ledger.errors import ProofError, Refused
from ledger.refusals import Code

WAYS: Final = ("in", "out")

_CLOCK: Final = ("clocked_at", "distance", "accuracy", "methods", "device")
"""The fields of a clock event that its service does not have."""

_SIGNED: Final = ("volunteer_signature", "station", "station_signature")
_STATION: Final = Address()


@dataclass(frozen=True, slots=True)
class Witness:
    """What is left of a clock event without what its service says."""

    clocked_at: int
    distance: str
    accuracy: str
    methods: tuple[str, ...]
    device: bytes
    volunteer_signature: bytes
    station: str
    station_signature: bytes


@dataclass(frozen=True, slots=True)
class Basis:
    """What a service rests on: two clock events (in, out) and perhaps what the recipient said, or
    a permit. Empty for other records."""

    clocks: tuple[Witness, ...] = ()
    confirmation: Record | None = None
    permit: Record | None = None

    def records(self, body: Body) -> list[Record]:
        """All of them as records, the clock events put together again with what `body` says."""
        service = service_of(body)
        events = zip(WAYS, self.clocks, strict=False) if service else ()
        found = [_event(service, way, witness) for way, witness in events if service]
        return found + [r for r in (self.confirmation, self.permit) if r is not None]


def _event(service: Service, direction: str, witness: Witness) -> Record:
    body = Clock(
        activity=service.activity,
        organisation=service.organisation,
        volunteer=service.volunteer,
        direction=direction,
        **{name: getattr(witness, name) for name in _CLOCK},
    )
    claims = (
        SignatureClaim("volunteer", service.volunteer, witness.volunteer_signature),
        SignatureClaim("station", witness.station, witness.station_signature),
    )
    return Record(body, claims)


def basis_json(records: Sequence[Record]) -> dict[str, Any]:
    """The JSON object of the records that a service rests on; clock events come in, out."""
    found: dict[str, Any] = {"clocks": [], "confirmation": None, "permit": None}
    for record in records:
        if isinstance(record.body, Clock):
            found["clocks"].append(_witness_json(record))
        else:
            found[record.kind] = record_to_json(record)
    return found


def _witness_json(record: Record) -> dict[str, Any]:
    body, (volunteer, station) = body_to_json(record.body), record.signatures
    return {
        **{name: body[name] for name in _CLOCK},
        "volunteer_signature": "0x" + volunteer.signature.hex(),
        "station": station.signer,
        "station_signature": "0x" + station.signature.hex(),
    }


def parse_basis(value: object) -> Basis:
    """A basis from its JSON object; raises `ProofError` and `Refused`."""
    if type(value) is not dict or value.keys() != {"clocks", "confirmation", "permit"}:
        raise ProofError("format", "clocks, confirmation and permit of the basis are needed")
    clocks = value["clocks"]
    if type(clocks) is not list or len(clocks) not in (0, 2):
        raise ProofError("format", "two clock events are needed, or none")
    return Basis(
        tuple(_witness(clock) for clock in clocks),
        _record(value["confirmation"], Confirmation),
        _record(value["permit"], Permit),
    )


def _witness(value: object) -> Witness:
    if type(value) is not dict or value.keys() != {*_CLOCK, *_SIGNED}:
        raise ProofError("format", "a clock event has exactly its fields")
    fields = fields_of(Clock)
    return Witness(
        **{name: fields[name].decode(value[name], name) for name in _CLOCK},
        volunteer_signature=_signature(value["volunteer_signature"]),
        station=_STATION.decode(value["station"], "station"),
        station_signature=_signature(value["station_signature"]),
    )


def _signature(value: object) -> bytes:
    if type(value) is not str or len(value) != 132 or value[:2] != "0x" or value != value.lower():
        raise Refused(Code.BAD_VALUE, "a signature is 65 bytes as lower-case 0x-hex")
    try:
        return bytes.fromhex(value[2:])
    except ValueError as error:
        raise Refused(Code.BAD_VALUE, "a signature is 65 bytes as lower-case 0x-hex") from error


def _record(value: object, kind: type[Body]) -> Record | None:
    if value is None:
        return None
    record = decode_record(value)
    if not isinstance(record.body, kind):
        raise ProofError("format", f"a {kind.kind} is needed")
    return record


def check_basis(basis: Basis, record: Record, ledger: bytes) -> None:
    """A credit hour shows both clock events and says what they say; an honour hour its permit.
    Raises `ProofError("roles", …)`."""
    body = record.body
    service = service_of(body)
    if service is None:
        if basis != Basis():
            raise _fail("this kind of record rests on no other")
    elif service.hour_class == CREDIT:
        _check_pair(basis, service, ledger, exact=not isinstance(body, Amend))
        if basis.confirmation is not None:
            events = basis.records(body)[:2]
            check_third(basis.confirmation.body, service, (record, *events))
    else:
        _check_permit(basis, service, ledger)


def _check_pair(basis: Basis, service: Service, ledger: bytes, exact: bool) -> None:
    """`exact`: a first version has the very times of the events, an amended one lies inside."""
    if len(basis.clocks) != 2 or basis.permit is not None:
        raise _fail("the clock events of the credit hours are missing")
    came, went = (_event(service, w, c) for w, c in zip(WAYS, basis.clocks, strict=True))
    named = (service.clock_in, service.clock_out)
    if (record_id(ledger, came.body), record_id(ledger, went.body)) != named:
        raise _fail("a clock event is another than the service names")
    start, end = (clock.clocked_at for clock in basis.clocks)
    inside = start <= service.started_at and service.ended_at <= end
    if not inside or (exact and (start, end) != (service.started_at, service.ended_at)):
        raise _fail("the times are not those of the clock events")
    said = basis.confirmation
    shown = ZERO_HASH if said is None else record_id(ledger, said.body)
    if shown != service.confirmation:
        raise _fail("what the recipient said is missing, or another than the service names")


def check_third(said: Body, service: Service, others: Sequence[Record]) -> None:
    """The recipient of hours said that somebody served, and is neither the volunteer, nor the
    organisation, nor whoever signs the other records. Who else is of the house or the family no
    proof shows. Raises `ProofError("roles", …)`."""
    assert isinstance(said, Confirmation)
    if said.answer != SERVED:
        raise _fail("the recipient said that nobody served")
    signers = {claim.signer for record in others for claim in record.signatures}
    if said.recipient in signers | {service.volunteer, service.organisation}:
        raise _fail(f"{said.recipient}, who confirms the hours, is no third person")


def _check_permit(basis: Basis, service: Service, ledger: bytes) -> None:
    if basis.permit is None or basis.clocks or basis.confirmation is not None:
        raise _fail("the permit of the honour hours is missing")
    body = basis.permit.body
    assert isinstance(body, Permit)
    if record_id(ledger, body) != service.permit:
        raise _fail("the permit is another than the service names")
    inside = body.served_from <= service.started_at and service.ended_at <= body.served_until
    if body.organisation != service.organisation or not inside:
        raise _fail("the permit is for another organisation or time")


def _fail(reason: str) -> ProofError:
    return ProofError("roles", reason)
