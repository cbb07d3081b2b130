"""Certificates, keys of issuers, consent and practice credits: what the book takes and refuses."""

from pathlib import Path

import pytest

from ledger.core.kinds.certificates import Host
from ledger.core.verify.record import verify
from ledger.errors import Refused
from ledger.operations import read
from ledger.operations.audit import audit
from ledger.operations.book import Book
from ledger.operations.prove import bundle
from ledger.operations.seal import seal
from ledger.refusals import Code
from tests.builders.certificate_records import certificate, consent, decision, issuer_key
from tests.builders.ledgers import open_book, settle
from tests.builders.records import DAY, START, Town, address


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def book(town: Town, tmp_path: Path) -> Book:
    return open_book(town, tmp_path)


@pytest.fixture
def service(town: Town, book: Book) -> bytes:
    """An honour service of `ann` recorded by `org`; `school` is certified too."""
    settle(town, book)
    book.append(town.certify("school"))
    record = town.honour("org", "second", "ann", START + DAY, 90, evidence=(bytes([1]) * 32,))
    book.append(record)
    return town.id(record)


def refused(book: Book, record) -> Code:
    with pytest.raises(Refused) as caught:
        book.append(record)
    return caught.value.code


def status(town: Town, book: Book, record) -> str:
    """What a bundle proves, after a batch and a sound audit."""
    seal(book, town.log_key)
    assert audit(book.engine).sound
    shown = bundle(book, town.id(record), lambda _: [])
    assert verify(shown).verdict != "invalid"
    word: str = shown["status"]["value"]["status"]
    return word


class TestKeysOfIssuers:
    def test_are_bound_and_revoked_by_the_organisation_itself(self, town, book, service) -> None:
        book.append(issuer_key(town, "org"))
        book.append(issuer_key(town, "org", action="revoke", valid_from=START + 5))
        again = issuer_key(town, "org", action="revoke", valid_from=START + 6)
        assert refused(book, again) is Code.ISSUER_KEY

    def test_revoked_from_the_beginning_of_time_have_nothing_left(
        self, town, book, service
    ) -> None:
        book.append(issuer_key(town, "org"))
        book.append(issuer_key(town, "org", action="revoke", valid_from=0))
        again = issuer_key(town, "org", action="revoke", valid_from=1)
        assert refused(book, again) is Code.ISSUER_KEY

    def test_zero_is_no_key(self, town, book, service) -> None:
        assert refused(book, issuer_key(town, "org", public_key=bytes(32))) is Code.ISSUER_KEY

    def test_end_after_they_begin(self, town, book, service) -> None:
        late = issuer_key(town, "org", valid_until=START)
        assert refused(book, late) is Code.TIMES_REVERSED

    def test_are_not_bound_by_who_is_not_certified(self, town, book, service) -> None:
        assert refused(book, issuer_key(town, "stranger")) is Code.ORG_NOT_CERTIFIED

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
    def test_stand_until_they_are_voided(self, town, book, service) -> None:
        issued = certificate(town, "org", "ann", (service,))
        book.append(issued)
        assert status(town, book, issued) == "recorded"
        book.append(town.void(town.id(issued), "org"))
        assert status(town, book, issued) == "void"
        assert refused(book, town.void(town.id(issued), None)) is Code.VOID_TWICE

    def test_are_replaced_once(self, town, book, service) -> None:
        first = certificate(town, "org", "ann", (service,))
        book.append(first)
        second = certificate(
            town, "org", "ann", (service,), number="2023-2", supersedes=town.id(first)
        )
        book.append(second)
        assert (status(town, book, first), status(town, book, second)) == ("amended", "recorded")
        third = certificate(
            town, "org", "ann", (service,), number="2023-3", supersedes=town.id(first)
        )
        assert refused(book, third) is Code.SUPERSEDED
        assert refused(book, town.void(town.id(first), "org")) is Code.SUPERSEDED

    def test_are_listed_for_both_whom_they_concern(self, town, book, service) -> None:
        issued = certificate(town, "org", "ann", (service,))
        index = book.append(issued).index
        for name in ("org", "ann"):
            assert index in [e.index for e in read.account_entries(book, address(name), -1, 99)]

    def test_leave_totals_alone(self, town, book, service) -> None:
        before = read.account(book, address("ann"))
        book.append(certificate(town, "org", "ann", (service,)))
        after = read.account(book, address("ann"))
        assert after.honour_minutes == before.honour_minutes
        assert after.credit_minutes == before.credit_minutes

    def test_have_a_number_of_their_own_in_their_organisation(self, town, book, service) -> None:
        book.append(certificate(town, "org", "ann", (service,)))
        book.append(certificate(town, "school", "ann", (service,)))
        twice = certificate(town, "org", "bob", (service,))
        assert refused(book, twice) is Code.CERTIFICATE_NUMBER

    def test_are_signed_by_who_may(self, town, book, service) -> None:
        by_second = certificate(town, "org", "ann", (service,), signer="second")
        assert refused(book, by_second) is Code.SIGNER_NOT_ALLOWED
        book.append(town.grant("org", "second", "certificate"))
        book.append(by_second)

    def test_replace_only_those_of_the_same_two(self, town, book, service) -> None:
        first = certificate(town, "org", "ann", (service,))
        book.append(first)
        for organisation, volunteer in (("school", "ann"), ("org", "bob")):
            other = certificate(
                town, organisation, volunteer, (service,), number="n", supersedes=town.id(first)
            )
            assert refused(book, other) is Code.CERTIFICATE_TARGET

    def test_are_voided_by_nobody_else(self, town, book, service) -> None:
        issued = certificate(town, "org", "ann", (service,))
        book.append(issued)
        assert refused(book, town.void(town.id(issued), "school")) is Code.VOID_NOT_YOURS
        book.append(town.void(town.id(issued), None))

    def test_are_of_an_enrolled_volunteer_and_a_period(self, town, book, service) -> None:
        nobody = certificate(town, "org", "nobody", (service,))
        assert refused(book, nobody) is Code.VOLUNTEER_UNKNOWN
        empty = certificate(town, "org", "ann", (service,), served_until=START)
        assert refused(book, empty) is Code.TIMES_REVERSED


class TestPracticeCredits:
    def test_count_a_service_once_under_a_scheme(self, town, book, service) -> None:
        book.append(consent(town, "ann", "school"))
        book.append(decision(town, "school", "ann", (service,)))
        again = decision(town, "school", "ann", (service,), minutes=1)
        assert refused(book, again) is Code.ALREADY_CREDITED
        book.append(decision(town, "school", "ann", (service,), scheme="prizes"))
        seal(book, town.log_key)
        assert audit(book.engine).sound

    def test_count_no_more_minutes_than_the_services_have(self, town, book, service) -> None:
        book.append(consent(town, "ann", "school"))
        for services, minutes in (((service,), 91), ((service,), 100_000), ((), 1)):
            more = decision(town, "school", "ann", services, minutes=minutes)
            assert refused(book, more) is Code.CREDIT_MINUTES
        book.append(decision(town, "school", "ann", (service,), minutes=90))
        seal(book, town.log_key)
        assert audit(book.engine).sound

    def test_need_consent_for_the_time_and_while_it_holds(self, town, book, service) -> None:
        counted = decision(town, "school", "ann", (service,))
        assert refused(book, counted) is Code.NO_CONSENT
        book.append(consent(town, "ann", "school", served_from=START + 2 * DAY))
        assert refused(book, counted) is Code.NO_CONSENT
        book.append(consent(town, "ann", "school", valid_until=town.now))
        assert refused(book, counted) is Code.NO_CONSENT
        book.append(consent(town, "ann", "school"))
        book.append(consent(town, "ann", "school", action="withdraw"))
        assert refused(book, counted) is Code.NO_CONSENT
        twice = consent(town, "ann", "school", action="withdraw", issued_at=town.now - 1)
        assert refused(book, twice) is Code.NO_CONSENT

    def test_count_standing_services_of_the_student_alone(self, town, book, service) -> None:
        for name in ("ann", "bob"):
            book.append(consent(town, name, "school"))
        assert refused(book, decision(town, "school", "bob", (service,))) is Code.CREDIT_TARGET
        unknown = decision(town, "school", "ann", (bytes(31) + b"1",))
        assert refused(book, unknown) is Code.CREDIT_TARGET
        book.append(town.void(service, "org"))
        assert refused(book, decision(town, "school", "ann", (service,))) is Code.CREDIT_TARGET

    def test_are_decided_by_who_acts_for_the_university(self, town, book, service) -> None:
        book.append(consent(town, "ann", "school"))
        by_clerk = decision(town, "school", "ann", (service,), signer="clerk")
        assert refused(book, by_clerk) is Code.SIGNER_NOT_ALLOWED
        book.append(town.grant("school", "clerk", "credit"))
        book.append(by_clerk)

    def test_consent_is_of_an_enrolled_volunteer_and_a_period(self, town, book, service) -> None:
        assert refused(book, consent(town, "nobody", "school")) is Code.VOLUNTEER_UNKNOWN
        empty = consent(town, "ann", "school", served_until=START)
        assert refused(book, empty) is Code.TIMES_REVERSED
