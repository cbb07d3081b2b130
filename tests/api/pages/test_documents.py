"""Both verifiers say which kind of document a file is, whatever they think of it."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from api.certificates.checking import ALL, verify_any
from ledger.core.verify.checks import DOCUMENTS
from tests.builders.waiting import PATIENCE

VECTORS = Path(__file__).parents[2] / "vectors"
JUDGE = Path(__file__).with_name("judge.mjs")

KINDS = {
    "hourledger-proof/v1": "record",
    "hourledger-account/v1": "account",
    "hourledger-transcript/v1": "transcript",
    "hourledger-disclosure/v1": "disclosure",
    "hourledger-attestation/v1": "attestation",
    "hourledger-receipt/v1": "receipt",
    "hourledger-credit-report/v1": "credit_report",
    "HourledgerProof2026": "certificate",
}
"""Form → kind, as docs/verifier.md has it."""

UNREAD_BY_BOTH = ("forged, with a name twice", "with a fraction")
"""Of these published files the JSON cannot be read, so no form either."""


def published(name: str, member: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((VECTORS / name).read_text(encoding="utf-8"))[member]
    return found


def bytes_of(value: object) -> bytes:
    return json.dumps(value).encode()


def cases() -> dict[str, tuple[bytes, str | None]]:
    """Name → a published file, and the kind that it is of."""
    found: dict[str, tuple[bytes, str | None]] = {}
    for one in published("bundles.json", "bundles"):
        found[f"bundle: {one['name']}"] = bytes_of(one["bundle"]), "record"
    for one in published("certificates.json", "certificates"):
        found[f"certificate: {one['name']}"] = bytes_of(one["file"]), "certificate"
    for one in published("forged.json", "files"):
        found[f"forged: {one['name']}"] = bytes_of(one["file"]), KINDS[one["file"]["format"]]
    for one in published("receipts.json", "receipts"):
        found[f"receipt: {one['name']}"] = bytes_of(one["file"]), "receipt"
    for one in published("files.json", "files"):
        unread = one["verdict"] in ("no_proof", "damaged") or one["name"] in UNREAD_BY_BOTH
        found[f"file: {one['name']}"] = base64.b64decode(one["file"]), None if unread else "record"
    return found


def by_the_browsers(files: list[bytes]) -> list[str | None]:
    pin = {"ledger": ""}
    lines = [json.dumps({"file": base64.b64encode(f).decode(), "pin": pin}) for f in files]
    done = subprocess.run(
        ["node", str(JUDGE)],
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    return [json.loads(line)["document"] for line in done.stdout.splitlines()]


def test_each_published_file_is_of_the_kind_that_both_verifiers_say() -> None:
    found = cases()
    wanted = {name: kind for name, (_, kind) in found.items()}
    files = [data for data, _ in found.values()]
    assert dict(zip(found, (verify_any(f).document for f in files), strict=True)) == wanted
    assert dict(zip(found, by_the_browsers(files), strict=True)) == wanted


def test_there_is_a_kind_for_each_form_that_is_verified() -> None:
    assert KINDS.keys() == ALL.keys()
    assert sorted(KINDS.values()) == sorted(DOCUMENTS)


@pytest.mark.parametrize(("form", "kind"), KINDS.items())
def test_a_file_of_which_nothing_holds_is_still_of_its_kind(form: str, kind: str) -> None:
    empty = {"proof": {"type": form}} if kind == "certificate" else {"format": form}
    report = verify_any(bytes_of(empty))
    assert (report.verdict, report.document) == ("invalid", kind)
    assert by_the_browsers([bytes_of(empty)]) == [kind]
