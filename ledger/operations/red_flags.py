"""Red flags: what no rule forbids and a person should look at, organisation by organisation.

Counted along a replay in bounded memory: some numbers and a few examples for each organisation. A
red flag says that something is unusual, never that somebody cheated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ledger.core.kinds.registry import HONOUR, Service, Void, service_of
from ledger.core.records.record import Entry
from ledger.core.state.flags import FLAGS
from ledger.core.state.state import HEAD, State, day_key, service_key
from ledger.rules.days import days_touched

EXAMPLES: Final = 5
"""Entries that are named for each flag of an organisation."""

LONG_DAY_MINUTES: Final = 720
"""Twelve hours: more on one day is looked at, whoever approved it."""

PAIRS_MAX: Final = 1000
"""Most pairs of keys that are told apart in one organisation."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which share on something is unusual; `least` services are needed for any share."""

    least: int = 20
    honour_share: float = 0.8
    same_pair_share: float = 0.95
    round_share: float = 0.9
    void_share: float = 0.2


OWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "LONG_DAY": "a volunteer has more than 12 hours on one day",
        "HONOUR_SHARE": "most services were entered afterwards, not clocked",
        "SAME_PAIR": "the same two keys enter and approve nearly all honour hours",
        "ROUND_HOURS": "nearly all honour hours are whole hours",
        "MANY_VOIDS": "many services were voided after they were recorded",
    }
)
"""Code → English sentence of the flags that the ledger itself does not compute."""


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A flag of an organisation: how many services it is about, out of how many, and the first
    entries that show it."""

    code: str
    organisation: str
    count: int
    of: int
    entries: tuple[int, ...]
    en: str


@dataclass(slots=True)
class _Seen:
    """What was seen of one organisation."""

    services: int = 0
    honour: int = 0
    whole_hours: int = 0
    voids: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[int]] = field(default_factory=dict)
    pairs: Counter[tuple[str, ...]] = field(default_factory=Counter)

    def note(self, code: str, index: int) -> None:
        """One more service with a flag."""
        self.counts[code] += 1
        found = self.examples.setdefault(code, [])
        if len(found) < EXAMPLES:
            found.append(index)


class Watcher:
    """Looks at each entry after it was replayed."""

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        self._limits = thresholds or Thresholds()
        self._seen: dict[str, _Seen] = {}

    def observe(self, entry: Entry, record: bytes, state: State) -> None:
        """An accepted entry, its record id, and the state after it."""
        body = entry.record.body
        if isinstance(body, Void):
            target = state.get(service_key(body.target))
            if target is not None:
                seen = self._of(target.organisation)
                seen.voids += 1
                seen.note("MANY_VOIDS", entry.index)
            return
        service = service_of(body)
        if service is not None and isinstance(body, Service):
            self._service(entry, service, record, state)

    def _service(self, entry: Entry, service: Service, record: bytes, state: State) -> None:
        seen = self._of(service.organisation)
        seen.services += 1
        live = state.get(service_key(record))
        for flag in live.flags if live else ():
            seen.note(flag, entry.index)
        if self._long_day(service, state):
            seen.note("LONG_DAY", entry.index)
        if service.hour_class != HONOUR:
            return
        seen.honour += 1
        seen.note("HONOUR_SHARE", entry.index)
        if service.minutes % 60 == 0:
            seen.whole_hours += 1
            seen.note("ROUND_HOURS", entry.index)
        pair = tuple(claim.signer for claim in entry.record.signatures)
        if pair in seen.pairs or len(seen.pairs) < PAIRS_MAX:
            seen.pairs[pair] += 1
        seen.note("SAME_PAIR", entry.index)

    def _long_day(self, service: Service, state: State) -> bool:
        head = state.get(HEAD)
        if head is None:
            return False
        first, *_ = days_touched(service.started_at, service.ended_at, head.policy)
        slots = state.get(day_key(service.volunteer, first)) or ()
        return sum(slot.minutes for slot in slots) > LONG_DAY_MINUTES

    def _of(self, organisation: str) -> _Seen:
        return self._seen.setdefault(organisation, _Seen())

    def flags(self) -> list[RedFlag]:
        """All flags, by organisation and code."""
        found = []
        for organisation in sorted(self._seen):
            seen = self._seen[organisation]
            for code, (count, of) in sorted(self._counted(seen).items()):
                text = OWN.get(code) or FLAGS.get(code, "")
                examples = tuple(seen.examples.get(code, ()))
                found.append(RedFlag(code, organisation, count, of, examples, text))
        return found

    def _counted(self, seen: _Seen) -> dict[str, tuple[int, int]]:
        shares = {
            "HONOUR_SHARE": (seen.honour, seen.services, self._limits.honour_share),
            "ROUND_HOURS": (seen.whole_hours, seen.honour, self._limits.round_share),
            "SAME_PAIR": (
                max(seen.pairs.values(), default=0),
                seen.honour,
                self._limits.same_pair_share,
            ),
            "MANY_VOIDS": (seen.voids, seen.services, self._limits.void_share),
        }
        found = {
            code: (count, seen.services)
            for code, count in seen.counts.items()
            if code not in shares
        }
        for code, (count, of, share) in shares.items():
            if of >= self._limits.least and count >= share * of:
                found[code] = (count, of)
        return found
