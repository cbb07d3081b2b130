"""Records about certificates and practice credits that the rules refuse, and the code of each."""

from ledger.core.records.record import Record
from tests.builders.certificate_records import certificate, consent, decision, issuer_key
from tests.builders.records import START, ZERO
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


def _kept_consent(s: SettledLedger) -> Record:
    kept = consent(s.town, "ann", "org", served_from=START + 1)
    s.take(consent(s.town, "ann", "org"))
    s.town.now += 1
    s.take(consent(s.town, "ann", "org", action="withdraw"))
    return kept


def _kept_binding(s: SettledLedger) -> Record:
    kept = issuer_key(s.town, "org", domain="example.org")
    s.take(issuer_key(s.town, "org"))
    s.town.now += 1
    s.take(issuer_key(s.town, "org", action="revoke"))
    return kept


BAD: Table = {
    "a consent kept until after it was withdrawn": ("EXPIRED", _kept_consent),
    "a binding kept until after it was revoked": ("EXPIRED", _kept_binding),
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
