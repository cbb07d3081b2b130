"""Which ledger the site of a host calls its own, asked over TLS.

`https://HOST/.well-known/hourledger.json` names one ledger. It counts for that ledger alone, and
only if the ledger's genesis names that host, too: neither of the two speaks for the other.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from socket import SOCK_STREAM, gaierror, getaddrinfo
from typing import Any, Final

from api.errors import WrongUse
from api.fetching import Unreachable, client, fetch, unreadable
from api.mirror.fetching import LEDGER_MAX
from api.trust.pins import Charter, Pinned
from ledger.core.format.fields import Bytes32, UInt
from ledger.core.format.structs import decode_body
from ledger.core.kinds.registry import Genesis
from ledger.core.records.decode import parse_json
from ledger.core.records.record import ledger_id
from ledger.core.verify.facts import home_of
from ledger.core.verify.pinned import SITE, Pin
from ledger.errors import LedgerError, Refused

PATH: Final = "/.well-known/hourledger.json"
FORMAT: Final = "hourledger-home/v1"

HOME_MAX: Final = 1 << 12
"""Longest answer at `PATH` in bytes."""

PORT: Final = 443

NO_HOME: Final = "its genesis names no site that could be asked"

_AT: Final = re.compile(r"(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::([0-9]{1,5}))?")
_HASH: Final = Bytes32()
_COUNT: Final = UInt(53, minimum=1)


class Contradicted(LedgerError):
    """A site and a ledger do not name each other."""


def home_json(ledger: bytes, charter: Charter) -> dict[str, Any]:
    """What a site publishes at `PATH`."""
    newest = {"version": charter.version, "hash": "0x" + charter.hash.hex()}
    return {"format": FORMAT, "ledger": "0x" + ledger.hex(), "charter": newest}


class Site:
    """The site of one host. Each answer is asked for over a connection of its own."""

    def __init__(self, host: str, at: str | None = None) -> None:
        """`at` is an address, with a port or without, to be asked in place of the one that the
        host's name leads to; then it may be one of a private network. Raises `WrongUse` for what
        is none; nothing is asked yet."""
        self.host = host
        self._at = None if at is None else _address_of(at)

    def named(self) -> tuple[bytes, Charter]:
        """The ledger that the site calls its own, and its newest charter. Raises `Unreachable`."""
        data = self.get(PATH, HOME_MAX)
        if data is None:
            raise Unreachable(f"{self.host} names no ledger as its own")
        try:
            value = parse_json(data, HOME_MAX)
            if type(value) is dict and value.keys() == {"format", "ledger", "charter"}:
                newest = value["charter"]
                if value["format"] == FORMAT and type(newest) is dict:
                    version = _COUNT.decode(newest.get("version"), "version")
                    hashed = _HASH.decode(newest.get("hash"), "hash")
                    return _HASH.decode(value["ledger"], "ledger"), Charter(version, hashed)
        except Refused as error:
            raise unreadable(self._url(PATH)) from error
        raise unreadable(self._url(PATH))

    def pin(self) -> Pinned:
        """The pin of the ledger that the site calls its own, once its genesis was seen to name the
        host, too. Raises `Unreachable`, and `Contradicted` where it does not."""
        ledger, charter = self.named()
        data = self.get("/v1/ledger", LEDGER_MAX)
        try:
            value = parse_json(data or b"", LEDGER_MAX)
            genesis = decode_body(Genesis, value.get("genesis") if type(value) is dict else None)
        except Refused as error:
            raise unreadable(self._url("/v1/ledger")) from error
        shown = f"0x{ledger.hex()}"
        if ledger_id(genesis) != ledger:
            raise Contradicted(f"{self.host} names {shown}, and shows the genesis of another")
        if home_of(genesis) != self.host:
            raise Contradicted(f"{self.host} names {shown}, whose genesis names another home")
        return Pinned(ledger, SITE, self.host, charter)

    def get(self, path: str, limit: int, sent: Mapping[str, Any] | None = None) -> bytes | None:
        """What the site answers at a path, None for nothing. Raises `Unreachable`."""
        address, port = self._at or (_public_address(self.host), PORT)
        bracketed = f"[{address}]" if ":" in address else address
        # Not the proxy of the environment: it would look the name up by itself.
        with client("hourledger", verify=ssl.create_default_context(), trust_env=False) as by:
            return fetch(
                by,
                f"https://{bracketed}:{port}{path}",
                limit,
                shown=self._url(path),
                sent=sent,
                headers={"Host": self.host},
                extensions={"sni_hostname": self.host},
            )

    def _url(self, path: str) -> str:
        return f"https://{self.host}{path}"


def ask_home(ledger: bytes, home: str, at: str | None = None) -> Pin | str:
    """The pin of a ledger by its home's own site, or why there is none."""
    if not home:
        return NO_HOME
    try:
        named, _ = Site(home, at).named()
    except Unreachable as error:
        return str(error)
    if named != ledger:
        return f"{home}, which it calls its home, names another ledger"
    return Pin(SITE, home)


def _public_address(host: str) -> str:
    """An address that a host's name leads to. Whoever writes a genesis chooses the name: it must
    not make this machine ask others near by, so all of them are public. Raises `Unreachable`."""
    try:
        found = getaddrinfo(host, PORT, type=SOCK_STREAM)
    except (gaierror, UnicodeError) as error:
        raise Unreachable(f"{host} cannot be found") from error
    addresses = [str(info[4][0]) for info in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise Unreachable(f"{host} leads into a private network: name the address to ask with --at")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address is that of a machine anywhere, none near by."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _address_of(at: str) -> tuple[str, int]:
    found = _AT.fullmatch(at)
    try:
        if found is None:
            raise ValueError(at)
        address, port = found[1] or found[2], int(found[3] or PORT)
        ip_address(address)
        if not 0 < port < 1 << 16:
            raise ValueError(at)
    except ValueError as error:
        raise WrongUse("--at is the address of a machine, 10.0.0.7 or [fd00::7]:8443") from error
    return address, port
