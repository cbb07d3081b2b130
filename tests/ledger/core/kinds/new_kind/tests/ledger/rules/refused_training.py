"""Courses that the rule refuses, and the code of each."""

from tests.builders.kinds.training import trained

from tests.builders.settled import Table

BAD: Table = {
    "a course certified by a delegate for other things": (
        "SIGNER_NOT_ALLOWED",
        lambda s: trained(s.town, "second", "ann"),
    ),
    "a course of a stranger": ("VOLUNTEER_UNKNOWN", lambda s: trained(s.town, "org", "eve")),
}
