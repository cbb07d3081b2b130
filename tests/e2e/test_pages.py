"""The public pages, as a phone, a desktop, a dark room, a printer and a keyboard have them."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ledger.core.kinds.registry import Void
from ledger.operations.read import find_service, latest_batch
from tests.builders.browsers import wider_than_the_window
from tests.builders.demo_server import Served

PHONE, DESKTOP = 360, 1200
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
PAGES = ("home", "explorer", "batch", "organisation", "record", "missing")

PageAt = Callable[..., Page]
Check = Callable[[Page], None]
Keep = Callable[[Page, str], None]


def path_of(served: Served, name: str) -> str:
    record, _, group = next(s for s in served.life.town.services if s[1].hour_class == "credit")
    paths = {
        "home": "/",
        "explorer": "/explorer",
        "batch": "/batches/2",
        "organisation": f"/organisations/{group.root.address}",
        "record": f"/records/0x{record.hex()}",
    }
    return paths.get(name, "/no-such-page")


@pytest.fixture
def opened(page_at: PageAt, served: Served) -> PageAt:
    """`page_at`, by the name of the page."""
    return lambda name, *args, **options: _opened(page_at, served, name, *args, **options)


def _opened(page_at: PageAt, served: Served, name: str, *args: object, **options: object) -> Page:
    page = page_at(path_of(served, name), *args, **options)
    if name == "missing":
        # The browser complains of every answer that is no 200.
        complaints = page_at.complaints  # type: ignore[attr-defined]
        complaints[:] = [text for text in complaints if "404" not in text]
    return page


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_it_without_moving_sideways(
    opened: PageAt, check_axe: Check, screenshot: Keep, name: str, lang: str
) -> None:
    page = opened(name, PHONE, lang)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    assert not wider_than_the_window(page)
    if lang == "en":
        # What axe looks at is the same in every language.
        check_axe(page)
    screenshot(page, f"{name}-{lang}-phone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_desktop_shows_it_in_both_schemes(
    opened: PageAt, check_axe: Check, screenshot: Keep, name: str, scheme: str
) -> None:
    page = opened(name, DESKTOP, "zh-Hans", scheme)
    check_axe(page)
    screenshot(page, f"{name}-zh-Hans-desktop" + ("-dark" if scheme == "dark" else ""))


def test_whoever_uses_only_keys_comes_to_the_content_and_to_the_ledger(page_at: PageAt) -> None:
    page = page_at("/", DESKTOP, "en")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_language_that_was_chosen_stays(page_at: PageAt) -> None:
    page = page_at("/", DESKTOP, "zh-Hans")
    page.get_by_role("link", name="繁體中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    page.get_by_role("link", name="益河志愿服务账本").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")


def newest_batch(served: Served) -> int:
    found = latest_batch(served.home.ledger)
    assert found is not None
    return found.number


def test_a_chart_has_its_figures_beside_it_for_who_cannot_see_it(
    opened: PageAt, served: Served
) -> None:
    page = opened("explorer", DESKTOP, "en")
    for name in ("Entries in the ledger", "Time from seal to chain"):
        expect(page.get_by_role("img", name=name)).to_be_visible()
    page.get_by_text("The figures of the charts").click()
    expect(page.locator("details tbody tr")).to_have_count(newest_batch(served))


def test_the_ledger_leads_from_a_batch_to_its_anchor_and_to_its_neighbours(
    opened: PageAt, served: Served
) -> None:
    page = opened("explorer", DESKTOP, "en")
    page.get_by_role("link", name="Batch 3", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Batch 3")
    expect(page.locator("main").get_by_text("A demonstration chain").first).to_be_visible()
    page.get_by_role("link", name="Batch 4").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Batch 4")
    page.goto(f"/batches/{newest_batch(served)}")
    expect(page.get_by_role("link", name=re.compile("^Batch "))).to_have_count(1)


def test_a_voided_hour_says_so_with_reason_and_day_and_has_no_other_state(
    page_at: PageAt, served: Served, check_axe: Check, screenshot: Keep
) -> None:
    record, _, group = served.life.town.services[-1]
    stage = served.life.stage
    body = Void(record, group.root.address, "not_served", bytes(32), stage.at(served.clock.now))
    stage.post([stage.record(body, ("organisation", group.root))])
    assert find_service(stage.ledger, record).status == "void"  # type: ignore[union-attr]
    page = page_at(f"/records/0x{record.hex()}", PHONE, "en")
    expect(page.locator(".lead .state")).to_have_text("Void")
    expect(page.locator(".notice.bad")).to_contain_text("reason: not served")
    check_axe(page)
    screenshot(page, "record-void-en-phone")


def test_a_record_page_names_no_volunteer(opened: PageAt, served: Served) -> None:
    _, service, _ = next(s for s in served.life.town.services if s[1].hour_class == "credit")
    assert service.volunteer not in opened("record").content()


@pytest.mark.parametrize("name", ["explorer", "record"])
def test_paper_shows_the_content_and_nothing_to_press(
    opened: PageAt, screenshot: Keep, name: str
) -> None:
    page = opened(name, 794, "zh-Hans")
    page.emulate_media(media="print")
    expect(page.locator("nav").first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    screenshot(page, f"{name}-zh-Hans-paper")


def test_the_unit_behind_a_figure_is_never_cut(opened: PageAt) -> None:
    page = opened("home", DESKTOP)
    lines = page.locator(".figure .big:has(small)").first.evaluate(
        """figure => {
          figure.style.width = "3ch";
          return figure.querySelector("small").getClientRects().length;
        }"""
    )
    assert lines == 1, "小时 is one word"
