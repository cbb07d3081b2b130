"""Sign-in, papers and lists name one host, and who makes papers hears where they lead."""

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest
import zxingcpp

from api.errors import WrongUse
from api.node.directory import LedgerDir
from api.node.public_url import is_loopback, public_url
from api.node.settings import FILE, Settings, load
from ledger.core.files.pdf import attached_file
from tests.builders.attendance import MAP, ROWS, SECRET
from tests.builders.commands import ROOT, Run
from tests.builders.pictures import pictures
from tests.builders.records import address
from tests.builders.waiting import PATIENCE, until

HERE = "http://127.0.0.1:8000"
THERE = "https://hours.example.org"


@pytest.fixture(scope="module")
def founded(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("papers")
    (place / "rows.csv").write_text(ROWS)
    (place / "map.toml").write_text(MAP)
    assert run("init", "--dir", place / "l", **SECRET).code == 0
    rows = (place / "rows.csv", "--map", place / "map.toml", "--dir", place / "l")
    assert run("import", *rows, **SECRET).code == 0
    return place / "l"


@pytest.fixture
def folder(founded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(founded, tmp_path / "l"))


def parties(folder: Path) -> tuple[str, str]:
    """An organisation and its volunteer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOURLEDGER_PASSPHRASE", SECRET["HOURLEDGER_PASSPHRASE"])
        with LedgerDir.at(folder) as home:
            found = {key.label: key.address for key in home.keys.stored()}
    return found["organisation dawn Dawn"], found["volunteer dawn Ann"]


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        (Settings(), HERE),
        (Settings(port=8100), "http://127.0.0.1:8100"),
        (Settings(host="192.168.1.5", port=80), "http://192.168.1.5"),
        (Settings(host="0.0.0.0"), HERE),
        (Settings(host="::"), HERE),
        (Settings(host="::1"), "http://[::1]:8000"),
        (Settings(host="hours.lan"), "http://hours.lan:8000"),
        (Settings(port=8100, public_url=THERE + "/"), THERE),
        (Settings(public_url=THERE + "/town"), THERE + "/town"),
    ],
)
def test_it_follows_where_the_server_listens_until_it_is_set(settings: Settings, url: str) -> None:
    assert public_url(settings) == url


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        *((url, True) for url in (HERE, "http://localhost", "http://[::1]:1", "http://127.9.9.9")),
        *((url, False) for url in (THERE, "http://192.168.1.5", "http://localhost.example.org")),
    ],
)
def test_what_leads_to_ones_own_machine_is_known(url: str, loopback: bool) -> None:
    assert is_loopback(url) is loopback


@pytest.mark.parametrize(
    "url",
    ["hours.example.org", "ftp://x", "https://", "https://x/?a", "https://x/#a", "https://a@b"],
)
def test_an_address_that_no_paper_can_carry_is_refused(tmp_path: Path, url: str) -> None:
    (tmp_path / FILE).write_text(f'public_url = "{url}"\n')
    with pytest.raises(WrongUse, match="public_url"):
        load(tmp_path)


def test_nobody_but_one_function_reads_the_setting() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "api").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "public_url"
        if "settings" in ast.unparse(node.value)
    }
    assert readers == {"api/node/public_url.py"}


def test_a_new_ledger_names_the_setting(folder: Path) -> None:
    text = (folder / FILE).read_text()
    assert 'public_url = "https://' in text
    assert tomllib.loads(text) == {}


def test_papers_that_lead_nowhere_are_warned_of_and_with_strict_refused(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    org, ann = parties(folder)
    place = ("--dir", folder)
    command = ("certificate", "delegate", org, "--as", "organisation dawn Dawn", *place)
    with LedgerDir.at(folder) as home:
        size = home.ledger.size
    refused = run(*command, "--strict", **SECRET)
    assert (refused.code, HERE in refused.err) == (2, True)
    with LedgerDir.at(folder) as home:
        assert home.ledger.size == size
    assert HERE in run(*command, **SECRET).err

    period = ("--from", "2025-01-01", "--until", "2025-12-31", "--purpose", "job")
    issue = ("certificate", "issue", ann, "--organisation", org, *period, *place)
    paper, file = tmp_path / "c.pdf", tmp_path / "c.json"
    refused = run(*issue, "--out", paper, "--strict", **SECRET)
    assert (refused.code, paper.exists()) == (2, False)
    done = run(*issue, "--out", paper, **SECRET)
    assert (done.code, HERE in done.err) == (0, True)
    record = done.out.split("record ")[1].split()[0]
    again = ("certificate", "file", record, "--out", file, *place)
    assert run(*again, "--strict", **SECRET).code == 2
    assert run("serve", "--strict", "--port", 8100, *place, **SECRET).code == 2

    set_right = {**SECRET, "HOURLEDGER_PUBLIC_URL": THERE}
    done = run(*issue, "--out", paper, "--strict", **set_right)
    assert (done.code, done.err) == (0, "")
    status = json.loads(attached_file(paper.read_bytes()))["credentialStatus"]
    assert status["statusListCredential"].startswith(f"{THERE}/organisations/{org}/status/")
    codes = zxingcpp.read_barcodes(next(pictures(paper.read_bytes(), 300)))
    assert [code.text.split("#")[0] for code in codes] == [f"{THERE}/verify"]


def test_sign_in_names_the_port_that_the_server_was_told(folder: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (sys.executable, "-m", "api.cli.app", "serve", "--dir", folder, "--port", str(port))
    environment = {**os.environ, **SECRET}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            until(lambda: server.poll() is not None or answers(url))
            body = {"address": address("ann")}
            asked = httpx.post(f"{url}/v1/sign-in/challenge", json=body, timeout=PATIENCE)
            assert asked.json()["message"].startswith(f"127.0.0.1:{port} wants you to sign in")
            assert f"URI: {url}/v1/sign-in" in asked.json()["message"]
        finally:
            server.terminate()
        assert server.stderr is not None
        assert url in server.stderr.read()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=PATIENCE).status_code == 200
    except httpx.TransportError:
        return False
