"""The rule sets that a registrar chooses from: the examples, and those of the server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ledger.core.credits.rules import RULES_BYTES_MAX, RuleSet, read_rules

EXAMPLES: Final = Path(__file__).with_name("rules")
"""Five rule sets of real schools: to start from, not to be taken as they are."""


def known_rule_sets(folder: Path | None = None) -> Iterator[tuple[RuleSet, str]]:
    """The rule sets (*.toml, *.json) of the examples and of a folder, with their texts. Raises
    `Refused` for a file that is none."""
    for place in (EXAMPLES, folder):
        if place is None or not place.is_dir():
            continue
        for path in sorted(place.iterdir()):
            if path.suffix in (".toml", ".json") and path.stat().st_size <= RULES_BYTES_MAX:
                data = path.read_bytes()
                yield read_rules(data), data.decode()
