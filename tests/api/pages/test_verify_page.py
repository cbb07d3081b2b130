"""What the server gives the verifier page: itself, itself for a disk, the answers of the chain."""

import base64
import json
import re

import pytest

from api.pages.offline import IMPORT, resolved, sources, written_out
from api.pages.static import assets
from ledger.core.records.record import Record
from tests.api.http.conftest import Client

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
    words = r'<script type="application/json" id="words">.*?</script>'
    rest = re.sub(rf'"data:[^"]*"|http: https:|{words}', "", html)
    assert "://" not in rest, "it loads nothing"
    modules = json.loads(re.search(r'<script type="importmap">(.*?)</script>', html)[1])["imports"]
    assert {"js/verify/main.js", "verifier/verify.js", "@noble/curves/ed25519.js"} <= modules.keys()
    for name, address in modules.items():
        path = name.replace("@noble/", "vendor/noble/")
        text = base64.b64decode(address.removeprefix("data:text/javascript;base64,")).decode()
        original = assets().files[path][0].decode()
        assert IMPORT.sub("", text) == IMPORT.sub("", original), "only names of imports differ"
        assert {match[2] for match in IMPORT.finditer(text)} <= modules.keys()


def test_only_imports_are_written_out() -> None:
    text = (
        'import { a } from "./a.js";\nconst b = "./a.js"; // import nothing\nimport("../c.js");\n'
    )
    assert written_out("x/y.js", text) == text.replace('from "./a', 'from "x/a').replace(
        '("../c', '("c'
    )
    assert resolved("x/y.js", "@noble/curves/utils.js") == "vendor/noble/curves/utils.js"
    assert resolved("vendor/noble/curves/a/b.js", "../c.js") == "vendor/noble/curves/c.js"


def test_every_module_that_is_imported_is_there() -> None:
    assert all(address.startswith("data:") for address in sources(ENTRY).values())


@pytest.mark.parametrize("params", ["", "{}", "[", "[" * 2000])
def test_a_question_to_the_chain_that_is_none_is_an_error_of_json_rpc(
    client: Client, params: str
) -> None:
    answer = client.get("/verify/chain", params={"method": "eth_chainId", "params": params})
    assert answer.status_code == 200
    assert "error" in answer.json()
