"""The chain that a verifier asks: only one that a person named, never one that came with a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anchoring.address import EMBEDDED, shown
from anchoring.errors import Fatal
from api.errors import WrongUse
from api.node.settings import CHAIN, load
from ledger.core.verify.anchor import AnchorFinding

if TYPE_CHECKING:
    from anchoring.reader import ChainReader


@dataclass(slots=True)
class Node:
    """A node that answers for a chain: who it is, without what may be secret in its address;
    whether the chain is the one inside a ledger, which nobody else witnesses; whether it was
    asked."""

    at: str
    demonstration: bool
    reader: ChainReader
    asked: bool = field(default=False, init=False)

    def look_up(
        self, anchor: Mapping[str, Any], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        """What the chain says of an anchor, as `ChainReader`."""
        self.asked = True
        return self.reader.look_up(anchor, ledger_id, size, root)


@contextmanager
def node_at_hand(
    rpc: str | None, directory: Path | None, *, final: bool = False
) -> Iterator[Node | None]:
    """The node that proofs are compared with: the one named by `rpc` or the environment, or else
    the one of a ledger's directory; None when there is neither. With `final`, what may still be
    taken back is not enough. Raises `WrongUse` for an address of
    no known form."""
    settings = load(directory)
    url = rpc or settings.rpc
    if url is None and directory is not None and (directory / CHAIN).exists():
        url = f"{EMBEDDED}{directory / CHAIN}"
    if url is None:
        yield None
        return
    # Web3 takes longer to import than a file to verify, and most files are verified without.
    from anchoring.reader import ChainReader
    from anchoring.web3_chain import close, connect, is_demonstration, usual_confirmations

    try:
        web3 = connect(url, read_only=True)
    except Fatal as error:
        raise WrongUse(str(error)) from error
    try:
        depth = settings.confirmations or usual_confirmations(web3)
        reader = ChainReader(web3, confirmations=depth, contract=settings.contract, final=final)
        yield Node(shown(url), is_demonstration(web3), reader)
    finally:
        close(web3)
