"""An audit as one page that needs nothing else: no script, no picture from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from api.words import both
from ledger.operations.audit_report import AuditReport
from ledger.operations.red_flags import RedFlag
from ledger.operations.sample import draw


@dataclass(frozen=True, slots=True)
class Sample:
    """What was drawn by a seed: indices of entries, addresses of organisations."""

    seed: str
    entries: tuple[int, ...]
    organisations: tuple[str, ...]


def sample_of(report: AuditReport, seed: str, entries: int, organisations: int) -> Sample:
    """The sample of an audited ledger, as `docs/spec/audit.md` draws it."""
    chosen = draw("organisations", seed, report.root, organisations, len(report.organisations))
    return Sample(
        seed,
        tuple(draw("entries", seed, report.root, entries, report.size)),
        tuple(report.organisations[place] for place in chosen),
    )


def page(subject: str, report: AuditReport, flags: Sequence[RedFlag], sample: Sample | None) -> str:
    """The page as HTML; whatever texts say is escaped."""
    text = files("api.terminal").joinpath("audit.html").read_text("utf-8")
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(text)
    return template.render(both=both, subject=subject, report=report, flags=flags, sample=sample)
