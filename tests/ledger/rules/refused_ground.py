"""Accreditations and checks of persons that the rules refuse, and the code of each."""

from ledger.core.records.record import Record
from tests.builders.kinds.ground import accredited, checked
from tests.builders.records import START
from tests.builders.settled import SettledLedger, Table


def _taken_back_twice(s: SettledLedger) -> Record:
    now = s.town.now
    s.take(accredited(s.town, "org"))
    s.take(accredited(s.town, "org", action="revoke", valid_from=now))
    s.town.now += 1
    return accredited(s.town, "org", action="revoke", valid_from=now)


def _kept(s: SettledLedger) -> Record:
    """A grant that was signed before the revocation, and handed in after it."""
    s.take(accredited(s.town, "org"))
    kept = accredited(s.town, "org", valid_from=START + 1)
    s.town.now += 1
    s.take(accredited(s.town, "org", action="revoke", valid_from=s.town.now))
    return kept


def _by_verifier(s: SettledLedger, *before: Record, then: Record) -> Record:
    s.take(accredited(s.town, "org"), *before)
    return then


def _no_longer(s: SettledLedger) -> Record:
    s.take(accredited(s.town, "org"))
    s.take(accredited(s.town, "org", action="revoke", valid_from=s.town.now))
    return checked(s.town, "org", "ann")


BAD: Table = {
    "an accreditation that the organisation gives itself": (
        "SIGNER_NOT_ALLOWED",
        lambda s: accredited(s.town, "org", "identity_verifier", "org"),
    ),
    "an accreditation of a stranger": (
        "ORG_NOT_CERTIFIED",
        lambda s: accredited(s.town, "eve"),
    ),
    "an accreditation that ends before it begins": (
        "TIMES_REVERSED",
        lambda s: accredited(s.town, "org", valid_until=START),
    ),
    "a role taken back that was never given": (
        "ACCREDITATION_ACTION",
        lambda s: accredited(s.town, "org", "merchant", action="revoke"),
    ),
    "a role taken back twice": ("ACCREDITATION_ACTION", _taken_back_twice),
    "a grant kept for after the revocation": ("EXPIRED", _kept),
    "a person checked by one who is not accredited": (
        "NOT_ACCREDITED",
        lambda s: checked(s.town, "org", "ann"),
    ),
    "a person checked by one accredited for other things": (
        "NOT_ACCREDITED",
        lambda s: (s.take(accredited(s.town, "org", "merchant")), checked(s.town, "org", "ann"))[1],
    ),
    "a person checked by one who is accredited no longer": ("NOT_ACCREDITED", _no_longer),
    "a person checked by a delegate for other things": (
        "SIGNER_NOT_ALLOWED",
        lambda s: _by_verifier(s, then=checked(s.town, "second", "ann")),
    ),
    "a check of a stranger": (
        "VOLUNTEER_UNKNOWN",
        lambda s: _by_verifier(s, then=checked(s.town, "org", "eve")),
    ),
    "a check that ends before it is made": (
        "TIMES_REVERSED",
        lambda s: _by_verifier(s, then=checked(s.town, "org", "ann", valid_until=s.town.now)),
    ),
    "a second account of a person": (
        "PERSON_KNOWN",
        lambda s: _by_verifier(
            s, checked(s.town, "org", "ann"), then=checked(s.town, "org", "bob", "ann")
        ),
    ),
    "an account handed on to another person": (
        "PERSON_KNOWN",
        lambda s: _by_verifier(
            s, checked(s.town, "org", "ann"), then=checked(s.town, "org", "ann", "carl")
        ),
    ),
}
