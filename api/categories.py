"""Categories of activities and organisations in words.

Records hold what the organisation wrote: the usual codes have words in every language, all else is
shown as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from api.words import Words, mark

CATEGORIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "charity": mark("Charity"),
        "citizen-science": mark("Citizen science"),
        "community": mark("Community"),
        "culture": mark("Culture"),
        "education": mark("Education"),
        "environment": mark("Environment"),
        "health": mark("Health"),
        "neighbours": mark("Neighbourhood help"),
        "school": mark("School"),
        "sports": mark("Sports"),
        "university": mark("University"),
    }
)
"""Code → what it says in English."""


def category_text(say: Words, category: str) -> str:
    """A category in the reader's words; as it was written where it is none of the usual ones."""
    return say(CATEGORIES[category]) if category in CATEGORIES else category
