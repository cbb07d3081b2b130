"""A receipt on the page of its ledger's site, which is asked what its log holds at that place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.server.app import create_app
from ledger.core.records.decode import decode_entry
from ledger.core.verify.receipt import promised
from ledger.operations.receipt import receipt
from tests.builders.http_people import Scene, scene
from tests.builders.servers import serving


@dataclass
class Site:
    """A served ledger, and the newest of its people."""

    scene: Scene
    url: str
    people: int = 0

    def promise(self) -> dict[str, Any]:
        """The receipt of a new record."""
        self.people += 1
        town, ledger = self.scene.town, self.scene.home.ledger
        record = town.enrol(f"somebody {self.people}")
        ledger.append(record)
        return receipt(ledger, town.log_key, town.id(record), 5)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    # The scene is set over HTTP, whose event loop must not meet Playwright's.
    folder = tmp_path_factory.mktemp("site")
    with ExitStack() as server, ThreadPoolExecutor(1) as aside:
        made = aside.submit(lambda: server.enter_context(scene(folder))).result()
        yield Site(made, server.enter_context(serving(create_app(made.home, access=made.access))))


@pytest.fixture
def page(fresh_page: Callable[..., Page], site: Site) -> Page:
    made = fresh_page(360, locale="zh-CN")
    made.goto(f"{site.url}/verify")
    made.wait_for_selector("#verify[data-ready]", state="attached")
    return made


def hand_in(page: Page, file: dict[str, Any]) -> str:
    page.evaluate("document.getElementById('result').replaceChildren()")
    data = json.dumps(file).encode()
    page.set_input_files("#file", {"name": "receipt.json", "mimeType": "", "buffer": data})
    shown = page.locator("[data-verdict]")
    expect(shown).to_have_count(1)
    return str(shown.get_attribute("data-verdict"))


def test_what_was_kept_is_shown_as_kept(page: Page, site: Site) -> None:
    made = site.promise()
    assert hand_in(page, made) == "unchecked", "nothing is sealed that could show it"
    site.scene.seal()
    assert hand_in(page, made) in ("valid", "pending", "unchecked")
    assert page.locator('[data-check="promise"]').get_attribute("data-ok") == "true"


def test_what_was_dropped_is_found_by_asking_the_site(page: Page, site: Site) -> None:
    """The operator signed a promise of one record, and entered another in its place."""
    made = site.promise()
    entry = decode_entry(made["entry"])
    dropped = replace(entry, record=site.scene.town.enrol("whom nobody knows"))
    root, key = site.scene.home.ledger.root(), site.scene.town.log_key
    lie = promised(root, dropped, made["sealed_by"], key)
    site.scene.seal()
    assert hand_in(page, lie) == "broken"
    assert "未守承诺" in page.locator(".verdict").inner_text()
    assert hand_in(page, made) != "broken"


def test_a_site_that_shows_another_ledger_s_log_changes_nothing(page: Page, site: Site) -> None:
    made = site.promise()
    site.scene.seal()
    page.route(
        "**/v1/heads/*",
        lambda route: route.fulfill(
            json={"seal": None, "leaf": None, "path": "", "anchors": []},
        ),
    )
    assert hand_in(page, made) == "unchecked"
    assert "以下仅依据文件本身" in page.locator(".verdict").inner_text()
