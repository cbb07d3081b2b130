"""The chain that a verifier asks: the one that is named, or the one that lies beside the file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anchoring.errors import Fatal
from anchoring.reader import ChainReader
from anchoring.web3_chain import close, connect, usual_confirmations
from api.errors import WrongUse
from api.ledger_dir import CHAIN
from api.settings import load


@contextmanager
def chain_reader(rpc: str | None, directory: Path | None) -> Iterator[ChainReader | None]:
    """The chain that proofs are compared with: the one named, or else the one of a ledger's
    directory; None when there is neither. Raises `WrongUse` for an address of no known form."""
    settings = load(directory)
    url = rpc or settings.rpc
    if url is None and directory is not None and (directory / CHAIN).exists():
        url = f"embedded:{directory / CHAIN}"
    if url is None:
        yield None
        return
    try:
        web3 = connect(url, read_only=True)
    except Fatal as error:
        raise WrongUse(str(error)) from error
    try:
        depth = settings.confirmations or usual_confirmations(web3)
        yield ChainReader(web3, confirmations=depth, contract=settings.contract)
    finally:
        close(web3)
