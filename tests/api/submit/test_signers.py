"""Which key signs in which role follows from the kind, or is asked for."""

import pytest

from api.errors import WrongUse
from api.submit.signers import Signer, claims, own_fields
from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds.kind import KINDS
from ledger.core.kinds.registry import Organisation, RequestEnd, Void, Volunteer
from tests.builders.records import START, Town, address, key

TOWN = Town()
AUTHORITIES = {address("authority")}
VOID = Void(b"\x01" * 32, address("org"), "duplicate", bytes(32), START)


def signer(name: str, role: str = "") -> Signer:
    return Signer(role, address(name), secret=key(name))


def roles(
    body: Volunteer | Void | RequestEnd | Organisation, *signers: Signer
) -> list[tuple[str, str]]:
    found = claims(TOWN.ledger, body, signers, AUTHORITIES)
    return [(claim.role, claim.signer) for claim in found]


def test_an_organisation_voids_and_so_does_an_authority_where_none_is_named() -> None:
    assert roles(VOID, signer("org")) == [("organisation", address("org"))]
    alone = Void(VOID.target, ZERO_ADDRESS, "duplicate", bytes(32), START)
    assert roles(alone, signer("authority")) == [("authority", address("authority"))]
    assert roles(VOID, signer("authority", "authority"))[0][0] == "authority"


def test_a_guardian_signs_beside_whom_it_answers_for_in_the_order_of_the_kind() -> None:
    body = Volunteer(address("child"), b"\x01" * 32, address("parent"), START)
    wanted = [("volunteer", address("child")), ("guardian", address("parent"))]
    assert roles(body, signer("child"), signer("parent")) == wanted
    assert roles(body, signer("parent", "guardian"), signer("child")) == wanted


def test_as_many_authorities_sign_as_there_are_keys_in_the_order_of_their_addresses() -> None:
    named = (ZERO_ADDRESS, ZERO_ADDRESS, START, 0, START)
    body = Organisation(address("org"), "certify", "org", "charity", *named)
    found = roles(body, *(signer(name) for name in ("authority", "second", "third")))
    assert [role for role, _ in found] == ["authority"] * 3
    assert found == sorted(found, key=lambda one: one[1].lower())


def test_too_few_and_too_many_keys_are_told_the_roles() -> None:
    body = Volunteer(address("child"), b"\x01" * 32, address("parent"), START)
    for signers in ((signer("child"),), (), tuple(signer(n) for n in "abc")):
        with pytest.raises(WrongUse, match="volunteer, guardian"):
            roles(body, *signers)
    with pytest.raises(WrongUse, match="volunteer, guardian"):
        roles(body, signer("child", "authority"), signer("parent"))


@pytest.mark.parametrize(
    ("kind", "role", "field"),
    [("signup", "", "volunteer"), ("transfer", "", "sender"), ("activity", "", "organisation")],
)
def test_a_field_that_can_only_name_who_signs_is_filled(kind: str, role: str, field: str) -> None:
    assert own_fields(KINDS[kind], [signer("ann", role)]) == {field: address("ann")}


def test_a_field_that_may_name_another_is_left_to_the_person() -> None:
    assert own_fields(KINDS["void"], [signer("org")]) == {}
    assert own_fields(KINDS["permit"], [signer("authority")]) == {}
    found = own_fields(KINDS["volunteer"], [signer("a", "volunteer"), signer("b", "guardian")])
    assert found == {"volunteer": address("a"), "guardian": address("b")}
