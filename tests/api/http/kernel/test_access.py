"""Who gets in where: every route that is served, asked by everybody there is.

The table here is written by hand, by what each route is for. It is compared with what the server
answers and with the policy's names, so a new route fails here until somebody has said whose it is.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from api.access.policy import ACCESS, INDEXED, OPEN_TO_SITES
from api.access.principal import TokenScope, resolve
from api.cli.access_page import table
from api.http.kernel.context import Access
from api.server.app import ROUTES, create_app
from api.station.places import Places
from ledger.core.kinds.certificates import PURPOSE
from ledger.core.kinds.registry import Consent
from ledger.core.records.record import Record
from ledger.operations.seal import seal
from tests.builders.full_server import Sealed, certify, count
from tests.builders.http import Client, access_to, bearer, station_for
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import START, Town, address, key

ROUTE = [r for module in ROUTES for r in module.router.routes if isinstance(r, Route)]
SIGNED_IN = frozenset(("ann", "bob", "org", "other", "registrar", "authority"))
READER, MIRROR = "reader of ann", "mirror of the authority"
EVERYBODY = SIGNED_IN | {"nobody", READER, MIRROR}
ANN = frozenset(("ann", READER))

PUBLIC = (
    *(
        "append_record",
        "append_lines",
        "get_ledger",
        "get_home_document",
        "get_organisation",
        "get_typed_data",
        "get_checkpoint",
        "get_tile",
        "get_batches",
    ),
    "get_head",
    *("get_batch", "get_anchors", "get_health", "get_readiness", "get_metrics", "get_problem"),
    *("get_challenge", "sign_in", "get_clock_challenge", "append_clock", "get_face_question"),
    *("get_verify_page", "get_offline_page", "ask_chain", "get_did_document", "get_status_list"),
    *("get_credit_rules", "get_robots", "get_static", "get_icon", "get_home", "get_explorer"),
    *("get_batch_page", "get_organisation_page", "get_shared_page", "get_my_page"),
    "get_registrar_page",
    *("get_record", "get_entry", "get_proof", "get_receipt", "get_tlog_proof", "get_record_page"),
    *("get_activity", "fetch_certificate", "get_numbered"),
)
"""What anybody may have, the last lines by an id that cannot be guessed."""

GETS_IN: dict[str, frozenset[str]] = {
    **dict.fromkeys(PUBLIC, EVERYBODY),
    # What goes by an address is for its holder.
    **dict.fromkeys(("get_account", "get_account_entries", "get_account_proof"), ANN),
    **dict.fromkeys(("get_transcript", "get_disclosure"), ANN),
    "make_attestation": frozenset(("ann",)),
    "get_my_certificate": frozenset(("ann",)),
    "get_my_credential": frozenset(("ann",)),
    "get_my_paper": frozenset(("ann",)),
    "get_my_code": frozenset(("ann",)),
    # Whoever is signed in, of the own things.
    **dict.fromkeys(("get_me", "get_my_entries"), SIGNED_IN | {READER}),
    **dict.fromkeys(("get_my_certificates", "get_my_recorders"), SIGNED_IN | {READER}),
    **dict.fromkeys(("sign_out", "issue_certificate"), SIGNED_IN),
    **dict.fromkeys(("get_my_credits", "object_to_credits"), SIGNED_IN),
    **dict.fromkeys(("get_tokens", "issue_token", "revoke_token"), SIGNED_IN),
    **dict.fromkeys(("get_shares", "share_record", "revoke_share"), SIGNED_IN),
    # Who acts for the organisation.
    **dict.fromkeys(("get_site_code", "get_drafts"), frozenset(("org",))),
    **dict.fromkeys(("put_place", "get_signed"), frozenset(("org",))),
    **dict.fromkeys(
        (
            *("preview_roster", "draft_credits", "get_credit_job", "get_credit_runs"),
            *("get_credit_run", "get_credit_lines", "get_credit_changes", "publish_credits"),
            *("answer_objection", "finalise_credits", "get_credit_file", "forget_credits"),
        ),
        frozenset(("org", "registrar")),
    ),
    "get_entries": frozenset(("authority", MIRROR)),
}

ABSENT = frozenset(
    (
        *(
            "revoke_token",
            "revoke_share",
            "get_credit_job",
            "get_did_document",
            "object_to_credits",
        ),
        *("get_shared_page", "get_face_question", "ask_chain", "get_static", "forget_credits"),
        *("answer_objection", "get_my_credits"),
    )
)
"""Routes that are asked for something that is not there: a 404 of theirs is no closed door."""

QUERIES = {
    "get_signed": {"signer": address("org")},
    "get_disclosure": {"from": "2023-11", "to": "2023-12"},
}

Asked = Callable[[str, str, str, dict[str, str]], Any]


class Served(Sealed):
    """The server, its callers, and the ids of what can be guessed."""

    headers: dict[str, dict[str, str]]
    access: Access
    client: Client
    activity: bytes
    guessable: dict[str, tuple[Record, frozenset[str]]]

    def sign_in(self) -> None:
        """A new session for everybody."""
        self.headers |= {n: bearer(self.access, address(n), key(n)) for n in SIGNED_IN}

    def ask(self, method: str, path: str, who: str, **options: Any) -> Any:
        headers = self.headers[who] | options.pop("headers", {})
        return self.client.request(method, path, headers=headers, **options)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    town, folder = Town(), tmp_path_factory.mktemp("access")
    found = Served(town, opened_ledger(town, folder), folder / "chain.sqlite")
    found.activity = settle(town, found.ledger)
    found.service = town.served(found.ledger, "org", "ann", found.activity, START + 90000, 60)
    found.ledger.append(found.service)
    found.ledger.append(town.certify("other"))
    certify(found, folder)
    coming = town.activity("org", town.now + 3600, town.now + 7200)
    found.ledger.append(coming)
    found.guessable = _guessable(town, town.id(coming))
    for record, _ in found.guessable.values():
        found.ledger.append(record)
    seal(found.ledger, town.log_key)
    count(found, folder)
    found.anchor_pending()
    with access_to(found.ledger, folder) as access:
        app = create_app(
            found,
            access=access,
            station=station_for(found.ledger),
            places=Places(found.registry.vault),
            registry=found.registry,
            registrar=found.registrar,
        )
        found.client = Client(app)
        found.headers = {"nobody": {}}
        found.access = access
        found.sign_in()
        for who, owner, scope in (
            (READER, "ann", TokenScope.READ),
            (MIRROR, "authority", TokenScope.MIRROR),
        ):
            principal = resolve(found.ledger, address(owner))
            secret, _ = access.tokens.issue(principal, "a system", [scope], 1)
            found.headers[who] = {"Authorization": f"Bearer {secret.text}"}
        yield found
    found.registry.vault.engine.dispose()
    found.close()


def _guessable(town: Town, activity: bytes) -> dict[str, tuple[Record, frozenset[str]]]:
    """Kind → a record that can be rebuilt by who knows who and when, and its parties."""
    consent = Consent(
        *(address("ann"), address("other"), "grant", PURPOSE),
        *(START, START + 9, town.now + 9, town.now),
    )
    return {
        "signup": (town.signup(activity, "ann"), ANN | {"org", "registrar"}),
        "delegation": (town.grant("org", "registrar", "credit"), frozenset(("org", "registrar"))),
        "consent": (town.record(consent, ("volunteer", "ann")), ANN | {"other"}),
    }


def _path(served: Served, route: Route) -> str:
    """An address of a route, of things of ann's and of the organisation's."""
    issued = served.certificate
    record = served.town.id(served.service)
    own = "certificate" in route.path
    values = {
        "record_id": "0x" + (issued.record if own else record).hex(),
        "address": address("org" if "/organisations/" in route.path else "ann"),
        "kind": "service",
        "activity": "0x" + served.activity.hex(),
        "organisation": address("org"),
        "number": issued.statement.number if "numbered" in route.path else 1,
        "index": 1,
        "list_number": 1,
        "level": "0",
        "path": "000.p/8",
        "code": "OVERLAP",
        "run": served.run,
        "name": "students.csv",
        "job": served.run,
        "token_id": "0" * 16,
        "share_id": "0" * 16,
        "secret": "hlh_" + "a" * 43,
        "version": "x",
    }
    return route.path.replace(":path}", "}").format(**values)


def _gets_in(served: Served, route: Route, who: str) -> bool:
    (method,) = (route.methods or set()) - {"HEAD"}
    query = QUERIES.get(route.name, {})
    path = _path(served, route)
    if route.name == "forget_credits":
        path = path.replace(served.run, "0" * len(served.run))  # the others are asked of it too
    answer = served.ask(method, path, who, params=query)
    assert answer.status_code < 500, (route.path, who, answer.text)
    closed = (401, 403) if route.name in ABSENT else (401, 403, 404)
    return answer.status_code not in closed


def test_every_route_has_its_line_in_both_tables() -> None:
    names = {route.name for route in ROUTE}
    assert names == ACCESS.keys() == GETS_IN.keys()
    assert names >= OPEN_TO_SITES | INDEXED


LASTING = [r for r in ROUTE if r.name != "sign_out"]


@pytest.mark.parametrize("route", LASTING, ids=lambda route: route.name)
def test_a_route_lets_in_whom_the_table_says_and_nobody_else(served: Served, route: Route) -> None:
    found = {who for who in EVERYBODY if _gets_in(served, route, who)}
    assert found == GETS_IN[route.name]


def test_whoever_is_signed_in_and_nobody_else_signs_out(served: Served) -> None:
    (route,) = (r for r in ROUTE if r.name == "sign_out")
    found = {who for who in EVERYBODY if _gets_in(served, route, who)}
    served.sign_in()
    assert found == GETS_IN["sign_out"]


@pytest.mark.parametrize("kind", ["signup", "delegation", "consent"])
@pytest.mark.parametrize("what", ["", "/entry", "/proof", "/tlog-proof"])
def test_an_id_that_can_be_guessed_opens_nothing_but_to_its_parties(
    served: Served, kind: str, what: str
) -> None:
    record, parties = served.guessable[kind]
    path = f"/v1/records/0x{served.town.id(record).hex()}{what}"
    unknown = f"/v1/records/0x{'5' * 64}{what}"
    for who in sorted(EVERYBODY - {"authority"}):
        answer = served.ask("GET", path, who)
        if who in parties:
            assert answer.status_code == 200, who
            assert answer.headers["cache-control"] == "private, no-store"
        else:
            other = served.ask("GET", unknown, who)
            assert (answer.status_code, answer.content) == (404, other.content), who
            assert answer.headers == other.headers


@pytest.mark.parametrize("kind", ["signup", "delegation", "consent"])
def test_the_page_of_an_id_that_can_be_guessed_is_that_of_an_unknown_one(
    served: Served, kind: str
) -> None:
    record, _ = served.guessable[kind]
    name, unknown = served.town.id(record).hex(), "5" * 64
    pages = [served.client.get(f"/records/0x{i}") for i in (name, unknown)]
    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].text.replace(name, unknown) == pages[1].text


def test_nobody_finds_people_by_asking_for_the_proof_of_addresses_that_are_not_there(
    served: Served, tmp_path: Path
) -> None:
    """A proof of absence holds somebody else's key and totals: nobody gets one."""
    with access_to(served.ledger, tmp_path) as access:
        client = Client(create_app(served, access=access))
        for number in range(20):
            name = f"fresh key {number}"
            headers = bearer(access, address(name), key(name))
            for what in ("proof", "transcript"):
                path = f"/v1/accounts/{address(name)}/{what}"
                answer = client.get(path, headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_who_enrols_later_sees_nobody_in_a_transcript_from_before(
    served: Served, tmp_path: Path
) -> None:
    town = served.town
    with access_to(served.ledger, tmp_path) as access:
        client = Client(create_app(served, access=access))
        town.now += 86400 * 30
        served.ledger.append(town.enrol("late"))
        seal(served.ledger, town.log_key)
        served.anchor_pending()
        headers = bearer(access, address("late"), key("late"))
        path = f"/v1/accounts/{address('late')}/transcript?from={town.now - 86400}"
        found = client.get(path, headers=headers).json()
    assert [entry["record"]["kind"] for entry in found["entries"]] == ["volunteer"]
    assert found["before"] is None


def test_the_document_says_what_the_table_says() -> None:
    page = Path(__file__).parents[4] / "docs/access.md"
    hint = "run: python -m api.cli.access_page > docs/access.md"
    assert page.read_text(encoding="utf-8") == table(), hint
