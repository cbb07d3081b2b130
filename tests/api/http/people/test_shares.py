"""Share links over HTTP: made and withdrawn by their owner, looked through by anybody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders.http_people import Scene, at, scene


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path) as made:
        yield made


@pytest.fixture
def hour(play: Scene) -> str:
    """An hour of Ann's."""
    activity = play.town.activity("org", at("20 09:00"), at("20 12:00"))
    play.post(activity)
    play.visit("ann", play.town.id(activity), at("20 09:00"), at("20 11:30"))
    (draft,) = play.drafts(play.town.id(activity))
    assert play.sign_all(play.town.id(activity)) == ["accepted"]
    return str(draft["record_id"])


def share(play: Scene, who: str, record: str, name: str, days: int) -> Any:
    """What the API answers to who asks for a link."""
    headers = {"Authorization": f"Bearer {play.signed_in(who)}"} if who else {}
    terms = {"record_id": record, "name": name, "days": days}
    return play.client.request("POST", "/v1/shares", json=terms, headers=headers)


def test_an_hour_is_shown_by_a_link_until_it_is_withdrawn(play: Scene, hour: str) -> None:
    made = share(play, "ann", hour, "Registrar", 30)
    assert made.status_code == 201
    assert made.headers["cache-control"] == "private, no-store"
    path = made.json()["path"]
    page = play.client.get(path)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "private, no-store"
    assert page.headers["x-robots-tag"] == "noindex"
    assert hour not in page.text
    (found,) = play.ask("GET", "/shares", "ann").json()["items"]
    assert (found["record_id"], found["name"], len(found["views"])) == (hour, "Registrar", 1)
    assert path.rsplit("/", 1)[1] not in str(found)
    withdraw = f"/shares/{found['share_id']}"
    assert play.ask("DELETE", withdraw, "bob").status_code == 404
    assert play.ask("DELETE", withdraw, "ann").status_code == 204
    assert play.ask("DELETE", withdraw, "ann").status_code == 404
    assert play.client.get(path).status_code == 404


def test_nobody_shares_what_is_another_s(play: Scene, hour: str) -> None:
    assert share(play, "bob", hour, "", 1).status_code == 404
    assert share(play, "", hour, "", 1).status_code == 401
    assert play.ask("GET", "/shares").status_code == 401


def test_terms_that_are_out_of_bounds_say_why(play: Scene, hour: str) -> None:
    answer = share(play, "ann", hour, "", 1000)
    assert (answer.status_code, answer.json()["code"]) == (403, "SHARE_GRANT")


def test_my_entries_name_the_organisation_behind_them(play: Scene, hour: str) -> None:
    items = play.ask("GET", "/me/entries", "ann").json()["items"]
    named = {item["entry"]["record"]["kind"]: item["organisation_name"] for item in items}
    assert (named["service"], named["volunteer"]) == ("org", "")


def test_the_shell_of_my_page_says_nothing_of_anybody(play: Scene, hour: str) -> None:
    answer = play.client.get("/me")
    assert answer.status_code == 200
    assert hour not in answer.text
    assert '"minutes_per_yibi": 60' in answer.text
