"""The browser's reader of chains finds on a real node what the library's finds."""

import json
import re
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from eth_typing import HexStr

from anchoring.deploy import deploy, open_ledger
from anchoring.errors import Retry
from anchoring.known_code import KNOWN_CODE
from anchoring.reader import ChainReader
from anchoring.web3_chain import send_and_wait
from ledger.core.trees.merkle import consistency_path, reader_of
from tests.builders.codes import forgeries
from tests.builders.deployments import LIES, Deployment, lie, root_of
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
        final=question.get("final", False),
    )
    root, ledger = (bytes.fromhex(question[name][2:]) for name in ("root", "ledger"))
    found = asdict(reader.look_up(question["anchor"], ledger, question["size"], root))
    return {"blockTime": found.pop("block_time"), **found}


def test_it_knows_the_codes_that_the_library_knows() -> None:
    chain = (REPOSITORY / "verifier/chain.js").read_text(encoding="utf-8")
    (listed,) = re.findall(r"KNOWN_CODE = (\[[^]]*\]);", chain)
    assert tuple(json.loads(listed)) == KNOWN_CODE


def test_both_know_the_same_codes(real: Deployment) -> None:
    """And none that somebody made who hopes that it is taken for ours."""
    real.states(SIZE)
    anchor = real.anchor_of(SIZE)
    for code in forgeries():
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
        {"founder": "0x" + "00" * 20},
        {"founder": str(anchor["founder"]).lower()},
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
        {"founder": "0x" + "00" * 20, "block_number": 10**9},
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
    assert states == {"settling", "mined", "absent", "contested", "contradicted", "unreachable"}


def rows(real: Deployment) -> dict[str, dict[str, Any]]:
    """Each row of the table in docs/spec/anchoring.md → the finding, the same in both readers."""
    asked: dict[str, dict[str, Any]] = {}

    def look(name: str, anchor: dict[str, Any], **changes: Any) -> None:
        question = ask(real, anchor, **changes)
        (found,) = findings([question])
        assert found == ours(real, question), name
        asked[name] = found

    anchor = real.claim(SIZE)
    look("nothing", anchor)
    real.call(real.account, "anchor", *lie(SIZE, 0))
    look("another root, settling", anchor)
    look("settling", anchor, root="0x" + lie(SIZE, 0)[1].hex())
    look("not deep", anchor, root="0x" + lie(SIZE, 0)[1].hex(), confirmations=2)
    real.later(60)
    look("deep", anchor, root="0x" + lie(SIZE, 0)[1].hex(), confirmations=2)
    look("final demanded", anchor, root="0x" + lie(SIZE, 0)[1].hex(), final=True)
    real.as_owner("disown", SIZE, "an old machine's log; nobody's hours")
    look("disowned", anchor, root="0x" + lie(SIZE, 0)[1].hex())
    look("nothing stands", anchor)
    real.rotate(real.account)
    real.states(3, SIZE)
    look("anchored anew", anchor)
    look("disowned, another stands", anchor, root="0x" + lie(SIZE, 0)[1].hex())
    real.later(7 * 86400)
    look("final", anchor, final=True)
    look("another root, final", anchor, root="0x" + "66" * 32)
    look("disowned, another is final", anchor, root="0x" + lie(SIZE, 0)[1].hex())
    return asked


def test_each_row_of_the_table_is_found_by_both(real: Deployment) -> None:
    found = rows(real)
    assert {name: finding["state"] for name, finding in found.items()} == {
        "nothing": "absent",
        "another root, settling": "contested",
        "settling": "settling",
        "not deep": "mined",
        "deep": "settling",
        "final demanded": "mined",
        "disowned": "disowned",
        "nothing stands": "absent",
        "anchored anew": "settling",
        "disowned, another stands": "disowned",
        "final": "final",
        "another root, final": "contradicted",
        "disowned, another is final": "disowned",
    }
    assert "the ledger's owner may take it back until 20" in found["settling"]["reason"]
    assert "; it can still be taken back" in found["another root, settling"]["reason"]
    told = found["disowned"]["reason"]
    assert told.endswith("; ask for a fresh proof: an old machine's log; nobody's hours")


def test_a_reason_that_nobody_should_see_is_not_shown(real: Deployment) -> None:
    """The owner gives the reason, and may give any bytes."""
    abi = real.place._contract
    for number, reason in enumerate((b"\xff\xfe", "a\u202etxt".encode(), b"", b"<b>" * 85)):
        real.call(real.account, "anchor", *lie(SIZE, 0))
        data = abi.encode_abi("disown", [*real.place._place, SIZE, ""])
        # The tail of the call anew: the length and the bytes of the reason, whatever they are.
        padded = reason + bytes(-len(reason) % 32)
        tail = (len(reason).to_bytes(32, "big") + padded).hex()
        send_and_wait(real.web3, real.owner, real.contract, HexStr(data[:-64] + tail))
        question = ask(real, real.claim(SIZE), root="0x" + lie(SIZE, 0)[1].hex())
        (found,) = findings([question])
        assert found == ours(real, question)
        assert found["state"] == "disowned"
        shown = found["reason"].endswith("ask for a fresh proof: " + "<b>" * 85)
        assert shown == (number == 3), "text is shown as text"
        assert shown or found["reason"].endswith("; ask for a fresh proof")
        real.rotate(real.account)


def test_a_second_history_of_the_same_sizes_in_the_same_contract_is_refused_by_it(
    real: Deployment,
) -> None:
    """Who stole the keys of log and anchorer signs another log of the same ledger, and would anchor
    it on top of the first, so that both prove themselves for ever."""
    real.states(3, SIZE)
    size, root, path = lie(8, 0)
    for proof in (path, consistency_path(reader_of(LIES), SIZE, size), lie(8, SIZE)[2]):
        with pytest.raises(Retry, match="estimate"):
            real.call(real.account, "anchor", size, root, proof)
    question = ask(real, real.claim(size), size=size, root="0x" + root.hex())
    (found,) = findings([question])
    assert found == ours(real, question)
    assert found["state"] == "absent"


def test_a_second_history_in_another_place_is_found_by_who_knows_the_first(
    real: Deployment,
) -> None:
    """The operator, or who stole the keys of log and anchorer, deploys the same code again, or
    opens the ledger with another founder, for other roots of the same sizes. In one place that is
    impossible."""
    real.states(3, SIZE)
    first, founder = real.contract, real.place.founder
    forged = "0x" + lie(SIZE, 0)[1].hex()
    other = open_ledger(real.web3, first, real.ledger_id, real.account, real.account.address)
    data = other.anchor_data(*lie(SIZE, 0))
    send_and_wait(real.web3, real.account, first, data)
    real.contract = deploy(real.web3, real.owner)
    open_ledger(real.web3, real.contract, real.ledger_id, real.owner, real.account.address)
    real.call(real.account, "anchor", *lie(SIZE, 0))
    claim = real.claim(SIZE)
    shown = ask(real, claim, root=forged)
    ours_only = {**shown, "anchor": {**claim, "contract": first}}
    questions = [
        shown,
        {**shown, "pinned": first},
        {**shown, "pinned": real.contract},
        ours_only,
        {**ours_only, "pinned": first},
        {**ours_only, "anchor": {**claim, "contract": first, "founder": other.founder}},
    ]
    found = findings(questions)
    assert found == [ours(real, question) for question in questions]
    states = [finding["state"] for finding in found]
    assert states == [
        "settling", "unreachable", "settling", "contested", "contested", "settling",
    ]  # fmt: skip
    named = f", by contract {real.contract} and founder {founder}, which the file names"
    assert named in found[0]["reason"], "only who reads this, and knows better, sees it"
    assert named not in found[2]["reason"]
    assert f"and founder {other.founder}, which the file names" in found[5]["reason"]


def test_a_silent_node_is_no_answer(real: Deployment, tmp_path: Path) -> None:
    real.states(SIZE)
    (found,) = findings([ask(real, real.anchor_of(SIZE), url="http://127.0.0.1:9")])
    assert (found["state"], found["blockTime"]) == ("unreachable", None)
