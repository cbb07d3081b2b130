"""A server that says where it listens, once it does."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import uvicorn

from anchoring.address import EMBEDDED, shown
from anchoring.journal import targets
from api.chains import chain_of
from ledger.errors import NotFound

if TYPE_CHECKING:
    from api.ledger_dir import LedgerDir


class Listening(uvicorn.Server):
    """Calls `say` with the address, as http://HOST:PORT, when connections are taken."""

    def __init__(self, config: uvicorn.Config, say: Callable[[str], None]) -> None:
        """To be run once."""
        super().__init__(config)
        self._say = say

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        if self.started:
            for address in _addresses(server.sockets for server in self.servers):
                self._say(address)


def described(ledger: LedgerDir, read_only: bool) -> Iterator[str]:
    """What a server serves, in plain lines without any secret."""
    try:
        genesis = ledger.book.genesis
        yield f"Ledger: {genesis.name} 0x{ledger.book.ledger_id.hex()}"
        yield f"Chain: {_chain(ledger)}"
    except NotFound:
        yield "Ledger: not founded yet"
    if read_only:
        yield "Read-only: takes nothing in, signs nothing, anchors nothing"
    else:
        yield "Takes records in, seals and anchors them"


def _chain(ledger: LedgerDir) -> str:
    url = ledger.chain_url
    if url.startswith(EMBEDDED):
        return "embedded demonstration chain; nobody else witnesses it, it proves nothing to others"
    known = [t for t in targets(ledger.book.engine, ledger.book.ledger_id) if not t.demonstration]
    if not known:
        return f"asked by {shown(url)}; no contract is remembered: `hourledger anchor --deploy`"
    chain = chain_of(known[-1].chain_id)
    text = f"{chain.name} (id {known[-1].chain_id}), asked by {shown(url)}"
    return f"{text}; a development chain proves nothing to others" if chain.demonstration else text


def _addresses(listening: Iterable[Iterable[socket.socket]]) -> Iterator[str]:
    for sockets in listening:
        for one in sockets:
            host, port = one.getsockname()[:2]
            yield f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
