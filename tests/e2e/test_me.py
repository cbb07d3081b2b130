"""The volunteer's page: signing in by a wallet or a key of the browser, and what can be done."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.cli.verify import judge
from api.demo.town.persona import Persona
from ledger.core.records.signing import address_of
from ledger.operations.read import account, find_service
from tests.builders.browsers import DESKTOP, PHONE, by_services, wallet_of, wider_than_the_window
from tests.builders.demo_server import Served
from tests.builders.trusting import everybody

PageAt = Callable[..., Page]
Check = Callable[[Page], None]
Keep = Callable[[Page, str], None]


@pytest.fixture
def busiest(served: Served) -> Persona:
    """Who served most often, and objects to it."""
    return by_services(served)[0]


@pytest.fixture
def mine(page_at: PageAt, busiest: Persona) -> PageAt:
    """The page of who served most often, or of another, signed in by wallet."""

    def opened(*args: Any, who: Persona = busiest, **options: Any) -> Page:
        page = page_at("/me", *args, before=wallet_of(who.key), **options)
        page.locator("#wallet").click()
        expect(page.locator("#in")).to_be_visible()
        return page

    return opened


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_before_signing_in_nothing_of_anybody_is_said(
    page_at: PageAt, check_axe: Check, screenshot: Keep, lang: str
) -> None:
    page = page_at("/me", PHONE, lang)
    expect(page.locator("#device-make")).to_be_visible()
    expect(page.locator("#in")).to_be_hidden()
    assert not wider_than_the_window(page)
    if lang == "en":
        check_axe(page)
    screenshot(page, f"me-out-{lang}-phone")


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_hours_stand_with_state_and_cause_on_a_phone(
    mine: PageAt, served: Served, busiest: Persona, check_axe: Check, screenshot: Keep, lang: str
) -> None:
    page = mine(PHONE, lang)
    state = {"zh-Hans": "已上链", "zh-Hant": "已上鏈", "en": "Anchored"}[lang]
    expect(page.locator("#hours-list .state").first).to_have_text(state)
    totals = account(served.home.ledger, busiest.address)
    shown = page.locator(".figure.credit .big").inner_text()
    assert float(shown.split()[0]) == round(totals.credit_minutes / 60, 2)
    page.locator("#hours-list summary").first.click()
    assert not wider_than_the_window(page)
    if lang == "en":
        check_axe(page)
    screenshot(page, f"me-{lang}-phone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_yibi_add_up_from_their_causes(
    mine: PageAt, served: Served, busiest: Persona, check_axe: Check, screenshot: Keep, scheme: str
) -> None:
    page = mine(DESKTOP, "zh-Hans", scheme)
    coins = page.locator("#coins-list tbody td.number").all_inner_texts()
    assert sum(map(int, coins)) == account(served.home.ledger, busiest.address).balance
    check_axe(page)
    screenshot(page, "me-zh-Hans-desktop" + ("-dark" if scheme == "dark" else ""))


def test_a_key_is_made_here_locked_brought_back_and_removed(
    page_at: PageAt, served: Served, check_axe: Check
) -> None:
    page = page_at("/me", PHONE, "en")
    page.get_by_label("A new passphrase").fill("correct horse battery")
    page.get_by_role("button", name="Keep the key here and sign in").click()
    expect(page.locator("#recovery")).to_be_visible()
    expect(page.locator("#message")).to_contain_text("not enrolled")
    code = page.locator("#recovery .whole").inner_text()
    made = page.locator("#me").inner_text()
    check_axe(page)
    # What is written down is the key, and a slip in it is found.
    digits = code.replace(" ", "")
    assert address_of(bytes.fromhex(digits[:64])) == made
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#device-open")).to_be_visible()
    page.locator("#open-passphrase").fill("wrong horse battery")
    page.get_by_role("button", name="Unlock and sign in").click()
    expect(page.locator("#message")).to_have_text("That is not the passphrase.")
    page.get_by_role("button", name="Remove the key from this browser").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.locator("#device-make")).to_be_visible()
    page.get_by_text("I have a recovery code").click()
    page.get_by_label("A new passphrase").fill("another long passphrase")
    page.locator("#make-code").fill(("0" if code[0] != "0" else "1") + code[1:])
    page.get_by_role("button", name="Keep the key here and sign in").click()
    expect(page.locator("#message")).to_contain_text("slip")
    page.locator("#make-code").fill(code)
    page.get_by_role("button", name="Keep the key here and sign in").click()
    expect(page.locator("#me")).to_have_text(made)


def test_the_key_of_this_browser_signs_an_objection_that_the_ledger_takes(
    page_at: PageAt, served: Served, busiest: Persona
) -> None:
    page = page_at("/me", DESKTOP, "en")
    page.get_by_text("I have a recovery code").click()
    # The code's last group is checked by the page; it is read off the page's own module here.
    code = page.evaluate(
        "async key => (await import(document.querySelector('script[type=module]').src"
        ".replace('me/main.js', 'shared/key_store.js'))).codeOf(Uint8Array.from(key))",
        list(busiest.key),
    )
    page.locator("#make-code").fill(code)
    page.get_by_label("A new passphrase").fill("correct horse battery")
    page.get_by_role("button", name="Keep the key here and sign in").click()
    _object(page, served, busiest)


def test_a_wallet_signs_an_objection_that_the_ledger_takes(
    mine: PageAt, served: Served, busiest: Persona, screenshot: Keep
) -> None:
    page = mine(DESKTOP, "en")
    _object(page, served, busiest)
    screenshot(page, "me-objected-en-desktop")


def _object(page: Page, served: Served, who: Persona) -> None:
    """Object to the newest hour that nobody objected to."""
    card = page.locator("#hours-list > ul > li").filter(has_text="Anchored").first
    card.locator("summary").first.click()
    record = card.get_by_role("link", name="The record and its proof").get_attribute("href")
    assert record
    card.get_by_label("I never served this").check()
    card.get_by_role("button", name="Sign the objection").click()
    expect(page.locator("#message")).to_have_text("Your objection is in the ledger.")
    found = find_service(served.home.ledger, bytes.fromhex(record[-64:]))
    assert found is not None
    assert (found.status, found.volunteer) == ("disputed", who.address)


def test_an_hour_is_shown_to_others_until_it_is_withdrawn(
    mine: PageAt,
    page_at: PageAt,
    served: Served,
    busiest: Persona,
    check_axe: Check,
    screenshot: Keep,
) -> None:
    page = mine(PHONE, "en")
    card = page.locator("#hours-list > ul > li").last
    card.locator("summary").first.click()
    card.get_by_text("Show it to others").click()
    card.get_by_label("For whom").fill("Registrar")
    card.get_by_role("button", name="Make a link").click()
    address = card.locator(".notice .whole").inner_text()
    assert re.fullmatch(re.escape(served.url) + "/shared/hlh_[A-Za-z0-9_-]{43}", address)
    stranger = page_at(address.removeprefix(served.url), PHONE, "zh-Hans")
    expect(stranger.get_by_role("heading", name="您收到了这个链接")).to_be_visible()
    content = stranger.content()
    assert busiest.address not in content
    assert "/v1/records/" not in content
    check_axe(stranger)
    screenshot(stranger, "shared-zh-Hans-phone")
    page.reload()
    links = page.locator("#shares-list > ul > li").filter(has_text="Registrar")
    links.get_by_text("Looked at: 1").click()
    expect(links).to_contain_text("127.0.0.0/16")
    check_axe(page)
    links.get_by_role("button", name="Withdraw").click()
    expect(links).to_contain_text("Withdrawn")
    response = stranger.request.get(address)
    assert response.status == 404


def test_everything_can_be_done_with_keys_alone(page_at: PageAt, busiest: Persona) -> None:
    page = page_at("/me", DESKTOP, "en", before=wallet_of(busiest.key))
    expect(page.locator("#wallet")).to_be_enabled()
    page.locator("#wallet").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#in")).to_be_visible()
    summary = page.locator("#hours-list summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#hours-list details[open]").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="The record and its proof").first).to_be_focused()


def test_a_certificate_is_issued_saved_and_found_valid(
    mine: PageAt, served: Served, check_axe: Check, screenshot: Keep
) -> None:
    page = mine(PHONE, "zh-Hans", who=by_services(served)[1])
    page.get_by_label("用途").fill("申请实习")
    check_axe(page)
    page.get_by_role("button", name="出具", exact=True).click()
    expect(page.locator("#message")).to_contain_text("已出具")
    served.seal()
    with page.expect_download() as paper:
        page.get_by_role("button", name="PDF").first.click()
    with page.expect_download() as file:
        page.get_by_role("button", name="JSON").first.click()
    for saved in (paper, file):
        found, _ = judge(saved.value.path(), served.node.url, None, everybody)
        assert found.verdict == "valid", found.checks
    screenshot(page, "me-certificate-zh-Hans-phone")
