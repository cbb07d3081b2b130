"""The browser's verifier and the library's, side by side."""

import base64
import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from api.certificates.checking import verify_any
from ledger.core.verify.checks import AnchorFinding
from tests.builders.waiting import PATIENCE

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors/bundles.json").read_text(encoding="utf-8")
)
LEDGER: str = PUBLISHED["ledger_id"]
JUDGE = Path(__file__).parents[1] / "api/pages/judge.mjs"

STATES = {1: "final", 2: "mined", 3: "unreachable", 4: "contradicted", 6: "final"}
TIMES = {3: None, 4: None, 5: None, 6: 7}
LATER = 4_000_000_000
"""Time of a block, unless `TIMES` says another: after all that the town does."""


class Chains:
    """One chain a state: what it says of an anchor, its chain id stands for."""

    def look_up(
        self, anchor: Mapping[str, Any], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        chain = anchor["chain_id"]
        return AnchorFinding(STATES.get(chain, "absent"), "as told", TIMES.get(chain, LATER))


def on_chain(bundle: dict[str, Any], *chain_ids: int) -> dict[str, Any]:
    """The bundle with its one anchor on these chains."""
    anchors = [{**a, "chain_id": n} for a in bundle["anchors"][:1] for n in chain_ids]
    return {**bundle, "anchors": anchors}


def bundles() -> dict[str, dict[str, Any]]:
    return {v["name"]: on_chain(v["bundle"], 1) for v in PUBLISHED["bundles"]}


def compare(
    files: Iterable[tuple[str, bytes]], trusted: str | None = LEDGER, now: int | None = None
) -> list[str]:
    """Let both judge files with names, by a clock; the verdicts, in order."""
    named = list(files)
    lines = "".join(
        json.dumps({"file": base64.b64encode(data).decode(), "trusted": trusted, "now": now}) + "\n"
        for _, data in named
    )
    found = subprocess.run(
        ["node", str(JUDGE)], input=lines, capture_output=True, text=True, timeout=PATIENCE
    )
    assert found.returncode == 0, found.stderr
    ours = bytes.fromhex(trusted[2:]) if trusted else None
    verdicts = []
    for (name, data), line in zip(named, found.stdout.splitlines(), strict=True):
        report = verify_any(data, Chains(), trusted_ledger=ours, now=now)
        theirs = json.loads(line)
        checks = [asdict(check) for check in report.checks]
        for check in (*checks, *theirs["checks"]):
            # How a malformed value is described is each one's own.
            if check["name"] == "format" and check["ok"] is False:
                check["reason"] = ""
        facts = {n: v for n, v in report.facts.items() if n != "does_not_prove"}
        assert (report.verdict, checks) == (theirs["verdict"], theirs["checks"]), name
        assert report.document == theirs["document"], name
        assert facts == theirs["facts"], name
        verdicts.append(report.verdict)
    return verdicts
