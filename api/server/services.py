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
from api.certificates.issuers import LABEL, IssuerRegistry, Issuers
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

    def __init__(self, home: LedgerDir) -> None:
        """Over an open ledger."""
        self.home = home

    def open_access(self) -> Access:
        """Sign-in, tokens and share links of this ledger's server. Call once."""
        home = self.home
        engine = home.closing(open_access(home.path / ACCESS))
        audience = Audience(f"{public_url(home.settings)}/v1/sign-in", SIGN_IN_CHAIN_ID)
        return Access(
            Sessions(engine, audience, home.clock),
            Tokens(engine, home.ledger),
            Shares(engine, home.ledger),
        )

    def limits(self) -> Limits:
        """How much this ledger's server lets through."""
        settings = self.home.settings
        return limits(
            calls=Rate(settings.calls_a_minute, 60),
            records=Rate(settings.records_a_minute, 60),
            enrolments=Rate(settings.enrolments_an_hour, 3600),
            clock=time.monotonic_ns,
        )

    @cached_property
    def relay(self) -> Relay:
        """What answers the questions of verifiers who bring no node of their own."""
        ledger, budget = self.home.ledger, Limiter(RELAYED, time.monotonic_ns)

        def contracts() -> set[str]:
            return {target.contract for target in targets(ledger.engine, ledger.ledger_id)}

        asked = Once(lambda: budget.take("") == 0, time.monotonic)
        return Relay(self.home.reading, contracts, asked)

    @cached_property
    def station(self) -> Station:
        """What witnesses clock events here, with the ledger's station key."""
        keys, provider = self.home.keys, self.home.settings.face_key
        secret = keys.station_secret()
        face = SignedFace(secret, bytes.fromhex(provider)) if provider else None
        return Station(self.home.ledger, keys.obtain(STATION), secret, self.places.centre, face)

    @cached_property
    def places(self) -> Places:
        """The centres of fences that organisations left here."""
        return Places(self.home.vault)

    @cached_property
    def registry(self) -> IssuerRegistry:
        """The issuers whose keys are in the keystore, whenever they came there."""
        home = self.home
        issuers = Issuers(Keys(home.keys, LABEL))
        url = public_url(home.settings)
        return IssuerRegistry(home.ledger, home.vault, home.anchors_within, url, issuers)

    @cached_property
    def registrar(self) -> Registrar:
        """The runs of the universities whose registrar's key is in the keystore, whenever it came
        there."""
        # Workbooks take a while to load, and most commands never see one.
        from api.credits.registrar import LABEL, registrar

        home = self.home
        return registrar(
            home.ledger,
            home.vault,
            home.anchors_within,
            Keys(home.keys, LABEL),
            home.path / CREDITS,
            lambda rows: local(cores() if rows >= MANY else 1),
        )
