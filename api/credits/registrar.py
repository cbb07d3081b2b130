"""The registrar: from a roster to a draft, to its students, to decisions in the ledger.

    draft       the roster is matched and evaluated; the registrar alone sees the report
    published   each student sees their own line and can object until a time
    final       nothing has changed since, every objection has an answer: the decisions are recorded

Every step is a whole file that takes the place of another, so each can be taken again after a
crash; the decisions follow from the final report, and the ledger takes each of them once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, Final

from api.credits.changes import StudentChange, changes, rows_of
from api.credits.deciding import decisions
from api.credits.directory import Consenting
from api.credits.drafting import Drafting, Progress, Wanted
from api.credits.errors import RunBlocked, RunConflict
from api.credits.matched import Matched
from api.credits.roster import RosterChanges, compare, match
from api.credits.roster_file import RosterFile, read_roster
from api.credits.runs import DRAFT, FINAL, PUBLISHED, Run, Runs, Said
from ledger.core.credits.report import Statement
from ledger.core.credits.rules import RuleSet, parse_rules
from ledger.core.format.fields import ZERO_HASH
from ledger.core.format.structs import decode_body
from ledger.core.records.record import digest
from ledger.errors import NotFound, Refused
from ledger.operations.ledger import Ledger
from ledger.operations.prove import Anchors
from ledger.operations.spread import Spread
from ledger.operations.vault import Vault

LABEL: Final = "registrar "
"""Before a university's address: the keystore label of its registrar's key."""

WORDS_MAX: Final = 1000
"""Most characters of an objection or an answer."""

APPENDED: Final = 200
"""Decisions that are appended at once."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A roster as it was uploaded: the name of the file, its bytes, and the student numbers whose
    differing names the registrar confirmed."""

    file_name: str
    data: bytes
    confirmed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Registrar:
    """The runs of the universities whose keys (32 bytes, by address) are here. Safe to share
    between threads: one step of a run is taken at a time. `engine` gives what so many students are
    judged with."""

    ledger: Ledger
    vault: Vault | None
    anchors_within: Anchors
    keys: Mapping[str, bytes]
    runs: Runs
    engine: Callable[[int], AbstractContextManager[Spread]]
    _lock: Lock

    def read(self, university: str, upload: Upload) -> tuple[RosterFile, list[Matched]]:
        """A roster and what each row comes to. Raises `WrongUse` for a file that is none."""
        self._key(university)
        file = read_roster(upload.data)
        directory = Consenting.of(self.ledger, self.vault, university)
        return file, match(file.rows, directory, upload.confirmed)

    def compared(
        self, university: str, rows: Sequence[Matched]
    ) -> tuple[Run, RosterChanges] | None:
        """What is other in a roster than in that of the university's newest run; None before the
        first run."""
        newest = next(iter(self.runs.of(university)), None)
        if newest is None:
            return None
        return newest, compare(rows_of(self.runs.lines(newest)), rows)

    def draft(
        self,
        university: str,
        upload: Upload,
        rules: RuleSet,
        as_of: int | None = None,
        progress: Progress | None = None,
    ) -> Run:
        """Make a draft and keep it. Raises as `read`, and `NotFound` for a batch that is none."""
        file, rows = self.read(university, upload)
        name = secrets.token_hex(8)
        self.runs.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = self.runs.folder / f"{name}.new"
        with self._drafting(university, len(rows)) as drafting:
            wanted = Wanted(university, rules, file.hash, as_of)
            statement = drafting.draft(rows, wanted, made, progress)
        run = Run(
            name=name,
            organisation=university,
            scheme=rules.scheme,
            version=rules.version,
            stage=DRAFT,
            file_name=upload.file_name[:WORDS_MAX],
            form=file.form,
            unknown=file.unknown,
            report_id=self._id(statement),
            made_at=statement.issued_at,
        )
        self.runs.keep(run, upload.data, made)
        return run

    def publish(self, name: str, until: int) -> Run:
        """Show a draft to its students, who can object until a time (Unix s)."""
        with self._lock:
            run = self.runs.find(name)
            if run.stage != DRAFT:
                raise RunBlocked(RunConflict.NOT_DRAFT)
            statement = self._restate(run, objections_until=until)
            published = replace(
                run,
                stage=PUBLISHED,
                objections_until=until,
                report_id=self._id(statement),
            )
            self.runs.save(published)
            return published

    def object(self, name: str, account: str, text: str) -> None:
        """A student says what is wrong with their own line. Raises `NotFound`, `RunBlocked`."""
        with self._lock:
            run = self.runs.find(name)
            line = self.runs.line_of(run, account) if run.stage != DRAFT else None
            if line is None:
                raise NotFound("no such run")
            if run.stage == FINAL or self.ledger.clock() >= run.objections_until:
                raise RunBlocked(RunConflict.WINDOW_CLOSED)
            said = Said(account, line["student"]["student_no"], _text(text), self.ledger.clock())
            self.runs.object(run, said)

    def answer(self, name: str, number: int, text: str) -> None:
        """The registrar answers an objection by its number, from 1 on."""
        with self._lock:
            self.runs.answer(self.runs.find(name), number, _text(text), self.ledger.clock())

    def changes(self, name: str, as_of: int | None = None) -> tuple[int, list[StudentChange]]:
        """The batch, and whose line would be another as of it (None: the newest anchored one)."""
        run = self.runs.find(name)
        head = self.runs.head(run)
        wanted = Wanted(run.organisation, parse_rules(head["rules"]), ZERO_HASH, as_of)
        own = bytes.fromhex(run.final_id) if run.final_id else None
        with self._drafting(run.organisation, head["statement"]["count"]) as drafting:
            return changes(drafting, self.runs.lines(run), wanted, own)

    def finalise(self, name: str) -> Run:
        """Sign the final report and record its decisions; again, what is missing of them. Raises
        `RunBlocked`, and `Refused` where the ledger takes a decision no more."""
        with self._lock:
            run = self.runs.find(name)
            if run.stage != FINAL:
                run = self._close(run)
            refused = [
                answer
                for part in self._decided(run)
                for answer in self.ledger.append_many(part)
                if isinstance(answer, Refused)
            ]
            if refused:
                raise refused[0]
            return run

    def _close(self, run: Run) -> Run:
        if run.stage != PUBLISHED:
            raise RunBlocked(RunConflict.NOT_PUBLISHED)
        if self.ledger.clock() < run.objections_until:
            raise RunBlocked(RunConflict.WINDOW_OPEN)
        if any(not said.answer for said in self.runs.objections(run)):
            raise RunBlocked(RunConflict.UNANSWERED)
        if not self.runs.head(run)["anchors"]:
            raise RunBlocked(RunConflict.NOT_ANCHORED)
        _, changed = self.changes(run.name)
        if changed:
            students = ", ".join(c.student.get("student_no", "") for c in changed[:5])
            raise RunBlocked(RunConflict.CHANGED_SINCE, f"({len(changed)}: {students})")
        statement = self._restate(run, stage=FINAL)
        name = self._id(statement)
        closed = replace(
            run, stage=FINAL, report_id=name, final_id=name, final_at=statement.issued_at
        )
        self.runs.save(closed)
        return closed

    def _decided(self, run: Run) -> Iterator[list[Any]]:
        statement = decode_body(Statement, self.runs.head(run)["statement"])
        key = self._key(run.organisation)
        found = decisions(self.ledger.ledger_id, statement, self.runs.lines(run), key)
        while part := list(islice(found, APPENDED)):
            yield part

    def rows(self, name: str) -> list[Matched]:
        """The rows of a run."""
        return list(rows_of(self.runs.lines(self.runs.find(name))))

    def _restate(self, run: Run, **changed: Any) -> Statement:
        report = self.runs.report(run)
        return Drafting(self.ledger, self.anchors_within, self._key(run.organisation)).restate(
            report, report, **changed
        )

    def _id(self, statement: Statement) -> str:
        return digest(self.ledger.ledger_id, statement).hex()

    def _key(self, university: str) -> bytes:
        if university not in self.keys:
            raise NotFound("no registrar of this university is set up here")
        return self.keys[university]

    @contextmanager
    def _drafting(self, university: str, rows: int) -> Iterator[Drafting]:
        with self.engine(rows) as spread:
            yield Drafting(self.ledger, self.anchors_within, self._key(university), spread)


def registrar(
    ledger: Ledger,
    vault: Vault | None,
    anchors_within: Anchors,
    keys: Mapping[str, bytes],
    folder: Path,
    engine: Callable[[int], AbstractContextManager[Spread]],
) -> Registrar:
    """A registrar whose runs are kept in a folder."""
    return Registrar(ledger, vault, anchors_within, keys, Runs(folder), engine, Lock())


def _text(text: str) -> str:
    plain = text.strip()
    if not 0 < len(plain) <= WORDS_MAX:
        raise RunBlocked(RunConflict.TOO_LONG)
    return plain
