"""Certificates, keys of issuers, consent and practice credits: what the ledger takes and
refuses."""

from pathlib import Path

import pytest

from ledger.core.format.spellings import Host
from ledger.core.verify.record import verify
from ledger.errors import Refused
from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.ledger import Ledger
from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from ledger.refusals import Code
from tests.builders.certificate_records import certificate, consent, decision, issuer_key
from tests.builders.ledgers import opened_ledger, settle
from tests.builders.records import DAY, START, Town, address


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def ledger(town: Town, tmp_path: Path) -> Ledger:
    return opened_ledger(town, tmp_path)


@pytest.fixture
def service(town: Town, ledger: Ledger) -> bytes:
    """An honour service of `ann` recorded by `org`; `school` is certified too."""
    settle(town, ledger)
    ledger.append(town.certify("school"))
    record = town.honour("org", "second", "ann", START + DAY, 90, evidence=(bytes([1]) * 32,))
    ledger.append(record)
    return town.id(record)


def refused(ledger: Ledger, record) -> Code:
    with pytest.raises(Refused) as caught:
        ledger.append(record)
    return caught.value.code


def status(town: Town, ledger: Ledger, record) -> str:
    """What a bundle proves, after a batch and a sound audit."""
    seal(ledger, town.log_key)
    assert audit(ledger.engine).sound
    shown = bundle(ledger, town.id(record), lambda *_: [])
    assert verify(shown).verdict != "invalid"
    stated = shown["standing"]["status"]
    return stated["status"] if stated else "recorded"


class TestKeysOfIssuers:
    def test_are_bound_and_revoked_by_the_organisation_itself(self, town, ledger, service) -> None:
        ledger.append(issuer_key(town, "org"))
        ledger.append(issuer_key(town, "org", action="revoke", valid_from=START + 5))
        again = issuer_key(town, "org", action="revoke", valid_from=START + 6)
        assert refused(ledger, again) is Code.ISSUER_KEY

    def test_revoked_from_the_beginning_of_time_have_nothing_left(
        self, town, ledger, service
    ) -> None:
        ledger.append(issuer_key(town, "org"))
        ledger.append(issuer_key(town, "org", action="revoke", valid_from=0))
        again = issuer_key(town, "org", action="revoke", valid_from=1)
        assert refused(ledger, again) is Code.ISSUER_KEY

    def test_zero_is_no_key(self, town, ledger, service) -> None:
        assert refused(ledger, issuer_key(town, "org", public_key=bytes(32))) is Code.ISSUER_KEY

    def test_end_after_they_begin(self, town, ledger, service) -> None:
        late = issuer_key(town, "org", valid_until=START)
        assert refused(ledger, late) is Code.TIMES_REVERSED

    def test_are_not_bound_by_who_is_not_certified(self, town, ledger, service) -> None:
        assert refused(ledger, issuer_key(town, "stranger")) is Code.ORG_NOT_CERTIFIED

    @pytest.mark.parametrize("name", ["", "example.org", "a-1.example.org.cn"])
    def test_name_a_host_or_nothing(self, name: str) -> None:
        assert Host().decode(name, "domain") == name

    @pytest.mark.parametrize(
        "name", ["Example.org", "example.org:8", "example.org/x", "localhost", "-a.org", "1.2.3.4"]
    )
    def test_name_nothing_but_a_host(self, name: str) -> None:
        with pytest.raises(Refused):
            Host().decode(name, "domain")


class TestCertificates:
    def test_stand_until_they_are_voided(self, town, ledger, service) -> None:
        issued = certificate(town, "org", "ann", (service,))
        ledger.append(issued)
        assert status(town, ledger, issued) == "recorded"
        ledger.append(town.void(town.id(issued), "org"))
        assert status(town, ledger, issued) == "void"
        assert refused(ledger, town.void(town.id(issued), None)) is Code.VOID_TWICE

    def test_are_replaced_once(self, town, ledger, service) -> None:
        first = certificate(town, "org", "ann", (service,))
        ledger.append(first)
        second = certificate(
            town, "org", "ann", (service,), number="2023-2", supersedes=town.id(first)
        )
        ledger.append(second)
        assert (status(town, ledger, first), status(town, ledger, second)) == (
            "amended",
            "recorded",
        )
        third = certificate(
            town, "org", "ann", (service,), number="2023-3", supersedes=town.id(first)
        )
        assert refused(ledger, third) is Code.SUPERSEDED
        assert refused(ledger, town.void(town.id(first), "org")) is Code.SUPERSEDED

    def test_are_listed_for_both_whom_they_concern(self, town, ledger, service) -> None:
        issued = certificate(town, "org", "ann", (service,))
        index = ledger.append(issued).index
        for name in ("org", "ann"):
            assert index in [e.index for e in read.account_entries(ledger, address(name), -1, 99)]

    def test_leave_totals_alone(self, town, ledger, service) -> None:
        before = read.account(ledger, address("ann"))
        ledger.append(certificate(town, "org", "ann", (service,)))
        after = read.account(ledger, address("ann"))
        assert after.honour_minutes == before.honour_minutes
        assert after.credit_minutes == before.credit_minutes

    def test_have_a_number_of_their_own_in_their_organisation(self, town, ledger, service) -> None:
        ledger.append(certificate(town, "org", "ann", (service,)))
        ledger.append(certificate(town, "school", "ann", (service,)))
        twice = certificate(town, "org", "bob", (service,))
        assert refused(ledger, twice) is Code.CERTIFICATE_NUMBER

    def test_are_signed_by_who_may(self, town, ledger, service) -> None:
        by_second = certificate(town, "org", "ann", (service,), signer="second")
        assert refused(ledger, by_second) is Code.SIGNER_NOT_ALLOWED
        ledger.append(town.grant("org", "second", "certificate"))
        ledger.append(by_second)

    def test_replace_only_those_of_the_same_two(self, town, ledger, service) -> None:
        first = certificate(town, "org", "ann", (service,))
        ledger.append(first)
        for organisation, volunteer in (("school", "ann"), ("org", "bob")):
            other = certificate(
                town, organisation, volunteer, (service,), number="n", supersedes=town.id(first)
            )
            assert refused(ledger, other) is Code.CERTIFICATE_TARGET

    def test_are_voided_by_nobody_else(self, town, ledger, service) -> None:
        issued = certificate(town, "org", "ann", (service,))
        ledger.append(issued)
        assert refused(ledger, town.void(town.id(issued), "school")) is Code.VOID_NOT_YOURS
        ledger.append(town.void(town.id(issued), None))

    def test_are_of_an_enrolled_volunteer_and_a_period(self, town, ledger, service) -> None:
        nobody = certificate(town, "org", "nobody", (service,))
        assert refused(ledger, nobody) is Code.VOLUNTEER_UNKNOWN
        empty = certificate(town, "org", "ann", (service,), served_until=START)
        assert refused(ledger, empty) is Code.TIMES_REVERSED


class TestPracticeCredits:
    def test_count_a_service_once_under_a_scheme(self, town, ledger, service) -> None:
        ledger.append(consent(town, "ann", "school"))
        ledger.append(decision(town, "school", "ann", (service,)))
        again = decision(town, "school", "ann", (service,), minutes=1)
        assert refused(ledger, again) is Code.ALREADY_CREDITED
        ledger.append(decision(town, "school", "ann", (service,), scheme="prizes"))
        seal(ledger, town.log_key)
        assert audit(ledger.engine).sound

    def test_count_no_more_minutes_than_the_services_have(self, town, ledger, service) -> None:
        ledger.append(consent(town, "ann", "school"))
        for services, minutes in (((service,), 91), ((service,), 100_000), ((), 1)):
            more = decision(town, "school", "ann", services, minutes=minutes)
            assert refused(ledger, more) is Code.CREDIT_MINUTES
        ledger.append(decision(town, "school", "ann", (service,), minutes=90))
        seal(ledger, town.log_key)
        assert audit(ledger.engine).sound

    def test_need_consent_for_the_time_and_while_it_holds(self, town, ledger, service) -> None:
        counted = decision(town, "school", "ann", (service,))
        assert refused(ledger, counted) is Code.NO_CONSENT
        ledger.append(consent(town, "ann", "school", served_from=START + 2 * DAY))
        assert refused(ledger, counted) is Code.NO_CONSENT
        ledger.append(consent(town, "ann", "school", valid_until=town.now))
        assert refused(ledger, counted) is Code.NO_CONSENT
        ledger.append(consent(town, "ann", "school"))
        ledger.append(consent(town, "ann", "school", action="withdraw"))
        assert refused(ledger, counted) is Code.NO_CONSENT
        twice = consent(town, "ann", "school", action="withdraw", issued_at=town.now + 1)
        assert refused(ledger, twice) is Code.NO_CONSENT

    def test_count_standing_services_of_the_student_alone(self, town, ledger, service) -> None:
        for name in ("ann", "bob"):
            ledger.append(consent(town, name, "school"))
        assert refused(ledger, decision(town, "school", "bob", (service,))) is Code.CREDIT_TARGET
        unknown = decision(town, "school", "ann", (bytes(31) + b"1",))
        assert refused(ledger, unknown) is Code.CREDIT_TARGET
        ledger.append(town.void(service, "org"))
        assert refused(ledger, decision(town, "school", "ann", (service,))) is Code.CREDIT_TARGET

    def test_are_decided_by_who_acts_for_the_university(self, town, ledger, service) -> None:
        ledger.append(consent(town, "ann", "school"))
        by_clerk = decision(town, "school", "ann", (service,), signer="clerk")
        assert refused(ledger, by_clerk) is Code.SIGNER_NOT_ALLOWED
        ledger.append(town.grant("school", "clerk", "credit"))
        ledger.append(by_clerk)

    def test_consent_is_of_an_enrolled_volunteer_and_a_period(self, town, ledger, service) -> None:
        assert refused(ledger, consent(town, "nobody", "school")) is Code.VOLUNTEER_UNKNOWN
        empty = consent(town, "ann", "school", served_until=START)
        assert refused(ledger, empty) is Code.TIMES_REVERSED
