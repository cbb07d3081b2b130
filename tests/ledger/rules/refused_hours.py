"""Records about hours that the rules refuse, and the code of each."""

from ledger.core.kinds.registry import Calendar
from ledger.core.records.record import Record
from tests.builders.records import DAY, START, ZERO, address
from tests.builders.settled import NINE, SettledLedger, Table, new_version

NOWHERE = b"\1" * 32


def _calendar(s: SettledLedger, *days: int, workdays: tuple[int, ...] = ()) -> Record:
    """The calendar of 2023."""
    return s.town.record(Calendar(2023, days, workdays, s.town.now), ("authority", "authority"))


def typed(s: SettledLedger, start: int = NINE, minutes: int = 60, **changes: object) -> Record:
    return s.town.honour("org", "second", "ann", start, minutes, **changes)


def _with_permit(s: SettledLedger, start: int = NINE, **bounds: int) -> Record:
    permit = s.take(s.town.permit("org", issued_at=s.town.now, **bounds))
    return typed(s, start, permit=s.town.id(permit))


def _spent(s: SettledLedger) -> Record:
    permit = s.town.id(s.take(s.town.permit("org", minutes_max=100)))
    s.take(typed(s, NINE, 60, permit=permit))
    return typed(s, NINE + DAY, 41, permit=permit)


def _above_the_ceiling(s: SettledLedger) -> Record:
    small = s.published(s.town.now + 60, s.town.now + 3600, honour_minutes_max=100)
    s.take(typed(s, NINE, 60, activity=small))
    return typed(s, NINE + DAY, 41, activity=small)


def _of_another(s: SettledLedger) -> Record:
    s.take(s.town.certify("other"))
    return typed(s, permit=s.town.id(s.take(s.town.permit("other"))))


def _for_a_cancelled_activity(s: SettledLedger) -> Record:
    where = s.published(s.town.now + 60, s.town.now + 3600)
    s.take(s.town.change(where, "org", action="cancel"))
    return typed(s, activity=where)


def _paired(s: SettledLedger, **changes: object) -> Record:
    """The hours of a visit, changed after it."""
    hours = s.visit("ann", NINE, 60)
    return s.town.record(new_version(hours, **changes), ("organisation", "org"))


def _used(s: SettledLedger) -> Record:
    hours = s.take(s.visit("ann", NINE, 60))
    return s.town.record(new_version(hours, content=NOWHERE), ("organisation", "org"))


def _denied(s: SettledLedger) -> Record:
    where = s.published(s.town.now + 60, s.town.now + 7200, recipient=address("school"))
    s.town.now += 7200
    hours = s.visit("ann", s.town.now - 3600, 60, where)
    answer = s.town.confirmation(new_version(hours).clock_out, "school", "not_served")
    s.take(answer)
    return s.town.record(
        new_version(hours, confirmation=s.town.id(answer)), ("organisation", "org")
    )


def _over_the_day(s: SettledLedger) -> Record:
    s.take(typed(s, NINE, 480))
    return typed(s, NINE + 8 * 3600, 121)


def _overlapping(s: SettledLedger) -> Record:
    s.take(s.visit("ann", NINE, 60))
    return typed(s, NINE + 3599)


def _void(s: SettledLedger, by: str | None, again: bool = False) -> Record:
    hours = s.take(s.visit("ann", NINE, 60))
    if again:
        s.take(s.town.void(s.town.id(hours), "org"))
        s.town.now += 1
    return s.town.void(s.town.id(hours), by)


def _amended(s: SettledLedger, twice: bool = False, **changes: object) -> Record:
    hours = s.take(s.visit("ann", NINE, 60))
    target = s.town.id(hours)
    if twice:
        s.take(s.town.amend(target, new_version(hours, minutes=50)))
    return s.town.amend(target, new_version(hours, **changes))


def _disputed(s: SettledLedger, outcome: str = "") -> Record:
    """A second objection, or a decision of the first."""
    target = s.town.id(s.take(s.visit("ann", NINE, 60)))
    first = s.town.id(s.take(s.town.objection(target, "ann")))
    if outcome:
        return s.town.decision(first, target, "org", outcome)
    return s.town.objection(target, "ann", reason="wrong_time")


def _by(s: SettledLedger, record: Record, *signers: tuple[str, str]) -> Record:
    return s.town.record(record.body, *signers)


def _own(s: SettledLedger, role: str) -> Record:
    """Hours of ann, one signature of which is hers: she is a clerk of the organisation."""
    s.take(s.town.grant("org", "ann", "service", "approve"))
    if role == "organisation":
        return _by(s, s.visit("ann", NINE, 60), ("organisation", "ann"))
    return _by(s, typed(s), ("organisation", "org"), ("approver", "ann"))


def _own_childs(s: SettledLedger) -> Record:
    s.take(s.town.enrol("kid", "mum"), s.town.grant("org", "mum", "service"))
    return _by(s, s.visit("kid", NINE, 60), ("organisation", "mum"))


def _own_amendment(s: SettledLedger) -> Record:
    s.take(s.town.grant("org", "ann", "approve"))
    hours = s.take(s.visit("ann", NINE, 60))
    amend = s.town.amend(s.town.id(hours), new_version(hours, minutes=50))
    return _by(s, amend, ("organisation", "org"), ("approver", "ann"))


def _own_long_day(s: SettledLedger) -> Record:
    day = (NINE + 8 * 3600) // DAY
    return s.town.approval("org", "authority", day, 700)


def _of_the_organisation(s: SettledLedger) -> Record:
    """Hours of an organisation's own key, signed by its clerk."""
    s.take(s.town.enrol("org"), s.town.grant("org", "clerk", "service"))
    return _by(s, s.town.credit("org", "org", s.activity, NINE, 60), ("organisation", "clerk"))


BAD: Table = {
    "hours signed by their volunteer": (
        "SIGNER_IS_VOLUNTEER",
        lambda s: _own(s, "organisation"),
    ),
    "hours approved by their volunteer": ("SIGNER_IS_VOLUNTEER", lambda s: _own(s, "approver")),
    "hours signed by the guardian": ("SIGNER_IS_VOLUNTEER", _own_childs),
    "hours amended by their volunteer": ("SIGNER_IS_VOLUNTEER", _own_amendment),
    "a long day approved by its volunteer": ("SIGNER_IS_VOLUNTEER", _own_long_day),
    "hours of the organisation itself": ("SIGNER_IS_VOLUNTEER", _of_the_organisation),
    "hours that end first": (
        "TIMES_REVERSED",
        lambda s: s.town.credit("org", "ann", s.activity, NINE, 60, ended_at=NINE),
    ),
    "more minutes than time": (
        "MINUTES_EXCEED_TIMES",
        lambda s: s.town.credit("org", "ann", s.activity, NINE, 60, ended_at=NINE + 3599),
    ),
    "hours in the future": (
        "FROM_THE_FUTURE",
        lambda s: s.town.credit("org", "ann", s.activity, s.town.now, 60),
    ),
    "issued in the future": (
        "FROM_THE_FUTURE",
        lambda s: s.town.credit("org", "ann", s.activity, NINE, 60, issued_at=s.town.now + 121),
    ),
    "unknown volunteer": (
        "VOLUNTEER_UNKNOWN",
        lambda s: s.town.credit("org", "eve", s.activity, NINE, 60),
    ),
    "back-filled for no activity": ("ACTIVITY_UNKNOWN", lambda s: typed(s, activity=NOWHERE)),
    "back-filled for a cancelled activity": ("ACTIVITY_CANCELLED", _for_a_cancelled_activity),
    "uncertified at the time": ("ORG_NOT_CERTIFIED", lambda s: typed(s, 60)),
    "over the session cap": ("OVER_SESSION_CAP", lambda s: typed(s, minutes=481)),
    "span of many days": ("OVER_SESSION_CAP", lambda s: typed(s, START, ended_at=START + 9 * DAY)),
    "over the day cap": ("OVER_DAY_CAP", _over_the_day),
    "overlap": ("OVERLAP", _overlapping),
    "approved by the first signer": (
        "APPROVER_NOT_SECOND",
        lambda s: s.town.honour("org", "org", "ann", NINE, 60),
    ),
    "approved by a stranger": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.honour("org", "bob", "ann", NINE, 60),
    ),
    "credit with a second signer": (
        "WRONG_ROLES",
        lambda s: s.town.record(_paired(s).body, ("organisation", "org"), ("volunteer", "ann")),
    ),
    "credit signed by the volunteer": (
        "SIGNER_IS_VOLUNTEER",
        lambda s: s.town.record(_paired(s).body, ("organisation", "ann")),
    ),
    "credit signed by the station": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(_paired(s).body, ("organisation", "station")),
    ),
    "roles out of order": (
        "WRONG_ROLES",
        lambda s: s.town.record(typed(s).body, ("approver", "second"), ("organisation", "org")),
    ),
    "honour signed as credit": (
        "WRONG_ROLES",
        lambda s: s.town.credit("org", "ann", s.activity, NINE, 60, hour_class="honour"),
    ),
    "credit with a permit": ("WRONG_BASIS", lambda s: _paired(s, permit=NOWHERE)),
    "credit without a clock-in": ("WRONG_BASIS", lambda s: _paired(s, clock_in=ZERO)),
    "honour with a clock-out": ("WRONG_BASIS", lambda s: typed(s, clock_out=NOWHERE)),
    "honour with a confirmation": ("WRONG_BASIS", lambda s: typed(s, confirmation=NOWHERE)),
    "honour without a permit": ("WRONG_BASIS", lambda s: typed(s, permit=ZERO)),
    "credit that nobody clocked": (
        "PAIR_UNKNOWN",
        lambda s: s.town.credit("org", "ann", s.activity, NINE, 60),
    ),
    "the pair of another": ("PAIR_UNKNOWN", lambda s: _paired(s, volunteer=address("bob"))),
    "the pair of another activity": ("PAIR_UNKNOWN", lambda s: _paired(s, activity=NOWHERE)),
    "a minute later than the pair": (
        "PAIR_UNKNOWN",
        lambda s: _paired(s, started_at=NINE + 60, ended_at=NINE + 3660),
    ),
    "a confirmation that nobody gave": (
        "PAIR_UNKNOWN",
        lambda s: _paired(s, confirmation=NOWHERE),
    ),
    "a pair that is counted": ("PAIR_USED", _used),
    "what the recipient denies": ("NOT_SERVED", _denied),
    "a minute less than the pair": ("MINUTES_BY_RULE", lambda s: _paired(s, minutes=59)),
    "no evidence": ("NO_EVIDENCE", lambda s: typed(s, evidence=())),
    "no such permit": ("PERMIT_UNKNOWN", lambda s: typed(s, permit=NOWHERE)),
    "the permit of another": ("PERMIT_UNKNOWN", _of_another),
    "begins before its permit": (
        "PERMIT_OUTSIDE",
        lambda s: _with_permit(s, served_from=NINE + 1),
    ),
    "ends after its permit": (
        "PERMIT_OUTSIDE",
        lambda s: _with_permit(s, served_until=NINE + 3599),
    ),
    "entered when the permit is closed": (
        "PERMIT_OUTSIDE",
        lambda s: _with_permit(s, enter_until=s.town.now),
    ),
    "more than the permit has left": ("PERMIT_SPENT", _spent),
    "more than the activity's ceiling": ("HONOUR_CEILING", _above_the_ceiling),
    "a permit that ends first": (
        "TIMES_REVERSED",
        lambda s: s.town.permit("org", served_from=NINE, served_until=NINE),
    ),
    "a permit for nobody": ("ORG_NOT_CERTIFIED", lambda s: s.town.permit("eve")),
    "a permit by the organisation": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(s.town.permit("org", minutes_max=1).body, ("authority", "org")),
    ),
    "more than an authority approves": (
        "APPROVAL_BOUNDS",
        lambda s: s.town.approval("org", "ann", 1, 1441),
    ),
    "approved for an unknown volunteer": (
        "VOLUNTEER_UNKNOWN",
        lambda s: s.town.approval("org", "eve", 1, 700),
    ),
    "approved by who is no parent": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.approval("org", "ann", 1, 700, "org"),
    ),
    "a holiday of another year": ("CALENDAR_DAYS", lambda s: _calendar(s, 19_723)),
    "a day both free and worked": (
        "CALENDAR_DAYS",
        lambda s: _calendar(s, 19_631, workdays=(19_631,)),
    ),
    "void of nothing": ("VOID_TARGET", lambda s: s.town.void(NOWHERE, "org")),
    "void by the volunteer": ("VOID_NOT_YOURS", lambda s: _void(s, "ann")),
    "void by nobody": (
        "VOID_NOT_YOURS",
        lambda s: s.town.record(
            s.town.void(s.town.id(s.take(typed(s))), None).body, ("organisation", "org")
        ),
    ),
    "void twice": ("VOID_TWICE", lambda s: _void(s, None, again=True)),
    "an old version": ("SUPERSEDED", lambda s: _amended(s, twice=True, minutes=40)),
    "amended to another": ("AMEND_TARGET", lambda s: _amended(s, volunteer=address("bob"))),
    "amended to more": ("AMEND_GROWS", lambda s: _amended(s, minutes=61)),
    "objection to nothing": ("OBJECTION_TARGET", lambda s: s.town.objection(NOWHERE, "ann")),
    "two objections": ("OBJECTION_OPEN", _disputed),
    "decision of nothing": (
        "DECISION_TARGET",
        lambda s: s.town.decision(NOWHERE, NOWHERE, "org", "rejected"),
    ),
    "upheld though nothing was done": ("DECISION_NOT_DONE", lambda s: _disputed(s, "upheld")),
}
