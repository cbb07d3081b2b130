"""The filter of practice credits: whether a service counts at all, and if not, why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ledger.core.credits.days import Period
from ledger.core.credits.evidence import Served, StudentEvidence, Suspension
from ledger.core.credits.rules import RuleSet
from ledger.core.kinds.registry import Consent

_STATUSES = {"void": "VOIDED", "amended": "AMENDED"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the filter looks at beside the service: the rules, what else is known of the
    student, the consent, the suspensions of organisations, and the services that were counted
    before."""

    rules: RuleSet
    student: StudentEvidence
    consent: Consent
    suspensions: tuple[Suspension, ...]
    credited: Collection[bytes]


def reason_against(seen: Seen, served: Served) -> str | None:
    """The first reason in the order of `credit_reasons` why a service does not count."""
    return next(_reasons(seen, served), None)


def _reasons(seen: Seen, served: Served) -> Iterator[str]:
    rules, service = seen.rules, served.service
    if not served.well_signed:
        yield "BAD_SIGNATURE"
    if not seen.student.anchored:
        yield "NOT_ANCHORED"
    if served.status.word in _STATUSES:
        yield _STATUSES[served.status.word]
    if served.status.word == "disputed" and rules.disputed == "exclude":
        yield "DISPUTED"
    opened = Period(seen.consent.served_from, seen.consent.served_until)
    in_term = any(rules.period(t).holds(service.started_at) for t in rules.periods())
    if not in_term or not opened.holds(service.started_at):
        yield "OUT_OF_WINDOW"
    if _entered_late(rules, served):
        yield "AFTER_CUTOFF"
    if rules.factor(service.hour_class) is None:
        yield "CLASS_NOT_COUNTED"
    if not _listed(served.category, rules.categories_allowed, rules.categories_denied):
        yield "CATEGORY_DENIED"
    if not _listed(service.organisation, rules.organisations_allowed, rules.organisations_denied):
        yield "ORG_NOT_ALLOWED"
    if rules.suspended == "exclude" and _suspended(seen.suspensions, served):
        yield "ORG_SUSPENDED"
    if served.record in seen.credited:
        yield "ALREADY_CREDITED"


def _listed(value: str, allowed: Collection[str] | None, denied: Collection[str]) -> bool:
    return value not in denied and (allowed is None or value in allowed)


def _entered_late(rules: RuleSet, served: Served) -> bool:
    entered, offset = rules.entered, rules.utc_offset_minutes
    if entered.until is not None:
        end = Period.of_days(entered.until, entered.until, offset).start
        if served.accepted_at >= end:
            return True
    days = entered.within_days
    return days is not None and served.accepted_at - served.service.ended_at > days * 86400


def _suspended(suspensions: Iterable[Suspension], served: Served) -> bool:
    service = served.service
    return any(
        s.organisation == service.organisation and s.valid_from < service.ended_at
        for s in suspensions
    )
