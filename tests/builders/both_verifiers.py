"""The browser's verifier and the library's, side by side."""

import base64
import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from api.certificates.checking import verify_any
from api.certificates.data_integrity import RDFC
from ledger.core.verify.anchor import AnchorFinding
from ledger.core.verify.checks import Report, SignedHead
from ledger.core.verify.pinned import HAND, NOBODY, Pin
from tests.builders.waiting import PATIENCE

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/bundles.json").read_text(encoding="utf-8")
)
LEDGER: str = PUBLISHED["ledger_id"]
JUDGE = Path(__file__).parents[1] / "api/pages/judge.mjs"

BY_HAND = Pin(HAND)

BESIDE = 100
STATES = {
    1: "final",
    2: "mined",
    3: "unreachable",
    4: "contradicted",
    6: "final",
    7: "settling",
    8: "disowned",
    9: "contested",
}
TIMES = {3: None, 4: None, 5: None, 6: 7, 8: None, 9: None}
LATER = 4_000_000_000
"""Time of a block, unless `TIMES` says another: after all that the town does."""


class Chains:
    """What a chain says of an anchor, the block that the file names stands for; of one that no file
    names, in a target beside the clock, its chain id."""

    def look_up(
        self, anchor: Mapping[str, Any], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        block = anchor["block_number"] or anchor["chain_id"] - BESIDE
        return AnchorFinding(STATES.get(block, "absent"), "as told", TIMES.get(block, LATER))


def on_chain(bundle: dict[str, Any], block: int) -> dict[str, Any]:
    """The bundle with its one anchor in this block."""
    return {**bundle, "anchors": [{**a, "block_number": block} for a in bundle["anchors"]]}


def bundles() -> dict[str, dict[str, Any]]:
    return {v["name"]: on_chain(v["bundle"], 1) for v in PUBLISHED["bundles"]}


def compare(
    files: Iterable[tuple[str, bytes]],
    trusted: str | None = LEDGER,
    now: int | None = None,
    pin: Pin = BY_HAND,
) -> list[str]:
    """Let both judge files with names, by a clock and the pin of a ledger, or of each; the
    verdicts, in order."""
    return [report.verdict for report in judged(files, trusted, now, pin)]


def judged(
    files: Iterable[tuple[str, bytes]], trusted: str | None, now: int | None, pin: Pin
) -> list[Report]:
    """The same, with all that the reports say."""
    named = list(files)
    ours = bytes.fromhex(trusted[2:]) if trusted else None
    reports = []
    by_the_browser = by_browser([data for _, data in named], trusted, now, pin)
    for (name, data), theirs in zip(named, by_the_browser, strict=True):
        pins = lambda ledger, _: pin if ours in (None, ledger) else NOBODY  # noqa: E731
        report = verify_any(data, Chains(), pins=pins, now=now)
        checks = [asdict(check) for check in report.checks]
        for check in theirs["checks"]:
            # The second signature of a credential, which the browser does not check and names.
            check["reason"] = check["reason"].removesuffix("; not checked here: " + RDFC)
        for check in (*checks, *theirs["checks"]):
            # How a malformed value is described is each one's own.
            if check["name"] == "format" and check["ok"] is False:
                check["reason"] = ""
        facts = {n: v for n, v in report.facts.items() if n != "does_not_prove"}
        assert (report.verdict, checks) == (theirs["verdict"], theirs["checks"]), name
        assert report.document == theirs["document"], name
        assert facts == theirs["facts"], name
        assert (report.within, as_json(report.head)) == (theirs["within"], theirs["head"]), name
        reports.append(report)
    return reports


def by_browser(
    files: Iterable[bytes],
    trusted: str | None = LEDGER,
    now: int | None = None,
    pin: Pin = BY_HAND,
) -> list[dict[str, Any]]:
    """What the browser's verifier reports of files."""
    told = {"ledger": trusted, **as_json(pin)}
    lines = "".join(
        json.dumps({"file": base64.b64encode(data).decode(), "pin": told, "now": now}) + "\n"
        for data in files
    )
    found = subprocess.run(
        ["node", str(JUDGE)], input=lines, capture_output=True, text=True, timeout=PATIENCE
    )
    assert found.returncode == 0, found.stderr
    return [json.loads(line) for line in found.stdout.splitlines()]


def as_json(value: Pin | SignedHead | None) -> Any:
    """A pin or a head as the browser's verifier has it."""
    match value:
        case Pin(by, host, newest):
            return {"by": by, "host": host, "newest": as_json(newest)}
        case SignedHead(size, root, note):
            return {"size": size, "root": "0x" + root.hex(), "note": note}
    return None
