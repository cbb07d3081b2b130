"""Whose ledger a file is of: what a lookalike can reach, and what a log key that signs two
histories is found by. Both verifiers, on each kind of document that both judge."""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.core.documents import verify_bytes
from ledger.core.format.structs import decode_body
from ledger.core.kinds.registry import Genesis
from ledger.core.verify.checks import EXIT_CODES, SignedHead
from ledger.core.verify.facts import home_of
from ledger.core.verify.pinned import HAND, SITE, Pin
from tests.builders.both_verifiers import LEDGER, as_json, bundles, judged
from tests.builders.lookalike import lookalike
from tests.vectors import certificates, receipts

OTHER = "0x" + "11" * 32
CERTIFICATES: dict[str, Any] = json.loads(certificates.FILE.read_text(encoding="utf-8"))
RECEIPTS: dict[str, Any] = json.loads(receipts.FILE.read_text(encoding="utf-8"))


def files() -> list[tuple[str, str, bytes]]:
    """Name, ledger and bytes of published files, of each verdict."""
    found = [("bundle: " + name, LEDGER, value) for name, value in bundles().items()]
    for published, member in ((CERTIFICATES, "certificates"), (RECEIPTS, "receipts")):
        ledger = published["ledger_id"]
        found += [(f"{member}: {v['name']}", ledger, v["file"]) for v in published[member]]
    return [(name, ledger, json.dumps(value).encode()) for name, ledger, value in found]


FILES = {name: (ledger, data) for name, ledger, data in files()}


def test_nothing_but_a_forgery_or_no_file_is_told_of_a_ledger_that_nobody_named() -> None:
    """Not even that a promise was broken: the lookalike's word is as good as the lookalike."""
    named = [(name, data) for name, (_, data) in FILES.items()]
    now = RECEIPTS["receipts"][0]["now"]
    by_somebody, by_nobody = (judged(named, of, now, Pin(HAND)) for of in (None, OTHER))
    for known, strange in zip(by_somebody, by_nobody, strict=True):
        if known.verdict == "invalid":
            assert strange == known
            continue
        assert (strange.verdict, strange.within) == ("unpinned", known.verdict)
        assert EXIT_CODES[strange.verdict] == 3
        first = strange.checks[0]
        assert (first.name, first.ok) == ("ledger", None)
        assert strange.facts["ledger"]["named"] is None
    seen = {report.verdict for report in by_somebody}
    assert seen >= {"invalid", "broken", "void", "amended", "disputed", "pending", "valid"}


def test_a_lookalike_with_the_name_and_the_origin_of_a_ledger_is_never_green(
    tmp_path: Path,
) -> None:
    """Its genesis says the same of itself but for a key; it has a chain, too."""
    strange = json.dumps(lookalike(tmp_path)).encode()
    pin = Pin(SITE, "example.org")
    theirs, ours = judged(
        [("", strange), ("", FILES["bundle: credit service"][1])], LEDGER, None, pin
    )
    assert (theirs.verdict, theirs.within, ours.verdict) == ("unpinned", "valid", "valid")
    for word in ("name", "home", "utc_offset_minutes"):
        assert theirs.facts["ledger"][word] == ours.facts["ledger"][word]


def test_by_default_nobody_is_trusted() -> None:
    for _, data in FILES.values():
        assert verify_bytes(data).verdict not in ("valid", "pending", "broken")


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        (Pin(HAND), "its id was named by hand"),
        (Pin(SITE, "example.org"), "the ledger of example.org, by its own site"),
    ],
)
def test_who_named_the_ledger_stands_in_the_check_and_in_the_facts(pin: Pin, reason: str) -> None:
    (report,) = judged([("", FILES["bundle: credit service"][1])], LEDGER, None, pin)
    assert report.verdict == "valid"
    assert (report.checks[0].ok, report.checks[0].reason) == (True, reason)
    assert report.facts["ledger"]["named"] == {"by": pin.by, "host": pin.host}


def seen(root: bytes | None = None, more: int = 0) -> tuple[SignedHead, bytes]:
    """A head as somebody saw it before, and a file under a head of that size or another."""
    data = FILES["bundle: credit service"][1]
    (report,) = judged([("", data)], LEDGER, None, Pin(HAND))
    assert report.head is not None
    head = report.head
    return SignedHead(head.size + more, root or head.root, "seen before"), data


def test_two_heads_of_one_size_are_invalid_whatever_a_chain_holds() -> None:
    newest, data = seen(bytes(32))
    (report,) = judged([("", data)], LEDGER, None, Pin(HAND, newest=newest))
    assert (report.verdict, report.facts) == ("invalid", {})
    assert [check.name for check in report.checks if check.ok is False] == ["ledger"]
    assert report.head is not None
    assert as_json(report.head)["size"] == newest.size
    assert "\n\n— " in report.head.note, "the note that its key signed is at hand as evidence"


@pytest.mark.parametrize(("root", "more"), [(None, 0), (bytes(32), 1), (bytes(32), -1)])
def test_the_same_head_and_heads_of_other_sizes_contradict_nothing(
    root: bytes | None, more: int
) -> None:
    newest, data = seen(root, more)
    (report,) = judged([("", data)], LEDGER, None, Pin(HAND, newest=newest))
    assert report.verdict == "valid"


def test_a_head_that_the_log_did_not_sign_accuses_nobody() -> None:
    newest, data = seen(bytes(32))
    bundle = json.loads(data)
    bundle["record"]["tlog_proof"] = bundle["record"]["tlog_proof"].replace("— ", "— x", 1)
    (report,) = judged([("", json.dumps(bundle).encode())], LEDGER, None, Pin(HAND, newest=newest))
    assert report.verdict == "invalid"
    assert {check.name for check in report.checks if check.ok is False} >= {"checkpoint"}
    pending = json.dumps(bundles()["service in no batch"]).encode()
    (waiting,) = judged([("", pending)], LEDGER, None, Pin(HAND, newest=newest))
    assert waiting.verdict == "pending"


@pytest.mark.parametrize(
    ("said", "home"),
    [
        ("hours.example.org", "hours.example.org"),
        ("example.org", "example.org"),
        ("hourledger.local", ""),
        ("", ""),
    ],
)
def test_a_home_is_the_name_of_a_host_or_none(said: str, home: str) -> None:
    genesis = decode_body(Genesis, {**bundles()["credit service"]["genesis"], "home": said})
    assert home_of(genesis) == home
