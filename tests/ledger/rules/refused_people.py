"""Records of who founds, joins, acts and moves coins that the rules refuse, and each code."""

from dataclasses import replace
from functools import partial

from ledger.core.kinds.registry import Calendar, Genesis, PolicyChange
from ledger.core.records.record import Record, ledger_id
from ledger.core.records.signing import sign
from tests.builders.records import DAY, POLICY, START, address, key
from tests.builders.settled import NINE, SettledLedger, Table


def _other_genesis(body: Genesis) -> Record:
    return Record(body, (sign(ledger_id(body), body, "authority", key("authority")),))


def _forgotten_heir(s: SettledLedger) -> Record:
    """A successor that was suspended before."""
    s.take(s.town.certify("heir"), s.town.certify("heir", action="suspend"))
    return s.town.certify("org", action="succeed", successor=address("heir"))


def _revoked_twice(s: SettledLedger) -> Record:
    s.take(s.town.grant("org", "second", "approve", action="revoke", valid_from=s.town.now))
    s.town.now += 1
    return s.town.grant("org", "second", "approve", action="revoke", valid_from=s.town.now)


def _no_longer_certified(s: SettledLedger) -> Record:
    s.take(s.town.certify("org", action="suspend", valid_from=s.town.now))
    return s.town.grant("org", "clerk", "service")


def _kept(s: SettledLedger, *then: Record, kept: Record) -> Record:
    """What was signed before some other records, and handed in after them."""
    s.take(*then)
    return kept


def _kept_grant(s: SettledLedger) -> Record:
    first, second = (
        s.town.grant("org", "eve", "service", valid_from=n) for n in (START, START + 1)
    )
    s.take(first)
    s.town.now += 1
    return _kept(s, s.town.grant("org", "eve", "service", action="revoke"), kept=second)


def _kept_certification(s: SettledLedger) -> Record:
    kept = s.town.certify("org", parent=address("roof"))
    s.town.now += 1
    suspended = s.town.certify("org", action="suspend", valid_from=s.town.now)
    return _kept(s, suspended, kept=kept)


def _kept_calendar(s: SettledLedger) -> Record:
    made = [Calendar(2023, (19_612 + n,), (), s.town.now + n) for n in range(2)]
    kept, newer = (s.town.record(body, ("authority", "authority")) for body in made)
    return _kept(s, newer, kept=kept)


def _moved(purpose: str, s: SettledLedger) -> Record:
    """Coins that ann has, sent to an organisation."""
    s.take(s.visit("ann", NINE, 60))
    return s.town.transfer("ann", "org", 1, purpose=purpose)


BAD: Table = {
    "genesis of another ledger": (
        "ALREADY_OPEN",
        lambda s: _other_genesis(replace(s.town.body, name="Other")),
    ),
    "policy version skipped": ("POLICY_VERSION", lambda s: s.policy(3)),
    "policy changes the coin": (
        "POLICY_UNIT_FIXED",
        lambda s: s.policy(2, minutes_per_yibi=30),
    ),
    "policy moves the day": ("POLICY_UNIT_FIXED", lambda s: s.policy(2, utc_offset_minutes=0)),
    "policy by a stranger": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(PolicyChange(POLICY, 2, "x", s.town.now), ("authority", "ann")),
    ),
    "policy whose parent has the smaller day": (
        "BAD_VALUE",
        lambda s: s.policy(2, day_minutes_parent_max=POLICY.day_minutes_max - 1),
    ),
    "policy with a night of 25 hours": (
        "BAD_VALUE",
        lambda s: s.policy(2, night_until_hour=25),
    ),
    "policy that waits longer than a year": (
        "BAD_VALUE",
        lambda s: s.policy(2, late_working_days=367),
    ),
    "policy with a day of more than 24 hours": (
        "BAD_VALUE",
        lambda s: s.policy(2, day_minutes_parent_max=1441),
    ),
    "policy with clocks that differ more than any verifier allows": (
        "BAD_VALUE",
        lambda s: s.policy(2, clock_skew_seconds=301),
    ),
    "policy from the future": (
        "FROM_THE_FUTURE",
        lambda s: s.town.record(
            PolicyChange(POLICY, 2, "x", s.town.now + 121), ("authority", "authority")
        ),
    ),
    "certified until before from": (
        "TIMES_REVERSED",
        lambda s: s.town.certify("new", valid_until=1, valid_from=5),
    ),
    "suspended though never certified": (
        "ORG_ACTION",
        lambda s: s.town.certify("new", action="suspend"),
    ),
    "suspended from before it was certified": (
        "ORG_ACTION",
        lambda s: s.town.certify("org", action="suspend", valid_from=START - 2 * DAY),
    ),
    "succeeded by nobody": ("BAD_VALUE", lambda s: s.town.certify("org", action="succeed")),
    "certified with a successor": (
        "BAD_VALUE",
        lambda s: s.town.certify("new", successor=address("org")),
    ),
    "its own parent": ("BAD_VALUE", lambda s: s.town.certify("new", parent=address("new"))),
    "succeeded by the uncertified": (
        "ORG_ACTION",
        lambda s: s.town.certify("org", action="succeed", successor=address("ann")),
    ),
    "succeeded by itself": (
        "ORG_ACTION",
        lambda s: s.town.certify("org", action="succeed", successor=address("org")),
    ),
    "succeeded by the suspended": ("ORG_ACTION", _forgotten_heir),
    "certify by the organisation": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(s.town.certify("x").body, ("authority", "org")),
    ),
    "certify by two authorities": (
        "WRONG_ROLES",
        lambda s: s.town.record(
            s.town.certify("x").body, ("authority", "authority"), ("organisation", "org")
        ),
    ),
    "certify by one key twice": (
        "WRONG_ROLES",
        lambda s: s.town.record(
            s.town.certify("x").body, ("authority", "authority"), ("authority", "authority")
        ),
    ),
    "certify by an authority and a stranger": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.by_authorities(s.town.certify("x").body, "authority", "eve"),
    ),
    "delegation by the uncertified": (
        "ORG_NOT_CERTIFIED",
        lambda s: s.town.grant("ann", "bob", "service"),
    ),
    "delegation by the suspended": ("ORG_NOT_CERTIFIED", _no_longer_certified),
    "delegation by a delegate": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(s.town.grant("org", "x", "void").body, ("organisation", "second")),
    ),
    "delegation until before from": (
        "TIMES_REVERSED",
        lambda s: s.town.grant("org", "x", "void", valid_until=START),
    ),
    "revoked though never granted": (
        "DELEGATION_ACTION",
        lambda s: s.town.grant("org", "x", "void", action="revoke"),
    ),
    "revoked twice": ("DELEGATION_ACTION", _revoked_twice),
    "delegated to itself": ("DELEGATION_ACTION", lambda s: s.town.grant("org", "org", "void")),
    "a station that signs hours too": (
        "DELEGATION_ACTION",
        lambda s: s.town.grant("org", "x", "clock", "service"),
    ),
    "enrolled twice": ("VOLUNTEER_KNOWN", lambda s: s.town.enrol("ann")),
    "enrolled as who another is": (
        "PERSON_KNOWN",
        lambda s: s.town.enrol("eve", identity=key("identity ann")),
    ),
    "enrolled by another": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(s.town.enrol("eve").body, ("volunteer", "ann")),
    ),
    "a child without the guardian": (
        "WRONG_ROLES",
        lambda s: s.town.record(s.town.enrol("kid", "mum").body, ("volunteer", "kid")),
    ),
    "a child with another guardian": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(
            s.town.enrol("kid", "mum").body, ("volunteer", "kid"), ("guardian", "dad")
        ),
    ),
    "a child that is its own guardian": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.enrol("kid", "kid"),
    ),
    "a guardian nobody asked for": (
        "WRONG_ROLES",
        lambda s: s.town.record(
            s.town.enrol("eve").body, ("volunteer", "eve"), ("guardian", "mum")
        ),
    ),
    **{
        f"coins to {purpose}": ("TRANSFER_PURPOSE", partial(_moved, purpose))
        for purpose in ("redeem", "donate", "refund")
    },
    "a grant kept until after the revocation": ("EXPIRED", _kept_grant),
    "a certification kept until after the suspension": ("EXPIRED", _kept_certification),
    "a calendar kept until after a newer one": ("EXPIRED", _kept_calendar),
    "transfer in the second in which it expires": (
        "EXPIRED",
        lambda s: s.town.transfer("ann", "bob", 1, expires_at=s.town.now),
    ),
    "transfer of nothing": ("NO_COINS", lambda s: s.town.transfer("ann", "bob", 1)),
    "transfer to oneself": ("RECIPIENT_UNKNOWN", lambda s: s.town.transfer("ann", "ann", 1)),
    "transfer to a stranger": ("RECIPIENT_UNKNOWN", lambda s: s.town.transfer("ann", "eve", 1)),
    "transfer by another": (
        "SIGNER_NOT_ALLOWED",
        lambda s: s.town.record(s.town.transfer("ann", "bob", 1).body, ("sender", "bob")),
    ),
}
