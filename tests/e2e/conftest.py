"""A town's ledger, anchored on a real node, served by a real server, seen in a real browser."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from api.certificates.issuer import Desk, bind
from api.certificates.issuers import Office
from api.compose import Services
from api.demo.town.inhabitants import Size
from api.demo.town.life import DAY, Life
from api.demo.town.run import START, SetClock
from api.demo.town.stage import Stage
from api.node import create as founding
from api.node.directory import LedgerDir
from api.server import create_app
from ledger.operations.seal import seal
from tests.builders.nodes import Node, start_anvil
from tests.builders.pictures import SCREENS
from tests.builders.servers import Port, serving
from tests.builders.university import found_university
from tests.builders.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOWN = Size(volunteers=48, organisations=2, days=4, seed=11)

expect.set_options(timeout=PATIENCE * 1000)

PATIENT_PAGES = "AbortSignal.timeout = () => new AbortController().signal"
"""Pages give up a node that is silent for long; on a busy machine that would decide a test."""


@dataclass
class RunningClock(SetClock):
    """A clock that can be set, and once started goes on as those of the browsers do: a page dates
    what it signs by the seconds since it was opened, which a clock that stands would call the
    future."""

    set_at: float = field(default_factory=time.monotonic)
    goes: bool = False

    def __call__(self) -> int:
        return self.now + (int(time.monotonic() - self.set_at) if self.goes else 0)

    def start(self) -> None:
        """From now on it goes."""
        self.set_at, self.goes = time.monotonic(), True


@dataclass
class Served:
    """A served ledger: its address, its directory, the town in it and the node it is anchored on.

    The ledger is open in this process: tests may append to its book, `seal` and anchor.
    """

    port: Port
    ledger: LedgerDir
    life: Life
    clock: RunningClock
    node: Node

    @property
    def url(self) -> str:
        return self.port.url

    def seal(self, *, anchored: bool = True) -> None:
        """Seal what waits, ten minutes later, and anchor it."""
        self.clock.now += 600
        seal(self.ledger.book, self.ledger.log_key)
        if anchored:
            self.anchor()

    def anchor(self) -> None:
        """Anchor all batches, until the node says that they are final."""
        pending = self.ledger.anchor_pending
        until(lambda: all(state.state == "final" for state in pending()), "the anchor")


@pytest.fixture(scope="session")
def anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    node = start_anvil(tmp_path_factory.mktemp("anvil"))
    yield node
    node.stop()


@pytest.fixture(scope="session")
def served(anvil: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("town") / "ledger"
    with town_on(anvil, folder) as (town, office), serving(app_of(town.ledger, office), town.port):
        yield town


@contextmanager
def town_on(node: Node, folder: Path) -> Iterator[tuple[Served, Office]]:
    """A town whose ledger is anchored on a node, and where its certificates are issued; it is not
    served yet."""
    clock = RunningClock(START - DAY)
    founding.found(folder, "益河志愿服务账本", ask=False, clock=clock)
    port = Port()
    with LedgerDir.at(folder, clock, rpc=node.url) as ledger:
        ledger.settings = ledger.settings.model_copy(update={"public_url": port.url})
        life = Life(Stage(ledger, clock.set, TOWN.seed), TOWN, START)
        life.settle()
        found_university(life)
        ledger.set_up_contract()
        town = Served(port, ledger, life, clock, node)
        for number in range(TOWN.days):
            life.day(number)
            seal(ledger.book, ledger.log_key)
            clock.now += 40 + 17 * number
            town.anchor()
        office = desks(life, port.url)
        clock.start()
        yield town, office


def desks(life: Life, url: str) -> Office:
    """Where the organisations of the town issue certificates, with their own keys."""
    ledger = life.stage.ledger
    found = [Desk(group.root.address, group.root.key) for group in life.town.groups]
    for desk in found:
        bind(ledger.book, desk, desk.key)
    by_address = {desk.organisation: desk for desk in found}
    return Office(ledger.book, ledger.vault, ledger.anchors_for, url, by_address)


def app_of(ledger: LedgerDir, office: Office) -> FastAPI:
    """All that a server of the ledger offers."""
    services = Services(ledger)
    return create_app(
        ledger,
        access=services.open_access(),
        station=services.station,
        places=services.places,
        withdrawn=ledger.vault.withdrawn_at,
        relay=services.relay,
        office=office,
        registrar=services.registrar,
    )


# Of one file: while Playwright runs, no other test of this process may start an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium")
    if found is None:
        # Where the suite decides about a release the pages must have been seen.
        assert "CI" not in os.environ, "CI needs Chromium"
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def fresh_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`fresh_page(**options of a context)`: a page in a fresh browser profile."""
    contexts: list[BrowserContext] = []

    def made(width: int = 1200, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(PATIENT_PAGES)
        contexts.append(context)
        return context.new_page()

    yield made
    for context in contexts:
        context.close()


@pytest.fixture
def page_at(fresh_page: Callable[..., Page], served: Served) -> Iterator[Callable[..., Page]]:
    """`page_at(path, width, lang, scheme, before)`: the page in a fresh browser profile, after
    `before` had it. Whatever a page loads from elsewhere or complains of in the console fails."""
    complaints: list[str] = []

    def open_page(
        path: str = "/",
        width: int = 1200,
        lang: str = "zh-Hans",
        scheme: str = "light",
        before: Callable[[Page], None] = lambda _: None,
        **options: Any,
    ) -> Page:
        page = fresh_page(
            width,
            locale={"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}.get(lang, "en-GB"),
            color_scheme=scheme,
            base_url=served.url,
            reduced_motion="reduce",
            **options,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("request", lambda asked: _note_foreign(asked.url, served, complaints))
        before(page)
        page.goto(path)
        return page

    open_page.complaints = complaints  # type: ignore[attr-defined]
    yield open_page
    assert complaints == []


def _note_foreign(url: str, served: Served, complaints: list[str]) -> None:
    if not url.startswith((served.url + "/", served.node.url, "data:", "blob:", "file:")):
        complaints.append(f"asks {url}")


@pytest.fixture(scope="session")
def check_axe() -> Callable[[Page], None]:
    """Fails on anything that axe-core finds against WCAG 2.2 AA or good practice."""
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        page.evaluate(source)
        options = {"runOnly": {"type": "tag", "values": AXE_TAGS}}
        found = page.evaluate("options => axe.run(document, options)", options)
        told = [
            (broken["id"], node["target"], node.get("failureSummary"))
            for broken in found["violations"]
            for node in broken["nodes"]
        ]
        assert told == []

    return check


@pytest.fixture(scope="session")
def screenshot() -> Callable[[Page, str], None]:
    """Keeps a picture of a whole page in the folder that HOURLEDGER_SCREENS names, if it does."""

    def keep(page: Page, name: str) -> None:
        folder = os.environ.get(SCREENS)
        if folder is not None:
            Path(folder).mkdir(parents=True, exist_ok=True)
            picture = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
            colours = picture.quantize(200, Image.Quantize.FASTOCTREE)
            colours.save(Path(folder) / f"{name}.png", optimize=True)

    return keep


def wider_than_the_window(page: Page) -> bool:
    """Whether a page has to be moved sideways to be read."""
    found: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return found
