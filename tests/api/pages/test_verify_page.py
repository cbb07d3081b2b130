"""What the server gives the verifier page: itself, itself for a disk, the answers of the chain."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from api.pages import modules, rendering, verify
from api.pages.modules import IMPORT, with_relative_names
from api.pages.offline import MARK, sources, written_out
from api.pages.static import assets
from ledger.core.records.record import Record
from tests.builders.http import Client

ENTRY = "js/verify/main.js"


def test_the_fragment_is_all_that_names_a_record(client: Client, service: Record) -> None:
    answer = client.get("/verify")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "connect-src 'self' http: https:;" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy


def test_the_page_for_a_disk_holds_the_very_sources(client: Client, service: Record) -> None:
    html = client.get("/verify/offline.html").text
    data = r'<script type="application/json" id="{}">(.*?)</script>'
    markup = re.sub(data.format("(?:modules|words)"), "", html).replace("http: https:", "")
    assert "://" not in markup, "it loads nothing"
    assert "importmap" not in html
    carried = json.loads(re.search(data.format("modules"), html)[1])
    assert {ENTRY, "verifier/verify.js", "vendor/noble/ed25519/index.js"} <= carried.keys()
    earlier: set[str] = set()
    for path, text in carried.items():
        original = assets().files[path][0].decode()
        assert IMPORT.sub("", text) == IMPORT.sub("", original), "only names of imports differ"
        wanted = {match[2] for match in IMPORT.finditer(text) if match[2].startswith(MARK)}
        assert wanted <= {MARK + name for name in earlier}, "what it imports comes before it"
        earlier.add(path)


def test_only_names_in_imports_are_written_out() -> None:
    text = (
        'import { a } from "./a.js";\nconst b = "./a.js"; // import nothing\nimport("../c.js");\n'
        'export {\n  d,\n  e,\n} from "./d.js";\n'
    )
    assert written_out("x/y.js", text) == text.replace('from "./', 'from "module:x/').replace(
        '("../c', '("module:c'
    )


def test_bare_names_become_relative_paths() -> None:
    text = 'import { a } from "@noble/hashes/sha3.js";\nawait import("@noble/ed25519");\n'
    assert with_relative_names("js/shared/a.js", text) == (
        'import { a } from "../../vendor/noble/hashes/sha3.js";\n'
        'await import("../../vendor/noble/ed25519/index.js");\n'
    )


@pytest.mark.parametrize("entry", ["js/verify/main.js", "js/me/main.js", "js/registrar/main.js"])
def test_every_module_that_is_imported_is_there_and_none_imports_itself(entry: str) -> None:
    assert list(sources(entry))[-1] == entry


@pytest.mark.parametrize("path", ["/verify", "/me", "/registrar", "/verify/offline.html"])
def test_a_server_without_the_libraries_says_what_to_run(
    client: Client, service: Record, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    without = replace(assets(), complete=False)
    for module in (rendering, verify):
        monkeypatch.setattr(module, "assets", lambda: without)
    answer = client.get(path, params={"lang": "zh-Hans"}, follow_redirects=True)
    assert answer.status_code == 200
    assert "make setup" in answer.text
    assert "网站运营者" in answer.text
    assert 'type="module"' not in answer.text


def test_libraries_that_are_not_all_there_are_not_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modules, "LOCKED", tmp_path)
    for name in modules.LIBRARY_FILES[1:]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert modules.libraries() == {}


@pytest.mark.parametrize("params", ["", "{}", "[", "[" * 2000])
def test_a_question_to_the_chain_that_is_none_is_an_error_of_json_rpc(
    client: Client, params: str
) -> None:
    answer = client.get("/verify/chain", params={"method": "eth_chainId", "params": params})
    assert answer.status_code == 200
    assert "error" in answer.json()
