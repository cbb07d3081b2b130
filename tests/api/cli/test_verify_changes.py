"""`hourledger verify` on files with changes: who made them, and who may not have."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders.commands import Run
from tests.builders.records import address
from tests.vectors import bundles, certificates

FILES: dict[str, tuple[dict[str, Any], Any]] = {
    f"{kind}: {vector['name']}": (vector, vector[member])
    for kind, member, source in (
        ("bundles", "bundle", bundles.FILE),
        ("certificates", "file", certificates.FILE),
    )
    for vector in json.loads(source.read_text(encoding="utf-8"))[kind]
}
LEDGER: str = json.loads(bundles.FILE.read_text(encoding="utf-8"))["ledger_id"]
FORGED = [name for name, (vector, _) in FILES.items() if "fails" in vector]


def written(folder: Path, value: object) -> Path:
    file = folder / "proof.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    return file


@pytest.mark.parametrize("name", FORGED)
def test_a_change_that_the_ledger_would_not_have_taken_is_invalid(
    run: Run, tmp_path: Path, name: str
) -> None:
    vector, value = FILES[name]
    done = run("verify", written(tmp_path, value), "--json")
    assert (done.code, done.json["verdict"]) == (1, "invalid")
    failed = [check["name"] for check in done.json["checks"] if check["ok"] is False]
    assert vector["fails"] in failed
    assert done.json["facts"] == {}, "of a forged file nothing is a fact"


@pytest.mark.parametrize(
    ("name", "said", "who"),
    [
        ("bundles: voided service", "组织已作废该记录，所述理由：未曾服务", "org"),
        ("bundles: disputed service", "志愿者提出异议：未曾服务", "ann"),
        ("bundles: disputed service", "The volunteer objects: not served", "ann"),
        ("bundles: credit service, voided by a successor", "继任组织已作废该记录", "heir"),
        ("bundles: honour service, voided by an authority", "主管方已作废该记录", "authority"),
        ("bundles: service by a revoked key", "签署密钥或组织资格已被撤销", "org"),
        ("certificates: void since by an authority", "主管方已作废该记录", "authority"),
        ("certificates: void by a successor", "继任组织已作废该记录", "heir"),
    ],
)
def test_a_change_is_shown_as_the_word_of_whoever_made_it(
    run: Run, tmp_path: Path, name: str, said: str, who: str
) -> None:
    out = run("verify", written(tmp_path, FILES[name][1])).out
    assert said in out
    assert address(who) in out


def test_what_the_log_has_not_signed_is_not_called_accepted(run: Run, tmp_path: Path) -> None:
    file = written(tmp_path, FILES["bundles: service in no batch"][1])
    done = run("verify", file, "--ledger", LEDGER)
    assert done.code == 3
    assert "日志未签署" in done.out
    assert "by the file alone" in done.out
    for word in ("已受理", "Accepted", "after the service"):
        assert word not in done.out
