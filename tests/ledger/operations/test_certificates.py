"""A certificate holds what the ledger holds: each row, each status, nothing that was changed."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.core.kinds.registry import Certificate, Service, service_of
from ledger.core.records.signing import leaf_of
from ledger.core.trees.merkle import root
from ledger.core.verify.certificate import CHECKS, Claims, verify_certificate
from ledger.core.verify.certificate_rows import Claim
from ledger.errors import NotFound, ProofError
from ledger.operations.audit import audit
from ledger.operations.certificates import (
    bound_domain,
    certifiable,
    certificates_numbered,
    certificates_of,
)
from ledger.operations.prove_certificate import certificate_proof
from tests.builders.certificate_records import issuer_key
from tests.builders.certificates import DOCUMENT, DOMAIN, EVER, PUBLIC, SALT, CertifyingLedger
from tests.builders.mutations import mutations
from tests.builders.records import DAY, START, ZERO, address, key

Change = Callable[["CertifyingLedger"], Any]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[CertifyingLedger]:
    world = CertifyingLedger(tmp_path)
    yield world
    world.ledger.close()
    world.ledger.engine.dispose()


@pytest.fixture
def claims(world: CertifyingLedger) -> Claims:
    return world.claims()


def failed(world: CertifyingLedger, proof: Mapping[str, Any], claims: Claims) -> set[str]:
    report = verify_certificate(proof, lambda: claims, world.chain)
    assert report.verdict == "invalid", report.checks
    assert report.facts == {}
    return {check.name for check in report.checks if check.ok is False}


def verdict(world: CertifyingLedger, claims: Claims) -> str:
    return verify_certificate(world.proof(), lambda: claims, world.chain).verdict


class TestVerdicts:
    def test_valid_with_every_check_by_name(self, world: CertifyingLedger, claims: Claims) -> None:
        world.seal()
        report = verify_certificate(world.proof(), lambda: claims, world.chain)
        assert report.verdict == "valid", report.checks
        assert [check.name for check in report.checks] == list(CHECKS)
        facts = report.facts
        assert (facts["credit_minutes"], facts["honour_minutes"]) == (121, 65)
        assert [row["hour_class"] for row in facts["rows"]] == [*["credit"] * 2, *["honour"] * 2]
        assert [row["status"] for row in facts["rows"]] == ["recorded"] * 4
        assert [len(row["signers"]) for row in facts["rows"]] == [1, 1, 2, 2]
        assert facts["rows"][2]["flags"] != []
        assert facts["does_not_prove"]

    def test_unchecked_without_a_chain_and_pending_before_a_batch(
        self, world: CertifyingLedger, claims: Claims
    ) -> None:
        assert verdict(world, claims) == "pending"
        world.seal()
        proof = world.proof()
        assert verify_certificate(proof, lambda: claims).verdict == "unchecked"
        assert verify_certificate({**proof, "anchors": []}, lambda: claims).verdict == "pending"

    def test_void_with_its_reason_when_the_certificate_is_taken_back(
        self, world: CertifyingLedger, claims: Claims
    ) -> None:
        world.seal()
        world.ledger.append(world.town.void(world.town.id(world.issued), "org"))
        for sealed in (False, True):
            if sealed:
                world.seal()
            report = verify_certificate(world.proof(), lambda: claims, world.chain)
            assert report.verdict == "void", report.checks
            assert report.facts["change"]["reason"] == "not_served"
            assert report.facts["change"]["of"] == "0x" + world.town.id(world.issued).hex()

    def test_void_when_one_of_its_hours_is(self, world: CertifyingLedger, claims: Claims) -> None:
        world.ledger.append(world.town.void(world.names[2], "org"))
        world.seal()
        report = verify_certificate(world.proof(), lambda: claims, world.chain)
        assert report.verdict == "void"
        assert report.facts["change"]["of"] == "0x" + world.names[2].hex()
        assert [row["status"] for row in report.facts["rows"]].count("void") == 1

    def test_amended_when_an_hour_is_or_a_newer_certificate_is_there(
        self, world: CertifyingLedger, claims: Claims
    ) -> None:
        newer = world.certify(number="2", supersedes=world.town.id(world.issued))
        world.ledger.append(newer)
        world.seal()
        report = verify_certificate(world.proof(), lambda: claims, world.chain)
        assert (report.verdict, report.facts["change"]["kind"]) == ("amended", "certificate")
        again = replace(claims, number="2", supersedes=world.town.id(world.issued))
        report = verify_certificate(world.proof(newer), lambda: again, world.chain)
        assert report.verdict == "valid", report.checks
        entry = next(i for i in certifiable(world.ledger, *WHO) if i.record == world.names[0])
        world.ledger.append(world.town.amend(world.names[0], replace(entry.service, minutes=20)))
        world.seal()
        report = verify_certificate(world.proof(newer), lambda: again, world.chain)
        assert report.verdict == "amended"

    def test_disputed_by_an_objection_and_by_a_revoked_key(
        self, world: CertifyingLedger, claims: Claims
    ) -> None:
        objection = world.town.objection(world.names[1], "ann")
        world.ledger.append(objection)
        world.seal()
        assert verdict(world, claims) == "disputed"
        world.ledger.append(
            world.town.decision(world.town.id(objection), world.names[1], "org", "rejected")
        )
        world.seal()
        assert verdict(world, claims) == "valid"
        world.ledger.append(issuer_key(world.town, "org", action="revoke", valid_from=START))
        world.seal()
        assert verdict(world, claims) == "disputed"

    def test_an_hour_under_a_delegate_whose_grant_is_taken_back_is_disputed(
        self, world: CertifyingLedger, claims: Claims
    ) -> None:
        revoked = world.town.grant("org", "second", "approve", action="revoke", valid_from=START)
        world.ledger.append(revoked)
        world.seal()
        assert verdict(world, claims) == "disputed"

    def test_the_audit_finds_nothing(self, world: CertifyingLedger) -> None:
        world.seal()
        assert audit(world.ledger.engine).sound


WHO = (address("org"), address("ann"), START, EVER)

CLAIMS: dict[str, tuple[str, Callable[[Claims], Claims]]] = {
    "another document": ("credential", lambda c: replace(c, document=DOCUMENT + b" ")),
    "another key": ("credential", lambda c: replace(c, key=key("stranger"))),
    "another ledger": ("credential", lambda c: replace(c, ledger=key("ledger"))),
    "another ledger's name": ("credential", lambda c: replace(c, ledger_name="Ledger")),
    "another domain": ("credential", lambda c: replace(c, domain="example.org")),
    "another organisation": ("credential", lambda c: replace(c, organisation=address("bob"))),
    "another name": ("credential", lambda c: replace(c, organisation_name="Org")),
    "another holder": ("credential", lambda c: replace(c, holder=address("bob"))),
    "another number": ("credential", lambda c: replace(c, number="2023-2")),
    "another beginning": ("credential", lambda c: replace(c, served_from=START + 1)),
    "another end": ("credential", lambda c: replace(c, served_until=EVER)),
    "another time of issue": ("credential", lambda c: replace(c, issued_at=c.issued_at + 1)),
    "another predecessor": ("credential", lambda c: replace(c, supersedes=key("older"))),
    "a row less": ("rows", lambda c: replace(c, rows=c.rows[1:])),
    "a row twice": ("rows", lambda c: replace(c, rows=(*c.rows[:3], c.rows[2]))),
    "a row more": ("rows", lambda c: replace(c, rows=(*c.rows, row(c, record=key("r"))))),
    "another record": ("rows", lambda c: first(c, record=key("r"))),
    "another class": ("rows", lambda c: first(c, hour_class="honour")),
    "another title": ("rows", lambda c: first(c, activity="河岸")),
    "another category": ("rows", lambda c: first(c, category="sport")),
    "another start": ("rows", lambda c: first(c, started_at=START)),
    "another stop": ("rows", lambda c: first(c, ended_at=EVER)),
    "more minutes": ("rows", lambda c: first(c, minutes=480)),
    "an earlier entry": ("rows", lambda c: first(c, accepted_at=START)),
    "a flag less": ("rows", lambda c: last(c, flags=())),
    "more evidence": ("rows", lambda c: first(c, evidence=9)),
    "other content": ("rows", lambda c: first(c, content=key("c"))),
    "another in charge": ("rows", lambda c: first(c, charge=key("c"))),
    "somebody in charge of no activity": ("rows", lambda c: last(c, charge=ZERO)),
}


def row(claims: Claims, place: int = 0, **changes: Any) -> Claim:
    return replace(claims.rows[place], **changes)


def first(claims: Claims, **changes: Any) -> Claims:
    return replace(claims, rows=(row(claims, **changes), *claims.rows[1:]))


def last(claims: Claims, **changes: Any) -> Claims:
    return replace(claims, rows=(*claims.rows[:-1], row(claims, -1, **changes)))


class TestLies:
    @pytest.mark.parametrize("lie", CLAIMS)
    def test_of_the_credential_fail_by_name(
        self, world: CertifyingLedger, claims: Claims, lie: str
    ) -> None:
        world.seal()
        check, change = CLAIMS[lie]
        assert failed(world, world.proof(), change(claims)) == {check}

    def test_what_opens_nothing_is_no_lie(self, world: CertifyingLedger, claims: Claims) -> None:
        world.seal()
        unopened = first(claims, content=None)
        report = verify_certificate(world.proof(), lambda: unopened, world.chain)
        assert report.verdict == "valid"

    def test_an_issuer_without_a_domain_is_no_lie(
        self, world: CertifyingLedger, claims: Claims
    ) -> None:
        world.seal()
        by_key = replace(claims, domain="")
        assert verify_certificate(world.proof(), lambda: by_key, world.chain).verdict == "valid"

    def test_every_changed_value_of_the_proof_is_found(
        self, world: CertifyingLedger, claims: Claims
    ) -> None:
        world.seal()
        proof = world.proof()
        passed = []
        for place, (name, changed) in enumerate(mutations(proof)):
            # A prime stride meets each kind of place and keeps the suite short.
            if place % 31 or json.dumps(changed) == json.dumps(proof):
                continue
            if verify_certificate(changed, lambda: claims, world.chain).verdict == "valid":
                passed.append(name)
        assert passed == []

    @pytest.mark.parametrize(
        "name",
        ["services", "activities", "certifications", "delegations"],
    )
    def test_an_entry_left_out_is_missed(
        self, world: CertifyingLedger, claims: Claims, name: str
    ) -> None:
        world.seal()
        proof = world.proof()
        proof[name] = proof[name][1:]
        assert failed(world, proof, claims)

    def test_a_change_or_revocation_cannot_be_left_out_nor_put_in(
        self, world: CertifyingLedger, claims: Claims
    ) -> None:
        world.seal()
        before = world.proof()
        world.ledger.append(world.town.void(world.names[0], "org"))
        world.seal()
        after = world.proof()
        hidden = {**after, "changes": []}
        assert "status" in failed(world, hidden, claims)
        stranger = copy.deepcopy(before)
        stranger["standing"]["revoked"][0] = [[9999, START]]
        assert "status" in failed(world, stranger, claims)

    def test_other_totals_than_the_sums(self, world: CertifyingLedger, claims: Claims) -> None:
        more = world.certify(number="2", credit_minutes=481)
        world.ledger.append(more)
        world.seal()
        stated = replace(claims, number="2")
        assert failed(world, world.proof(more), stated) == {"rows"}

    def test_hours_of_another_organisation_or_person_or_time(
        self, world: CertifyingLedger, claims: Claims
    ) -> None:
        short = world.certify(number="2", served_until=START + 2 * DAY)
        world.ledger.append(short)
        world.seal()
        stated = replace(claims, number="2", served_until=START + 2 * DAY)
        assert failed(world, world.proof(short), stated) == {"rows"}

    def test_a_key_that_is_not_bound(self, world: CertifyingLedger) -> None:
        world.seal()
        with pytest.raises(NotFound):
            certificate_proof(
                world.ledger,
                world.town.id(world.issued),
                world.names,
                key("stranger"),
                SALT,
                world._anchors,
            )

    def test_a_credential_that_cannot_be_read(self, world: CertifyingLedger) -> None:
        world.seal()

        def unread() -> Claims:
            raise ProofError("credential", "its signature does not hold")

        report = verify_certificate(world.proof(), unread, world.chain)
        assert report.verdict == "invalid"
        assert [(c.name, c.ok) for c in report.checks[:2]] == [
            ("format", True),
            ("credential", False),
        ]


class TestLookingUp:
    def test_what_may_be_certified(self, world: CertifyingLedger) -> None:
        found = certifiable(world.ledger, *WHO)
        assert [item.record for item in found] == world.names
        assert all(service_of(item.entry.record.body) == item.service for item in found)
        world.ledger.append(world.town.void(world.names[0], "org"))
        world.ledger.append(world.town.objection(world.names[1], "ann"))
        assert [i.record for i in certifiable(world.ledger, *WHO)] == world.names[2:]
        assert certifiable(world.ledger, address("org"), address("bob"), START, EVER) == []
        assert certifiable(world.ledger, address("org"), address("ann"), EVER - 1, EVER) == []

    def test_by_holder_and_by_number(self, world: CertifyingLedger) -> None:
        (mine,) = certificates_of(world.ledger, address("ann"))
        (same,) = certificates_numbered(world.ledger, "2023-1")
        assert mine == same
        assert mine.record == world.town.id(world.issued)
        assert mine.status.word == "recorded"
        assert certificates_numbered(world.ledger, "2023-9") == []

    def test_which_key_is_bound(self, world: CertifyingLedger) -> None:
        assert bound_domain(world.ledger, address("org"), PUBLIC) == DOMAIN
        assert bound_domain(world.ledger, address("org"), key("stranger")) is None
        world.ledger.append(
            issuer_key(world.town, "org", action="revoke", valid_from=world.town.now)
        )
        assert bound_domain(world.ledger, address("org"), PUBLIC) is None

    def test_the_root_is_over_the_ids_in_the_order_of_the_log(
        self, world: CertifyingLedger
    ) -> None:
        body = world.issued.body
        assert isinstance(body, Certificate)
        assert body.services == root([leaf_of(name) for name in world.names])
        assert isinstance(certifiable(world.ledger, *WHO)[0].service, Service)
