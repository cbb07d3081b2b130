"""A file has one verdict, from both verifiers, however it is packed, spelled, saved or spoiled."""

import base64
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from api.certificates.checking import verify_any
from tests.builders.both_verifiers import JUDGE, bundles, compare
from tests.builders.certificate_files import accounts, certificates
from tests.builders.saved_files import ways
from tests.builders.waiting import PATIENCE

FILES: list[dict[str, str]] = json.loads(
    (Path(__file__).parents[2] / "vectors/files.json").read_text(encoding="utf-8")
)["files"]

CLASSES = re.compile(r"[A-Za-z]Error|[A-Za-z]Exception|undefined|\bNone|\bNaN\b|\[object")
"""Names of classes and values of Python and JavaScript, which say nothing to a person."""

ELSEWHERE = ("credit-report", "disclosure", "attestation")


def test_each_published_file_has_its_verdict_and_reason() -> None:
    for case in FILES:
        report = verify_any(base64.b64decode(case["file"]))
        assert (report.within or report.verdict) == case["verdict"], case["name"]
        first = next(check for check in report.checks if check.name != "ledger")
        assert first.name == "format"
        if case["reason"]:
            assert (first.ok, first.reason) == (None, case["reason"]), case["name"]
            assert (len(report.checks), report.facts) == (1, {})


def test_both_verifiers_say_the_same_of_each_published_file() -> None:
    verdicts = compare((case["name"], base64.b64decode(case["file"])) for case in FILES)
    # The chain of this test holds the anchor that the published bundles name.
    assert verdicts == [case["verdict"].replace("unchecked", "valid") for case in FILES]


def test_no_reason_names_a_class_of_the_program() -> None:
    for case in FILES:
        for check in verify_any(base64.b64decode(case["file"])).checks:
            assert CLASSES.search(check.reason) is None, (case["name"], check)


def test_however_a_file_is_saved_its_verdict_stays(tmp_path: Path) -> None:
    kinds: dict[str, Any] = {"bundle": bundles()["credit service"]}
    for folder, made in (("accounts", accounts), ("certificates", certificates)):
        (tmp_path / folder).mkdir()
        found = made(tmp_path / folder)
        kinds |= {name: file for name, (verdict, file) in found.items() if verdict == "valid"}
    files = [
        (f"{kind}: {way}", data)
        for kind, value in kinds.items()
        for way, data in ways(value).items()
    ]
    assert len(kinds) >= 4
    assert set(compare(files)) == {"valid"}


def test_a_forged_file_is_never_softened_by_how_it_is_saved(tmp_path: Path) -> None:
    """Nor by whatever makes two readers of JSON differ; only without its proof is it no proof."""
    (tmp_path / "papers").mkdir()
    found = certificates(tmp_path / "papers").values()
    credential = next(file for verdict, file in found if verdict == "valid")
    bundle = bundles()["credit service"]
    forged = {
        "bundle": {**bundle, "anchors": bundle["anchors"] * 2},
        "credential": {**credential, "name": "forged"},
    }
    for kind, value in forged.items():
        files = list(ways(value).items())
        text = json.dumps(value)
        files += [
            ("a name twice", text.replace("{", '{"format": "x", ', 1).encode() + b"\n"),
            (
                "a name twice, deep inside",
                text.replace('"index":', '"a": 1, "a": 1, "index":').encode(),
            ),
            ("a fraction", (text[:-1] + ', "x": 1.5}').encode()),
            ("deep", (text[:-1] + ', "x": ' + "[" * 17 + "]" * 17 + "}").encode()),
        ]
        verdicts = compare((f"{kind}: {way}", data) for way, data in files)
        assert dict.fromkeys(verdicts) == {"invalid": None}, kind
    without = {**credential, "proof": credential["proof"][:1], "name": "forged"}
    assert compare([("", json.dumps(without).encode())]) == ["no_proof"]


def test_what_only_the_program_checks_is_known_however_it_is_saved() -> None:
    """By its form, of which the page has no more than the name."""
    for kind in ELSEWHERE:
        value = {"a": 1, "format": f"hourledger-{kind}/v1", "b": [{}]}
        files = [(f"{kind}: {way}", data) for way, data in ways(value).items()]
        if kind == "credit-report":
            files = [(name, data) for name, data in files if "lines" not in name]
        assert set(told(files)) == {"unchecked"}, kind


def told(files: list[tuple[str, bytes]]) -> list[str]:
    """The browser's verdicts alone."""
    lines = "".join(
        json.dumps({"file": base64.b64encode(data).decode(), "trusted": None}) + "\n"
        for _, data in files
    )
    done = subprocess.run(
        ["node", str(JUDGE)],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
