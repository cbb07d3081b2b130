"""All rules: importing this registers those of the modules of this package, and says so at once
where a kind has none."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from ledger import rules
from ledger.core.kinds.registry import KINDS
from ledger.rules.judging import RULES, judge

__all__ = ["RULES", "judge"]

for _found in sorted(module.name for module in pkgutil.iter_modules(rules.__path__)):
    import_module(f"{rules.__name__}.{_found}")

if missing := {name for name, kind in KINDS.items() if kind.is_submitted} - RULES.keys():
    raise TypeError(f"no rule judges {', '.join(sorted(missing))}")
