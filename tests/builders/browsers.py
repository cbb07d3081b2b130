"""What the browser tests need: widths, wallets, and whether a page fits."""

import json
from collections import Counter
from collections.abc import Callable

from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from playwright.sync_api import Page

from api.demo.town.persona import Persona
from ledger.core.records.signing import address_of
from tests.builders.demo_server import Served

PHONE, DESKTOP = 360, 1200

WALLET = """
window.ethereum = {
  request: ({ method, params }) =>
    method === "eth_requestAccounts" ? walletAccounts() : walletSigns(method, params),
};
"""


def wallet_of(key: bytes) -> Callable[[Page], None]:
    """Puts a wallet with one key into a page before it loads. It signs typed data by the standard's
    own library, so a digest that the page got wrong would be refused by the ledger."""

    def signs(method: str, params: list[str]) -> str:
        message = (
            encode_defunct(hexstr=params[0])
            if method == "personal_sign"
            else encode_typed_data(full_message=json.loads(params[1]))
        )
        return "0x" + bytes(Account.sign_message(message, key).signature).hex()

    def prepare(page: Page) -> None:
        page.expose_function("walletAccounts", lambda: [address_of(key).lower()])
        page.expose_function("walletSigns", signs)
        page.add_init_script(WALLET)

    return prepare


def by_services(served: Served) -> list[Persona]:
    """Who served most often, and so on."""
    count = Counter(service.volunteer for _, service, _ in served.life.town.services)
    by_address = {who.address: who for who in served.life.town.people}
    return [by_address[address] for address, _ in count.most_common()]


def wider_than_the_window(page: Page) -> bool:
    """Whether a page has to be moved sideways to be read."""
    found: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return found
