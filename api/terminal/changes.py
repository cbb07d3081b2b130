"""What became of a record in a terminal: who says so and why, and what only the file claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.certificates.change_reasons import REASONS
from api.terminal.format import Times
from api.words import ENGLISH, both, mark, words
from ledger.core.state.flags import FLAGS, KEY_REVOKED

_DONE: Final[Mapping[tuple[str, str], str]] = {
    ("void", "organisation"): mark("The organisation voided it"),
    ("void", "successor"): mark("The organisation that succeeded voided it"),
    ("void", "authority"): mark("An authority voided it"),
    ("amend", "organisation"): mark("The organisation amended it"),
    ("objection", "volunteer"): mark("The volunteer objects"),
    ("certificate", "organisation"): mark("The organisation issued a newer certificate"),
    ("decision", "organisation"): mark("The organisation rejected an objection to it"),
    ("decision", "successor"): mark("The organisation that succeeded rejected an objection to it"),
    ("decision", "authority"): mark("An authority rejected an objection to it"),
}
"""(kind, who) of what changed a record → what was done, in the words of the pages."""

UNSIGNED: Final = (
    "The log has signed nothing of this file: that the ledger took the record, and when, the file "
    "alone claims. A record that was voided looks the same without its batch. Ask the ledger for a "
    "fresh proof."
)
"""Of a file without a batch."""


def says(facts: Mapping[str, Any]) -> tuple[str, str] | None:
    """Who changed a record and the reason that they give, or that a key behind it was revoked, in
    Chinese and in English; None where there is nothing to say."""
    if "change" in facts:
        return _said(facts, "zh-Hans"), _said(facts, ENGLISH)
    if KEY_REVOKED in (facts.get("flags") or ()):
        return words("zh-Hans")(FLAGS[KEY_REVOKED]), FLAGS[KEY_REVOKED]
    return None


def _said(facts: Mapping[str, Any], language: str) -> str:
    say, change = words(language), facts["change"]
    who, kind = change["by"]["role"], change["kind"]
    other = change["by"]["address"] != facts["issuer"]
    if kind in ("void", "decision") and who == "organisation" and other:
        who = "successor"
    done, reason = say(_DONE[kind, who]), REASONS.get(change["reason"])
    if reason is None:
        return done
    if kind == "objection":
        return say("{done}: {reason}", done=done, reason=say(reason))
    return say("{done}; the reason given: {reason}", done=done, reason=say(reason))


def rows(facts: Mapping[str, Any], times: Times) -> Iterator[tuple[str, str]]:
    """What changed a record, by whom and when, as rows of a table."""
    change = facts.get("change")
    if change is None:
        return
    yield change["kind"], f"{change['by']['role']}  {change['by']['address']}"
    for signer in change["signers"]:
        if signer["signer"] != change["by"]["address"]:
            yield "", f"signed by {signer['role']}  {signer['signer']}"
    if change["accepted_at"] is None:
        yield "", f"signed {times.moment(change['issued_at'])}; {both('not in the log yet')}"
    else:
        yield "", times.moment(change["accepted_at"])
    yield "", change["record_id"]


def entered(
    facts: Mapping[str, Any], times: Times, delay: str | None = None
) -> Iterator[tuple[str, str]]:
    """When a record entered the log; of one that the log has not signed, what the file claims."""
    if "claimed" in facts:
        yield "entered", f"– {both('the log has signed nothing of this file')}"
        claimed = facts["claimed"]
        said = f"entry {claimed['index']}, {times.moment(claimed['accepted_at'])}"
        yield "claimed", f"{said}: {both('by the file alone')}"
    else:
        late = f", {delay}" if delay else ""
        yield "entered", times.moment(facts["accepted_at"]) + late
