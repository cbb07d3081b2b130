"""The browser's verifier and the library's never disagree: verdict, kind, checks and facts."""

import copy
import gzip
import json
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import base58
import pytest

from api.certificates.checking import verify_any
from api.certificates.data_integrity import hash_data
from api.certificates.signed import with_ledger_proof
from tests.builders.both_verifiers import LEDGER, PUBLISHED, Chains, bundles, compare, on_chain
from tests.builders.certificate_files import (
    ISSUER_KEY,
    accounts,
    certificates,
    issuing_ledger,
    packed,
)
from tests.builders.forged_bundles import forgeries, resealed
from tests.builders.mutations import mutations
from tests.builders.signed_twice import without_rdf
from tests.builders.trusting import everybody

TRUE = [v["name"] for v in PUBLISHED["bundles"] if v["verdict"] != "invalid"]
"""The published bundles that are no forgeries."""


def rendered(named: Iterable[tuple[str, Any]]) -> Iterable[tuple[str, bytes]]:
    return ((name, json.dumps(value).encode()) for name, value in named)


def test_on_the_published_bundles() -> None:
    assert compare(rendered(bundles().items())) == [v["verdict"] for v in PUBLISHED["bundles"]]


def test_on_the_published_certificates() -> None:
    text = (Path(__file__).parents[2] / "vectors/certificates.json").read_text(encoding="utf-8")
    published = json.loads(text)
    named = [(v["name"], v["file"]) for v in published["certificates"]]
    found = compare(rendered(named), published["ledger_id"])
    assert found == [v["verdict"] for v in published["certificates"]]


@pytest.mark.parametrize(
    ("block", "verdict"),
    [
        (1, "valid"),
        (2, "pending"),
        (3, "unchecked"),
        (4, "invalid"),
        (5, "pending"),
        (6, "invalid"),
        (7, "valid"),
        (8, "disowned"),
        (9, "unchecked"),
    ],
)
def test_on_what_the_chain_says(block: int, verdict: str) -> None:
    bundle = on_chain(PUBLISHED["bundles"][0]["bundle"], block)
    assert compare(rendered([("", bundle)])) == [verdict]


def test_on_a_file_of_another_ledger() -> None:
    bundle = bundles()["credit service"]
    assert compare(rendered([("", bundle)]), "0x" + "11" * 32) == ["unpinned"]
    assert compare(rendered([("", bundle)]), None) == ["valid"]


@pytest.mark.parametrize("name", TRUE)
def test_on_mutations(name: str) -> None:
    """Every place of every bundle, some of the mutations of each: together they meet all kinds."""
    bundle = bundles()[name]
    start = len(name) % 29
    changed = islice(mutations(bundle), start, None, 29)
    compare(rendered(changed))


@pytest.mark.parametrize("name", TRUE)
def test_on_forgeries_by_whoever_holds_every_key(name: str) -> None:
    bundle = bundles()[name]
    files = [("resealed", resealed(copy.deepcopy(bundle))), *forgeries(bundle, 7)]
    verdicts = compare(rendered(files))
    assert verdicts[0] == {v["name"]: v["verdict"] for v in PUBLISHED["bundles"]}[name]


def test_on_bytes_that_no_two_readers_may_read_differently() -> None:
    bundle = bundles()["credit service"]
    text = json.dumps(bundle)
    index = f'"index": {bundle["record"]["entry"]["index"]}'
    odd = {
        "spaces": "\r\n\t " + text + "\n",
        "escapes": json.dumps(bundle, ensure_ascii=False).replace("Town", "\\u0054own"),
        "a mark of byte order": "\ufeff" + text,
        "two documents": text + "{}",
        "a repeated name": text.replace("{", '{"format": "x", ', 1),
        "a repeated name, the same value": text.replace(index, f"{index}, {index}", 1),
        "a fraction": text.replace(index, index + ".0", 1),
        "an exponent": text.replace(index, index + "e0", 1),
        "a leading zero": text.replace(index, index.replace(": ", ": 0"), 1),
        "minus zero": text.replace(index, '"index": -0', 1),
        "a large number": text.replace(index, f'"index": {2**53}', 1),
        "a huge number": text.replace(index, '"index": 1' + "0" * 400, 1),
        "not a number": text.replace(index, '"index": NaN', 1),
        "a control character": text.replace("Town", "To\twn", 1),
        "a lone surrogate": text.replace("Town", "\\ud800", 1),
        "an inherited name": text.replace("{", '{"__proto__": {}, ', 1),
        "another inherited name": text.replace('"anchors"', '"toString"', 1),
        "deep": "[" * 17 + "]" * 17,
        "as deep as may be": "[" * 16 + "]" * 16,
        "very deep": "[" * 100_000,
        "brackets in a text": json.dumps("[" * 100),
        "a long text": json.dumps("\\" * 4_000_000),
        "a number": "1",
        "nothing": "",
        "null": "null",
    }
    files = [(name, value.encode()) for name, value in odd.items()]
    files += [("not UTF-8", b"\xff" + text.encode()), ("overlong", b'"\xc0\xaf"')]
    verdicts = dict(zip((name for name, _ in files), compare(files), strict=True))
    harmless = {"spaces", "escapes", "a mark of byte order"}
    assert {name for name, found in verdicts.items() if found == "valid"} == harmless
    damaged = {"two documents", "a leading zero", "not a number", "a control character"}
    assert {name for name, found in verdicts.items() if found == "damaged"} == damaged
    # Grammar that readers may read differently is no accident.
    forged = {name for name, found in verdicts.items() if found == "invalid"}
    assert forged >= {"a repeated name", "a fraction", "minus zero", "a huge number"}
    assert {name for name, found in verdicts.items() if found == "no_proof"} == {
        *("deep", "as deep as may be", "very deep", "brackets in a text", "a long text"),
        *("a number", "nothing", "null", "not UTF-8", "overlong"),
    }


def judged(files: dict[str, tuple[str, dict[str, Any]]], step: int) -> None:
    """Both give each file its verdict, and agree on one in `step` of its mutations."""
    named: list[tuple[str, Any]] = [(name, file) for name, (_, file) in files.items()]
    for name, (_, file) in files.items():
        # The browser checks one of the two signatures: `test_two_signatures.py`.
        named += islice(mutations(without_rdf(file)), len(name) % step, None, step)
    verdicts = compare(rendered(named), LEDGER)
    assert verdicts[: len(files)] == [verdict for verdict, _ in files.values()]


def test_on_statements_and_transcripts(tmp_path: Path) -> None:
    judged(accounts(tmp_path), 97)


def test_on_certificates(tmp_path: Path) -> None:
    judged(certificates(tmp_path), 199)


def test_on_files_of_each_kind_whose_seal_is_younger_than_the_block(tmp_path: Path) -> None:
    for place in ("accounts", "certificates"):
        (tmp_path / place).mkdir()
    files = {name: file for name, (_, file) in accounts(tmp_path / "accounts").items()}
    old = [(name, on_chain(file, 6)) for name, file in files.items()]
    _, paper = certificates(tmp_path / "certificates")["valid"]
    *own, ledger = paper["proof"]
    proof = on_chain(ledger["ledgerProof"], 6)
    old.append(("certificate", {**paper, "proof": [*own, {**ledger, "ledgerProof": proof}]}))
    assert set(compare(rendered(old))) == {"invalid"}
    for name, file in old:
        report = verify_any(json.dumps(file).encode(), Chains(), pins=everybody)
        assert [c.name for c in report.checks if c.ok is False] == ["times"], name


def test_on_a_certificate_of_an_issuer_without_a_domain(tmp_path: Path) -> None:
    with issuing_ledger(tmp_path, "") as made:
        issued = made.issue()
        made.seal()
        judged({"": ("valid", made.file(issued))}, 199)


def test_on_credentials_signed_again(tmp_path: Path) -> None:
    """What is behind the issuer's signature: the record that commits to another credential."""
    with issuing_ledger(tmp_path) as made:
        issued = made.issue()
        made.seal()
        file = made.file(issued)
    proof = file["proof"][-1]["ledgerProof"]
    bare = {name: value for name, value in file.items() if name != "proof"}
    files = []
    for name, changed in islice(mutations(bare), 0, None, 23):
        if isinstance(changed, dict) and changed != bare:
            options = {n: v for n, v in file["proof"][0].items() if n != "proofValue"}
            if changed.get("@context") != bare["@context"]:
                options.pop("@context")
            try:
                signature = ISSUER_KEY.sign(hash_data(changed, options))
            except ValueError:
                continue
            value = "z" + base58.b58encode(signature).decode()
            signed = {**changed, "proof": [{**options, "proofValue": value}]}
            files.append((name, with_ledger_proof(signed, proof)))
    assert len(files) > 100
    assert set(compare(rendered(files))) == {"invalid"}


def test_on_proofs_of_issuers(tmp_path: Path) -> None:
    """Every form of a Data Integrity proof that may be met, and the ledger's in other forms."""
    with issuing_ledger(tmp_path) as made:
        issued = made.issue()
        made.seal()
        file = made.file(issued)
    own, _, ledger = file["proof"]
    value = own["proofValue"]
    forms = {
        "none": [],
        "alone": own,
        "the other way round": [ledger, own],
        "twice": [own, own, ledger],
        "a stranger": [own, ledger, {"type": "Other"}],
        "a stranger without a name": [own, ledger, {"type": "O t h e r"}],
        "only the ledger": [ledger],
        "only the issuer": [own],
        "expires": [{**own, "expires": "2999-01-01T00:00:00Z"}, ledger],
        "created on no day": [{**own, "created": "2023-02-30T00:00:00Z"}, ledger],
        "created loosely": [{**own, "created": "2023-02-28T00:00:00.5+08:00"}, ledger],
        "another purpose": [{**own, "proofPurpose": "authentication"}, ledger],
        "another suite": [{**own, "cryptosuite": "eddsa-rdfc-2022"}, ledger],
        "an unknown member": [{**own, "challenge": "x"}, ledger],
        "another context": [{**own, "@context": ["https://example.org"]}, ledger],
        "no context": [{**own, "@context": []}, ledger],
        "a context as a text": [{**own, "@context": file["@context"][0]}, ledger],
        "a short signature": [{**own, "proofValue": value[:-1]}, ledger],
        "a padded signature": [{**own, "proofValue": "z1" + value[1:]}, ledger],
        "a signature of other digits": [{**own, "proofValue": "z0" + value[2:]}, ledger],
        "no signature": [{n: v for n, v in own.items() if n != "proofValue"}, ledger],
        "a broken text": [{**own, "id": "\ud800"}, ledger],
        "another ledger's": [own, {**ledger, "verificationMethod": own["verificationMethod"]}],
        "more of the ledger": [own, {**ledger, "surplus": 1}],
        "two of the ledger": [own, ledger, ledger],
        "no list": [own, {**ledger, "ledgerProof": []}],
        "too many": [own] * 17,
        "a number": 1,
        "null": None,
    }
    files = [(name, {**file, "proof": form}) for name, form in forms.items()]
    files.append(("a broken text inside", {**file, "x": "\ud800"}))
    verdicts = dict(zip((name for name, _ in files), compare(rendered(files)), strict=True))
    good = {"the other way round", "a stranger"}
    assert {name for name, verdict in verdicts.items() if verdict == "valid"} == good


def test_on_packed_files(tmp_path: Path) -> None:
    file = accounts(tmp_path)["transcript by chain from 0"][1]
    data = packed(file)
    files = [
        ("packed", data),
        ("cut", data[:-1]),
        ("run on", data + b"?"),
        ("twice", packed("") + data),
        ("no gzip", data[:2]),
        ("damaged", data[:100] + b"\0" + data[101:]),
        ("a bomb", gzip.compress(b"[" + b" " * (33 * 1024 * 1024) + b"]")),
    ]
    assert compare(files) == ["valid", *["damaged"] * (len(files) - 2), "no_proof"]
