"""Share links: a person shows one record to others, until a day, and sees that somebody looked.

A record's id opens it for ever. A link hides the id, ends by itself, can be withdrawn, and is
counted. Of who looks only the time and the network are kept, too coarse to tell a person by.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final

from api.access.errors import AccessProblem
from api.access.grants import Granting, Terms
from api.access.secret import Secret, read_secret
from ledger.errors import NotFound
from ledger.operations import read
from ledger.operations.certificates import find_certificate
from ledger.operations.ledger import Ledger
from ledger.store import shares as store
from ledger.store.engine import snapshot, transaction
from ledger.store.shares import StoredShare, View

if TYPE_CHECKING:
    from ledger.store.engine import Connection, Engine

PREFIX: Final = "hlh_"
"""Begins the secret of every link."""

SHARE_DAYS_MAX: Final = 366
"""Longest life of a link."""

SHARES_MAX: Final = 200
"""Most links that are remembered of one owner."""

VIEWS_MAX: Final = 100
"""Looks that are remembered of one link, the newest ones."""

REMEMBERED_DAYS: Final = 90
"""How long a link that ended stays in the owner's list, with who looked."""

TERMS: Final = Terms(
    prefix=PREFIX,
    problem=AccessProblem.SHARE,
    called="links",
    days_max=SHARE_DAYS_MAX,
    most=SHARES_MAX,
    remembered_days=REMEMBERED_DAYS,
    nameless=True,
)


@dataclass(frozen=True, slots=True)
class Share:
    """A link and who looked, newest first."""

    stored: StoredShare
    views: tuple[View, ...]


class Shares(Granting[StoredShare]):
    """The links of one access database; records are those of the ledger."""

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        """Over the engine of `open_access`."""
        super().__init__(engine, ledger, store.SHARES, TERMS)

    def share(self, owner: str, target: bytes, name: str, days: int) -> tuple[Secret, StoredShare]:
        """A link to a service or a certificate of the owner (EIP-55), open for `days` days; the
        secret is never seen again. `name` is for the owner alone.

        Raises `NotFound` for a record that is no such thing of the owner, and
        `AccessRefused(SHARE)` for a bad name, too many days or links.
        """
        self._demand(name, days)
        if holder_of(self._ledger, target) != owner:
            raise NotFound("no such hour or certificate of yours")

        def make(share_id: str, begins: int, ends: int) -> StoredShare:
            return StoredShare(share_id, owner, target, name, begins, ends)

        return self._issue(owner, days, make)

    def look(self, text: str, address: str) -> bytes:
        """The record id (32 bytes) that a link shows now; that somebody at a network address
        looked is remembered. Raises `NotFound` for a link that shows nothing (any more)."""
        secret, now = read_secret(PREFIX, text), self._ledger.clock()
        if secret is not None:
            with transaction(self._engine) as connection:
                found = store.SHARES.find_open(connection, secret.hash, now)
                if found is not None:
                    view = View(now, coarse(address))
                    store.add_view(connection, found.share_id, view, VIEWS_MAX)
                    return found.target
        raise NotFound("no such link")

    def list_of(self, owner: str) -> list[Share]:
        """The links of an owner, newest first, without their secrets."""
        with snapshot(self._engine) as connection:
            found = store.SHARES.of_owner(connection, owner)
            views = store.views_of(connection, [share.share_id for share in found])
        return [Share(share, tuple(views[share.share_id])) for share in found]

    def _forget(self, connection: Connection, before: int) -> None:
        store.forget_views(connection, store.SHARES.forget(connection, before))


def holder_of(ledger: Ledger, record: bytes) -> str | None:
    """Whose service or certificate a record is (EIP-55); None for any other, and for no record."""
    service = read.find_service(ledger, record)
    if service is not None:
        return service.volunteer
    try:
        return find_certificate(ledger, record).body.volunteer
    except NotFound:
        return None


def coarse(address: str) -> str:
    """The network of an address, too large to tell a household by: /16 of IPv4, /32 of IPv6."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    length = 16 if found.version == 4 else 32
    return str(ip_network(f"{found}/{length}", strict=False))
