"""`hourledger verify` takes whatever people hand in, and trusts nothing that lies beside it."""

import base64
import io
import json
import re
import shutil
from pathlib import Path

import pytest
from pypdf import PdfWriter

from api.node.settings import CHAIN, FILE
from tests.builders.commands import Run, own
from tests.builders.pdf_files import pdf, stream

FILES = json.loads((Path(__file__).parents[2] / "vectors/files.json").read_text(encoding="utf-8"))
CLASSES = re.compile(r"[A-Za-z]Error|[A-Za-z]Exception|undefined|\bNone|\bNaN\b")


def blank() -> bytes:
    """A PDF of another program, with a file in it that is none of ours."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_attachment("a.json", b"{}")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture
def proof(demo: Path, tmp_path: Path) -> Path:
    """A proof alone in a folder."""
    return Path(shutil.copy(demo / "proof.json", tmp_path))


def unwrapped(said: str) -> str:
    """What a terminal of any width says, in one line and without its box."""
    return " ".join(said.replace("│", " ").split())


def test_settings_and_chains_beside_a_file_change_nothing(
    run: Run, demo: Path, proof: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = run("verify", proof, "--json")
    assert (alone.code, alone.json["within"], alone.json["node"]) == (3, "unchecked", None)
    shutil.copy(demo / CHAIN, tmp_path)
    (tmp_path / FILE).write_text('rpc = "http://127.0.0.1"\nconfirmations = 1\n')
    assert run("verify", proof, "--json") == alone
    (tmp_path / FILE).write_text("")
    monkeypatch.chdir(tmp_path)
    assert run("verify", "proof.json", "--json") == alone, "not in the folder itself either"
    (tmp_path / FILE).write_text("passphrase = [")
    assert run("verify", "proof.json", "--json") == alone, "nor are they read at all"


def test_the_json_names_the_kind_of_document(run: Run, proof: Path) -> None:
    assert run("verify", proof, "--json").json["document"] == "record"
    assert run("verify", __file__, "--json").json["document"] is None


def test_only_whom_a_person_names_is_asked_and_the_verdict_names_it(
    run: Run, demo: Path, proof: Path
) -> None:
    embedded = {"at": "embedded demonstration chain", "demonstration": True}
    named_by: tuple[dict[str, str], ...] = ({"HOURLEDGER_DIR": str(demo)}, {})
    for by in named_by:
        option = () if by else ("--dir", demo)
        named = run("verify", proof, "--json", *own(demo)[2:], *option, **by)
        assert (named.code, named.json["verdict"], named.json["node"]) == (0, "valid", embedded)
    said = unwrapped(run("verify", proof, "--dir", demo).out)
    assert "asked: embedded demonstration chain, which nobody else witnesses" in said
    assert "No chain was asked" in run("verify", proof).out


def test_a_node_is_named_without_what_is_secret_in_its_address(run: Run, proof: Path) -> None:
    url = "http://user:geheim@127.0.0.1:9/v3/geheim?key=geheim#geheim"
    done = run("verify", proof, "--rpc", url, "--json")
    assert done.json["node"] == {"at": "http://127.0.0.1", "demonstration": False}
    by_environment = run("verify", proof, HOURLEDGER_RPC=url)
    assert "http://127.0.0.1" in by_environment.out
    for said in (done.out, done.err, by_environment.out, by_environment.err):
        assert "geheim" not in said
        assert "user" not in said


def test_a_node_that_was_at_hand_and_not_asked_is_not_named(run: Run, demo: Path) -> None:
    done = run("verify", __file__, "--dir", demo, "--json")
    assert (done.json["verdict"], done.json["node"]) == ("no_proof", None)


def test_whatever_is_handed_in_is_told_in_words(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file"
    for case in FILES["files"]:
        file.write_bytes(base64.b64decode(case["file"]))
        done = run("verify", file, COLUMNS="300")
        assert done.code == (1 if case["verdict"] == "invalid" else 3), case["name"]
        assert case["verdict"].upper().replace("_", " ") in done.out, case["name"]
        assert CLASSES.search(done.out + done.err) is None, case["name"]


def test_what_is_no_file_is_told_in_a_sentence(run: Run, tmp_path: Path) -> None:
    folder = run("verify", tmp_path)
    assert (folder.code, folder.out) == (2, "")
    assert "is a folder" in unwrapped(folder.err)
    missing = run("verify", tmp_path / "none.json")
    assert (missing.code, missing.out) == (2, "")
    assert "there is no file" in unwrapped(missing.err)


def test_a_pdf_without_a_proof_file_is_told_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.pdf"
    file.write_bytes(blank())
    done = run("verify", file, "--json")
    assert (done.code, done.json["verdict"]) == (3, "no_proof")
    (check,) = done.json["checks"]
    assert (check["name"], check["ok"]) == ("format", None)
    assert "no proof file in this PDF" in check["reason"]


def test_the_file_inside_is_judged_like_the_file_alone(
    run: Run, demo: Path, proof: Path, tmp_path: Path
) -> None:
    file = tmp_path / "in.pdf"
    file.write_bytes(pdf(stream(proof.read_bytes())))
    inside = run("verify", file, "--json", *own(demo))
    assert inside.json == run("verify", proof, "--json", *own(demo)).json
    assert (inside.code, inside.json["verdict"]) == (0, "valid")


def test_times_are_told_as_the_clocks_of_the_town_show_them_and_in_utc(
    run: Run, proof: Path
) -> None:
    done = run("verify", proof, "--json")
    assert done.json["facts"]["ledger"]["utc_offset_minutes"] == 480
    said = run("verify", proof).out
    moment = r"\S+ (\d\d):\d\d"
    told = re.search(rf"served from +{moment} \(UTC\+08:00\) = {moment} UTC", said)
    assert told is not None
    assert (int(told[1]) - int(told[2])) % 24 == 8
