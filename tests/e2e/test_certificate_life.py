"""A certificate from issue to void, as a stranger at the verifier page sees it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from ledger.core.kinds.registry import Certificate, Void
from ledger.core.records.record import Record, record_id
from ledger.core.records.signing import sign
from ledger.operations.certificates import certificates_of, find_certificate
from tests.builders.browsers import by_services, wallet_of
from tests.builders.demo_server import Served, app_of, town_on
from tests.builders.nodes import start_anvil
from tests.builders.pictures import pictures
from tests.builders.servers import serving
from tests.builders.waiting import PATIENCE

VERDICT = "[data-verdict]"
ZERO = bytes(32)


@dataclass
class Life:
    """A town of this file's own, whose server and node can be stopped."""

    town: Served
    server: ExitStack
    folder: Path


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    folder = tmp_path_factory.mktemp("life")
    node = start_anvil(folder)
    with town_on(node, folder / "ledger") as (town, registry), ExitStack() as server:
        server.enter_context(serving(app_of(town.home, registry), town.port))
        yield Life(town, server, folder)
    if node.process.poll() is None:
        node.stop()


@pytest.fixture
def open_page(fresh_page: Callable[..., Page], life: Life) -> Callable[..., Page]:
    def opened(before: Callable[[Page], None] = lambda _: None, width: int = 1200) -> Page:
        page = fresh_page(width, locale="zh-CN", base_url=life.town.url)
        before(page)
        return page

    return opened


def hand_in(page: Page, data: bytes, name: str = "certificate.json") -> str:
    page.evaluate("document.getElementById('result').replaceChildren()")
    page.set_input_files("#file", {"name": name, "mimeType": "", "buffer": data})
    return verdict(page)


def verdict(page: Page) -> str:
    """The one verdict that is shown."""
    found = page.locator(VERDICT).first.get_attribute("data-verdict")
    assert page.locator(VERDICT).count() == 1
    return str(found)


def failed(page: Page) -> set[str]:
    found = page.locator('[data-ok="false"]').all()
    return {str(check.get_attribute("data-check")) for check in found}


def scanned(pdf: bytes) -> str:
    """What the QR code on the first page says."""
    (code,) = zxingcpp.read_barcodes(next(iter(pictures(pdf, 150))))
    return str(code.text)


def void(life: Life, target: bytes, organisation: str, reason: str) -> None:
    """The organisation takes a record back, and a batch with that is anchored."""
    ledger = life.town.home.ledger
    group = next(g for g in life.town.life.town.groups if g.root.address == organisation)
    body = Void(target, organisation, reason, ZERO, ledger.clock())
    ledger.append(Record(body, (sign(ledger.ledger_id, body, "organisation", group.root.key),)))
    life.town.seal()


def changed(data: dict[str, Any], *path: str | int, by: Callable[[Any], Any]) -> bytes:
    copy = json.loads(json.dumps(data))
    place = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = by(place[path[-1]])
    return json.dumps(copy, ensure_ascii=False).encode()


SUBJECT = "credentialSubject"
TAMPERED: dict[str, tuple[tuple[str | int, ...], Callable[[Any], Any], str]] = {
    "purpose": ((SUBJECT, "hourledger:purpose"), lambda _: "申请落户", "credential"),
    "number": ((SUBJECT, "licenseNumber"), lambda n: n[::-1], "format"),
    "hours": ((SUBJECT, "result", 0, "value"), lambda v: str(int(v) + 60), "format"),
    "holder": ((SUBJECT, "id"), lambda d: d[:-1] + ("0" if d[-1] != "0" else "1"), "format"),
    "name": ((SUBJECT, "identifier", 0, "identityHash"), lambda _: "李**", "credential"),
    "service": (("evidence", 0, "hourledger:minutes"), lambda m: m + 1, "format"),
    "class": (("evidence", 0, "hourledger:hourClass"), lambda _: "honour", "format"),
    "activity": (("evidence", 0, "name"), lambda n: n + "!", "credential"),
    "issuer": (("issuer", "name"), lambda n: n + "总会", "credential"),
    "day": (("validFrom",), lambda t: t.replace("2025", "2024"), "credential"),
    "signature": (("proof", 0, "proofValue"), lambda v: v[:-1] + "2", "credential"),
    "seal": (("proof", 2, "ledgerProof", "seal", "accepted_at"), lambda n: n + 1, "inclusion"),
}
"""What somebody might change: where, how, and which check finds it."""

HINT = ("proof", 2, "ledgerProof", "anchors", 0, "block_number")
"""Where the anchor is to be looked for; what the contract holds decides."""


def test_a_certificate_lives_and_ends(
    life: Life, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    town = life.town
    who = by_services(town)[1]

    # The volunteer issues it, and takes the paper and the file home.
    mine = open_page(wallet_of(who.key), 360)
    mine.goto("/me")
    mine.locator("#wallet").click()
    expect(mine.locator("#in")).to_be_visible()
    mine.get_by_label("用途").fill("申请实习")
    mine.get_by_role("button", name="出具", exact=True).click()
    expect(mine.locator("#message")).to_contain_text("已出具")
    town.seal()
    saved = {}
    for name in ("PDF", "JSON"):
        with mine.expect_download() as got:
            mine.get_by_role("button", name=name).first.click()
        saved[name] = Path(got.value.path()).read_bytes()

    # A stranger drops the paper, or scans it.
    page = open_page()
    page.goto("/verify")
    assert hand_in(page, saved["PDF"], "certificate.pdf") == "valid"
    begun = time.perf_counter()
    scan = open_page()
    scan.goto(scanned(saved["PDF"]))
    assert verdict(scan) == "valid"
    print(f"scan to verdict, chain read included: {time.perf_counter() - begun:.2f} s (limit 3 s)")
    expect(scan.locator("#result")).to_contain_text("申请实习")

    # Nobody changes a word of it.
    file = json.loads(saved["JSON"])
    found = {}
    for name, (path, by, _) in TAMPERED.items():
        assert hand_in(page, changed(file, *path, by=by)) == "invalid", name
        found[name] = failed(page)
    assert found == {name: {check} for name, (_, _, check) in TAMPERED.items()}
    assert hand_in(page, changed(file, *HINT, by=lambda n: n - 1)) == "valid"

    # The page on a disk, for later.
    kept = tmp_path / "verify.html"
    kept.write_bytes(
        httpx.get(f"{town.url}/verify/offline.html?lang=zh-Hans", timeout=PATIENCE).content
    )

    # It is taken back: one verdict, with the reason and the day.
    ledger = town.home.ledger
    record = certificates_of(ledger, who.address)[-1].record
    body = find_certificate(ledger, record).body
    assert isinstance(body, Certificate)
    void(life, record, body.organisation, "entered_in_error")
    again = open_page()
    again.goto(scanned(saved["PDF"]))
    assert verdict(again) == "void"
    said = again.locator(".verdict").inner_text()
    assert "2025" in said, said
    assert hand_in(again, saved["PDF"], "certificate.pdf") == "void"
    expect(mine.locator("#certificates [data-state]")).to_have_text("有效")
    mine.reload()
    expect(mine.locator("#certificates [data-state]")).to_have_text("已作废")

    # The server is gone: the page on the disk asks the stranger's own node.
    life.server.close()
    offline = open_page()
    offline.goto(kept.as_uri())
    assert hand_in(offline, saved["PDF"], "certificate.pdf") == "unchecked"
    offline.fill("#node", town.node.url)
    assert hand_in(offline, saved["PDF"], "certificate.pdf") == "valid"

    # The node is gone: neither valid nor invalid.
    town.node.stop()
    assert hand_in(offline, saved["PDF"], "certificate.pdf") == "unchecked"
    assert failed(offline) == set()


def test_the_record_of_a_certificate_is_named_by_its_content(life: Life) -> None:
    ledger = life.town.home.ledger
    who = by_services(life.town)[1]
    for found in certificates_of(ledger, who.address):
        assert record_id(ledger.ledger_id, found.body) == found.record
