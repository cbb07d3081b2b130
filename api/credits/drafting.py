"""Make a credit report: evidence for each student, judged in chunks, signed by the university."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final

from api.credits.judging import Chunk, judge_chunk
from api.credits.matched import Matched
from api.node.files import flush_folder
from ledger.core.credits.evidence import suspensions_in
from ledger.core.credits.report import DRAFT, FORMAT, MATCHED, Statement
from ledger.core.credits.rules import RuleSet
from ledger.core.format.structs import body_to_json, decode_body
from ledger.core.records.record import Entry, claim_to_json
from ledger.core.records.signing import address_of, sign
from ledger.core.trees.merkle import leaf_hash, root
from ledger.errors import NotFound
from ledger.operations.credits import Evidence, Gatherer, Shared, authority_of, gathering
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors, bundle
from ledger.operations.spread import Spread, here

CHUNK: Final = 32
"""Students that are judged at once: some hundred kilobytes of evidence."""

_TIGHT: Final = (",", ":")

Progress = Callable[[int], None]
"""Is told how many rows are done."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a report is to be of: for which university (its address), by which rules, from which
    roster file (SHA-256 of its bytes); as of which batch (None: the newest anchored one)."""

    university: str
    rules: RuleSet
    roster: bytes
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class _Judged:
    """What is left of the lines once they are written."""

    leaves: list[bytes]
    sums: Counter[str]
    shared: Shared
    batch: int


@dataclass(frozen=True, slots=True)
class Drafting:
    """Where reports are made: the ledger, its anchors, and the key (32 bytes) that signs them."""

    ledger: Ledger
    anchors_within: Anchors
    key: bytes
    spread: Spread = here

    def draft(
        self, rows: Iterable[Matched], wanted: Wanted, out: Path, progress: Progress | None = None
    ) -> Statement:
        """Evaluate all rows and write the report to a file. One chunk for each job is in memory.
        Raises `NotFound` where the key does not act for the university, or there is no batch."""
        authority = self._authority(wanted.university)
        body = out.with_suffix(".lines")
        try:
            judged = self._judge(rows, wanted, body, progress or _silent)
            statement = Statement(
                organisation=wanted.university,
                scheme=wanted.rules.scheme,
                stage=DRAFT,
                rules=wanted.rules.hash(),
                roster=wanted.roster,
                batch=judged.batch,
                lines=root(judged.leaves),
                count=len(judged.leaves),
                matched=judged.sums["matched"],
                credit_minutes=judged.sums["credit_minutes"],
                honour_minutes=judged.sums["honour_minutes"],
                credit_hundredths=judged.sums["credit_hundredths"],
                objections_until=0,
                issued_at=self.ledger.clock(),
            )
            head = {
                "format": FORMAT,
                **judged.shared.root,
                "rules": wanted.rules.to_json(),
                "authority": authority,
                "seal": judged.shared.seal,
                "anchors": judged.shared.anchors,
                "suspensions": [entry.to_json() for entry in judged.shared.suspensions],
                "path": judged.shared.path,
            }
            with body.open("rb") as lines:
                self.write(head, statement, lines, out)
        finally:
            body.unlink(missing_ok=True)
        return statement

    def _judge(
        self, rows: Iterable[Matched], wanted: Wanted, body: Path, progress: Progress
    ) -> _Judged:
        leaves, sums = list[bytes](), Counter[str]()
        with gathering(
            self.ledger, self.anchors_within, wanted.university, wanted.as_of
        ) as gatherer:
            chunks = Chunks(gatherer, wanted, {})
            with open(body, "wb", opener=_private) as file:
                for judged in self.spread(judge_chunk, chunks.of(rows)):
                    for line in judged.lines:
                        file.write(line + b"\n")
                        leaves.append(leaf_hash(line))
                    sums.update(judged.sums)
                    progress(len(leaves))
            shared = gatherer.shared(chunks.suspensions())
            return _Judged(leaves, sums, shared, gatherer.batch)

    def write(
        self, head: Mapping[str, Any], statement: Statement, lines: BinaryIO, out: Path
    ) -> None:
        """Sign a statement and write it with the rest of its head, and the bytes of the lines, to a
        file that is there as a whole or not at all."""
        claim = sign(self.ledger.ledger_id, statement, "organisation", self.key)
        signed = {"statement": body_to_json(statement), "signature": claim_to_json(claim)}
        made = out.with_suffix(".part")
        with open(made, "wb", opener=_private) as file:
            file.write(
                json.dumps({**head, **signed}, ensure_ascii=False, separators=_TIGHT).encode()
            )
            file.write(b"\n")
            shutil.copyfileobj(lines, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
        made.replace(out)
        flush_folder(out.parent)

    def restate(self, report: Path, out: Path, **changes: Any) -> Statement:
        """Sign a report anew with some fields of its statement changed; its lines stay."""
        with report.open("rb") as lines:
            head = json.loads(lines.readline())
            stated = decode_body(Statement, head["statement"])
            statement = replace(stated, issued_at=self.ledger.clock(), **changes)
            self.write(head, statement, lines, out)
        return statement

    def _authority(self, university: str) -> dict[str, Any]:
        record = authority_of(self.ledger, university, address_of(self.key))
        if record is None:
            raise NotFound("this key does not decide on credits for that university")
        return bundle(self.ledger, record, self.anchors_within)


@dataclass(frozen=True, slots=True)
class Chunks:
    """Gathers evidence row by row, and of each recording unit once whether it was suspended."""

    gatherer: Gatherer
    wanted: Wanted
    suspended: dict[str, list[Entry]]
    own_report: bytes | None = None

    def of(self, rows: Iterable[Matched]) -> Iterator[Chunk]:
        """The rows in chunks."""
        feed = iter(rows)
        while taken := list(islice(feed, CHUNK)):
            gathered, units = list[tuple[Matched, Evidence | None]](), set[str]()
            for row in taken:
                evidence = self._evidence(row)
                gathered.append((row, evidence))
                units |= evidence.recorders if evidence else set()
            found = [entry for unit in units for entry in self._suspensions(unit)]
            suspended = suspensions_in(found)
            yield Chunk(
                self.wanted.rules,
                self.wanted.university,
                suspended,
                tuple(gathered),
                self.own_report,
            )

    def _evidence(self, row: Matched) -> Evidence | None:
        if row.status != MATCHED or row.account is None:
            return None
        return self.gatherer.evidence(row.account, self.wanted.rules.history_start())

    def _suspensions(self, unit: str) -> list[Entry]:
        if unit not in self.suspended:
            self.suspended[unit] = self.gatherer.suspensions([unit])
        return self.suspended[unit]

    def suspensions(self) -> list[Entry]:
        """Those of all recording units so far, in the order of the log."""
        found = (entry for entries in self.suspended.values() for entry in entries)
        return sorted(found, key=lambda entry: entry.index)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _silent(_: int) -> None:
    """The progress of a draft that nobody watches."""
