"""Evaluation: a rule set and what a transcript shows → what counts, and why the rest does not.

The steps, always in this order; each takes what the one before left:

    filter    whole services, by the first reason in `credit_reasons` that applies
    overlap   the same minute counts once: the service that began first has it
    session   most minutes of one service, then cut down to whole units
    day, category, term, total      together: `credit_caps` keeps the most for the student
    make-up   services of the make-up period, as far as something is missing to pass
    round     the sum, weighted by class, to whole units
    credit    units to credits, in hundredths, down to whole steps

Minutes are whole, weights are fractions. Every recorded minute counts or has a reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final

from ledger.core.credits.caps import Group, Item, allot, full_group, usage
from ledger.core.credits.days import day_of
from ledger.core.credits.evidence import Served, StudentEvidence, Suspension
from ledger.core.credits.filter import Seen, reason_against
from ledger.core.credits.rules import RuleSet, Term
from ledger.core.kinds.registry import CREDIT, HONOUR, CreditDecision

_CAPPED: Final = {
    "day": "OVER_DAY_CAP",
    "category": "OVER_CATEGORY_CAP",
    "term": "OVER_TERM_CAP",
    "total": "OVER_TOTAL_CAP",
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One record's line: minutes that count, and the others by reason."""

    record: bytes
    minutes: int
    excluded: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What counts of a student. Minutes are whole but for `weighted`; credits are in hundredths;
    `shortfall` is in minutes of weight one that are missing to pass. `earlier_*` is what this
    university counted under the scheme before. The lines are in the order of the log."""

    recorded_minutes: int
    credit_minutes: int
    honour_minutes: int
    weighted: Fraction
    rounded_minutes: int
    credit_hundredths: int
    earlier_minutes: int
    earlier_hundredths: int
    passed: bool
    shortfall: int
    lines: tuple[Counted, ...]

    @property
    def counted_minutes(self) -> int:
        """Minutes that count, of both classes, each once."""
        return self.credit_minutes + self.honour_minutes

    def excluded(self) -> dict[str, int]:
        """Minutes that do not count, by reason."""
        found: Counter[str] = Counter()
        for line in self.lines:
            found.update(dict(line.excluded))
        return dict(sorted(found.items()))


@dataclass(slots=True)
class _Line:
    """A service on its way: the minutes that are left, and those that dropped out, by reason."""

    served: Served
    left: int
    dropped: Counter[str] = field(default_factory=Counter)

    def drop(self, code: str, minutes: int) -> None:
        if minutes > 0:
            self.dropped[code] += minutes
            self.left -= minutes


def evaluate(
    rules: RuleSet,
    student: StudentEvidence,
    university: str,
    suspensions: Iterable[Suspension] = (),
    own_report: bytes | None = None,
) -> Evaluation | None:
    """What counts of a student for a university, as of the transcript's batch; None without a
    consent that stands. Decisions that name `own_report` are ignored: so a report can be made
    anew after it was decided."""
    consent = student.consent(university)
    if consent is None:
        return None
    earlier = [
        decision
        for decision in student.decisions
        if (decision.organisation, decision.scheme) == (university, rules.scheme)
        and decision.report != own_report
    ]
    credited = frozenset(service for decision in earlier for service in decision.services)
    seen = Seen(rules, student, consent[1], tuple(suspensions), credited)
    lines = [_Line(served, served.service.minutes) for served in student.served]
    for line in lines:
        reason = reason_against(seen, line.served)
        if reason is not None:
            line.drop(reason, line.left)
    return _judged(rules, lines, earlier)


def _judged(rules: RuleSet, lines: list[_Line], earlier: Sequence[CreditDecision]) -> Evaluation:
    standing = [line for line in lines if line.left]
    standing.sort(key=lambda line: (line.served.service.started_at, line.served.record))
    _overlap(standing)
    _session(rules, standing)
    past = sum(d.minutes for d in earlier), sum(d.credit_hundredths for d in earlier)
    needed = _needed(rules, past[1])
    in_terms = [(line, term) for line in standing for term in rules.terms if _in(rules, line, term)]
    _cap(rules, in_terms, past[0])
    weighted = _weight(rules, [line for line, _ in in_terms])
    made_up = _round(rules, weighted)
    if rules.make_up is not None:
        late = [line for line in standing if _in(rules, line, rules.make_up)]
        missing = max(Fraction(0), needed - weighted) if made_up < needed else Fraction(0)
        _make_up(rules, rules.make_up, late, missing)
        added = _weight(rules, late)
        # Making up leads to a pass and never beyond it.
        made_up = max(made_up, min(needed, _round(rules, weighted + added)))
        weighted += added
    credit = _credit(rules, made_up, past[1])
    return Evaluation(
        recorded_minutes=sum(line.served.service.minutes for line in lines),
        credit_minutes=_counted(standing, CREDIT),
        honour_minutes=_counted(standing, HONOUR),
        weighted=weighted,
        rounded_minutes=made_up,
        credit_hundredths=credit,
        earlier_minutes=past[0],
        earlier_hundredths=past[1],
        passed=past[1] + credit >= rules.credit.pass_hundredths,
        shortfall=max(0, needed - made_up),
        lines=tuple(
            Counted(line.served.record, line.left, tuple(line.dropped.items())) for line in lines
        ),
    )


def _in(rules: RuleSet, line: _Line, term: Term) -> bool:
    return rules.period(term).holds(line.served.service.started_at)


def _counted(lines: Iterable[_Line], hour_class: str) -> int:
    return sum(line.left for line in lines if line.served.service.hour_class == hour_class)


def _overlap(lines: Sequence[_Line]) -> None:
    """Lines by begin: of what lies before the end of all earlier ones, nothing is left."""
    covered = 0
    for line in lines:
        service = line.served.service
        if service.started_at < covered:
            free = max(0, service.ended_at - covered) // 60
            line.drop("OVERLAP", line.left - free)
        covered = max(covered, service.ended_at)


def _session(rules: RuleSet, lines: Iterable[_Line]) -> None:
    for line in lines:
        most = rules.caps.of_session(line.served.category)
        if most is not None:
            line.drop("OVER_SESSION_CAP", line.left - most)
        line.drop("BELOW_UNIT", line.left % rules.rounding.session)


def _factor(rules: RuleSet, line: _Line) -> Fraction:
    # A class that does not count was filtered out.
    return rules.factor(line.served.service.hour_class) or Fraction(0)


def _item(rules: RuleSet, line: _Line, term: Term, unit: int) -> Item:
    return Item(
        minutes=line.left,
        worth=int(_factor(rules, line) * unit),
        day=day_of(line.served.service.started_at, rules.utc_offset_minutes),
        term=term.name,
        category=line.served.category,
    )


def _limited(
    rules: RuleSet, lines: Sequence[tuple[_Line, Term]], most: dict[Group, int]
) -> list[tuple[int, str | None]]:
    """For each line the minutes that count under some caps beside that of the day, and the kind of
    the cap that keeps the rest out."""
    unit = lcm(1, *(_factor(rules, line).denominator for line, _ in lines))
    items = [_item(rules, line, term, unit) for line, term in lines]
    if rules.caps.day is not None:
        most |= {("day", item.day): rules.caps.day for item in items}
    taken = allot(items, most)
    used = usage(items, taken)
    pairs = zip(items, taken, strict=True)
    return [(minutes, full_group(item, used, most)) for item, minutes in pairs]


def _cap(rules: RuleSet, lines: Sequence[tuple[_Line, Term]], earlier_minutes: int) -> None:
    caps = rules.caps
    most: dict[Group, int] = {("category", name): cap for name, cap in caps.category.items()}
    if caps.term is not None:
        most |= {("term", term.name): caps.term for term in rules.terms}
    if caps.total is not None:
        most["total", ""] = max(0, caps.total - earlier_minutes)
    limited = _limited(rules, lines, most)
    for (line, _), (minutes, full) in zip(lines, limited, strict=True):
        if full is not None:
            line.drop(_CAPPED[full], line.left - minutes)


def _make_up(rules: RuleSet, term: Term, lines: Sequence[_Line], missing: Fraction) -> None:
    """Services made up: of these only the day and the ceiling of the period bound the minutes."""
    assert rules.make_up is not None
    pairs = [(line, term) for line in lines]
    limited = _limited(rules, pairs, {("total", ""): rules.make_up.minutes_max})
    for line, (minutes, full) in zip(lines, limited, strict=True):
        if full is not None:
            line.drop(_CAPPED[full], line.left - minutes)
        wanted = ceil(missing / _factor(rules, line)) if missing > 0 else 0
        line.drop("NOT_NEEDED", line.left - wanted)
        missing -= line.left * _factor(rules, line)


def _weight(rules: RuleSet, lines: Iterable[_Line]) -> Fraction:
    return sum((line.left * _factor(rules, line) for line in lines), Fraction(0))


def _round(rules: RuleSet, minutes: Fraction) -> int:
    unit, half = rules.rounding.total, Fraction(1, 2)
    return floor(minutes / unit + (half if rules.rounding.mode == "nearest" else 0)) * unit


def _needed(rules: RuleSet, earlier_hundredths: int) -> int:
    """The rounded minutes that are needed to pass."""
    credit, unit = rules.credit, rules.rounding.total
    missing = max(0, credit.pass_hundredths - earlier_hundredths)
    steps = ceil(Fraction(missing, credit.step_hundredths))
    minutes = Fraction(steps * credit.step_hundredths * credit.minutes_per_credit, 100)
    return ceil(minutes / unit) * unit


def _credit(rules: RuleSet, minutes: int, earlier_hundredths: int) -> int:
    credit = rules.credit
    step = credit.step_hundredths
    found = minutes * 100 // credit.minutes_per_credit // step * step
    if credit.max_hundredths is not None:
        found = min(found, max(0, credit.max_hundredths - earlier_hundredths))
    return found
