"""How pages and files are answered: headers, caching, and errors as pages."""

import pytest

from api.pages import home as first_page
from api.pages.formats import Formats, full_hours, hours, percent
from api.pages.static import FOLDER, MEDIA_TYPES, assets
from api.server.app import create_app
from api.words import words
from ledger.errors import Damaged, Unavailable
from ledger.operations.overview import FEWEST, overview
from tests.builders.http import Client, Open
from tests.builders.records import START, Town

HTML = {"accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def page(client: Client, activity: bytes) -> Client:
    """A client of a settled ledger."""
    return client


def test_a_page_may_load_nothing_from_elsewhere_and_run_nothing_inside(page: Client) -> None:
    answer = page.get("/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = dict(
        part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["vary"] == "Accept-Language"
    assert "set-cookie" not in answer.headers
    assert "style=" not in answer.text
    assert "<style" not in answer.text


def test_a_page_that_is_known_is_not_sent_again(page: Client) -> None:
    first = page.get("/")
    again = page.get("/", headers={"if-none-match": first.headers["etag"]})
    other = page.get("/?lang=zh-Hant", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, other.status_code) == (304, 200)


def test_a_chosen_language_stays_in_every_link(page: Client) -> None:
    answer = page.get("/?lang=zh-Hant", headers={"accept-language": "en"})
    assert answer.headers["content-language"] == "zh-Hant"
    assert 'href="/?lang=zh-Hant"' in answer.text
    assert 'href="/"' in page.get("/").text


def test_a_file_is_kept_for_ever_under_its_version_alone(page: Client) -> None:
    for path in ("css/base.css", "icon.svg"):
        answer = page.get(assets().url(path))
        assert answer.content == (FOLDER / path).read_bytes()
        assert answer.headers["content-type"] == MEDIA_TYPES["." + path.rsplit(".", 1)[1]]
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert page.get(f"/static/older/{path}").headers["cache-control"] == "no-cache"


def test_whatever_lies_there_has_a_media_type() -> None:
    others = {file.name for file in FOLDER.rglob("*") if file.suffix not in MEDIA_TYPES}
    # Types are for tsc alone.
    assert {name for name in others if "." in name and not name.endswith(".d.ts")} == set()


@pytest.mark.parametrize(
    "path", ["../static.py", "css/../../static.py", "css", "", "%2e%2e/i18n.py"]
)
def test_no_other_file_is_served(page: Client, path: str) -> None:
    assert page.get(f"/static/{assets().version}/{path}").status_code == 404


def test_an_address_that_names_nothing_is_a_page_for_people_and_a_problem_for_systems(
    page: Client,
) -> None:
    people, system, api = (
        page.get(path, headers=headers)
        for path, headers in (("/nothing", HTML), ("/nothing", {}), ("/v1/nothing", HTML))
    )
    assert {people.status_code, system.status_code, api.status_code} == {404}
    assert people.headers["content-type"] == "text/html; charset=utf-8"
    assert system.headers["content-type"] == api.headers["content-type"]
    assert api.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (Unavailable("busy"), 503, "Not at the moment"),
        (Damaged("log", "entry 3 of 0xsecret"), 500, "Something went wrong on our side"),
        (RuntimeError("0xsecret"), 500, "Something went wrong on our side"),
    ],
)
def test_what_goes_wrong_is_said_as_a_page_without_its_cause(
    home: Open,
    activity: bytes,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    said: str,
) -> None:
    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr(first_page, "overview", fails)
    answer = Client(create_app(home)).get("/")
    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")
    assert said in answer.text
    assert "0xsecret" not in answer.text
    assert ("retry-after" in answer.headers) == (status == 503)
    assert ("Number of this occurrence" in answer.text) == (status == 500)


def test_a_ledger_without_genesis_has_its_page(client: Client) -> None:
    assert client.get("/").status_code == 200


def test_sums_of_few_people_are_withheld(home: Open, town: Town, activity: bytes) -> None:
    for number in range(FEWEST):
        if number:
            assert overview(home.ledger).credit_minutes is None
            assert overview(home.ledger).serving == number
        name = f"volunteer {number}"
        home.ledger.append(town.enrol(name))
        start = START + 90000 + number * 7200
        record = town.served(home.ledger, "org", name, activity, start, 61)
        home.ledger.append(record)
    found = overview(home.ledger)
    assert (found.credit_minutes, found.honour_minutes, found.serving) == (61 * FEWEST, 0, FEWEST)
    assert (found.organisations, found.volunteers) == (1, 2 + FEWEST)


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "0.00"), (1, "0.02"), (100, "1.67"), (150, "2.50"), (60001, "1,000.02"), (-90, "-1.50")],
)
def test_hours_are_rounded_to_the_nearest_hundredth(minutes: int, shown: str) -> None:
    assert hours(minutes) == shown


def test_sums_are_rounded_down_and_shares_to_the_nearest() -> None:
    assert (full_hours(119), full_hours(60_000)) == ("1", "1,000")
    assert [percent(*pair) for pair in ((1, 3), (1, 2), (1, 200), (0, 0))] == [
        *("33 %", "50 %", "1 %", "–")
    ]


def test_times_are_local_to_the_ledger() -> None:
    english, chinese = (Formats(words(lang), 480) for lang in ("en", "zh-Hans"))
    midnight = 1_741_449_600  # 8 March 2025, 16:00 UTC
    assert english.day(midnight) == "9 March 2025"
    assert chinese.day(midnight) == "2025年3月9日"
    assert chinese.month(midnight) == "2025年3月"
    assert english.moment(midnight - 60) == "2025-03-08 23:59"
    assert english.span(midnight - 120, midnight - 60) == "2025-03-08 23:58 – 23:59"
    assert english.span(midnight - 60, midnight) == "2025-03-08 23:59 – 2025-03-09 00:00"
    assert (english.zone, Formats(words("en"), -210).zone) == ("UTC+8", "UTC-3:30")
    assert [english.duration(s) for s in (8, 60, 7199, 90_000)] == ["8 s", "1 min", "1 h", "1 d"]
