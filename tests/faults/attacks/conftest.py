"""The stage on which an operator attacks: a ledger on a chain, its server, and a mirror of it."""

from tests.api.mirror.conftest import anchored, stage

__all__ = ["anchored", "stage"]
