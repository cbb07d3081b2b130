"""The first step of a volunteer: a key enters the ledger by its own signature, and nobody
else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from api.access.principal import resolve
from api.demo.town.persona import Persona, key_of
from ledger.core.state.state import volunteer_key
from ledger.store.engine import snapshot
from ledger.store.state import SqlState
from tests.builders.browsers import DESKTOP, PHONE, wallet_of, wider_than_the_window
from tests.builders.demo_server import Served
from tests.builders.university import CLERK, UNIVERSITY

PageAt = Callable[..., Page]
NEWCOMER = Persona(key_of(11, "newcomer"), "newcomer")


def enrolled(served: Served, address: str) -> bool:
    return resolve(served.home.ledger, address).volunteer


def test_a_key_of_this_browser_enrols_itself(
    page_at: PageAt,
    served: Served,
    check_axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
) -> None:
    page = page_at("/me", PHONE, "zh-Hans")
    page.get_by_label("新口令").fill("correct horse battery")
    page.locator("#device-make button").click()
    expect(page.locator("#enrolment")).to_be_visible()
    expect(page.locator("#recovery")).to_contain_text("任何人，包括您的组织")
    assert not wider_than_the_window(page)
    check_axe(page)
    screenshot(page, "me-enrol-zh-Hans-phone")
    address = page.locator("#me").inner_text()
    assert not enrolled(served, address)
    page.get_by_role("button", name="签名并登记").click()
    assert not enrolled(served, address), "who is younger than 14 needs a parent's signature"
    page.get_by_label("我已年满 14 周岁").check()
    page.get_by_role("button", name="签名并登记").click()
    expect(page.locator("#message")).to_contain_text("登记完成")
    expect(page.locator("#enrolment")).to_be_hidden()
    assert enrolled(served, address)
    with snapshot(served.home.ledger.engine) as connection:
        found = SqlState(connection).get(volunteer_key(address))
    assert found is not None
    assert any(found.identity)


def test_a_wallet_enrols_itself_and_no_two_commitments_are_alike(
    page_at: PageAt, served: Served
) -> None:
    identities = set()
    for name in ("first", "second"):
        who = Persona(key_of(11, f"newcomer {name}"), name)
        page = page_at("/me", DESKTOP, "en", before=wallet_of(who.key))
        page.locator("#wallet").click()
        page.get_by_label("I am 14 or older.").check()
        page.get_by_role("button", name="Sign and enrol").click()
        expect(page.locator("#message")).to_contain_text("You are enrolled")
        with snapshot(served.home.ledger.engine) as connection:
            found = SqlState(connection).get(volunteer_key(who.address))
        assert found is not None
        identities.add(found.identity)
    assert len(identities) == 2


def test_the_whole_address_can_be_copied(page_at: PageAt) -> None:
    page = page_at("/me", DESKTOP, "en", before=wallet_of(NEWCOMER.key))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#wallet").click()
    page.locator("#copy-me button").click()
    expect(page.locator("#copy-me button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == NEWCOMER.address


@pytest.mark.parametrize("who", [UNIVERSITY, CLERK], ids=["university", "clerk"])
def test_who_acts_for_an_organisation_is_not_told_to_enrol(page_at: PageAt, who: Persona) -> None:
    page = page_at("/me", PHONE, "en", before=wallet_of(who.key))
    page.locator("#wallet").click()
    expect(page.locator("#acting")).to_be_visible()
    expect(page.locator("#acting")).to_contain_text(UNIVERSITY.address)
    expect(page.locator("#enrolment")).to_be_hidden()
    expect(page.locator("#message")).to_be_hidden()
    expect(page.locator("#no-recorder")).to_be_hidden()
