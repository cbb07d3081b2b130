"""Chains that nobody but their operator witnesses are known as such, by one rule on both sides."""

import json
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from anchoring.web3_chain import close, connect
from api.node.chain_names import chain_of, is_demonstration, rests_on_demonstration
from api.terminal import verdict as show
from ledger.core.verify.checks import Check, Report
from tests.builders.waiting import PATIENCE

SCRIPTS = Path(__file__).parents[3] / "api/pages/static/js/verify"
NAMED = ", by contract 0x31337 and founder 0x1337, which the file names"
EMBEDDED = "on the demonstration chain, which nobody else witnesses"
IDS = [1, 1337, 1338, 31336, 31337, 2**40 - 1, 2**40, 2**40 + 5, 2**41 - 1, 2**41, 1497570094429]


def test_the_id_that_the_embedded_chain_draws_is_recognised(tmp_path: Path) -> None:
    for name in ("one", "two"):
        web3 = connect(f"embedded:{tmp_path / name}")
        assert is_demonstration(web3.eth.chain_id)
        close(web3)


def test_public_chains_are_none() -> None:
    for chain_id in (1, 56, 137, 1030, 8453, 42161, 11155111):
        assert not chain_of(chain_id).demonstration, chain_id
    assert chain_of(31337).demonstration


@pytest.mark.parametrize(
    ("reason", "ok", "wanted"),
    [
        ("on chain 31337", True, True),
        (f"on chain 31337{NAMED}", True, True),
        (f"on chain 31337{NAMED}; the ledger's owner may take it back until 2027", True, True),
        (f"on chain 1{NAMED}", True, False),
        ("on chain 31337, but final only from 2027 on", None, True),
        ("mined on chain 1337, not 12 blocks deep yet", None, True),
        (EMBEDDED, True, True),
        (f"{EMBEDDED}{NAMED}; the ledger's owner may take it back until 2027", True, True),
        (f"mined {EMBEDDED}, not 2 blocks deep yet", None, True),
        ("on chain 1", True, False),
        ("on chain 131337", True, False),
        (
            f"the ledger took this anchor back at 2027; ask for a fresh proof: {EMBEDDED}",
            None,
            False,
        ),
        ("no chain was asked", None, False),
        ("the chain holds another root, 31337", False, False),
    ],
)
def test_a_verdict_by_the_word_of_such_a_chain_says_so(
    reason: str, ok: bool | None, wanted: bool
) -> None:
    checks = (Check("format", True, "on chain 31337"), Check("anchor", ok, reason))
    assert rests_on_demonstration(checks) == wanted
    printed = StringIO()
    show.verdict(Console(file=printed, width=200), Report("pending", checks, {}))
    assert ("演示链" in printed.getvalue()) == wanted
    found = in_browser(f"restsOnDemonstration({json.dumps([check_json(c) for c in checks])})")
    assert found == wanted


def test_the_rule_of_the_pages_is_the_same() -> None:
    found = in_browser(f"{json.dumps(IDS)}.map(isDemonstration)")
    assert found == [is_demonstration(chain_id) for chain_id in IDS]


def check_json(check: Check) -> dict[str, object]:
    return {"name": check.name, "ok": check.ok, "reason": check.reason}


def in_browser(expression: str) -> object:
    """What an expression over the page's module gives; that needs no page."""
    module = (SCRIPTS / "anchors.js").read_text(encoding="utf-8")
    script = f"{module}\nconsole.log(JSON.stringify({expression}));"
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return json.loads(done.stdout)
