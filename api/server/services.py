"""The composition root of one ledger's services: which parts run on its directory, with which keys.

Rooms above `api.node` know nothing of each other's keys and files; commands and the server take the
parts that they need from here.
"""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Final

from anchoring.journal import targets
from anchoring.once import Once
from anchoring.relay import Relay
from api.access.limits import Limiter, Limits, Rate, limits
from api.access.sessions import Sessions
from api.access.shares import Shares
from api.access.siwe import Audience
from api.access.tokens import Tokens
from api.certificates.issuers import LABEL, Desks, Office
from api.http.kernel.context import Access
from api.node.directory import STATION, LedgerDir
from api.node.keystore import Keys
from api.node.parallel import cores, local
from api.node.public_url import public_url
from api.station.face import SignedFace
from api.station.places import Places
from api.station.station import Station
from ledger.store.access import open_access

if TYPE_CHECKING:
    from api.credits.registrar import Registrar

ACCESS: Final = "access.sqlite"
CREDITS: Final = "credits"

MANY: Final = 500
"""From so many students on, starting processes beside this one pays."""

RELAYED: Final = Rate(300, 60)
"""How often all visitors together may have the chain's node asked: some forty verifications of
different anchors."""

SIGN_IN_CHAIN_ID: Final = 1
"""EIP-4361 wants a chain id; signing in concerns no chain, and every wallet knows this one."""


class Services:
    """What runs on one open ledger, each part made when first needed. The ledger closes it."""

    def __init__(self, ledger: LedgerDir) -> None:
        """Over an open ledger."""
        self.ledger = ledger

    def open_access(self) -> Access:
        """Sign-in, tokens and share links of this ledger's server. Call once."""
        ledger = self.ledger
        engine = ledger.closing(open_access(ledger.path / ACCESS))
        audience = Audience(f"{public_url(ledger.settings)}/v1/sign-in", SIGN_IN_CHAIN_ID)
        return Access(
            Sessions(engine, audience, ledger.clock),
            Tokens(engine, ledger.book),
            Shares(engine, ledger.book),
        )

    def limits(self) -> Limits:
        """How much this ledger's server lets through."""
        settings = self.ledger.settings
        return limits(
            calls=Rate(settings.calls_a_minute, 60),
            records=Rate(settings.records_a_minute, 60),
            enrolments=Rate(settings.enrolments_an_hour, 3600),
            clock=time.monotonic_ns,
        )

    @cached_property
    def relay(self) -> Relay:
        """What answers the questions of verifiers who bring no node of their own."""
        book, budget = self.ledger.book, Limiter(RELAYED, time.monotonic_ns)

        def contracts() -> set[str]:
            return {target.contract for target in targets(book.engine, book.ledger_id)}

        asked = Once(lambda: budget.take("") == 0, time.monotonic)
        return Relay(self.ledger.reading, contracts, asked)

    @cached_property
    def station(self) -> Station:
        """What witnesses clock events here, with the ledger's station key."""
        keys, provider = self.ledger.keys, self.ledger.settings.face_key
        secret = keys.station_secret()
        face = SignedFace(secret, bytes.fromhex(provider)) if provider else None
        return Station(self.ledger.book, keys.obtain(STATION), secret, self.places.centre, face)

    @cached_property
    def places(self) -> Places:
        """The centres of fences that organisations left here."""
        return Places(self.ledger.vault)

    @cached_property
    def office(self) -> Office:
        """The desks whose keys are in the keystore, whenever they came there."""
        ledger = self.ledger
        desks = Desks(Keys(ledger.keys, LABEL))
        url = public_url(ledger.settings)
        return Office(ledger.book, ledger.vault, ledger.anchors_for, url, desks)

    @cached_property
    def registrar(self) -> Registrar:
        """The runs of the universities whose registrar's key is in the keystore, whenever it came
        there."""
        # Workbooks take a while to load, and most commands never see one.
        from api.credits.registrar import LABEL, registrar

        ledger = self.ledger
        return registrar(
            ledger.book,
            ledger.vault,
            ledger.anchors_for,
            Keys(ledger.keys, LABEL),
            ledger.path / CREDITS,
            lambda rows: local(cores() if rows >= MANY else 1),
        )
