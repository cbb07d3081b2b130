"""One certificate has one state: on its owner's list, by its number, behind a link, in a proof."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from pypdf import PdfReader

from ledger.core.records.record import Record
from tests.builders.certificate_requests import CertificateRequests
from tests.builders.http_people import at, scene
from tests.builders.records import address


@dataclass
class Case:
    """A certificate of one short hour of its own."""

    town: CertificateRequests
    hour: bytes
    record: str

    def post(self, record: Record) -> None:
        assert self.town.scene.post(record) == "accepted"

    def seal(self, *, anchored: bool = True) -> None:
        self.town.scene.seal(anchored=anchored)


Change = Callable[[Case], None]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CertificateRequests]:
    with scene(tmp_path_factory.mktemp("standing")) as made:
        yield CertificateRequests(made)


@pytest.fixture
def case(town: CertificateRequests, request: pytest.FixtureRequest) -> Case:
    # As many minutes apart as the name of the test makes them: no two hours overlap.
    CASES.append(request.node.name)
    made = town.scene.town
    record = made.honour("org", "second", "ann", at("14 10:00") + 900 * len(CASES), 10)
    assert town.scene.post(record) == "accepted"
    hour = made.id(record)
    town.scene.seal()
    return Case(town, hour, town.issued(services=["0x" + hour.hex()]))


CASES: list[str] = []


def nothing(case: Case) -> None:
    """It is in the ledger and in no batch."""


def sealed(case: Case) -> None:
    case.seal(anchored=False)


def anchored(case: Case) -> None:
    case.seal()


def void_the_hour(case: Case) -> None:
    case.seal()
    case.post(case.town.scene.town.void(case.hour, "org"))


def revoke(case: Case) -> None:
    case.seal()
    case.post(case.town.scene.town.void(bytes.fromhex(case.record[2:]), "org"))


def object_to_the_hour(case: Case) -> None:
    case.seal()
    case.post(case.town.scene.town.objection(case.hour, "ann"))


def replace_it(case: Case) -> None:
    case.town.issued(supersedes=case.record, services=["0x" + case.hour.hex()])
    case.seal()


def take_the_issuer_s_key_back(case: Case) -> None:
    case.post(case.town.scene.town.grant("org", "issuer", "certificate", action="revoke"))
    case.seal()


def test_asking_for_the_state_again_opens_the_vault_once(case: Case) -> None:
    def opened() -> int:
        return len(case.town.scene.vault.accesses(address("ann")))

    path = "/me/certificates"
    case.town.scene.ask("GET", path, "ann")
    before = opened()
    for _ in range(3):
        case.town.scene.ask("GET", path, "ann")
    assert opened() == before


@pytest.mark.parametrize("change", [void_the_hour, revoke])
def test_void_paper_says_so_before_anything_else(case: Case, change: Change) -> None:
    before = paper_of(case)
    assert "VOID" not in before
    change(case)
    text = paper_of(case)
    assert text.startswith("已作废VOID")
    assert ("不再计入" in text) == (change is void_the_hour)
    assert ("VOID:countsnolonger" in text) == (change is void_the_hour)
    assert ("本证明出具后已被撤销" in text) == (change is revoke)


def paper_of(case: Case) -> str:
    """The text of the paper as it is printed now, without spaces."""
    data = case.town.registry.paper(bytes.fromhex(case.record[2:]))
    pages = PdfReader(io.BytesIO(data)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


@pytest.mark.parametrize(
    ("change", "state", "progress"),
    [
        (nothing, "pending", "issued"),
        (sealed, "pending", "sealed"),
        (anchored, "valid", "anchored"),
        (void_the_hour, "void", "anchored"),
        (revoke, "void", "anchored"),
        (object_to_the_hour, "disputed", "anchored"),
        (replace_it, "amended", "anchored"),
        (take_the_issuer_s_key_back, "disputed", "anchored"),
    ],
)
def test_all_say_the_same_of_one_certificate(
    case: Case, change: Change, state: str, progress: str
) -> None:
    change(case)
    scene, record = case.town.scene, case.record
    listed = scene.ask("GET", "/me/certificates", "ann").json()["items"]
    mine = {one["record_id"]: one for one in listed}
    assert (mine[record]["state"], mine[record]["progress"]) == (state, progress)
    number = mine[record]["number"]
    (found,) = scene.ask("GET", f"/certificates/numbered/{number}").json()["items"]
    assert found == mine[record]
    assert case.town.judged(case.town.file(record)).verdict == state
    path = scene.client.request(
        "POST",
        "/v1/shares",
        json={"record_id": record, "name": "HR", "days": 7},
        headers={"Authorization": f"Bearer {scene.signed_in('ann')}"},
    ).json()["path"]
    shared = scene.client.get(f"{path}?lang=en").text
    assert f'">{state.capitalize()}</span>' in shared
