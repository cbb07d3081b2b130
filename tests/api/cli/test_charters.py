"""Charters from the command line: drafted, signed by one after another, handed in, lived by."""

import json
from pathlib import Path
from typing import Any

import pytest
from eth_account import Account

from api.node.directory import LedgerDir
from ledger.core.records.signing import address_of
from tests.builders.commands import Run
from tests.builders.records import address, key


@pytest.fixture
def home(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    done = run("init", "--dir", folder, "--home", "hours.example.org")
    assert done.code == 0, done.err
    return folder


def value(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def key_file(folder: Path, name: str) -> tuple[Path, Path]:
    """A standard key file and its passphrase."""
    secret, file = folder / f"{name}.pass", folder / f"{name}.json"
    secret.write_text("a passphrase\n")
    file.write_text(json.dumps(Account.encrypt(key(name), "a passphrase", "pbkdf2", 1)))
    return file, secret


def grown(run: Run, home: Path, folder: Path) -> None:
    """A council: the ledger's own authority, a mayor and a warden, two of whom sign."""
    with LedgerDir.at(home) as opened:
        own = address_of(opened.keys.demand("authority"))
    draft = folder / "council.json"
    members = [part for who in (own, address("mayor"), address("warden")) for part in
               ("--authority", who)]  # fmt: skip
    made = run("charter", "propose", "--out", draft, "--reason", "a council", *members,
               "--threshold", 2, "--certify-threshold", 2, "--dir", home)  # fmt: skip
    assert made.code == 0, made.err
    assert run("charter", "sign", draft, "--dir", home).code == 0
    for name in ("mayor", "warden"):
        file, secret = key_file(folder, name)
        done = run("charter", "sign", draft, "--key-file", file, "--passphrase-file", secret)
        assert done.code == 0, done.err
    done = run("charter", "submit", draft, "--dir", home)
    assert done.code == 0, done.err


def test_a_new_ledger_shows_its_first_charter(run: Run, home: Path) -> None:
    found = run("charter", "show", "--json", "--dir", home).json
    assert (found["version"], found["home"], found["threshold"]) == (1, "hours.example.org", 1)
    assert found["hash"] == run("inspect", "--dir", home).json["ledger_id"]
    assert [target["nature"] for target in found["targets"]] == ["demonstration"]
    assert "version: 1" in run("charter", "show", "--dir", home).out


def test_authorities_sign_one_after_another_without_the_ledger(
    run: Run, home: Path, tmp_path: Path
) -> None:
    grown(run, home, tmp_path)
    found = run("charter", "show", "--json", "--dir", home).json
    assert (found["version"], found["threshold"], len(found["authorities"])) == (2, 2, 3)
    assert run("audit", "--dir", home).code == 0


def test_a_ledger_goes_on_with_a_new_log_key(run: Run, home: Path, tmp_path: Path) -> None:
    grown(run, home, tmp_path)
    draft = tmp_path / "rotate.json"
    run("charter", "propose", "--out", draft, "--reason", "stolen", "--new-log-key", "--dir", home)
    alone = run("charter", "sign", draft, "--dir", home)
    assert alone.code == 0, alone.err
    refused = run("charter", "submit", draft, "--dir", home)
    assert refused.code != 0
    assert "QUORUM" in refused.err
    file, secret = key_file(tmp_path, "mayor")
    run("charter", "sign", draft, "--key-file", file, "--passphrase-file", secret)
    (home / "keys/log.pem").unlink()
    done = run("charter", "submit", draft, "--dir", home)
    assert done.code == 0, done.err
    sealed = run("seal", "--dir", home)
    assert sealed.code == 0, sealed.err
    assert run("audit", "--dir", home).code == 0
    assert run("inspect", "--dir", home).json["charter"] == 3


def test_a_wallet_signs_the_typed_data_of_a_draft(run: Run, home: Path, tmp_path: Path) -> None:
    grown(run, home, tmp_path)
    body = {
        "organisation": address("org"), "action": "certify", "name": "Org", "category": "charity",
        "parent": "0x" + "0" * 40, "successor": "0x" + "0" * 40, "valid_from": 2_000_000_000,
        "valid_until": 0, "issued_at": 1_700_000_000,
    }  # fmt: skip
    (tmp_path / "body.json").write_text(json.dumps(body))
    draft = tmp_path / "org.json"
    made = run("record", "draft", "organisation", tmp_path / "body.json", "--out", draft,
               "--dir", home)  # fmt: skip
    assert made.code == 0, made.err
    for name in ("warden", "mayor"):
        asked = value(draft)["typed_data"]
        signed = Account.from_key(key(name)).sign_typed_data(full_message=asked)
        text = "0x" + bytes(signed.signature).hex()
        wrong = run("record", "sign", draft, "--signer", address("ann"), "--signature", text)
        assert "BAD_SIGNATURE" in wrong.err
        done = run("record", "sign", draft, "--signer", address(name), "--signature", text)
        assert done.code == 0, done.err
    done = run("record", "submit", draft, "--dir", home)
    assert done.code == 0, done.err


def test_a_draft_that_shows_a_wallet_another_record_is_refused(
    run: Run, home: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.json"
    run("charter", "propose", "--out", draft, "--reason", "x", "--dir", home)
    found = value(draft)
    found["typed_data"]["message"]["reason"] = "harmless"
    draft.write_text(json.dumps(found))
    assert "is no draft" in run("charter", "sign", draft, "--dir", home).err
    for text in ("", "{}", "[]", '{"ledger": 7}'):
        draft.write_text(text)
        assert "is no draft" in run("charter", "submit", draft, "--dir", home).err
