"""The verifier page: one verdict, in the visitor's browser, whatever is handed in."""

import base64
import gzip
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route

from api.pages.static import assets
from api.pdf.certificate_pdf import certificate_pdf
from api.pdf.link import Offline, Online, make_link
from api.server.app import create_app
from ledger.core.format.structs import decode_body
from ledger.core.kinds.registry import Genesis
from ledger.core.records.record import ledger_id
from tests.builders import printed_certificates
from tests.builders.anchored import anchored_town, await_batch, certify, furnish
from tests.builders.both_verifiers import LEDGER
from tests.builders.browsers import wider_than_the_window
from tests.builders.lookalike import lookalike
from tests.builders.nodes import Node, start_anvil
from tests.builders.servers import serving
from tests.builders.waiting import PATIENCE

LINKS = Path(__file__).parents[1] / "vectors/links.json"
FILES: list[dict[str, str]] = json.loads(LINKS.with_name("files.json").read_text(encoding="utf-8"))[
    "files"
]
VERDICT = "[data-verdict]"
OF_ITS_DAY = "the file does not know what came after"


@dataclass
class Place:
    """A served ledger with records of every standing, by name → record id."""

    url: str
    node: str
    ledger: str
    records: dict[str, str]
    certificates: dict[str, Any]


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, anvil: Node) -> Iterator[Place]:
    with anchored_town(tmp_path_factory.mktemp("ledger"), anvil.url) as home:
        records = furnish(home)
        certificates = certify(home)
        records["pending"] = await_batch(home)
        with serving(create_app(home, relay=home.relay())) as url:
            yield Place(url, anvil.url, "0x" + home.town.ledger.hex(), records, certificates)


@pytest.fixture
def open_page(fresh_page: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """A page in a fresh profile; what the console complains of fails the test."""
    complaints: list[str] = []

    def opened(width: int = 1200, locale: str = "en-GB") -> Page:
        page = fresh_page(width, locale=locale)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        return page

    yield opened
    # A browser complains of a node that does not answer, and of a record that there is not.
    expected = ("ERR_CONNECTION_REFUSED", "ERR_FAILED", "404 (Not Found)")
    assert [text for text in complaints if not any(e in text for e in expected)] == []


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    return open_page()


def proof(place: Place, name: str) -> dict[str, Any]:
    answer = httpx.get(f"{place.url}/v1/records/{place.records[name]}/proof", timeout=PATIENCE)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def hand_in(page: Page, value: object, name: str = "proof.json") -> str:
    """The verdict on a file."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    page.evaluate("document.getElementById('result').replaceChildren()")
    page.set_input_files("#file", {"name": name, "mimeType": "", "buffer": data})
    return verdict(page)


def verdict(page: Page) -> str:
    return str(page.locator(VERDICT).first.get_attribute("data-verdict"))


def failed(page: Page) -> list[str]:
    found = page.locator('[data-ok="false"]').all()
    return [str(check.get_attribute("data-check")) for check in found]


@pytest.mark.parametrize("name", ["valid", "void", "amended", "disputed", "pending", "hostile"])
def test_a_number_gives_the_verdict(place: Place, page: Page, name: str) -> None:
    page.goto(f"{place.url}/verify")
    page.fill("#number", place.records[name])
    page.click("#find button")
    assert verdict(page) == ("valid" if name == "hostile" else name)
    assert page.locator(VERDICT).count() == 1


def test_a_void_record_says_why_and_since_when(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/verify")
    assert hand_in(page, proof(place, "void")) == "void"
    assert "not served" in page.locator(".verdict").inner_text()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("void", "The organisation voided it; the reason given: not served"),
        ("disputed", "The volunteer objects: "),
        ("amended", "The organisation amended it; the reason given: "),
    ],
)
def test_a_change_is_told_as_the_word_of_whoever_made_it(
    place: Place, open_page: Callable[..., Page], name: str, said: str
) -> None:
    page = open_page(360)
    page.goto(f"{place.url}/verify?lang=en")
    found = proof(place, name)
    # The site would say what became of it: here nobody does.
    page.route("**/v1/records/**", lambda route: route.abort())
    assert hand_in(page, found) == name
    assert said in page.locator(".verdict").inner_text()
    signer = found["change"]["record"]["signatures"][0]["signer"]
    row = page.locator("dt", has_text="Changed by").locator("+ dd")
    assert signer in row.inner_text()
    assert not wider_than_the_window(page)


@pytest.mark.parametrize("name", ["valid", "void"])
def test_a_file_without_its_batch_is_not_called_accepted(
    place: Place, open_page: Callable[..., Page], name: str
) -> None:
    page = open_page(360)
    page.goto(f"{place.url}/verify?lang=en")
    found = proof(place, name)
    # The site would say what became of it: here nobody does.
    page.route("**/v1/records/**", lambda route: route.abort())
    record = {**found["record"], "tlog_proof": None}
    bare = {"change": None, "seal": None, "path": "", "standing": None, "anchors": []}
    assert hand_in(page, {**found, **bare, "record": record}) == "pending"
    said = page.locator("#result").inner_text()
    assert "log has signed nothing of this file" in said
    assert "voided looks the same" in said
    assert "the file alone claims" in said
    assert page.locator(".verdict h2").inner_text().startswith("Not signed by the log")
    assert "Accepted" not in said
    assert "days after the service" not in said
    assert not wider_than_the_window(page)


def name_published(page: Page) -> None:
    """Trust the ledger of the published files, as whoever types its id."""
    page.evaluate("id => { document.getElementById('ledger').value = id; }", LEDGER)


def test_a_title_says_what_is_valid_and_of_which_class(place: Place, page: Page) -> None:
    """A record or a paper is, by its facts: never that somebody served."""
    page.goto(f"{place.url}/verify")
    title = page.locator(".verdict h2")
    titles = {
        "Valid Record of credit hours": proof(place, "valid"),
        "Void Record of credit hours": proof(place, "void"),
        "Valid Record of honour hours": proof(place, "honour"),
        "Valid Certificate of credit hours": place.certificates["valid"],
        "Invalid": {**proof(place, "valid"), "surplus": 1},
    }
    for told, file in titles.items():
        hand_in(page, file)
        assert " ".join(title.inner_text().split()) == told
    published = json.loads(LINKS.with_name("forged.json").read_text(encoding="utf-8"))["files"]
    transcript = next(one["file"] for one in published if one["verdict"] == "valid")
    assert hand_in(page, transcript) == "unpinned", "it is of another ledger"
    name_published(page)
    assert hand_in(page, transcript) == "unchecked", "its chain is not at hand"
    assert " ".join(title.inner_text().split()) == "Not checked Entries of an account"


def test_two_histories_that_one_browser_saw_are_invalid_and_both_heads_can_be_kept(
    place: Place, page: Page
) -> None:
    """Whoever shows two people two logs of one length is found by the one who sees both."""
    page.goto(f"{place.url}/verify?lang=en")
    assert hand_in(page, proof(place, "valid")) == "valid"
    name = f"hourledger.newest.{place.ledger}"
    seen = json.loads(page.evaluate("name => localStorage.getItem(name)", name))
    assert seen["note"].startswith("localhost/town\n")
    lines = proof(place, "valid")["record"]["tlog_proof"].split("\n")
    head = int(lines[lines.index("localhost/town") + 1])
    other = {"size": head, "root": "0x" + "22" * 32, "note": "seen before"}
    page.evaluate("([name, value]) => localStorage.setItem(name, value)", [name, json.dumps(other)])
    assert hand_in(page, proof(place, "valid")) == "invalid"
    assert failed(page) == ["ledger"]
    with page.expect_download() as started:
        page.get_by_text("Download as evidence").click()
    kept = Path(started.value.path()).read_text(encoding="utf-8")
    assert "seen before" in kept
    assert f"localhost/town\n{head}\n" in kept


def id_of(file: dict[str, Any]) -> str:
    return "0x" + ledger_id(decode_body(Genesis, file["genesis"])).hex()


def test_a_lookalike_is_never_green_and_its_id_comes_before_the_name_that_it_gives_itself(
    place: Place, page: Page, tmp_path: Path
) -> None:
    """Same name, same host, same policy: another key. Its hours are not shown as a number."""
    strange = lookalike(tmp_path)
    page.goto(f"{place.url}/verify?lang=en")
    assert hand_in(page, proof(place, "valid")) == "valid"
    host = place.url.removeprefix("http://")
    shown = page.locator(".verdict")
    assert f"the ledger of {host}, by its own site" in shown.inner_text()
    assert OF_ITS_DAY not in shown.inner_text(), "the site was asked for what is newest"
    assert hand_in(page, strange) == "unpinned"
    assert f"Unknown ledger {id_of(strange)}" in shown.inner_text()
    assert "By the word of that ledger alone it would be:" in shown.inner_text()
    assert page.locator(".verdict .hours").count() == 0
    assert strange["genesis"]["name"] not in shown.inner_text()
    page.evaluate("id => document.getElementById('ledger').value = id", id_of(strange))
    assert hand_in(page, strange) == "unchecked", "its chain is not at hand"
    assert hand_in(page, proof(place, "valid")) == "unpinned", "one ledger is trusted, no other"


def test_what_the_visitor_sees_beside_the_verdict(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/verify")
    begin = time.perf_counter()
    page.goto(f"{place.url}/verify#{place.records['valid']}")
    page.reload()
    assert verdict(page) == "valid"
    print(f"link to verdict, chain read included: {time.perf_counter() - begin:.2f} s")
    said = page.locator("#result").inner_text()
    for part in ("1 h 30 min", "Credit hours", "clocked in", "not that the person served", "site"):
        assert part in said
    page.get_by_text("The checks").click()
    assert page.locator('[data-ok="true"]').count() == 11


def test_the_visitors_own_node_is_asked_instead_of_the_sites(
    place: Place, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{place.url}/verify?lang=en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_text("Whom this check trusts").click()
    page.fill("#node", f"{place.node}/?key=secret")
    assert hand_in(page, proof(place, "valid")) == "valid"
    named = "Chain asked through http://127.0.0.1"
    assert page.locator("[data-node]").inner_text() == named, "and nothing that may be secret"
    questions = {url for url in asked if not url.endswith("/icon.svg")}
    # The site is asked what became of it since, and nothing of the chain.
    site = f"{place.url}/v1/records/{place.records['valid']}/proof"
    assert questions == {f"{place.node}/?key=secret", site}
    other = start_anvil(tmp_path)
    page.fill("#node", other.url)
    assert hand_in(page, proof(place, "valid")) == "unchecked", "a chain without this contract"
    other.stop()
    assert hand_in(page, proof(place, "valid")) == "unchecked", "the node was stopped"
    assert page.locator('[data-check="anchor"]').get_attribute("data-ok") == "null"


def tampered(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Check → the file of a valid record, changed so that it fails."""
    entry = found["record"]["entry"]
    text, anchor = found["record"]["tlog_proof"], found["anchors"][0]
    return {
        "format": {**found, "surplus": 1},
        "signatures": {
            **found,
            "record": {
                **found["record"],
                "entry": json.loads(json.dumps(entry).replace('"minutes": 90', '"minutes": 95')),
            },
        },
        "inclusion": {
            **found,
            "record": {
                **found["record"],
                "entry": {**entry, "accepted_at": entry["accepted_at"] + 1},
            },
        },
        "leaf": {
            **found,
            "record": {**found["record"], "tlog_proof": text.replace("index ", "index 1", 1)},
        },
        "checkpoint": {**found, "genesis": {**found["genesis"], "origin": "elsewhere/town"}},
        "anchor": {**found, "anchors": [{**anchor, "size": anchor["size"] + 1}]},
        "issuer": {**found, "certification": None},
        "roles": {**found, "basis": {"clocks": [], "confirmation": None, "permit": None}},
        "status": {**found, "standing": {**found["standing"], "proof": ""}},
    }


def test_each_tampered_part_is_named(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/verify")
    for check, changed in tampered(proof(place, "valid")).items():
        assert hand_in(page, changed) == "invalid", check
        assert check in failed(page), check
        assert "1 h 30 min" not in page.locator("#result").inner_text()


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_how_a_tampered_part_fails_is_told_in_the_visitors_language(
    place: Place,
    open_page: Callable[..., Page],
    screenshot: Callable[[Page, str], None],
    language: str,
) -> None:
    page = open_page(360)
    page.goto(f"{place.url}/verify?lang={language}")
    for check, changed in tampered(proof(place, "valid")).items():
        assert hand_in(page, changed) == "invalid"
        assert page.evaluate(FOREIGN) == [], check
        items = page.locator("[data-check]")
        said = items.locator("> .quiet:not(details)")
        assert said.count() == items.count(), "each check says why"
        assert page.locator('[data-ok="false"] details [lang=en]').count() == len(failed(page))
        assert not wider_than_the_window(page), check
        screenshot(page, f"verify-invalid-{check}-{language}-phone")


def test_whatever_is_handed_in_is_told_in_words(place: Place, page: Page) -> None:
    """Photos, CVs and files that an editor spoiled are not called forged."""
    page.goto(f"{place.url}/verify?lang=en")
    name_published(page)
    for case in FILES:
        found = hand_in(page, base64.b64decode(case["file"]))
        # The node here does not answer for the chain that the published bundles name.
        assert found == case["verdict"], case["name"]
        said = page.locator("#result").inner_text()
        assert re.search(r"[A-Za-z]Error|[A-Za-z]Exception|undefined|\bNaN\b", said) is None
        if case["reason"]:
            assert case["reason"].lower() in said.lower(), case["name"]
            assert page.locator("[data-check]").count() == 0, "nothing was checked"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_why_nothing_could_be_read_is_told_in_the_visitors_language(
    place: Place, page: Page, language: str
) -> None:
    page.goto(f"{place.url}/verify?lang={language}")
    for case in FILES:
        if case["reason"]:
            hand_in(page, base64.b64decode(case["file"]))
            assert page.evaluate(FOREIGN) == [], case["name"]


def test_a_page_by_plain_http_says_that_it_cannot_check(place: Place, browser: Browser) -> None:
    """As a phone opens it in the network of an office: no address of its own machine. Browsers
    complain of some headers there."""
    address, page = "http://office.example", browser.new_page()
    page.route(
        f"{address}/**",
        lambda route: route.fulfill(
            response=route.fetch(url=route.request.url.replace(address, place.url))
        ),
    )
    page.goto(f"{address}/verify?lang=en")
    page.wait_for_selector("#verify[data-ready]", state="attached")
    assert "begins with https://" in page.locator("#result").inner_text()
    assert hand_in(page, b"{}") == "unchecked"
    said = page.locator("#result").inner_text()
    assert "begins with https://" in said
    assert "undefined" not in said
    page.goto(f"{address}/me?lang=en")
    page.wait_for_selector("html[data-ready]", state="attached")
    assert "begins with https://" in page.locator("#message").inner_text()
    page.close()


NOTE_VERDICTS = """() => {
  window.shown = [];
  const note = () => document.querySelectorAll("#result [data-verdict]")
    .forEach((one) => window.shown.push(one.dataset.verdict));
  new MutationObserver(note).observe(document.getElementById("result"), { childList: true });
}"""


def test_an_answer_that_comes_after_the_next_question_is_not_shown(
    place: Place, page: Page
) -> None:
    page.goto(f"{place.url}/verify")
    page.evaluate(NOTE_VERDICTS)
    held: list[Route] = []
    page.route("**/verify/chain?**", lambda route: held.append(route), times=1)
    slow = json.dumps(proof(place, "valid")).encode()
    with page.expect_request("**/verify/chain?**"):
        page.set_input_files("#file", {"name": "slow.json", "mimeType": "", "buffer": slow})
    assert hand_in(page, b"no proof") == "no_proof"
    (slow_one,) = held
    slow_one.continue_()
    assert hand_in(page, proof(place, "void")) == "void"
    assert page.evaluate("window.shown") == ["no_proof", "void"]


@pytest.mark.parametrize("kind", ["credit-report", "disclosure", "attestation"])
def test_what_other_programs_check_is_not_called_invalid(
    place: Place, page: Page, kind: str
) -> None:
    page.goto(f"{place.url}/verify?lang=en")
    value = {"more": 1, "format": f"hourledger-{kind}/v1"}
    spread = json.dumps(value, indent=None if kind == "credit-report" else 1)
    assert hand_in(page, spread.encode() + b"\n") == "unchecked"
    assert "hourledger verify does" in page.locator(".verdict").inner_text()


def test_links_of_qr_codes_are_looked_up_on_their_own_ledger(place: Place, page: Page) -> None:
    address = f"{place.url}/verify"
    ledger = bytes.fromhex(place.ledger[2:])
    for link, wanted in (
        (make_link(address, Online(bytes(32), bytes(32), bytes(16))), "unchecked"),
        (make_link(address, Online(ledger, bytes(32), bytes(16))), "unknown"),
        (make_link(address, Offline(b"{}")), "no_proof"),
        (f"{address}#R.AAAA", "unknown"),
    ):
        page.goto("about:blank")
        page.goto(link)
        assert verdict(page) == wanted, link


def test_the_published_links_say_what_is_published(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/verify")
    vectors = json.loads(LINKS.read_text(encoding="utf-8"))
    read = """async ([module, links]) => {
      const { readLink } = await import(module);
      const found = await Promise.all(links.map(readLink));
      return found.map((one) => one?.file ? { file: btoa(String.fromCharCode(...one.file)) } : one);
    }"""
    module = assets().url("js/verify/link.js")
    wanted = [
        {**vector["online"], "code": vector["online"]["code"][2:]}
        if "online" in vector
        else {"file": vector["offline"]}
        for vector in vectors["read"]
    ]
    assert page.evaluate(read, [module, [v["link"] for v in vectors["read"]]]) == wanted
    refused = [vector["link"] for vector in vectors["refused"]]
    assert page.evaluate(read, [module, refused]) == [None] * len(refused)


def test_a_certificate_from_paper_to_verdict(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/verify")
    pdf = printed(json.dumps(place.certificates["valid"]).encode())
    assert hand_in(page, pdf, "certificate.pdf") == "valid"
    said = page.locator("#result").inner_text()
    for part in ("申请实习", "安＊", "2023-1", "Credit hours", "Honour hours", "Services: 2"):
        assert part in said, part
    page.get_by_text("The checks").click()
    assert page.locator('[data-ok="true"]').count() == 13
    assert hand_in(page, place.certificates["void"]) == "void"
    assert "revoked" in page.locator(".verdict").inner_text()
    whole = json.dumps(place.certificates["valid"], ensure_ascii=False)
    changed = whole.replace("申请实习", "申请落户")
    assert hand_in(page, changed.encode()) == "invalid"
    assert failed(page) == ["credential"]


def printed(data: bytes) -> bytes:
    paper = printed_certificates.paper(2)
    return certificate_pdf(replace(paper, proof=replace(paper.proof, data=data))).pdf


def test_the_proof_is_taken_out_of_a_printed_certificate(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/verify")
    pdf = printed(json.dumps(proof(place, "valid")).encode())
    assert hand_in(page, pdf, "certificate.pdf") == "valid"
    begin = pdf.index(b"/HourledgerProof 2\n")
    broken = {
        "cut": pdf[: begin + 200],
        "damaged": pdf[: begin + 300] + b"\0" * 40 + pdf[begin + 340 :],
        "packed by another program": pdf.replace(
            b" 2\n/Length", b" 2\n/Filter /FlateDecode\n/Length"
        ),
        "two proof files": pdf + b"\n% /HourledgerProof",
    }
    for name, changed in broken.items():
        assert hand_in(page, changed, "certificate.pdf") == "damaged", name
    decoy = pdf + b"\n<< /Type /EmbeddedFile >>"
    assert hand_in(page, decoy, "certificate.pdf") == "valid", "it has no mark"


def test_a_packed_certificate_shows_all_that_it_states(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/verify")
    whole = json.dumps(place.certificates["valid"], indent=1).encode()
    assert hand_in(page, gzip.compress(b"\xef\xbb\xbf" + whole), "certificate.json.gz") == "valid"
    assert "申请实习" in page.locator("#result").inner_text()


def test_text_of_a_file_is_never_markup(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/verify")
    assert hand_in(page, proof(place, "hostile")) == "valid"
    assert "<img" in page.locator("#result").inner_text()
    assert page.locator("#result img").count() == 0
    assert "taken" not in page.title()


def test_many_files_are_a_table_and_a_csv(place: Place, page: Page) -> None:
    page.goto(f"{place.url}/verify")
    names = ("valid", "void", "honour", "hostile")
    files = [
        {
            "name": f"=1+{name}.json",
            "mimeType": "",
            "buffer": json.dumps(proof(place, name)).encode(),
        }
        for name in names
    ]
    page.set_input_files("#file", files)  # type: ignore[arg-type]
    with page.expect_download() as started:
        page.get_by_text("Download as CSV").click()
    text = Path(started.value.path()).read_text(encoding="utf-8-sig")
    rows = text.splitlines()
    assert [row.split('","')[1] for row in rows[1:]] == ["valid", "void", "valid", "valid"]
    assert all(row.startswith("\"'=1+") for row in rows[1:]), "no cell begins a formula"
    numbers = "number\r\n" + "\r\n".join(place.records[name] for name in names)
    page.set_input_files(
        "#file", {"name": "list.csv", "mimeType": "text/csv", "buffer": numbers.encode()}
    )
    page.get_by_text("4 of 4").wait_for()
    found = [chip.get_attribute("data-verdict") for chip in page.locator("td .state").all()]
    assert found == ["valid", "void", "valid", "valid"]


def test_a_page_saved_to_disk_checks_files_without_the_server(
    place: Place, page: Page, tmp_path: Path
) -> None:
    saved = tmp_path / "verify.html"
    saved.write_bytes(
        httpx.get(f"{place.url}/verify/offline.html?lang=en", timeout=PATIENCE).content
    )
    files = {name: proof(place, name) for name in ("valid", "void")}
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(saved.as_uri())
    assert hand_in(page, files["valid"]) == "unchecked", "no node is set"
    assert page.locator("[data-node]").inner_text() == "No chain was asked."
    page.fill("#node", place.node)
    assert hand_in(page, files["valid"]) == "valid"
    assert OF_ITS_DAY in page.locator(".verdict").inner_text()
    assert hand_in(page, files["void"]) == "void"
    assert [url for url in asked if url.startswith(place.url)] == [], "the server is not needed"


LATER = """
delete Object.hasOwn; delete AbortSignal.timeout; delete globalThis.structuredClone;
delete globalThis.DecompressionStream; delete HTMLScriptElement.supports;
for (const name of ["at", "findLast", "toReversed", "toSorted", "with"]) {
  delete Array.prototype[name]; delete Uint8Array.prototype[name];
}
const importKey = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (form, key, algorithm, ...rest) {
  if (algorithm === "Ed25519") return Promise.reject(new DOMException("", "NotSupportedError"));
  return importKey.call(this, form, key, algorithm, ...rest);
};
"""
"""Takes away what Android WebView 89 and iOS 15.4 do not both have."""


@pytest.mark.parametrize("kept", [False, True])
def test_a_phone_of_2022_checks_files(
    place: Place, open_page: Callable[..., Page], tmp_path: Path, kept: bool
) -> None:
    page = open_page(360)
    page.add_init_script(LATER)
    address = f"{place.url}/verify"
    if kept:
        saved = tmp_path / "verify.html"
        saved.write_bytes(
            httpx.get(f"{place.url}/verify/offline.html?lang=en", timeout=PATIENCE).content
        )
        address = saved.as_uri()
    page.goto(address)
    assert page.evaluate("[].at ?? Object.hasOwn ?? AbortSignal.timeout ?? null") is None
    page.evaluate("document.querySelector('details').open = true")
    page.fill("#node", place.node)
    packed = gzip.compress(json.dumps(proof(place, "valid")).encode())
    assert hand_in(page, packed, "proof.json.gz") == "valid"
    assert page.locator("script[type=importmap]").count() == 0


@pytest.mark.parametrize("own", [True, False], ids=["own node", "site's node"])
def test_a_phone_of_2022_gives_up_a_node_that_accepts_and_never_answers(
    place: Place, browser: Browser, own: bool
) -> None:
    found = proof(place, "valid")
    # Of its own, since the pages of the other tests have more patience. Its clock is set by hand.
    with socket.create_server(("127.0.0.1", 0)) as silent, browser.new_context() as context:
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(LATER)
        page = context.new_page()
        page.clock.install()
        page.goto(f"{place.url}/verify?lang=en")
        page.wait_for_selector("#verify[data-ready]", state="attached")
        page.evaluate("document.querySelector('details').open = true")
        if own:
            page.fill("#node", f"http://127.0.0.1:{silent.getsockname()[1]}")
            data = json.dumps(found).encode()
            with page.expect_request(lambda asked: asked.url.startswith("http://127.0.0.1")):
                page.set_input_files("#file", {"name": "p", "mimeType": "", "buffer": data})
        else:
            page.route("**/verify/chain?**", lambda route: None)
            with page.expect_request("**/verify/chain?**"):
                page.fill("#number", place.records["valid"])
                page.click("#find button")
        assert page.locator(VERDICT).count() == 0
        page.clock.run_for(10_000)
        assert verdict(page) == "unchecked"
        assert "the node does not answer" in page.locator("#result").text_content()


def test_the_page_loads_nothing_from_elsewhere_and_runs_no_foreign_script(
    place: Place, fresh_page: Callable[..., Page]
) -> None:
    page = fresh_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{place.url}/verify")
    page.wait_for_selector("#verify[data-ready]", state="attached")
    assert all(url.startswith(place.url) for url in asked)
    tried = "document.createElement('script').text = 'window.bad = 1'"
    with pytest.raises(Exception, match="TrustedScript"):
        page.evaluate(tried)
    assert page.evaluate("window.bad") is None


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize(("device", "width"), [("phone", 360), ("desktop", 1200)])
def test_everybody_can_read_it(
    place: Place,
    open_page: Callable[..., Page],
    check_axe: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
    language: str,
    device: str,
    width: int,
) -> None:
    page = open_page(width, {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}.get(language, "en-GB"))
    page.goto(f"{place.url}/verify?lang={language}")
    assert hand_in(page, proof(place, "void")) == "void"
    check_axe(page)
    if language != "en":
        assert page.evaluate(FOREIGN) == [], "every word is in the page's language"
    for name in ("void", "valid"):
        assert hand_in(page, place.certificates[name]) == name
        screenshot(page, f"verify-{name}-{language}-{device}")
        page.locator("#result details").first.evaluate("(box) => { box.open = true }")
        assert not wider_than_the_window(page)
    check_axe(page)
    if language != "en":
        assert page.evaluate(FOREIGN) == [], "every word is in the page's language"


FOREIGN = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (at.closest('[lang=en], code, script, noscript, .tongues')) continue;
    if (/[A-Za-z]{3,} [a-z]+/.test(walk.currentNode.data)) found.push(walk.currentNode.data);
  }
  return found;
}"""
