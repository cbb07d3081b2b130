"""What an audit found: how much of each sort was checked, and every break with its place."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One break: what was checked, where, and what is wrong."""

    check: str
    where: str
    reason: str


@dataclass(slots=True)
class AuditReport:
    """How many things of each sort were checked, and every break; once all was replayed, the newest
    batch's size and root, and all organisations by address."""

    checked: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    size: int = 0
    root: bytes = b""
    organisations: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is broken."""
        return not self.findings

    def count(self, check: str, number: int = 1) -> None:
        """Note that something was checked."""
        self.checked[check] = self.checked.get(check, 0) + number

    def find(self, check: str, where: str, reason: str) -> None:
        """Note a break."""
        self.findings.append(Finding(check, where, reason))

    def stop(self, check: str, where: str, reason: str) -> Broken:
        """Note a break after which nothing can be judged; to be raised."""
        self.find(check, where, reason)
        return Broken()


class Broken(Exception):
    """Ends a replay: nothing after this can be judged."""
