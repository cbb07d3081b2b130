"""The runs that are kept: one folder each, private to the server, with whole files only.

    <run>/run.json         where it stands
    <run>/roster           the roster as it was uploaded
    <run>/report.jsonl     the signed report of this stage
    <run>/lines.json       account → where its line is in the report, in bytes from the first line
    <run>/objections.json  what students said, and the answers

Names and student numbers are in these files alone; `forget` deletes them.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from api.node.files import write_durably
from ledger.errors import NotFound

DRAFT, PUBLISHED, FINAL = "draft", "published", "final"
"""Where a run stands: seen by the registrar alone, by its students too, recorded in the ledger."""

_NAME: Final = re.compile(r"[0-9a-f]{16}\Z")


@dataclass(frozen=True, slots=True)
class Run:
    """One run: its name, whose it is, by what scheme and version, where it stands; times in Unix s,
    0 while there is none. `form` and `unknown` tell how the roster was read; `report_id` is hex."""

    name: str
    organisation: str
    scheme: str
    version: str
    stage: str
    file_name: str
    form: str
    unknown: tuple[str, ...]
    report_id: str
    made_at: int
    objections_until: int = 0
    final_at: int = 0
    final_id: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A student's objection to their own line, and the answer (empty while there is none)."""

    account: str
    student_no: str
    text: str
    made_at: int
    answer: str = ""
    answered_at: int = 0


@dataclass(frozen=True, slots=True)
class Runs:
    """The folder of all runs."""

    folder: Path

    def keep(self, run: Run, roster: bytes, report: Path) -> None:
        """Take a new run in; the report is moved here."""
        home = self.folder / run.name
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(home / "roster", roster)
        write_durably(home / "lines.json", json.dumps(_places(report)).encode())
        report.replace(home / "report.jsonl")
        self.save(run)

    def save(self, run: Run) -> None:
        """Write where a run stands."""
        write_durably(self.folder / run.name / "run.json", _dumped(asdict(run)))

    def find(self, name: str) -> Run:
        """A run by its name. Raises `NotFound`."""
        path = self.folder / name / "run.json"
        if not _NAME.match(name) or not path.is_file():
            raise NotFound("no such run")
        found = json.loads(path.read_bytes())
        return Run(**{**found, "unknown": tuple(found["unknown"])})

    def all(self) -> Iterator[Run]:
        """All runs, the newest first."""
        names = [path.parent.name for path in self.folder.glob("*/run.json")]
        yield from sorted(map(self.find, names), key=lambda run: (-run.made_at, run.name))

    def of(self, organisation: str) -> list[Run]:
        """The runs of a university, the newest first."""
        return [run for run in self.all() if run.organisation == organisation]

    def report(self, run: Run) -> Path:
        """The report of its stage."""
        return self.folder / run.name / "report.jsonl"

    def roster(self, run: Run) -> bytes:
        """The roster as it was uploaded."""
        return (self.folder / run.name / "roster").read_bytes()

    def head(self, run: Run) -> dict[str, Any]:
        """The first line of the report."""
        with self.report(run).open("rb") as file:
            found: dict[str, Any] = json.loads(file.readline())
        return found

    def lines(self, run: Run) -> Iterator[dict[str, Any]]:
        """The lines of the report, one by one."""
        with self.report(run).open("rb") as file:
            file.readline()
            for line in file:
                yield json.loads(line)

    def line_of(self, run: Run, account: str) -> dict[str, Any] | None:
        """The line of one student; None where the run has none."""
        places = json.loads((self.folder / run.name / "lines.json").read_bytes())
        if account not in places:
            return None
        with self.report(run).open("rb") as file:
            file.seek(len(file.readline()) + places[account])
            found: dict[str, Any] = json.loads(file.readline())
        return found

    def published_to(self, account: str) -> Iterator[tuple[Run, dict[str, Any]]]:
        """The runs that a student can see, with their own line."""
        for run in self.all():
            if run.stage != DRAFT and (line := self.line_of(run, account)) is not None:
                yield run, line

    def objections(self, run: Run) -> list[Said]:
        """What students said, in order."""
        path = self.folder / run.name / "objections.json"
        return [Said(**said) for said in json.loads(path.read_bytes())] if path.is_file() else []

    def object(self, run: Run, said: Said) -> None:
        """Add an objection."""
        self._say(run, [*self.objections(run), said])

    def answer(self, run: Run, number: int, text: str, now: int) -> None:
        """Answer an objection by its number, from 1 on. Raises `NotFound`."""
        said = self.objections(run)
        if not 1 <= number <= len(said):
            raise NotFound("no such objection")
        said[number - 1] = replace(said[number - 1], answer=text, answered_at=now)
        self._say(run, said)

    def _say(self, run: Run, said: list[Said]) -> None:
        path = self.folder / run.name / "objections.json"
        write_durably(path, _dumped([asdict(one) for one in said]))

    def forget(self, run: Run) -> None:
        """Delete a run with all names in it. What it recorded in the ledger stays."""
        shutil.rmtree(self.folder / run.name)


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def _places(report: Path) -> dict[str, int]:
    """Account → place of its line, in bytes after the first line: that one changes its length."""
    found, place = {}, 0
    with report.open("rb") as file:
        file.readline()
        for line in file:
            account = json.loads(line)["account"]
            if account is not None:
                found[account] = place
            place += len(line)
    return found
