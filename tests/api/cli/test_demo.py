"""The demonstration does the whole job, and its two files judge themselves."""

import csv
import shutil
from pathlib import Path

from api.node.settings import CHAIN
from ledger.core.verify.checks import EXIT_CODES
from ledger.core.verify.record import CHECKS
from tests.builders.commands import own
from tests.builders.permissions import assert_private

EXIT = {code: name for name, code in EXIT_CODES.items()}


def test_the_proof_is_valid_and_every_check_is_named(run, demo: Path) -> None:
    done = run("verify", demo / "proof.json", "--json", *own(demo))
    assert (done.code, done.json["verdict"]) == (0, "valid")
    assert [c["name"] for c in done.json["checks"]] == ["ledger", *CHECKS]
    assert all(c["ok"] is True and c["reason"] for c in done.json["checks"])
    assert done.json["facts"]["hour_class"] == "credit"


def test_the_tampered_proof_differs_in_one_bit_and_is_invalid(run, demo: Path) -> None:
    good, bad = (demo / "proof.json").read_bytes(), (demo / "tampered.json").read_bytes()
    bits = [(a ^ b).bit_count() for a, b in zip(good, bad, strict=True)]
    assert sum(bits) == 1
    done = run("verify", demo / "tampered.json", "--json")
    assert (done.code, done.json["verdict"]) == (1, "invalid")
    failed = {c["name"] for c in done.json["checks"] if c["ok"] is False}
    assert {"signatures", "inclusion"} <= failed


def test_away_from_its_chain_a_proof_is_unchecked_never_valid(
    run, demo: Path, tmp_path: Path
) -> None:
    shutil.copy(demo / "proof.json", tmp_path)
    done = run("verify", tmp_path / "proof.json", "--json")
    assert (done.code, done.json["verdict"], done.json["within"]) == (3, "unpinned", "unchecked")
    trusted = own(demo)[2:]
    alone = run("verify", tmp_path / "proof.json", *trusted, "--json")
    assert (alone.code, alone.json["verdict"]) == (3, "unchecked")
    assert run("verify", tmp_path / "proof.json", *own(demo)).code == 0
    assert run("verify", tmp_path / "proof.json", *trusted, HOURLEDGER_DIR=str(demo)).code == 0


def test_a_silent_node_leaves_a_proof_unchecked(run, demo: Path) -> None:
    node = ("--rpc", "http://127.0.0.1:9", *own(demo)[2:])
    done = run("verify", demo / "proof.json", *node, "--json")
    assert (done.code, done.json["verdict"]) == (3, "unchecked")


def test_a_proof_is_unpinned_until_somebody_names_its_ledger(run, demo: Path) -> None:
    """What the chain says of it changes nothing: a lookalike has a chain, too."""
    strange = run("verify", demo / "proof.json", "--dir", demo)
    assert strange.code == 3
    assert "UNPINNED" in strange.out
    ledger = own(demo)[3]
    said = " ".join(strange.out.replace("│", " ").split())
    assert said.index(f"UNKNOWN LEDGER {ledger}") < said.index("which calls itself")
    known = run("verify", demo / "proof.json", *own(demo))
    assert known.code == 0
    assert "the file does not know what came after" in " ".join(known.out.replace("│", " ").split())
    another = ("verify", demo / "proof.json", "--dir", demo, "--ledger", "0x" + "11" * 32)
    done = run(*another, "--json")
    assert (done.code, done.json["verdict"], done.json["within"]) == (3, "unpinned", "valid")
    assert done.json["facts"]["ledger"]["named"] is None
    assert run("verify", demo / "proof.json", "--ledger", "11").code == 2


def test_every_back_filled_row_has_its_line(demo: Path) -> None:
    with (demo / "result.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 20
    assert {r["outcome"] for r in rows} == {"accepted", "refused"}
    assert {r["hour_class"] for r in rows} == {"honour", ""}


def test_the_ledger_it_left_is_sound(run, demo: Path) -> None:
    done = run("audit", "--dir", demo, "--json")
    assert done.code == 0
    assert done.json["sound"]
    assert done.json["checked"]["anchors"] == 1


def test_it_can_be_played_again_and_spares_a_stranger_s_directory(run, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    assert run("demo", "--dir", folder).code == 0
    assert (folder / CHAIN).exists()
    assert run("demo", "--dir", folder).code == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    assert run("demo", "--dir", tmp_path / "mine").code == 2
    assert (tmp_path / "mine" / "thesis.txt").exists()


def test_all_that_a_demonstration_leaves_is_its_owners_alone(demo: Path) -> None:
    assert_private(demo)
    assert {"result.csv", "chain.sqlite", "ledger.sqlite", "passphrase", "keys"} <= {
        path.name for path in demo.iterdir()
    }
