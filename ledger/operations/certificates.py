"""Certificates: which services one may be about, which there are, and who may sign them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.core.kinds.registry import Activity, Certificate, Service, service_of
from ledger.core.proofs.certificate_proof import SERVICES_MAX
from ledger.core.records.record import Entry
from ledger.core.state.certificate_state import certificate_key, issuer_key_key
from ledger.core.state.state import service_key
from ledger.core.state.totals import Status
from ledger.errors import Damaged, NotFound, Refused
from ledger.operations.backing import (
    entry_of,
)
from ledger.operations.ledger import Ledger
from ledger.refusals import Code
from ledger.store import certificates as store
from ledger.store.engine import snapshot
from ledger.store.state import SqlState


@dataclass(frozen=True, slots=True)
class Certifiable:
    """A service that may be certified: its record id, its entry, what it states, its flags, and the
    activity that it names."""

    record: bytes
    entry: Entry
    service: Service
    flags: tuple[str, ...]
    activity: Activity | None


def certifiable(
    ledger: Ledger, organisation: str, volunteer: str, start: int, stop: int
) -> list[Certifiable]:
    """What an organisation recorded of a volunteer in a half-open period (Unix s, by the start of
    the service) and what nothing has changed, in the order of the log: neither void, nor amended,
    nor disputed. Raises `Refused(TOO_LARGE)` for more than one certificate takes."""
    with snapshot(ledger.engine) as connection:
        names = store.standing_services(connection, organisation, volunteer, start, stop)
        if len(names) > SERVICES_MAX:
            raise Refused(Code.TOO_LARGE, f"more than {SERVICES_MAX} services: take a part of them")
        return [_certifiable(connection, name) for name in names]


def _certifiable(connection: Connection, name: bytes) -> Certifiable:
    entry = entry_of(connection, name)
    service, live = service_of(entry.record.body), SqlState(connection).get(service_key(name))
    if service is None or live is None:
        raise Damaged("state", f"record 0x{name.hex()} is no service")
    activity = entry_of(connection, service.activity).record.body if any(service.activity) else None
    if activity is not None and not isinstance(activity, Activity):
        raise Damaged("log", f"record 0x{service.activity.hex()} is no activity")
    return Certifiable(name, entry, service, live.flags, activity)


def recorders_of(ledger: Ledger, volunteer: str) -> list[str]:
    """The organisations that recorded services of a volunteer, by address."""
    with snapshot(ledger.engine) as connection:
        return store.recorders_of(connection, volunteer)


def bound_domain(ledger: Ledger, organisation: str, public_key: bytes) -> str | None:
    """The domain (perhaps empty) with which an organisation's Ed25519 key may sign credentials now;
    None where it may not."""
    with snapshot(ledger.engine) as connection:
        found = SqlState(connection).get(issuer_key_key(organisation, public_key))
    if found is None or not _holds(found.valid_from, found.valid_until, ledger.clock()):
        return None
    return found.domain


def web_keys(ledger: Ledger, organisation: str) -> tuple[str, tuple[bytes, ...]]:
    """The domain of an organisation's `did:web`, and its keys there that hold now. Raises
    `NotFound` where there is none."""
    now = ledger.clock()
    with snapshot(ledger.engine) as connection:
        rows = store.web_keys(connection, organisation)
    held = [(key, domain) for key, domain, start, stop in rows if _holds(start, stop, now)]
    if not held:
        raise NotFound("this organisation has no did:web here")
    domain = held[-1][1]
    return domain, tuple(key for key, found in held if found == domain)


def _holds(start: int, stop: int, now: int) -> bool:
    return start <= now and (not stop or now < stop)


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate as the ledger has it: its record id, its entry, what it states, what became of
    it."""

    record: bytes
    entry: Entry
    body: Certificate
    status: Status


def find_certificate(ledger: Ledger, record: bytes) -> Certified:
    """One certificate. Raises `NotFound`."""
    with snapshot(ledger.engine) as connection:
        return _certified(connection, record)


def certificates_of(ledger: Ledger, volunteer: str) -> list[Certified]:
    """All certificates of a volunteer, in the order of the log."""
    with snapshot(ledger.engine) as connection:
        names = store.certificates_of(connection, volunteer)
        return [_certified(connection, name) for name in names]


def certificates_numbered(ledger: Ledger, number: str) -> list[Certified]:
    """The certificates with a number: one for each organisation that gave it."""
    with snapshot(ledger.engine) as connection:
        names = store.certificates_numbered(connection, number)
        return [_certified(connection, name) for name in names]


def _certified(connection: Connection, record: bytes) -> Certified:
    live = SqlState(connection).get(certificate_key(record))
    if live is None:
        raise NotFound("no such certificate")
    entry = entry_of(connection, record)
    assert isinstance(entry.record.body, Certificate)
    status = Status(live.status, live.changed_by or None)
    return Certified(record, entry, entry.record.body, status)
