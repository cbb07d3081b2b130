"""The browser's reader of chains finds on a real node what the library's finds."""

import json
import re
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

from anchoring.deploy import deploy, open_ledger
from anchoring.known_code import KNOWN_CODE
from anchoring.reader import ChainReader
from tests.builders.codes import forgeries, notes
from tests.builders.deployments import Deployment, root_of
from tests.builders.nodes import REPOSITORY
from tests.builders.waiting import PATIENCE

ASK = REPOSITORY / "tests/api/pages/ask.mjs"
SIZE = 5


def ask(deployment: Deployment, anchor: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "url": deployment.url,
        "confirmations": None,
        "anchor": anchor,
        "ledger": "0x" + deployment.ledger_id.hex(),
        "size": SIZE,
        "root": "0x" + root_of(SIZE).hex(),
        **changes,
    }


def findings(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    done = subprocess.run(
        ["node", str(ASK)], input=lines, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def ours(deployment: Deployment, question: dict[str, Any]) -> dict[str, Any]:
    reader = ChainReader(
        deployment.web3,
        confirmations=question["confirmations"] or 1,
        contract=question.get("pinned"),
    )
    root, ledger = (bytes.fromhex(question[name][2:]) for name in ("root", "ledger"))
    found = asdict(reader.look_up(question["anchor"], ledger, question["size"], root))
    return {"blockTime": found.pop("block_time"), **found}


def test_it_knows_the_codes_that_the_library_knows() -> None:
    chain = (REPOSITORY / "verifier/chain.js").read_text(encoding="utf-8")
    (listed,) = re.findall(r"KNOWN_CODE = (\[[^]]*\]);", chain)
    assert tuple(json.loads(listed)) == KNOWN_CODE


def test_both_know_the_same_codes(real: Deployment) -> None:
    """Ours under another note, and codes that somebody made who hopes to be taken for it."""
    real.states(SIZE)
    anchor = real.anchor_of(SIZE)
    for code in (*notes(), *forgeries()):
        real.rpc("anvil_setCode", real.contract, "0x" + code.hex())
        question = ask(real, anchor)
        assert findings([question]) == [ours(real, question)], code.hex()


def test_both_readers_find_the_same(real: Deployment) -> None:
    real.states(3, SIZE)
    anchor = real.anchor_of(SIZE)
    other = {"transaction": real.anchor_of(3)["transaction"]}
    changes: list[dict[str, Any]] = [
        {},
        {"chain_id": 1},
        {"contract": "0x" + "00" * 20},
        {"contract": str(anchor["contract"]).lower()},
        {"epoch": 2},
        {"size": 3},
        {"size": 6},
        {"transaction": "0x" + "11" * 32},
        {"transaction": "0x11"},
        other,
        {"block_number": 1},
        {"block_number": 10**9},
        {"block_number": -1},
        {"block_hash": "0x" + "11" * 32},
        {"block_hash": "0x" + "AA" * 32},
        {**other, "block_number": real.anchor_of(3)["block_number"]},
        {**real.anchor_of(3), "size": SIZE},
        {"epoch": 2, "block_number": 10**9},
        {"contract": "0x" + "00" * 20, "block_number": 10**9},
    ]
    questions = [ask(real, {**anchor, **change}) for change in changes]
    questions += [
        ask(real, anchor, confirmations=2),
        ask(real, {**anchor, **other}, confirmations=2),
        ask(real, anchor, root="0x" + root_of(6).hex()),
        ask(real, anchor, ledger="0x" + "11" * 32),
    ]
    expected = [ours(real, question) for question in questions]
    assert findings(questions) == expected
    states = {finding["state"] for finding in expected}
    assert states == {"final", "mined", "absent", "contradicted", "unreachable"}


def test_a_later_epoch_and_depth_are_seen(real: Deployment) -> None:
    real.states(3, SIZE)
    question = ask(real, real.anchor_of(SIZE), confirmations=2)
    real.add_block()
    real.add_block()
    hint = ask(real, {**question["anchor"], "transaction": "0x" + "11" * 32}, confirmations=2)
    assert findings([question, hint]) == [ours(real, question), ours(real, hint)]
    real.as_owner("startEpoch", 3, "the key was stolen")
    found = findings([question])
    assert found == [ours(real, question)]
    assert found[0]["reason"] == "disowned: epoch 2 began below it"


def test_a_second_history_in_another_contract_is_found_by_who_knows_the_first(
    real: Deployment,
) -> None:
    """The operator, or who stole the keys of log and anchorer, deploys the same code again, for
    other roots of the same sizes. Within one contract that is impossible."""
    real.states(3, SIZE)
    first = real.contract
    real.contract = deploy(real.web3, real.owner)
    open_ledger(real.web3, real.contract, real.ledger_id, real.owner, real.account.address)
    forged = b"\x66" * 32
    real.call(real.account, "anchor", SIZE, forged)
    claim = {**real.anchor_of(SIZE), "contract": real.contract}
    shown = ask(real, claim, root="0x" + forged.hex())
    questions = [
        shown,
        {**shown, "pinned": first},
        {**shown, "pinned": real.contract},
        {**shown, "anchor": {**claim, "contract": first}},
        {**shown, "anchor": {**claim, "contract": first}, "pinned": first},
    ]
    found = findings(questions)
    assert found == [ours(real, question) for question in questions]
    states = [finding["state"] for finding in found]
    assert states == ["final", "unreachable", "final", "contradicted", "contradicted"]
    named = f", by contract {real.contract}, which the file names"
    assert found[0]["reason"].endswith(named), "only who reads this, and knows better, sees it"
    assert not found[2]["reason"].endswith(named)


def test_a_silent_node_is_no_answer(real: Deployment, tmp_path: Path) -> None:
    real.states(SIZE)
    (found,) = findings([ask(real, real.anchor_of(SIZE), url="http://127.0.0.1:9")])
    assert (found["state"], found["blockTime"]) == ("unreachable", None)
