"""The public pages, as a phone, a desk, a dark room, a printer and a keyboard have them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import wider_than_the_window

PHONE, DESK = 360, 1200
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
PAGES = {"home": "/", "missing": "/no-such-page"}

PageAt = Callable[..., Page]
Check = Callable[[Page], None]
Keep = Callable[[Page, str], None]


def opened(page_at: PageAt, name: str, *args: object, **options: object) -> Page:
    page = page_at(PAGES[name], *args, **options)
    if name == "missing":
        # The browser complains of every answer that is no 200.
        complaints = page_at.complaints  # type: ignore[attr-defined]
        complaints[:] = [text for text in complaints if "404" not in text]
    return page


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_it_without_moving_sideways(
    page_at: PageAt, check_axe: Check, screenshot: Keep, name: str, lang: str
) -> None:
    page = opened(page_at, name, PHONE, lang)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    assert not wider_than_the_window(page)
    check_axe(page)
    screenshot(page, f"{name}-{lang}-phone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_desk_shows_it_in_both_schemes(
    page_at: PageAt, check_axe: Check, screenshot: Keep, name: str, scheme: str
) -> None:
    page = opened(page_at, name, DESK, "zh-Hans", scheme)
    check_axe(page)
    screenshot(page, f"{name}-zh-Hans-desk" + ("-dark" if scheme == "dark" else ""))


def test_whoever_uses_only_keys_comes_to_the_content_and_to_the_book(page_at: PageAt) -> None:
    page = page_at("/", DESK, "en")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_language_that_was_chosen_stays(page_at: PageAt) -> None:
    page = page_at("/", DESK, "zh-Hans")
    page.get_by_role("link", name="繁體中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    page.get_by_role("link", name="益河志愿服务账本").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
