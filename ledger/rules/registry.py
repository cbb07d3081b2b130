"""All rules: importing this registers them, and says so at once where a kind has none."""

from __future__ import annotations

from ledger.core.kinds.registry import KINDS
from ledger.rules import (
    activities,
    certificates,
    clocks,
    coins,
    corrections,
    credits,
    hours,
    members,
    objections,
    opening,
    permits,
)
from ledger.rules.judging import RULES, judge

__all__ = ["RULES", "judge"]

_MODULES = (
    activities,
    certificates,
    clocks,
    coins,
    corrections,
    credits,
    hours,
    members,
    objections,
    opening,
    permits,
)

if missing := {name for name, kind in KINDS.items() if kind.is_submitted} - RULES.keys():
    raise TypeError(f"no rule judges {', '.join(sorted(missing))}")
