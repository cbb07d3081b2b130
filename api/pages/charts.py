"""Charts as SVG, drawn here so that they need no script. Pure: figures in, markup out.

Colours come from the page's style sheet by class. Each chart has a title and a description for who
cannot see it, and a page that shows one shows its figures in a table too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 360
HEIGHT: Final = 200
"""Units of the drawing; the page scales it. Text is 13 of them high, readable on a phone."""

LEFT, RIGHT, TOP, BOTTOM = 8, 352, 30, 172
"""Edges of what is drawn; above and below stand the labels."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What is written about a chart: name and description for who listens, the largest value, and
    the two ends of its time."""

    title: str
    description: str
    largest: str
    first: str
    last: str


def curve(name: str, points: Sequence[tuple[int, int]], labels: Labels) -> Markup:
    """A sum that grew, as steps: (time, sum), by time. `name` is unique in the page."""
    first, last = points[0][0], points[-1][0]
    most = max(value for _, value in points) or 1
    path, before = [f"M{LEFT} {BOTTOM}"], float(BOTTOM)
    for time, value in points:
        across = _between(LEFT, RIGHT, time - first, last - first)
        up = _between(BOTTOM, TOP, value, most)
        path.append(f"L{across} {before}L{across} {up}")
        before = up
    line = "".join(path)
    area = Markup('<path class="under" d="{}L{} {}L{} {}Z"/>').format(
        line, RIGHT, BOTTOM, LEFT, BOTTOM
    )
    return _framed(name, area + Markup('<path class="curve" d="{}"/>').format(line), labels)


def bars(name: str, values: Sequence[int], labels: Labels) -> Markup:
    """Values side by side, the oldest first; each at least a line high, so that none is lost."""
    most, step = max(values) or 1, (RIGHT - LEFT) / len(values)
    shown = Markup()
    for place, value in enumerate(values):
        up = min(_between(BOTTOM, TOP, value, most), BOTTOM - 2)
        shown += Markup('<rect class="bar" x="{}" y="{}" width="{}" height="{}"/>').format(
            round(LEFT + place * step, 1), up, round(min(step * 0.7, 40), 1), BOTTOM - up
        )
    return _framed(name, shown, labels)


def _between(start: int, end: int, part: int, whole: int) -> float:
    return float(end) if whole <= 0 else round(start + (end - start) * part / whole, 1)


def _framed(name: str, content: Markup, labels: Labels) -> Markup:
    return Markup(
        '<svg class="chart" viewBox="0 0 {width} {height}" role="img"'
        ' aria-labelledby="{name}-title {name}-description">'
        '<title id="{name}-title">{title}</title><desc id="{name}-description">{description}</desc>'
        '{content}<path class="axis" d="M{left} {bottom}H{right}"/>'
        '<g aria-hidden="true"><text x="{left}" y="18">{largest}</text>'
        '<text x="{left}" y="{below}">{first}</text>'
        '<text x="{right}" y="{below}" text-anchor="end">{last}</text></g></svg>'
    ).format(
        width=WIDTH,
        height=HEIGHT,
        name=name,
        title=escape(labels.title),
        description=escape(labels.description),
        content=content,
        left=LEFT,
        right=RIGHT,
        bottom=BOTTOM,
        below=BOTTOM + 20,
        largest=escape(labels.largest),
        first=escape(labels.first),
        last=escape(labels.last),
    )
