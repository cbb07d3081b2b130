"""An id opens its entry to strangers only where they cannot have guessed it."""

from dataclasses import replace

import pytest

from api.access.opening import opens
from ledger.core.format.structs import Body, fields_of
from ledger.core.kinds.certificates import PURPOSE
from ledger.core.kinds.kind import OF_NO_PERSON, SELVES
from ledger.core.kinds.registry import KINDS, Consent, Service
from tests.builders.records import START, Town, address

SALTED = b"\7" * 32


def nothing(_: bytes) -> Body | None:
    return None


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_cannot_be_guessed_in_a_record_are_hashes(name: str) -> None:
    secret = KINDS[name].secret
    fields = fields_of(KINDS[name].body)
    if secret is not None:
        assert {fields[field].solidity for field in secret.fields} <= {"bytes32", "bytes32[]"}
        assert secret.as_in is None or fields[secret.as_in].solidity == "bytes32"


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_a_person_signs_is_never_of_no_person(name: str) -> None:
    signed = {role for signers in KINDS[name].signed_by for role in signers.roles}
    named = fields_of(KINDS[name].body).keys()
    if signed & {*SELVES} or "volunteer" in named:
        assert KINDS[name].secret is not OF_NO_PERSON


def test_whoever_knows_who_and_when_rebuilds_the_id_of_a_sign_up_and_opens_nothing(
    town: Town,
) -> None:
    consent = Consent(
        address("ann"), address("org"), "grant", PURPOSE, START, START + 9, START, START
    )
    for record in (
        town.signup(SALTED, "ann"),
        town.grant("org", "second", "approve"),
        town.record(consent, ("volunteer", "ann")),
    ):
        assert not opens(record.body, nothing), record.kind


def test_a_service_opens_by_what_it_commits_to_or_by_its_clock_events(town: Town) -> None:
    bare = town.honour("org", "second", "ann", START, 60, evidence=()).body
    assert isinstance(bare, Service)
    assert not opens(bare, nothing)
    assert opens(replace(bare, content=SALTED), nothing)
    assert opens(replace(bare, evidence=(SALTED,)), nothing)
    clock = town.clock_event("org", "ann", SALTED, "in", START).body
    clocked = replace(bare, clock_in=SALTED)
    assert opens(clocked, {SALTED: clock}.get)
    assert not opens(clocked, nothing)


@pytest.mark.parametrize("content", [bytes(32), SALTED])
def test_what_changes_a_service_is_as_open_as_the_service(town: Town, content: bytes) -> None:
    service = town.honour("org", "second", "ann", START, 60, content=content, evidence=())
    target = town.id(service)
    for record in (town.void(target, "org"), town.objection(target, "ann")):
        assert opens(record.body, {target: service.body}.get) is any(content)
