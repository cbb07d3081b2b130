"""Records about certificates and practice credits that the rules refuse, and the code of each."""

from ledger.core.records.record import Record
from tests.builders.certificate_records import certificate, consent, decision, issuer_key
from tests.builders.records import ZERO
from tests.builders.settled import NINE, SettledLedger, Table

NOWHERE = b"\1" * 32


def _numbered_twice(s: SettledLedger) -> Record:
    s.take(certificate(s.town, "org", "ann", (), count=1))
    return certificate(s.town, "org", "bob", (), count=1)


def _counted(s: SettledLedger, times: int, more: int = 0) -> Record:
    """An hour that a university counted so often before, for so many minutes more."""
    hour = s.town.id(s.take(s.visit("ann", NINE, 60)))
    s.take(consent(s.town, "ann", "org"))
    for number in range(times):
        s.take(decision(s.town, "org", "ann", (hour,), minutes=1 + number))
    return decision(s.town, "org", "ann", (hour,), minutes=60 + more)


def _counted_nothing(s: SettledLedger) -> Record:
    s.take(consent(s.town, "ann", "org"))
    return decision(s.town, "org", "ann", (NOWHERE,))


BAD: Table = {
    "a key of zeros": ("ISSUER_KEY", lambda s: issuer_key(s.town, "org", public_key=ZERO)),
    "a key revoked that was never bound": (
        "ISSUER_KEY",
        lambda s: issuer_key(s.town, "org", action="revoke"),
    ),
    "a number given twice": ("CERTIFICATE_NUMBER", _numbered_twice),
    "a certificate in the place of none": (
        "CERTIFICATE_TARGET",
        lambda s: certificate(s.town, "org", "ann", (), count=1, supersedes=NOWHERE),
    ),
    "consent withdrawn that was never given": (
        "NO_CONSENT",
        lambda s: consent(s.town, "ann", "org", action="withdraw"),
    ),
    "an hour that is not there counted": ("CREDIT_TARGET", _counted_nothing),
    "an hour counted twice": ("ALREADY_CREDITED", lambda s: _counted(s, 1)),
    "more minutes than the hour has": ("CREDIT_MINUTES", lambda s: _counted(s, 0, 1)),
}
