"""The rules once more, as naively as can be: a list of what was accepted, everything recomputed.

Written from docs/spec. For a record it names the first rule that it breaks, in the order of the
page of its kind, and for an hour its flags. How each kind is judged stands in its family
(`tests/builders/kinds`). Neither asks any code of `ledger.rules`.
"""

from ledger.core.records.record import Record
from tests.builders.families import judges
from tests.ledger.rules.oracle_ledger import Accepted, History


class Oracle(History):
    """The history, and what it says of the next record."""

    def accept(self, record_id: bytes, record: Record, time: int) -> None:
        self.accepted.append(Accepted(record_id, record, time))

    def refuses(self, record: Record, now: int) -> str | None:
        """The code of the first rule that a record breaks; None: the ledger takes it."""
        if record.kind not in ("genesis", "seal") and not self.accepted:
            return "NOT_OPEN"
        return next(judges()[record.kind](self, record, record.body, now), None)
