"""Match a roster: the identifier decides, the name only confirms, and what is unclear is refused.

A row is `matched` if its identifier fits one account that consented, no other student uses it, and
its name, where one is known, is the account's or was confirmed by the registrar.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from api.credits.directory import Directory
from api.credits.matched import Matched
from api.credits.roster_cells import identifier, is_clean, is_damaged, legible, same_name
from api.credits.roster_file import RosterRow
from ledger.core.credits.report import MATCHED, NO_CONSENT
from ledger.core.format.volunteer_number import is_number

_ADDRESS: Final = re.compile(r"0x[0-9a-fA-F]{40}\Z")
_STATUS: Final = {
    "NO_CONSENT": NO_CONSENT,
    "NAME_DIFFERS": "name_differs",
    "TWO_ACCOUNTS": "ambiguous",
    "TWO_NUMBERS": "ambiguous",
    "SHARED_NUMBER": "ambiguous",
}
"""Code → match status; all others are `rejected`."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row on its way: its cells, who it may be, and what speaks against it."""

    number: int
    student: Mapping[str, str]
    who: str
    accounts: tuple[str, ...]
    code: str | None

    @property
    def student_no(self) -> str:
        return self.student.get("student_no", "")


def match(
    rows: Iterable[RosterRow], directory: Directory, confirmed: Collection[str] = ()
) -> list[Matched]:
    """What each row comes to, in the order of the rows. `confirmed` are the student numbers of
    which the registrar said that the account is theirs though the name differs."""
    looked_up = [_look_up(row, directory) for row in rows]
    clashes = _clashes(looked_up)
    seen: set[tuple[str, str]] = set()
    return [_matched(row, clashes, seen, directory, confirmed) for row in looked_up]


def _look_up(row: RosterRow, directory: Directory) -> _Row:
    clean = all(is_clean(cell) for cell in row.cells.values())
    if not row.fits or not clean:
        # Whoever mends the file must see whose row it is.
        told = {name: legible(cell) for name, cell in row.cells.items()}
        return _Row(row.number, told, "", (), "BAD_CELL" if row.fits else "BAD_ROW")
    student = dict(row.cells)
    student["student_no"] = identifier(student["student_no"])
    who = student["volunteer_no"] = identifier(student["volunteer_no"])
    code = _against(student, who, "volunteer_no" in row.numbers)
    accounts = () if code else directory.accounts(who)
    if code is None and len(accounts) != 1:
        code = "TWO_ACCOUNTS" if accounts else "NO_CONSENT"
    return _Row(row.number, student, who, accounts, code)


def _against(student: Mapping[str, str], who: str, is_a_number: bool) -> str | None:
    if not student["student_no"]:
        return "NO_STUDENT_NO"
    if not who:
        return "NO_NUMBER"
    if _ADDRESS.match(who):
        return None
    # Beyond fifteen digits a spreadsheet's number has lost some, whatever it looks like.
    if is_damaged(who) or (is_a_number and len(who) > 15):
        return "NUMBER_DAMAGED"
    return None if is_number(who) else "BAD_NUMBER"


def _clashes(rows: Sequence[_Row]) -> dict[int, str]:
    """Rows (by number) whose student has two numbers, or whose number has two students. A number
    and the address that it stands for are one."""
    numbers, students = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for row in rows:
        if row.student_no and row.who:
            numbers[row.student_no].add(_same(row))
            students[_same(row)].add(row.student_no)
    found = {}
    for row in rows:
        if row.student_no and row.who:
            if len(numbers[row.student_no]) > 1:
                found[row.number] = "TWO_NUMBERS"
            elif len(students[_same(row)]) > 1:
                found[row.number] = "SHARED_NUMBER"
    return found


def _same(row: _Row) -> str:
    return row.accounts[0] if len(row.accounts) == 1 else row.who.lower()


def _matched(
    row: _Row,
    clashes: Mapping[int, str],
    seen: set[tuple[str, str]],
    directory: Directory,
    confirmed: Collection[str],
) -> Matched:
    code = row.code
    if code in (None, "NO_CONSENT") and row.number in clashes:
        code = clashes[row.number]
    elif code in (None, "NO_CONSENT"):
        key = (row.student_no, _same(row))
        if key in seen:
            code = "DUPLICATE_ROW"
        seen.add(key)
    if code is None and row.student_no not in confirmed:
        known = directory.name(row.accounts[0])
        if known is not None and not same_name(known, row.student["name"]):
            code = "NAME_DIFFERS"
    if code is None:
        return Matched(row.number, row.student, MATCHED, None, row.accounts[0])
    return Matched(row.number, row.student, _STATUS.get(code, "rejected"), code)


def short_student_numbers(rows: Iterable[Matched]) -> list[str]:
    """Student numbers of digits that are shorter than nearly all others: leading zeros may be
    lost. Worth a look, and no more."""
    numbers = [row.student.get("student_no", "") for row in rows]
    lengths = Counter(len(number) for number in numbers if number.isdecimal())
    if not lengths:
        return []
    usual, count = max(lengths.items(), key=lambda item: (item[1], item[0]))
    if count * 10 < sum(lengths.values()) * 9:
        return []
    return [number for number in numbers if number.isdecimal() and len(number) < usual]


@dataclass(frozen=True, slots=True)
class RosterChanges:
    """What is other in a roster than in an earlier one, by student number."""

    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: Mapping[str, tuple[str, ...]]


def compare(before: Iterable[Matched], after: Iterable[Matched]) -> RosterChanges:
    """What changed; `changed` names the columns."""
    old, new = _by_student(before), _by_student(after)
    changed = {}
    for number in old.keys() & new.keys():
        columns = sorted(old[number].keys() | new[number].keys())
        other = tuple(c for c in columns if old[number].get(c) != new[number].get(c))
        if other:
            changed[number] = other
    return RosterChanges(
        tuple(sorted(new.keys() - old.keys())), tuple(sorted(old.keys() - new.keys())), changed
    )


def _by_student(rows: Iterable[Matched]) -> dict[str, Mapping[str, str]]:
    return {row.student["student_no"]: row.student for row in rows if "student_no" in row.student}
