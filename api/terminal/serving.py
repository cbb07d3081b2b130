"""What a server says of itself when it starts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from anchoring.address import EMBEDDED, shown
from anchoring.journal import targets
from api.node.chain_names import chain_of
from ledger.errors import NotFound

if TYPE_CHECKING:
    from api.node.directory import LedgerDir


def described(home: LedgerDir, read_only: bool) -> Iterator[str]:
    """What a server serves, in plain lines without any secret."""
    try:
        genesis = home.ledger.genesis
        yield f"Ledger: {genesis.name} 0x{home.ledger.ledger_id.hex()}"
        yield f"Chain: {_chain(home)}"
    except NotFound:
        yield "Ledger: not founded yet"
    if read_only:
        yield "Read-only: takes nothing in, signs nothing, anchors nothing"
    else:
        yield "Takes records in, seals and anchors them"


def _chain(home: LedgerDir) -> str:
    url = home.chain_url
    if url.startswith(EMBEDDED):
        return "embedded demonstration chain; nobody else witnesses it, it proves nothing to others"
    known = [t for t in targets(home.ledger.engine, home.ledger.ledger_id) if not t.demonstration]
    if not known:
        return f"asked by {shown(url)}; no contract is remembered: `hourledger anchor --deploy`"
    chain = chain_of(known[-1].chain_id)
    text = f"{chain.name} (id {known[-1].chain_id}), asked by {shown(url)}"
    return f"{text}; a development chain proves nothing to others" if chain.demonstration else text
