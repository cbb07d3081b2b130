"""Who bears witness to the ledger is said on every page, and never more than is so."""

import pytest

from ledger.core.records.record import Record
from tests.builders.http import Client, Open

PATHS = ("/", "/explorer", "/batches/1", "/me", "/registrar", "/verify", "/verify/offline.html")
NO_PAGE = "/no-such-page"
CHAIN = {"en": "Demonstration chain", "zh-Hans": "演示链", "zh-Hant": "演示鏈"}
RIBBON = {
    "en": "A demonstration: nobody but its operator bears witness",
    "zh-Hans": "演示：本账本所用的链除运营者外无人见证",
    "zh-Hant": "演示：本帳本所用的鏈除營運者外無人見證",
}


def test_before_the_first_anchor_no_page_claims_a_witness(client: Client) -> None:
    text = client.get("/?lang=en").text
    assert "No chain bears witness to this ledger yet." in text
    assert RIBBON["en"] not in text
    assert "public chain bears" not in text


@pytest.mark.parametrize("language", list(RIBBON))
def test_a_demonstration_chain_is_named_on_every_page(
    client: Client, home: Open, service: Record, language: str
) -> None:
    home.anchor_pending()
    record = home.town.id(service).hex()
    for path in (*PATHS, f"/records/0x{record}", NO_PAGE):
        text = client.get(f"{path}?lang={language}", headers={"Accept": "text/html"}).text
        assert RIBBON[language] in text, path
    front = client.get(f"/?lang={language}").text
    public = "public chain bears witness to the ledger", "账本本身又上链存证", "帳本本身又上鏈存證"
    assert not any(claim in front for claim in public)
    batch = client.get(f"/batches/1?lang={language}").text
    assert CHAIN[language] in batch
