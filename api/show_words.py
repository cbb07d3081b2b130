"""Times and spans as people read them in a terminal."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(seconds: int | None) -> str:
    """A time as people read it, in UTC."""
    if seconds is None:
        return "–"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def hours(minutes: int) -> str:
    """Minutes as hours and minutes."""
    return f"{minutes // 60} h {minutes % 60:02d} min"


def span(seconds: int | None) -> str:
    """A span of time in days, or in hours and minutes."""
    if seconds is None:
        return "–"
    days, rest = divmod(seconds, 86400)
    return f"{days} days" if days else f"{rest // 3600} h {rest % 3600 // 60:02d} min"
