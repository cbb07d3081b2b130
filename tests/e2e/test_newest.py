"""A paper that has become old, dropped on the site of its ledger: what counts is what is so now."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from anchoring.journal import targets
from anchoring.once import Once
from anchoring.relay import Relay
from api.certificates.issuer import Wanted
from api.certificates.stored import fetch_code
from api.server.app import create_app
from ledger.operations.prove import bundle
from tests.builders.certificate_requests import EVER, CertificateRequests
from tests.builders.http_people import at, scene
from tests.builders.records import address
from tests.builders.servers import serving
from tests.builders.waiting import PATIENCE

FILE = re.compile("/v1/certificates/0x[0-9a-f]{64}/file$")


@dataclass
class Site:
    """A site on the demonstration chain with `org` as issuer. Each test records hours of its own,
    so that it can void what it likes."""

    town: CertificateRequests
    url: str = ""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    hours: int = 0

    def note(self, url: str, sent: str | None) -> None:
        """A question that a page asks the API."""
        if "/v1/" in url:
            self.asked.append((url, sent))

    def hour(self, name: str = "ann") -> bytes:
        """A short service of its own; its record id."""
        self.hours += 1
        town = self.town.scene.town
        start = at("14 10:00") + 900 * self.hours
        record = town.honour("org", "second", name, start, 10)
        self.town.scene.home.ledger.append(record)
        return town.id(record)

    def issue(self, *services: bytes, name: str = "ann") -> bytes:
        """A certificate of these services, else of a new one."""
        wanted = Wanted(
            address(name), 0, EVER, "申请实习", "zh-Hans", services or (self.hour(name),)
        )
        return self.town.registry.issue(address("org"), wanted).record

    def seal(self) -> None:
        self.town.scene.town.now += 60
        self.town.scene.seal()

    def file(self, record: bytes) -> bytes:
        return json.dumps(self.town.registry.file(record), ensure_ascii=False).encode()

    def void(self, target: bytes) -> None:
        town = self.town.scene.town
        self.town.scene.home.ledger.append(town.void(target, "org"))
        self.seal()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    # The scene is set over HTTP, whose event loop must not meet Playwright's.
    folder = tmp_path_factory.mktemp("site")
    with ExitStack() as server, ThreadPoolExecutor(1) as aside:
        made = aside.submit(lambda: server.enter_context(scene(folder))).result()
        found = Site(aside.submit(CertificateRequests, made).result())
        home = made.home
        found.seal()

        def contracts() -> set[str]:
            return {t.contract for t in targets(home.ledger.engine, home.ledger.ledger_id)}

        def web3() -> object:
            return home.web3

        # Each question comes an hour after the last: what a chain says is never an old answer.
        hours = count(0, 3600)
        kept = Once(lambda: True, lambda: float(next(hours)))
        app = create_app(
            home,
            access=made.access,
            registry=found.town.registry,
            relay=Relay(web3, contracts, kept),  # type: ignore[arg-type]
        )
        found.url = server.enter_context(serving(app))
        yield found


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-CN")
    made = context.new_page()
    made.set_default_timeout(PATIENCE * 1000)
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.on("request", lambda asked: site.note(asked.url, asked.post_data))
    made.goto(f"{site.url}/verify")
    made.wait_for_selector("#verify[data-ready]", state="attached")
    yield made
    context.close()
    assert complaints == []


def drop(page: Page, data: bytes, name: str = "certificate.json") -> str:
    page.evaluate("document.getElementById('result').replaceChildren()")
    page.set_input_files("#file", {"name": name, "mimeType": "", "buffer": data})
    return verdict(page)


def verdict(page: Page) -> str:
    expect(page.locator("[data-verdict]")).to_have_count(1)
    return str(page.locator("[data-verdict]").get_attribute("data-verdict"))


def look_up(page: Page, text: str) -> str:
    page.evaluate("document.getElementById('result').replaceChildren()")
    page.fill("#number", text)
    page.click("#find button")
    return verdict(page)


def said(page: Page) -> str:
    return page.locator(".verdict").inner_text()


def answering(data: bytes) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=200, body=data, content_type="application/vc")


def test_the_old_paper_of_a_revoked_certificate_reads_void(
    site: Site, page: Page, screenshot: Callable[[Page, str], None]
) -> None:
    record = site.issue()
    site.seal()
    paper = site.town.registry.paper(record)
    assert drop(page, paper, "paper.pdf") == "valid"
    expect(page.locator(".verdict")).to_contain_text("本站没有改变这一结论的更新记录")
    site.void(record)
    assert drop(page, paper, "paper.pdf") == "void"
    assert "这份文件较旧，仅凭文件本身为：有效" in said(page)
    screenshot(page, "verify-older-zh-Hans-phone")


def test_the_old_paper_with_a_voided_hour_reads_void(site: Site, page: Page) -> None:
    hour = site.hour()
    record = site.issue(hour)
    site.seal()
    data = site.file(record)
    site.void(hour)
    assert drop(page, data) == "void"
    assert "证明所列的一项服务已作废" in said(page)


def test_a_file_saved_before_its_anchor_reads_valid_once_a_chain_holds_it(
    site: Site, page: Page
) -> None:
    record = site.issue()
    early = site.file(record)
    assert drop(page, early) == "pending"
    site.seal()
    assert drop(page, early) == "valid"
    assert "待上链" in said(page)


def test_the_proof_of_a_single_record_is_judged_by_the_newest_too(site: Site, page: Page) -> None:
    ledger, anchors = site.town.scene.home.ledger, site.town.scene.home.anchors_within
    hour = site.hour()
    site.seal()
    early = json.dumps(bundle(ledger, hour, anchors)).encode()
    assert drop(page, early, "proof.json") == "valid"
    site.void(hour)
    assert drop(page, early, "proof.json") == "void"


def test_nothing_but_the_id_and_its_code_is_sent(site: Site, page: Page) -> None:
    record = site.issue()
    site.seal()
    site.asked.clear()
    assert drop(page, site.file(record)) == "valid"
    _, stored = site.town.registry.stored(record)
    url = f"{site.url}/v1/certificates/0x{record.hex()}/file"
    assert site.asked == [
        (url, json.dumps({"code": fetch_code(stored.salt)}, separators=(",", ":")))
    ]


def test_a_lying_site_cannot_make_an_invalid_file_valid(site: Site, page: Page) -> None:
    record = site.issue()
    site.seal()
    good = site.file(record)
    page.route(FILE, answering(good))
    site.asked.clear()
    assert drop(page, good.replace("申请实习".encode(), "申请落户".encode())) == "invalid"
    assert site.asked == []


def test_a_lying_site_cannot_make_a_void_file_valid_again(site: Site, page: Page) -> None:
    record = site.issue()
    site.seal()
    before = site.file(record)
    site.void(record)
    after = site.file(record)
    page.route(FILE, answering(before))
    assert drop(page, after) == "void"
    assert "不成立，或不属于同一记录" in said(page)


def test_what_proves_another_certificate_or_nothing_does_not_count(site: Site, page: Page) -> None:
    record, other = site.issue(), site.issue()
    early = site.file(record)
    site.seal()
    found = site.file(other)
    forged = site.file(record).replace("申请实习".encode(), "申请落户".encode())
    for lie in (found, forged, b"{}", b"not JSON"):
        page.unroute_all()
        page.route(FILE, answering(lie))
        assert drop(page, early) == "pending", lie[:40]
        assert "不成立，或不属于同一记录" in said(page)


def test_a_site_that_does_not_answer_leaves_the_files_own_verdict(site: Site, page: Page) -> None:
    record = site.issue()
    site.seal()
    data = site.file(record)
    page.route(FILE, lambda route: route.abort())
    assert drop(page, data) == "valid"
    assert "本站未能答复此后的变动" in said(page)


def test_destroying_the_file_at_the_site_does_not_bring_a_revoked_certificate_back(
    site: Site, page: Page
) -> None:
    hour = site.hour("bob")
    record = site.issue(hour, name="bob")
    site.seal()
    data = site.file(record)
    site.void(hour)
    site.town.scene.vault.forget(address("bob"), address("bob"))
    assert drop(page, data) == "void"


def test_the_number_on_the_paper_gives_the_verdict(
    site: Site, page: Page, screenshot: Callable[[Page, str], None]
) -> None:
    hour = site.hour()
    record = site.issue(hour)
    site.seal()
    number = json.loads(site.file(record))["credentialSubject"]["licenseNumber"]
    for typed in (
        number,
        number.lower(),
        number.replace("-", ""),
        f" {number.replace('-', ' – ')} ",
    ):
        assert look_up(page, typed) == "valid", typed
    assert number in page.locator("#result").inner_text()
    assert address("ann") not in page.locator("#result").inner_text()
    screenshot(page, "verify-number-zh-Hans-phone")
    site.void(hour)
    assert look_up(page, number) == "void"
    site.void(record)
    assert look_up(page, number) == "void"


@pytest.mark.parametrize(
    "typed",
    ["QQA3-2PGT-8ZFS", "0x" + "11" * 32, "李小明的证明", "张三: 2024", "R.AAAA", "#R.AAAA"],
)
def test_a_slip_is_no_accusation(site: Site, page: Page, typed: str) -> None:
    assert look_up(page, typed) == "unknown"
    assert "无效" not in said(page)


def test_what_stands_behind_the_mark_of_an_address_is_not_sent(site: Site, page: Page) -> None:
    site.asked.clear()
    page.goto("about:blank")
    page.goto(f"{site.url}/verify#Z.QQQQQ")
    assert verdict(page) == "unknown"
    assert site.asked == []


def test_another_certificate_under_the_number_is_not_taken_for_it(site: Site, page: Page) -> None:
    record, other = site.issue(), site.issue()
    site.seal()
    number = json.loads(site.file(record))["credentialSubject"]["licenseNumber"]
    item = {"record_id": "0x" + other.hex(), "state": "valid"}
    page.route("**/v1/certificates/numbered/*", lambda route: route.fulfill(json={"items": [item]}))
    assert look_up(page, number) == "unchecked"


def test_the_demonstration_chain_is_named_beside_the_verdict(site: Site, page: Page) -> None:
    record = site.issue()
    site.seal()
    assert drop(page, site.file(record)) == "valid"
    assert "演示链：除运营者外无人见证" in said(page)
    expect(page.locator(".ribbon")).to_be_visible()
    page.get_by_text("各项核对").first.click()
    assert page.locator('[data-check="anchor"] [lang=en]').count() == 0
