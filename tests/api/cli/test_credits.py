"""A registrar's commands, from a roster in GBK to decisions that anybody checks."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.node.directory import AUTHORITY, LedgerDir
from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.format.volunteer_number import number_of
from ledger.core.kinds.registry import Consent, Organisation
from ledger.core.records.record import Record
from ledger.core.records.signing import address_of, sign
from ledger.operations.read import account_entries
from tests.builders.commands import Run, own

RULES = """
format = "hourledger-credit-rules/v1"
scheme = "practice"
version = "1"
source = "made up"
valid_from = 2000-01-01
title = { zh = "实践学分", en = "Practice credits" }
classes = { credit = "1", honour = "1/2" }
credit = { minutes_per_credit = 60 }
[[terms]]
name = "all"
from = 2000-01-01
until = 2100-01-01
"""


@pytest.fixture
def folder(demo: Path, tmp_path: Path) -> Path:
    shutil.copytree(demo, tmp_path / "ledger")
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    return tmp_path / "ledger"


def certify(folder: Path) -> str:
    """A university whose key is in the keystore under the label `university`."""
    with LedgerDir.at(folder) as home:
        ledger, now = home.ledger, home.ledger.clock()
        university = address_of(home.keys.obtain("university"))
        body = Organisation(
            university, "certify", "青禾大学", "大学", ZERO_ADDRESS, ZERO_ADDRESS, now, 0, now
        )
        key = home.keys.demand(AUTHORITY)
        ledger.append(Record(body, (sign(ledger.ledger_id, body, "authority", key),)))
    return university


def students(folder: Path) -> list[tuple[str, str]]:
    """(label, address) of three volunteers."""
    with LedgerDir.at(folder) as home:
        found = [k for k in home.keys.stored() if k.label.startswith("volunteer ")]
    return [(key.label, key.address) for key in found[:3]]


def may_look_until(folder: Path, volunteer: str) -> str:
    """The last day (UTC) on which the newest consent of a volunteer holds."""
    with LedgerDir.at(folder) as home:
        entries = account_entries(home.ledger, volunteer, -1, 1000)
        ends = [e.record.body.valid_until for e in entries if isinstance(e.record.body, Consent)]
    return datetime.fromtimestamp(ends[-1] - 1, UTC).strftime("%Y-%m-%d")


def test_the_whole_run(run: Run, folder: Path, tmp_path: Path) -> None:
    university = certify(folder)
    done = run("credits", "delegate", university, "--as", "university", "--dir", folder)
    assert done.code == 0, done.err
    (ann, ann_at), (bob, bob_at), (_, eve_at) = students(folder)
    later = (datetime.now(UTC) + timedelta(days=100)).strftime("%Y-%m-%d")
    period = ("--from", "2000-01-01", "--until", "2100-01-01", "--valid-until", later)
    for label in (ann, bob):
        done = run("credits", "consent", university, "--as", label, *period, "--dir", folder)
        assert done.code == 0, done.err
        assert f"to be seen until {later}, that day included" in " ".join(done.out.split())
        assert may_look_until(folder, ann_at if label == ann else bob_at) == later
    assert run("seal", "--dir", folder).code == 0
    assert run("anchor", "--dir", folder).code == 0
    roster = tmp_path / "名单.csv"
    rows = [("001", ann_at), ("002", number_of(bob_at)), ("003", eve_at), ("004", "4.4E+17")]
    text = "\r\n".join(["学号,姓名,志愿者编号", *(f"{no},某人,{who}" for no, who in rows)])
    roster.write_bytes(text.encode("gbk"))
    named = ("--university", university, "--dir", folder)

    seen = run("credits", "preview", roster, *named, "--rejected", tmp_path / "bad.csv")
    assert seen.code == 0, seen.err
    assert "gb18030" in seen.out
    bad = list(csv.DictReader(io.StringIO((tmp_path / "bad.csv").read_text("utf-8-sig"))))
    codes = [row["code"] for row in bad]
    # The town's people have names of their own.
    assert codes == ["NAME_DIFFERS", "NAME_DIFFERS", "NO_CONSENT", "NUMBER_DAMAGED"] or codes == [
        "NO_CONSENT",
        "NUMBER_DAMAGED",
    ]

    rules, out = ("--rules", tmp_path / "rules.toml"), tmp_path / "out"
    confirm = ("--confirm", "001", "--confirm", "002")
    done = run("credits", "evaluate", roster, *rules, *named, *confirm, "-o", out)
    assert done.code == 0, done.err
    assert "2 of 4 evaluated" in done.out
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ("report.jsonl", "students.csv", "records.csv", "rejected.csv", "report.xlsx", "report.pdf")
    )
    table = run("credits", "list", *named)
    (name,) = re.findall(r"\b[0-9a-f]{16}\b", table.out)

    report = out / "report.jsonl"
    verdict = run("verify", report, *own(folder), "--json")
    assert (verdict.code, verdict.json["verdict"]) == (0, "valid"), verdict.out
    packed = tmp_path / "report.jsonl.gz"
    packed.write_bytes(gzip.compress(report.read_bytes()))
    assert run("verify", packed, *own(folder)).code == 0
    packed.write_bytes(packed.read_bytes()[:-40])
    assert run("verify", packed, "--dir", folder, "--json").json["verdict"] == "damaged"
    assert run("verify", report).code == 3
    lines = report.read_text(encoding="utf-8").splitlines()
    line = json.loads(lines[1])
    line["evaluation"]["credit_hundredths"] += 1
    lines[1] = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    report.write_text("\n".join(lines), encoding="utf-8")
    assert run("verify", report, *own(folder)).code == 1

    assert run("credits", "finalise", name, "--dir", folder).code == 1
    assert run("credits", "publish", name, "--days", 0, "--dir", folder).code == 0
    assert "0 students changed" in run("credits", "diff", name, "--dir", folder).out
    final = run("credits", "finalise", name, "--dir", folder)
    assert final.code == 0, final.err
    assert run("credits", "export", name, "-o", tmp_path / "final", "--dir", folder).code == 0
    assert run("verify", tmp_path / "final" / "report.jsonl", *own(folder)).code == 0
    assert run("credits", "objections", name, "--dir", folder).code == 0
    assert run("credits", "answer", name, 1, "?", "--dir", folder).code == 1
    assert run("credits", "forget", name, "--dir", folder).code == 0
    assert run("credits", "diff", name, "--dir", folder).code == 1
