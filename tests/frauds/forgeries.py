"""Files that whoever holds every key of a ledger can write, and the checks that they fail.

Each is signed, chained, sealed and anchored without a fault, and tells of sums or times that no
ledger would have taken. The true ones are made by the same hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ledger.core.records.record import Entry, Record
from ledger.core.records.signing import sign
from ledger.core.state.totals import RECORDED, Status
from tests.builders.records import DAY, Town, address, key
from tests.frauds.forger import BLOCK, NOON, OPENING, SEALED, Forger

Made = dict[str, Any]
LAST = 2**53 - 1


def forger(**changes: Any) -> Forger:
    """Two visits of ann, as they were."""
    made = Forger()
    made.served(**changes)
    made.served(1)
    return made


def changed(place: int, **members: Any) -> Made:
    """The true entries, but one of them."""
    made = forger()
    made.again(place, **members)
    return made.transcript()


def unsigned() -> Made:
    made = forger()
    made.unsigned()
    return made.transcript()


def four_times() -> Made:
    made = Forger()
    service = made.served()
    for _ in range(3):
        made.add(service.record, service.accepted_at)
    return made.transcript(totals={"credit_minutes": 60, "minted": 1})


def four_times_in_the_totals() -> Made:
    made = Forger()
    service = made.served()
    for _ in range(3):
        made.add(service.record, service.accepted_at)
    return made.transcript(totals={"credit_minutes": 240, "minted": 4})


def one_index_twice() -> Made:
    made = forger()
    made.again(5, index=made.entries[2].index)
    return made.transcript(held_by="chain")


def unclocked() -> Made:
    made = forger()
    del made.entries[:2]
    return made.transcript()


def clocked_by_somebody_else() -> Made:
    made = forger()
    made.again(0, volunteer=address("eve"))
    event = made.town.id(made.entries[0].record)
    made.again(2, clock_in=event)
    return made.transcript()


def signed_by_eve_for_ann() -> Made:
    made = forger()
    consent = made.town.enrol("ann")
    claim = sign(made.town.ledger, consent.body, "volunteer", key("eve"))
    made.add(Record(consent.body, (claim,)), NOON + 2 * DAY)
    return made.transcript()


def signed_by_ann_for_herself() -> Made:
    made = forger()
    own = made.town.record(made.entries[2].record.body, ("organisation", "ann"))
    made.entries[2] = replace(made.entries[2], record=own)
    return made.transcript()


def at_an_organisation_that_ann_is() -> Made:
    """Signed by somebody whom she lets sign, which the transcript does not show."""
    made = forger()
    for place in (0, 1):
        made.again(place, organisation=address("ann"))
    came, went = (made.town.id(entry.record) for entry in made.entries[:2])
    made.again(2, organisation=address("ann"), clock_in=came, clock_out=went)
    return made.transcript()


def confirmed_by(name: str, answer: str = "served") -> Forger:
    """Two visits of ann, of the first of which somebody gave the recipient's word."""
    made = forger()
    went = made.entries[1]
    said = made.town.confirmation(made.town.id(went.record), name, answer)
    made.entries.insert(2, Entry(went.index + 1, went.accepted_at, said))
    made.again(3, confirmation=made.town.id(said))
    return made


def a_hidden_void() -> Made:
    made = forger()
    service = made.town.id(made.entries[2].record)
    made.add(made.town.void(service, "org"), NOON + 2 * DAY)
    return made.transcript(stated={service: RECORDED})


def disputed() -> tuple[Forger, bytes, bytes]:
    """A visit of ann to which she objects, its id and that of the objection."""
    made = forger()
    service = made.town.id(made.entries[2].record)
    objection = made.add(made.town.objection(service, "ann"), NOON + 2 * DAY)
    return made, service, made.town.id(objection.record)


def a_hidden_objection() -> Made:
    made, service, _ = disputed()
    return made.transcript(stated={service: RECORDED})


def an_objection_forgotten() -> Made:
    made, service, objection = disputed()
    return made.transcript(stated={service: Status("recorded", objection, OPENING)})


def decided(answered: Callable[[Town, bytes, bytes], Record]) -> Made:
    """The objection answered, and the tree says that the hours are as they were."""
    made, service, objection = disputed()
    answer = made.add(answered(made.town, objection, service), NOON + 3 * DAY)
    name = made.town.id(answer.record)
    return made.transcript(stated={service: Status("recorded", name, OPENING)})


def decided_for_another() -> Made:
    def answered(town: Town, objection: bytes, service: bytes) -> Record:
        body = town.decision(objection, service, "org", "rejected").body
        return town.record(body, ("authority", "authority"))

    return decided(answered)


def a_gift_that_nobody_made() -> Made:
    return forger().transcript(totals={"received": 7})


def a_gift_kept(seconds: int) -> Made:
    """Taken so many seconds before its signature expired."""
    made, taken = forger(), NOON + 2 * DAY
    gift = made.town.transfer("eve", "ann", 3, expires_at=taken + seconds)
    made.add(gift, taken)
    return made.transcript()


def sealed_by_eve() -> Made:
    return forger().transcript(by=("eve",))


def ten_thousand_hours() -> Made:
    return forger().transcript(totals={"credit_minutes": 600_000, "minted": 10_000})


def minutes_of_a_void_before() -> Made:
    made = forger()
    made.add(made.town.void(key("unknown"), "org"), NOON + 2 * DAY)
    return made.transcript(totals={"credit_minutes": 60, "minted": 1, "voided_minutes": 60})


def continued(*corrections: Callable[[Forger, bytes], Record]) -> Forger:
    """Two visits of ann before the earlier seal, one behind it, and corrections of the first."""
    made = forger()
    made.earlier = len(made.entries)
    first = made.town.id(made.entries[2].record)
    made.served(3)
    for correction in corrections:
        made.add(correction(made, first), NOON + 4 * DAY)
    return made


def voided(made: Forger, first: bytes) -> Record:
    return made.town.void(first, "org")


def shortened(made: Forger, first: bytes) -> Record:
    body = replace(made.entries[2].record.body, minutes=20)  # type: ignore[arg-type]
    return made.town.amend(first, body)  # type: ignore[arg-type]


def corrected(correction: Callable[[Forger, bytes], Record]) -> Made:
    made = forger()
    made.add(correction(made, made.town.id(made.entries[2].record)), NOON + 2 * DAY)
    return made.transcript()


def lengthened(made: Forger, first: bytes) -> Record:
    old = made.entries[2].record.body
    body = replace(old, minutes=120, ended_at=NOON + 7200)  # type: ignore[arg-type]
    return made.town.amend(first, body)  # type: ignore[arg-type]


def amended_by_eve(made: Forger, first: bytes) -> Record:
    body = replace(made.entries[2].record.body, organisation=address("eve"))  # type: ignore[arg-type]
    amend = made.town.amend(first, body).body  # type: ignore[arg-type]
    return made.town.record(amend, ("organisation", "eve"), ("approver", "second"))


def objected_by_bob(made: Forger, first: bytes) -> Record:
    return made.town.objection(first, "bob")


def unclocked_since_the_earlier_seal() -> Made:
    made = continued()
    del made.entries[6:8]
    return made.transcript()


FORGED: dict[str, tuple[Callable[[], Made], set[str]]] = {
    "hours that nobody signed": (unsigned, {"roles"}),
    "hours without clock events": (unclocked, {"roles"}),
    "hours with the clock events of somebody else": (clocked_by_somebody_else, {"roles"}),
    "a record of ann that eve signed": (signed_by_eve_for_ann, {"roles"}),
    "hours that the volunteer signed": (signed_by_ann_for_herself, {"roles"}),
    "hours of an organisation's own key": (at_an_organisation_that_ann_is, {"roles"}),
    "hours that the volunteer confirmed": (lambda: confirmed_by("ann").transcript(), {"roles"}),
    "hours that the organisation confirmed": (lambda: confirmed_by("org").transcript(), {"roles"}),
    "hours that the station confirmed": (lambda: confirmed_by("station").transcript(), {"roles"}),
    "hours that nobody served, says the recipient": (
        lambda: confirmed_by("eve", "not_served").transcript(),
        {"roles"},
    ),
    "a seal that somebody signed": (sealed_by_eve, {"roles"}),
    "an amendment that makes credit hours more": (lambda: corrected(lengthened), {"roles"}),
    "an amendment by another organisation": (lambda: corrected(amended_by_eve), {"roles"}),
    "an objection of somebody else": (lambda: corrected(objected_by_bob), {"roles"}),
    "an objection that the tree leaves out": (a_hidden_objection, {"state"}),
    "an objection that nobody rejected": (an_objection_forgotten, {"state"}),
    "an objection that an authority rejected for another": (decided_for_another, {"roles"}),
    "an objection that was upheld, for no more": (
        lambda: decided(lambda town, *names: town.decision(*names, "org", "upheld")),
        {"state"},
    ),
    "one record four times": (four_times, {"completeness", "sums"}),
    "one record four times, and in the totals": (four_times_in_the_totals, {"completeness"}),
    "one index twice": (one_index_twice, {"completeness", "times"}),
    "a void that changed nothing": (a_hidden_void, {"state"}),
    "a void of a record that is not there": (minutes_of_a_void_before, {"sums"}),
    "a gift that had expired": (lambda: a_gift_kept(0), {"times"}),
    "coins that nobody sent": (a_gift_that_nobody_made, {"sums"}),
    "more hours than the entries have": (
        lambda: forger().transcript(totals={"credit_minutes": 180, "minted": 3}),
        {"sums"},
    ),
    "fewer hours than the entries have": (
        lambda: forger().transcript(totals={"credit_minutes": 60, "minted": 1}),
        {"sums"},
    ),
    "honour hours out of nothing": (
        lambda: forger().transcript(totals={"honour_minutes": 60}),
        {"sums"},
    ),
    "more hours than were added since": (
        lambda: continued().transcript(totals={"credit_minutes": 240, "minted": 4}),
        {"sums"},
    ),
    "fewer hours at the beginning": (
        lambda: continued().transcript(before={"credit_minutes": 60, "minted": 1}),
        {"sums"},
    ),
    "a void that takes nothing away but makes voided hours": (
        lambda: continued(voided).transcript(
            totals={"credit_minutes": 180, "minted": 3, "voided_minutes": 60}
        ),
        {"sums"},
    ),
    "a void that adds hours": (
        lambda: continued(voided).transcript(
            totals={"credit_minutes": 240, "minted": 4, "voided_minutes": 0}
        ),
        {"sums"},
    ),
    "an amendment that adds its minutes to the old ones": (
        lambda: continued(shortened).transcript(totals={"credit_minutes": 200, "minted": 3}),
        {"sums"},
    ),
    "an amendment of credit hours that moves honour hours": (
        lambda: continued(shortened).transcript(
            totals={"honour_minutes": 60}, before={"honour_minutes": 90}
        ),
        {"sums"},
    ),
    "hours since the earlier seal without clock events": (
        unclocked_since_the_earlier_seal,
        {"roles"},
    ),
    "coins without hours": (lambda: forger().transcript(totals={"minted": 10_000}), {"state"}),
    "10,000 hours in the totals of a week": (ten_thousand_hours, {"times", "sums"}),
    "accepted in 1970": (lambda: changed(2, accepted_at=0), {"times"}),
    "accepted a second later": (lambda: changed(2, accepted_at=1), {"times"}),
    "accepted at the end of time": (lambda: changed(2, accepted_at=LAST), {"times"}),
    "accepted a day before it was served": (
        lambda: changed(2, accepted_at=NOON + 3600 - DAY),
        {"times"},
    ),
    "accepted before the entry before it": (
        lambda: changed(2, accepted_at=NOON + 3599),
        {"times"},
    ),
    "100,000 minutes in an hour": (lambda: changed(2, minutes=100_000), {"times"}),
    "a service that ends before it starts": (
        lambda: changed(2, started_at=NOON + 3601),
        {"times", "roles"},
    ),
    "signed a day after it was accepted": (
        lambda: changed(2, issued_at=NOON + 3600 + DAY),
        {"times"},
    ),
    "sealed in 1970": (lambda: forger().transcript(sealed_at=1), {"times"}),
    "sealed a day before it was accepted": (
        lambda: forger().transcript(sealed_at=SEALED - DAY, accepted_at=SEALED),
        {"times"},
    ),
    "a seal accepted in the year 36812": (
        lambda: forger().transcript(accepted_at=1_099_511_627_776),
        {"times"},
    ),
    "sealed after its block": (
        lambda: forger().transcript(sealed_at=BLOCK + 301),
        {"times"},
    ),
    "a statement of 10,000 hours": (
        lambda: forger().statement({"credit_minutes": 600_000, "minted": 10_000}),
        {"times"},
    ),
    "a statement of 10,000 yibi": (lambda: forger().statement({"minted": 10_000}), {"state"}),
    "a statement sealed in 1970": (lambda: forger().statement(sealed_at=1), {"times"}),
    "a statement sealed after its block": (
        lambda: forger().statement(sealed_at=BLOCK + 301),
        {"times"},
    ),
    "a statement whose seal somebody signed": (lambda: forger().statement(by=("eve",)), {"state"}),
    "10,000 hours in one month": (lambda: forger().disclosure("2023-11", 600_000), {"times"}),
    "a minute more than the month had": (
        lambda: forger().disclosure("2023-11", 30 * 1440 + 1, sealed_at=BLOCK),
        {"times"},
    ),
    "more minutes than had passed of the month": (
        lambda: forger().disclosure("2023-11", 25 * 1440),
        {"times"},
    ),
    "hours of a month to come": (lambda: forger().disclosure("2023-12", 60), {"times"}),
    "hours of the year 0": (lambda: forger().disclosure("0000-12", 60), {"times"}),
    "hours of the last month of all": (lambda: forger().disclosure("9999-12", 60), {"times"}),
    "a disclosure whose seal somebody signed": (
        lambda: forger().disclosure("2023-11", 60, by=("eve",)),
        {"state"},
    ),
}
"""Name → the file, and the checks that it fails."""


def clocked_before() -> Forger:
    made = Forger()
    made.served(1)
    made.earlier = 2
    made.again(2, accepted_at=NOON + 2 * DAY)
    return made


def true_files() -> dict[str, Made]:
    made = forger()
    made.add(made.town.void(made.town.id(made.entries[2].record), "org"), NOON + 2 * DAY)
    made.add(made.town.transfer("eve", "ann", 3), NOON + 2 * DAY)
    amended = forger()
    record = amended.entries[5].record
    body = replace(record.body, minutes=30)  # type: ignore[arg-type]
    amended.add(amended.town.amend(amended.town.id(record), body), NOON + 2 * DAY)  # type: ignore[arg-type]
    return {
        "by paths": forger().transcript(),
        "confirmed by a third person": confirmed_by("eve").transcript(),
        "with a gift in its last second": a_gift_kept(1),
        "by the chain": forger().transcript(held_by="chain"),
        "with a void and a gift": made.transcript(),
        "with an amendment": amended.transcript(),
        "sealed by a clock ahead of the chain's": forger().transcript(sealed_at=BLOCK + 300),
        "behind an earlier seal": continued().transcript(),
        "with a void of hours before the earlier seal": continued(voided).transcript(),
        "with an amendment of hours before the earlier seal": continued(shortened).transcript(),
        "signed after the earlier seal, clocked before it": clocked_before().transcript(),
        "a statement": forger().statement(),
        "a disclosure": forger().disclosure("2023-11", 120),
        "a month that is full": forger().disclosure("2023-11", 30 * 1440, sealed_at=BLOCK),
    }
