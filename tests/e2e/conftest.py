"""A town's ledger, anchored on a real node, served by a real server, seen in a real browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.builders.demo_server import Served, app_of, town_on
from tests.builders.nodes import Node, start_anvil
from tests.builders.pictures import SCREENS
from tests.builders.servers import serving
from tests.builders.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
expect.set_options(timeout=PATIENCE * 1000)

PATIENT_PAGES = "AbortController.prototype.abort = () => {}"
"""Pages give up a node that is silent for long; on a busy machine that would decide a test."""


@pytest.fixture(scope="session")
def anvil(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    node = start_anvil(tmp_path_factory.mktemp("anvil"))
    yield node
    node.stop()


@pytest.fixture(scope="session")
def served(anvil: Node, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("town") / "ledger"
    with (
        town_on(anvil, folder) as (town, registry),
        serving(app_of(town.home, registry), town.port),
    ):
        yield town


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
