"""Records about visits that the rules refuse, and the code of each."""

from typing import Any

from ledger.core.records.record import Record
from ledger.core.records.signing import sign_sheet
from tests.builders.records import START, ZERO, key
from tests.builders.settled import NINE, SettledLedger, Table

NOWHERE = b"\1" * 32


def _ahead(s: SettledLedger, **changes: Any) -> bytes:
    """An activity from an hour ahead, of three hours."""
    return s.published(s.town.now + 3600, s.town.now + 4 * 3600, **changes)


def _event(s: SettledLedger, direction: str = "in", at: int = NINE, **changes: Any) -> Record:
    """A clock event of ann at the long activity."""
    return s.town.clock_event("org", "ann", s.activity, direction, at, **changes)


def _by(s: SettledLedger, record: Record, *signers: tuple[str, str]) -> Record:
    return s.town.record(record.body, *signers)


def _before_the_guardian(s: SettledLedger) -> Record:
    s.take(s.town.enrol("kid", "mum"), s.town.grant("org", "mum", "clock"))
    event = s.town.clock_event("org", "kid", s.activity, "in", NINE)
    return _by(s, event, ("volunteer", "kid"), ("station", "mum"))


def _on_a_sheet(s: SettledLedger) -> Record:
    event = _event(s)
    (claim,) = sign_sheet(s.town.ledger, [event.body], "volunteer", key("ann"))
    return Record(event.body, (claim, event.signatures[1]))


def _fenced(s: SettledLedger, distance: str, *methods: str) -> Record:
    where = _ahead(s, fence_metres=50)
    s.town.now += 3600
    return s.town.clock_event(
        "org", "ann", where, "in", s.town.now, distance=distance, methods=methods
    )


def _cancelled(s: SettledLedger) -> bytes:
    where = _ahead(s)
    s.take(s.town.change(where, "org", action="cancel"))
    return where


def _full(s: SettledLedger) -> bytes:
    where = _ahead(s, seats=1)
    s.take(s.town.signup(where, "bob"))
    return where


def _joined(s: SettledLedger, action: str) -> Record:
    where = _ahead(s)
    s.take(s.town.signup(where, "ann"))
    s.town.now += 1
    return s.town.signup(where, "ann", action)


def _left_after_clocking_in(s: SettledLedger) -> Record:
    where = _ahead(s)
    s.town.now += 3600
    s.take(s.town.clock_event("org", "ann", where, "in", s.town.now))
    return s.town.signup(where, "ann", "leave")


def _clocked_at_a_full_one(s: SettledLedger) -> Record:
    where = _full(s)
    s.town.now += 3600
    return s.town.clock_event("org", "ann", where, "in", s.town.now)


def _too_often(s: SettledLedger) -> Record:
    for number in range(3):
        s.take(*s.town.pair("org", "ann", s.activity, NINE + number * 600, 5))
    return _event(s, at=NINE + 1800)


def _too_late_for_the_question(s: SettledLedger) -> Record:
    """A policy whose question stands for five minutes begins, by a record."""
    s.take(s.policy(2, clock_answer_seconds=300))
    return _event(s, at=s.town.now - 301)


def _second_event(s: SettledLedger, direction: str, later: int) -> Record:
    s.take(_event(s))
    return _event(s, direction, NINE + later)


def _two_outs(s: SettledLedger) -> Record:
    s.take(*s.town.pair("org", "ann", s.activity, NINE, 60))
    return _event(s, "out", NINE + 3660)


def _out_too_late(s: SettledLedger) -> Record:
    where = _ahead(s)
    end = s.town.now + 4 * 3600
    s.town.now = end + 1801
    s.take(s.town.clock_event("org", "ann", where, "in", end))
    return s.town.clock_event("org", "ann", where, "out", end + 1801)


def _fewer_seats(s: SettledLedger) -> Record:
    where = _ahead(s, seats=3)
    s.take(s.town.signup(where, "ann"), s.town.signup(where, "bob"))
    start = s.town.now + 60
    return s.town.change(where, "org", seats=1, starts_at=start, ends_at=start + 60)


def _not_published_yet(s: SettledLedger) -> Record:
    return s.town.clock_event("org", "ann", _ahead(s), "in", s.town.now - 1)


BAD: Table = {
    "blocked category": (
        "CATEGORY_BLOCKED",
        lambda s: s.town.activity("org", NINE, NINE + 60, category="meeting"),
    ),
    "activity ends first": ("TIMES_REVERSED", lambda s: s.town.activity("org", NINE, NINE)),
    "a fence around nothing": (
        "BAD_VALUE",
        lambda s: s.town.activity("org", NINE, NINE + 60, fence_metres=50, place=ZERO),
    ),
    "a fence moved to nowhere": (
        "BAD_VALUE",
        lambda s: s.town.change(
            _ahead(s),
            "org",
            fence_metres=50,
            place=ZERO,
            starts_at=s.town.now + 60,
            ends_at=s.town.now + 120,
        ),
    ),
    "activity by approver": (
        "SIGNER_NOT_ALLOWED",
        lambda s: _by(s, s.town.activity("org", NINE, NINE + 60), ("organisation", "second")),
    ),
    "change of nothing": ("ACTIVITY_UNKNOWN", lambda s: s.town.change(NOWHERE, "org")),
    "change after the start": ("ACTIVITY_STARTED", lambda s: s.town.change(s.activity, "org")),
    "change into the past": ("ACTIVITY_STARTED", lambda s: s.town.change(_ahead(s), "org")),
    "change to fewer seats than are taken": ("SEATS_FULL", _fewer_seats),
    "change of a cancelled activity": (
        "ACTIVITY_CANCELLED",
        lambda s: s.town.change(_cancelled(s), "org"),
    ),
    "joined when it is over": ("ACTIVITY_STARTED", lambda s: s.town.signup(s.activity, "ann")),
    "joined when it is cancelled": (
        "ACTIVITY_CANCELLED",
        lambda s: s.town.signup(_cancelled(s), "ann"),
    ),
    "joined by a stranger": ("VOLUNTEER_UNKNOWN", lambda s: s.town.signup(_ahead(s), "eve")),
    "joined for another": (
        "SIGNER_NOT_ALLOWED",
        lambda s: _by(s, s.town.signup(_ahead(s), "ann"), ("volunteer", "bob")),
    ),
    "joined a full one": ("SEATS_FULL", lambda s: s.town.signup(_full(s), "ann")),
    "joined twice": ("SIGNUP_ACTION", lambda s: _joined(s, "join")),
    "left without a seat": (
        "SIGNUP_ACTION",
        lambda s: s.town.signup(_ahead(s), "ann", "leave"),
    ),
    "left after clocking in": ("SIGNUP_ACTION", _left_after_clocking_in),
    "clocked without a station": (
        "WRONG_ROLES",
        lambda s: _by(s, _event(s), ("volunteer", "ann")),
    ),
    "clocked by another": (
        "SIGNER_NOT_ALLOWED",
        lambda s: _by(s, _event(s), ("volunteer", "bob"), ("station", "station")),
    ),
    "clocked before the organisation's own key": (
        "SIGNER_NOT_ALLOWED",
        lambda s: _by(s, _event(s), ("volunteer", "ann"), ("station", "org")),
    ),
    "clocked before the approver": (
        "SIGNER_NOT_ALLOWED",
        lambda s: _by(s, _event(s), ("volunteer", "ann"), ("station", "second")),
    ),
    "clocked by the organisation itself": (
        "SIGNER_IS_VOLUNTEER",
        lambda s: s.town.clock_event("org", "org", s.activity, "in", NINE),
    ),
    "clocked before the guardian": ("SIGNER_IS_VOLUNTEER", _before_the_guardian),
    "clocked on a sheet": ("BAD_SHEET", _on_a_sheet),
    "clocked by a stranger": (
        "VOLUNTEER_UNKNOWN",
        lambda s: s.town.clock_event("org", "eve", s.activity, "in", NINE),
    ),
    "clocked ahead of time": ("FROM_THE_FUTURE", lambda s: _event(s, at=s.town.now + 121)),
    "clocked at no activity": (
        "ACTIVITY_UNKNOWN",
        lambda s: s.town.clock_event("org", "ann", ZERO, "in", NINE),
    ),
    "clocked at a cancelled activity": (
        "ACTIVITY_CANCELLED",
        lambda s: s.town.clock_event("org", "ann", _cancelled(s), "in", s.town.now),
    ),
    "clocked too long ago": ("CLOCK_STALE", _too_late_for_the_question),
    "clocked before it was published": ("ACTIVITY_LATE", _not_published_yet),
    "a distance without gps": ("BAD_VALUE", lambda s: _event(s, methods=("face",))),
    "gps without a distance where there is a fence": (
        "BAD_VALUE",
        lambda s: _fenced(s, "unknown", "gps"),
    ),
    "gps without a distance beside a code where there is a fence": (
        "BAD_VALUE",
        lambda s: _fenced(s, "unknown", "gps", "site_code"),
    ),
    "outside the fence": ("OUTSIDE_FENCE", lambda s: _fenced(s, "under_200_m", "gps")),
    "a face alone where there is a fence": (
        "OUTSIDE_FENCE",
        lambda s: _fenced(s, "unknown", "face"),
    ),
    "clocked in too early": ("OUTSIDE_ACTIVITY", lambda s: _event(s, at=START + 1799)),
    "clocked in after the end": (
        "OUTSIDE_ACTIVITY",
        lambda s: _event(s, at=START + 864_001),
    ),
    "clocked out too late": ("OUTSIDE_ACTIVITY", _out_too_late),
    "clocked in too often on one day": ("CLOCK_PAIRS", _too_often),
    "clocked in where no seat is free": ("SEATS_FULL", _clocked_at_a_full_one),
    "clocked out without clocking in": ("CLOCK_ORDER", lambda s: _event(s, "out")),
    "clocked out twice": ("CLOCK_ORDER", _two_outs),
    "clocked out at the same second": ("CLOCK_ORDER", lambda s: _second_event(s, "out", 0)),
    "clocked in earlier than before": ("CLOCK_ORDER", lambda s: _second_event(s, "in", -60)),
}
