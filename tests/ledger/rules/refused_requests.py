"""Requests, their answers and their ends that the rules refuse, and the code of each."""

from typing import Any

from ledger.core.records.record import Record
from tests.builders.records import DAY, START, address
from tests.builders.settled import NINE, SettledLedger, Table

NOWHERE = b"\1" * 32


def _request(s: SettledLedger, by: str = "school", **changes: Any) -> bytes:
    """A request to org that the ledger took; wanted for a day from now."""
    return s.town.id(s.take(s.town.request(by, "org", **changes)))


def _answer(s: SettledLedger, request: bytes, by: str = "org", **changes: Any) -> Record:
    """An activity for the school that answers a request."""
    start = s.town.now + 60
    named = {"recipient": address("school"), "request": request} | changes
    return s.town.activity(by, start, start + 3600, **named)


def _by_another(s: SettledLedger) -> Record:
    s.take(s.town.certify("other"))
    return _answer(s, _request(s), "other")


def _again(s: SettledLedger) -> Record:
    request = _request(s)
    s.take(_answer(s, request))
    return _answer(s, request, title="once more")


def _too_late(s: SettledLedger, record: str) -> Record:
    request = _request(s)
    s.town.now += DAY
    if record == "answer":
        return _answer(s, request)
    return s.town.request_end(request, "school", "org" if record == "decline" else None)


def _ended(s: SettledLedger, by: str | None, record: str) -> Record:
    request = _request(s)
    s.take(s.town.request_end(request, "school", by))
    s.town.now += 1
    if record == "answer":
        return _answer(s, request)
    return s.town.request_end(request, "school", "org" if record == "decline" else None)


def _declined_though_answered(s: SettledLedger) -> Record:
    request = _request(s)
    s.take(_answer(s, request))
    return s.town.request_end(request, "school", "org")


def _declined_by_another(s: SettledLedger) -> Record:
    s.take(s.town.certify("other"))
    return s.town.request_end(_request(s), "school", "other")


def _withdrawn_for(s: SettledLedger) -> Record:
    end = s.town.request_end(_request(s), "school", "org", outcome="withdrawn")
    return s.town.record(end.body, ("requester", "school"))


BAD: Table = {
    "request for a blocked category": (
        "CATEGORY_BLOCKED",
        lambda s: s.town.request("school", "org", category="meeting"),
    ),
    "request that ends first": (
        "TIMES_REVERSED",
        lambda s: s.town.request("school", "org", wanted_until=START),
    ),
    "request whose time is over": (
        "REQUEST_CLOSED",
        lambda s: s.town.request("school", "org", wanted_until=s.town.now),
    ),
    "request to the uncertified": ("ORG_NOT_CERTIFIED", lambda s: s.town.request("school", "ann")),
    "activity that serves its organisation": (
        "REQUEST_UNKNOWN",
        lambda s: s.town.activity("org", NINE, NINE + 60, recipient=address("org")),
    ),
    "activity for a request that nobody made": ("REQUEST_UNKNOWN", lambda s: _answer(s, NOWHERE)),
    "activity for the request of another": (
        "REQUEST_UNKNOWN",
        lambda s: _answer(s, _request(s, "eve")),
    ),
    "activity for a request to another": ("REQUEST_UNKNOWN", _by_another),
    "a request answered twice": ("REQUEST_TAKEN", _again),
    "a request answered when its time is over": (
        "REQUEST_CLOSED",
        lambda s: _too_late(s, "answer"),
    ),
    "a request answered after it was declined": (
        "REQUEST_CLOSED",
        lambda s: _ended(s, "org", "answer"),
    ),
    "a request answered after it was withdrawn": (
        "REQUEST_CLOSED",
        lambda s: _ended(s, None, "answer"),
    ),
    "declined when its time is over": ("REQUEST_CLOSED", lambda s: _too_late(s, "decline")),
    "declined after it was withdrawn": ("REQUEST_CLOSED", lambda s: _ended(s, None, "decline")),
    "withdrawn after it was declined": ("REQUEST_CLOSED", lambda s: _ended(s, "org", "withdraw")),
    "declined though it is answered": ("REQUEST_TAKEN", _declined_though_answered),
    "declined by another organisation": ("REQUEST_UNKNOWN", _declined_by_another),
    "declined by the approver": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(
            s.town.request_end(_request(s), "school", "org").body, ("organisation", "second")
        ),
    ),
    "withdrawn by who did not ask": (
        "REQUEST_UNKNOWN",
        lambda s: s.town.request_end(_request(s), "eve"),
    ),
    "withdrawn in the name of another": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(
            s.town.request_end(_request(s), "school").body, ("requester", "eve")
        ),
    ),
    "withdrawn for an organisation": ("BAD_VALUE", _withdrawn_for),
}
