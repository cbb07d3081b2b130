"""The browser's verifier and the library's never disagree: verdict, every check, every fact."""

import base64
import copy
import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from ledger.core.checks import AnchorFinding
from ledger.core.verify_file import verify_bytes
from ledger.operations.prove_account import statement
from tests.api.pages.forging import forgeries, resealed
from tests.ledger.operations.test_verify import World, mutations
from tests.town import START, address

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors/bundles.json").read_text(encoding="utf-8")
)
LEDGER: str = PUBLISHED["ledger_id"]
JUDGE = Path(__file__).with_name("judge.mjs")


STATES = {1: "final", 2: "mined", 3: "unreachable", 4: "contradicted"}


class Chains:
    """One chain a state: what it says of an anchor, its chain id stands for."""

    def look_up(
        self, anchor: Mapping[str, Any], ledger_id: bytes, size: int, root: bytes
    ) -> AnchorFinding:
        return AnchorFinding(STATES.get(anchor["chain_id"], "absent"), "as told", 7)


def on_chain(bundle: dict[str, Any], *chain_ids: int) -> dict[str, Any]:
    """The bundle with its one anchor on these chains."""
    anchors = [{**a, "chain_id": n} for a in bundle["anchors"][:1] for n in chain_ids]
    return {**bundle, "anchors": anchors}


def bundles() -> dict[str, dict[str, Any]]:
    return {v["name"]: on_chain(v["bundle"], 1) for v in PUBLISHED["bundles"]}


def compare(files: Iterable[tuple[str, bytes]], trusted: str | None = LEDGER) -> list[str]:
    """Let both judge files with names; the verdicts, in order."""
    named = list(files)
    lines = "".join(
        json.dumps({"file": base64.b64encode(data).decode(), "trusted": trusted}) + "\n"
        for _, data in named
    )
    found = subprocess.run(
        ["node", str(JUDGE)], input=lines, capture_output=True, text=True, timeout=200
    )
    assert found.returncode == 0, found.stderr
    ours = bytes.fromhex(trusted[2:]) if trusted else None
    verdicts = []
    for (name, data), line in zip(named, found.stdout.splitlines(), strict=True):
        report = verify_bytes(data, Chains(), trusted_ledger=ours)
        theirs = json.loads(line)
        checks = [asdict(check) for check in report.checks]
        for check in (*checks, *theirs["checks"]):
            # How a malformed value is described is each one's own.
            if check["name"] == "format" and check["ok"] is False:
                check["reason"] = ""
        facts = {n: v for n, v in report.facts.items() if n != "does_not_prove"}
        assert (report.verdict, checks) == (theirs["verdict"], theirs["checks"]), name
        assert facts == theirs["facts"], name
        verdicts.append(report.verdict)
    return verdicts


def rendered(named: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, bytes]]:
    return ((name, json.dumps(value).encode()) for name, value in named)


def test_on_the_published_bundles() -> None:
    assert compare(rendered(bundles().items())) == [v["verdict"] for v in PUBLISHED["bundles"]]


@pytest.mark.parametrize(
    ("chains", "verdict"),
    [
        ((), "pending"),
        ((1, 2), "valid"),
        ((2,), "pending"),
        ((3,), "unchecked"),
        ((2, 3), "pending"),
        ((1, 3), "valid"),
        ((1, 4), "invalid"),
        ((1, 5), "invalid"),
    ],
)
def test_on_what_the_chains_say(chains: tuple[int, ...], verdict: str) -> None:
    bundle = on_chain(PUBLISHED["bundles"][0]["bundle"], *chains)
    assert compare(rendered([("", bundle)])) == [verdict]


def test_on_a_file_of_another_ledger() -> None:
    bundle = bundles()["credit service"]
    assert compare(rendered([("", bundle)]), "0x" + "11" * 32) == ["invalid"]
    assert compare(rendered([("", bundle)]), None) == ["valid"]


@pytest.mark.parametrize("name", bundles())
def test_on_mutations(name: str) -> None:
    """Every place of every bundle, some of the mutations of each: together they meet all kinds."""
    bundle = bundles()[name]
    start = len(name) % 29
    changed = islice(mutations(bundle), start, None, 29)
    compare(rendered(changed))


@pytest.mark.parametrize("name", bundles())
def test_on_forgeries_by_whoever_holds_every_key(name: str) -> None:
    bundle = bundles()[name]
    files = [("resealed", resealed(copy.deepcopy(bundle))), *forgeries(bundle, 7)]
    verdicts = compare(rendered(files))
    assert verdicts[0] == {v["name"]: v["verdict"] for v in PUBLISHED["bundles"]}[name]


def test_on_bytes_that_no_two_readers_may_read_differently() -> None:
    bundle = bundles()["credit service"]
    text = json.dumps(bundle)
    index = f'"index": {bundle["record"]["entry"]["index"]}'
    odd = {
        "spaces": "\r\n\t " + text + "\n",
        "escapes": json.dumps(bundle, ensure_ascii=False).replace("Town", "\\u0054own"),
        "a mark of byte order": "\ufeff" + text,
        "two documents": text + "{}",
        "a repeated name": text.replace("{", '{"format": "x", ', 1),
        "a repeated name, the same value": text.replace(index, f"{index}, {index}", 1),
        "a fraction": text.replace(index, index + ".0", 1),
        "an exponent": text.replace(index, index + "e0", 1),
        "a leading zero": text.replace(index, index.replace(": ", ": 0"), 1),
        "minus zero": text.replace(index, '"index": -0', 1),
        "a large number": text.replace(index, f'"index": {2**53}', 1),
        "a huge number": text.replace(index, '"index": 1' + "0" * 400, 1),
        "not a number": text.replace(index, '"index": NaN', 1),
        "a control character": text.replace("Town", "To\twn", 1),
        "a lone surrogate": text.replace("Town", "\\ud800", 1),
        "an inherited name": text.replace("{", '{"__proto__": {}, ', 1),
        "another inherited name": text.replace('"anchors"', '"toString"', 1),
        "deep": "[" * 17 + "]" * 17,
        "as deep as may be": "[" * 16 + "]" * 16,
        "very deep": "[" * 100_000,
        "brackets in a text": json.dumps("[" * 100),
        "a long text": json.dumps("\\" * 4_000_000),
        "a number": "1",
        "nothing": "",
        "null": "null",
    }
    files = [(name, value.encode()) for name, value in odd.items()]
    files += [("not UTF-8", b"\xff" + text.encode()), ("overlong", b'"\xc0\xaf"')]
    verdicts = dict(zip((name for name, _ in files), compare(files), strict=True))
    assert {name for name, found in verdicts.items() if found != "invalid"} == {"spaces", "escapes"}


def test_on_statements_of_accounts(tmp_path: Path) -> None:
    world = World(tmp_path)
    town = world.town
    world.book.append(town.served(world.book, "org", "ann", world.activity, START + 90000, 120))
    world.seal()
    try:
        found = [statement(world.book, address(who), world._anchors) for who in ("ann", "nobody")]
    finally:
        world.book.close()
        world.book.engine.dispose()
    files = [("totals", found[0]), ("none", found[1])]
    files.append(("hidden", {**found[0], "leaf": found[1]["leaf"], "path": found[1]["path"]}))
    for value in found:
        files += islice(mutations(value), 3, None, 29)
    verdicts = compare(rendered(files), "0x" + town.ledger.hex())
    assert verdicts[:3] == ["valid", "valid", "invalid"]
