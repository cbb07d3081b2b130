"""`hourledger witness`: made once, served, killed, and still no two histories."""

from pathlib import Path

import httpx

from ledger.core.trees.cosignatures import Cosigner, cosigned
from ledger.core.trees.witness_request import Asked, render_request
from ledger.operations import read
from ledger.operations.seal import seal
from ledger.operations.witnessed import unseen
from tests.builders.commands import Run
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import Town
from tests.builders.server_processes import witnessing
from tests.builders.waiting import PATIENCE
from tests.builders.witnesses import list_logs

SECRET = {"HOURLEDGER_PASSPHRASE": "eight chars"}


def test_it_is_made_once_and_says_its_key(run: Run, tmp_path: Path) -> None:
    done = run("witness", "init", "--dir", tmp_path / "w", "--name", "witness.example/w1", **SECRET)
    assert done.code == 0
    assert Cosigner.parse(done.out.strip()).name == "witness.example/w1"
    again = run("witness", "init", "--dir", tmp_path / "w", "--name", "witness.example/w2")
    assert again.code == 2
    odd = run("witness", "init", "--dir", tmp_path / "o", "--name", "Not A Name")
    assert (odd.code, (tmp_path / "o").exists()) == (2, False)
    assert run("witness", "serve", "--dir", tmp_path / "none").code == 2


def test_without_a_passphrase_it_says_where_one_lies(run: Run, tmp_path: Path) -> None:
    done = run("witness", "init", "--dir", tmp_path / "w", "--name", "witness.example/w1")
    assert "beside the key" in done.err
    assert (tmp_path / "w/passphrase").stat().st_mode & 0o077 == 0


def test_killed_after_each_answer_it_still_cosigns_one_history(run: Run, tmp_path: Path) -> None:
    folder, town = tmp_path / "w", Town()
    done = run("witness", "init", "--dir", folder, "--name", "witness.example/w1", **SECRET)
    cosigner = Cosigner.parse(done.out.strip())
    list_logs(folder, town)
    ledger = opened_ledger(town, tmp_path)
    settle(town, ledger)
    old = 0
    for name in ("carol", "dave", "erin"):
        ledger.append(town.enrol(name))
        seal(ledger, town.log_key)
        shown = unseen(ledger, cosigner, old)
        assert shown is not None
        asked = render_request(Asked(shown.old, shown.proof, shown.batch.checkpoint))
        with witnessing(folder, **SECRET) as served:
            answer = httpx.post(f"{served.url}/add-checkpoint", content=asked, timeout=PATIENCE)
            served.kill()
        assert answer.status_code == 200
        note = read.latest_checkpoint(ledger) + answer.text
        assert cosigner in cosigned(note, [cosigner])
        old = shown.batch.size
    with witnessing(folder, **SECRET) as served:
        answer = httpx.post(f"{served.url}/add-checkpoint", content=asked, timeout=PATIENCE)
        assert (answer.status_code, answer.text) == (409, f"{old}\n")
        assert answer.headers["content-type"] == "text/x.tlog.size"
        large = httpx.post(f"{served.url}/add-checkpoint", content=b"x" * 100_000, timeout=PATIENCE)
        assert large.status_code == 413
        assert run("witness", "serve", "--dir", folder, **SECRET).code == 3
    ledger.engine.dispose()
