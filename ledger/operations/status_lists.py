"""Status lists: each certificate has a place in a list of its organisation, for ever."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ledger.core.state.totals import RECORDED
from ledger.errors import NotFound
from ledger.operations.ledger import Ledger
from ledger.operations.vault import Vault
from ledger.store import certificates as store
from ledger.store import status_index
from ledger.store.engine import snapshot, transaction

Draw = Callable[[Collection[int]], int | None]
"""Indices that are taken → one that is not; None when it is time for another list."""


def take_place(vault: Vault, organisation: str, certificate: str, draw: Draw) -> tuple[int, int]:
    """A place for a certificate, named by its number: the list (from 1) and the index in it."""
    with transaction(vault.engine) as connection:
        number = status_index.last_list(connection, organisation)
        index = draw(status_index.places_in(connection, organisation, number).keys())
        if index is None:
            number += 1
            index = draw(())
        assert index is not None
        status_index.insert_place(connection, organisation, number, index, certificate)
    return number, index


def statuses_in(ledger: Ledger, vault: Vault, organisation: str, number: int) -> dict[int, str]:
    """Index → status of the certificate there, as the ledger has it, of one list. What was never
    recorded counts as recorded: nobody has it. Raises `NotFound` for a list that is empty."""
    with snapshot(vault.engine) as connection:
        places = status_index.places_in(connection, organisation, number)
    if not places:
        raise NotFound("no such status list")
    with snapshot(ledger.engine) as connection:
        taken_back = store.numbers_taken_back(connection, organisation)
    return {index: taken_back.get(name, RECORDED.word) for index, name in places.items()}
