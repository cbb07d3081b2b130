"""Which published activity a session belongs to."""

from __future__ import annotations

from ledger.core.kinds.registry import Activity
from ledger.operations.ledger import Ledger
from ledger.operations.read import activities


class Published:
    """The activities of organisations, read once each."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._policy = ledger.policy
        self._known: dict[str, list[tuple[bytes, int, Activity]]] = {}

    def before(self, address: str, title: str, start: int, end: int) -> bytes | None:
        """The record id of the activity of that title that holds a session (Unix s) and was in the
        ledger before it began. No later publication can change the answer."""
        if address not in self._known:
            self._known[address] = activities(self._ledger, address)
        early = start + self._policy.clock_in_early_minutes * 60
        late = end - self._policy.clock_out_late_minutes * 60
        for found, accepted_at, body in self._known[address]:
            inside = body.starts_at <= early and late <= body.ends_at
            if body.title == title and inside and accepted_at < start:
                return found
        return None
