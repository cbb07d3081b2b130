"""Which cosigners make a head public: C2SP tlog-policy.

A name is that of a witness or of a group, and stands for nothing outside of the text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ledger.core.trees.cosignatures import Cosigner
from ledger.core.trees.notes import parse_vkey
from ledger.errors import ProofError

POLICY_MAX: Final = 32768
"""Longest text in bytes."""

MEMBERS_MAX: Final = 64
"""Most logs, witnesses and groups, each."""

NONE: Final = "none"
"""The quorum of a policy that asks for no cosignature."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness that a policy names: its key, and what its addresses begin with, if it is said."""

    cosigner: Cosigner
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group: it has cosigned when `needed` of its members have."""

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WitnessPolicy:
    """A policy. `logs`: (origin, public key); `quorum`: a witness, a group, or `none`."""

    logs: tuple[tuple[str, bytes], ...]
    witnesses: Mapping[str, Witness]
    groups: Mapping[str, Group]
    quorum: str

    def cosigners(self) -> list[Cosigner]:
        """All witnesses that it names."""
        return [witness.cosigner for witness in self.witnesses.values()]

    def is_met(self, cosigned: Collection[Cosigner]) -> bool:
        """Whether the cosigners of a head are a quorum."""
        if self.quorum == NONE:
            return True
        met = {name for name, w in self.witnesses.items() if w.cosigner in cosigned}
        # A group names only what stands before it.
        for name, group in self.groups.items():
            if sum(member in met for member in group.members) >= group.needed:
                met.add(name)
        return self.quorum in met


def parse_policy(text: str) -> WitnessPolicy:
    """A policy from its text. Raises `ProofError("witnesses", …)`, which names the line."""
    if len(text.encode("utf-8", "surrogatepass")) > POLICY_MAX:
        raise ProofError("witnesses", f"a policy has at most {POLICY_MAX} bytes")
    reading = _Reading()
    for number, line in enumerate(text.split("\n"), 1):
        try:
            reading.take(line)
        except (ProofError, ValueError) as error:
            reason = error.reason if isinstance(error, ProofError) else str(error)
            raise ProofError("witnesses", f"line {number} of the policy: {reason}") from error
    return reading.done()


class _Reading:
    """What the lines up to here have said."""

    def __init__(self) -> None:
        self._logs: list[tuple[str, bytes]] = []
        self._witnesses: dict[str, Witness] = {}
        self._groups: dict[str, Group] = {}
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def take(self, line: str) -> None:
        """One line. Raises `ValueError` and `ProofError`."""
        if any(c < " " and c != "\t" for c in line) or "\x7f" in line:
            raise ValueError("a control character")
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if not words or words[0].startswith("#"):
            return
        steps = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._take_quorum,
        }
        if words[0] not in steps:
            raise ValueError("it begins with none of log, witness, group, quorum")
        steps[words[0]](words[1:])

    def done(self) -> WitnessPolicy:
        """The whole. Raises `ProofError`."""
        if self._quorum is None:
            raise ProofError("witnesses", "the policy names no quorum")
        return WitnessPolicy(
            tuple(self._logs),
            MappingProxyType(self._witnesses),
            MappingProxyType(self._groups),
            self._quorum,
        )

    def _log(self, words: list[str]) -> None:
        if not 1 <= len(words) <= 2:
            raise ValueError("a log has a key and at most an address")
        log = parse_vkey(words[0])
        if log[1] in [public for _, public in self._logs]:
            raise ValueError("this log's key is named before")
        self._logs.append(log)
        _demand_few(self._logs)

    def _witness(self, words: list[str]) -> None:
        if not 2 <= len(words) <= 3:
            raise ValueError("a witness has a name, a key and at most an address")
        name = self._new(words[0])
        cosigner = Cosigner.parse(words[1])
        if cosigner.public in [w.cosigner.public for w in self._witnesses.values()]:
            raise ValueError("this witness' key is named before")
        self._witnesses[name] = Witness(cosigner, words[2] if len(words) == 3 else "")
        _demand_few(self._witnesses)

    def _group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise ValueError("a group has a name, a number and members")
        name, members = self._new(words[0]), tuple(words[2:])
        for member in members:
            self._known(member)
            if member in self._grouped:
                raise ValueError(f"{member[:100]} is a member already")
            self._grouped.add(member)
        self._groups[name] = Group(_needed(words[1], len(members)), members)
        _demand_few(self._groups)

    def _take_quorum(self, words: list[str]) -> None:
        if len(words) != 1:
            raise ValueError("a quorum is one name")
        if self._quorum is not None:
            raise ValueError("the quorum is named before")
        if words[0] != NONE:
            self._known(words[0])
        self._quorum = words[0]

    def _new(self, name: str) -> str:
        if name == NONE or name in self._witnesses or name in self._groups:
            raise ValueError(f"{name[:100]} is named before")
        return name

    def _known(self, name: str) -> None:
        if name not in self._witnesses and name not in self._groups:
            raise ValueError(f"{name[:100]} is named nowhere before")


def _needed(word: str, members: int) -> int:
    if word in ("any", "all"):
        return 1 if word == "any" else members
    if not (word.isascii() and word.isdigit()) or str(int(word[:9])) != word:
        raise ValueError("the number of a group is any, all or a decimal")
    if not 1 <= int(word) <= members:
        raise ValueError(f"the number of a group is 1 to {members}")
    return int(word)


def _demand_few(found: Collection[object]) -> None:
    if len(found) > MEMBERS_MAX:
        raise ValueError(f"at most {MEMBERS_MAX} of a sort are read")
