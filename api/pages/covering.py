"""Which anchors a batch rests on: its own, or those of a batch that covers it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.core.format.limits import INTEGER_MAX

if TYPE_CHECKING:
    from api.node.open_ledger import OpenLedger


def anchors_over(home: OpenLedger, size: int) -> list[dict[str, Any]]:
    """The anchors of the batch of `size` entries, as last seen; where it has none, of the newest
    that has, if that is larger: the contract checked that its log extends this one."""
    return home.anchors_for(size) or home.anchors_within(size, INTEGER_MAX)
