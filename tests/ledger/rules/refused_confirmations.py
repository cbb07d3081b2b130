"""Words of recipients that the rules refuse, and the code of each."""

from ledger.core.records.record import Record
from tests.builders.records import address
from tests.builders.settled import SettledLedger, Table, new_version


def _served(s: SettledLedger, recipient: str, volunteer: str = "ann") -> Record:
    """Hours of an activity for somebody, clocked and not sent yet."""
    start, end = s.town.now + 3600, s.town.now + 4 * 3600
    where = s.published(start, end, recipient=address(recipient))
    s.town.now = end
    return s.visit(volunteer, end - 3600, 60, where)


def _said(s: SettledLedger, hours: Record, who: str) -> Record:
    return s.town.confirmation(new_version(hours).clock_out, who)


def _vouched(s: SettledLedger, who: str, volunteer: str = "ann") -> Record:
    return _said(s, _served(s, who, volunteer), who)


def _twice(s: SettledLedger) -> Record:
    hours = _served(s, "school")
    s.take(_said(s, hours, "school"))
    s.town.now += 1
    return _said(s, hours, "school")


def _after_the_hours(s: SettledLedger) -> Record:
    return _said(s, s.take(_served(s, "school")), "school")


def _by_family(s: SettledLedger, who: str, volunteer: str) -> Record:
    s.take(s.town.enrol("mum"), s.town.enrol("kid", "mum"), s.town.enrol("sister", "mum"))
    return _vouched(s, who, volunteer)


def _by_the_parent(s: SettledLedger) -> Record:
    s.take(s.town.certify("org", parent=address("roof")))
    return _vouched(s, "roof")


def _by_former_staff(s: SettledLedger) -> Record:
    s.take(s.town.grant("org", "eve", "void"))
    s.take(s.town.grant("org", "eve", "void", action="revoke", valid_from=0))
    return _vouched(s, "eve")


def _by_a_child_of_staff(s: SettledLedger) -> Record:
    s.take(s.town.enrol("kid", "second"))
    return _vouched(s, "kid")


def _confirmed(s: SettledLedger, signer: str = "org") -> Record:
    """Hours that eve confirmed, who holds keys of the organisation by now."""
    hours = _served(s, "eve")
    said = s.take(_said(s, hours, "eve"))
    s.take(s.town.grant("org", "eve", "service", "approve"))
    named = new_version(hours, confirmation=s.town.id(said))
    return s.town.record(named, ("organisation", signer))


def _amended(s: SettledLedger) -> Record:
    hours = s.take(_confirmed(s))
    amend = s.town.amend(s.town.id(hours), new_version(hours, minutes=50))
    return s.town.record(amend.body, ("organisation", "org"), ("approver", "eve"))


BAD: Table = {
    "confirmation of nothing": (
        "CONFIRMATION_TARGET",
        lambda s: s.town.confirmation(b"\1" * 32, "school"),
    ),
    "confirmation by another than the recipient": (
        "CONFIRMATION_TARGET",
        lambda s: _said(s, _served(s, "school"), "ann"),
    ),
    "confirmation given twice": ("CONFIRMATION_LATE", _twice),
    "confirmation after the hours": ("CONFIRMATION_LATE", _after_the_hours),
    "confirmed by the volunteer": ("RECIPIENT_NOT_THIRD", lambda s: _vouched(s, "ann")),
    "confirmed by the guardian": ("RECIPIENT_NOT_THIRD", lambda s: _by_family(s, "mum", "kid")),
    "confirmed by the child": ("RECIPIENT_NOT_THIRD", lambda s: _by_family(s, "kid", "mum")),
    "confirmed by a sister": ("RECIPIENT_NOT_THIRD", lambda s: _by_family(s, "sister", "kid")),
    "confirmed by the parent organisation": ("RECIPIENT_NOT_THIRD", _by_the_parent),
    "confirmed by the approver": ("RECIPIENT_NOT_THIRD", lambda s: _vouched(s, "second")),
    "confirmed by the station": ("RECIPIENT_NOT_THIRD", lambda s: _vouched(s, "station")),
    "confirmed by who was staff": ("RECIPIENT_NOT_THIRD", _by_former_staff),
    "confirmed by a child of staff": ("RECIPIENT_NOT_THIRD", _by_a_child_of_staff),
    "hours signed by who confirmed them": (
        "RECIPIENT_NOT_THIRD",
        lambda s: _confirmed(s, "eve"),
    ),
    "hours amended by who confirmed them": ("RECIPIENT_NOT_THIRD", _amended),
}
