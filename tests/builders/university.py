"""A university in the town: certified, with a registrar's key at the server and one of a person."""

from __future__ import annotations

from api.credits.registrar import LABEL
from api.demo.town.life import Life
from api.demo.town.persona import Persona, key_of
from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.registry import Delegation, Organisation
from ledger.core.records.record import Record
from ledger.core.records.signing import address_of, sign

UNIVERSITY = Persona(key_of(11, "university"), "益河大学")
CLERK = Persona(key_of(11, "clerk"), "clerk")

RULES = """
format = "hourledger-credit-rules/v1"
scheme = "volunteer-practice"
version = "2025"
source = "益河大学实践学分办法"
valid_from = 2000-01-01
[title]
zh = "志愿服务实践学分"
en = "Practice credits for volunteering"
[[terms]]
name = "all"
from = 2000-01-01
until = 2090-01-01
[classes]
credit = "1"
[caps]
day = 240
[credit]
minutes_per_credit = 600
pass_hundredths = 10
"""


def found_university(life: Life) -> None:
    """Certify it; let the server's key and a clerk's decide on credits."""
    stage = life.stage
    home, now = stage.home, stage.now
    body = Organisation(
        UNIVERSITY.address,
        "certify",
        UNIVERSITY.name,
        "大学",
        ZERO_ADDRESS,
        ZERO_ADDRESS,
        now,
        0,
        now,
    )
    stage.post([stage.record(body, ("authority", stage.authority))])
    server = address_of(home.keys.obtain(LABEL + UNIVERSITY.address))
    for delegate in (server, CLERK.address):
        grant = Delegation(UNIVERSITY.address, delegate, "grant", ("credit",), now, 0, now)
        claim = sign(home.ledger.ledger_id, grant, "organisation", UNIVERSITY.key)
        home.ledger.append(Record(grant, (claim,)))
