"""Issued credentials in the vault, and names as a certificate shows them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.certificates.masking import masked
from api.certificates.stored import StoredCredential, fetch, fetch_code, keep
from ledger.core.records.sealed import MasterKey
from ledger.errors import NotFound, Refused
from ledger.operations.vault import Vault
from ledger.operations.vault_parts import Purpose, Withdrawn
from ledger.refusals import Code
from ledger.store.vault import open_vault
from tests.builders.records import address, key

ANN, RECORD = address("ann"), key("record")
KEPT = StoredCredential(
    {"name": "李＊＊", "rows": [1, 2]}, key("salt"), (key("a"), key("b")), key("public")
)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    engine = open_vault(tmp_path / "vault.sqlite")
    yield Vault(engine, MasterKey(key("master")))
    engine.dispose()


def test_what_is_kept_is_given_back_and_it_is_logged_who_asked(vault: Vault) -> None:
    keep(vault, ANN, RECORD, KEPT)
    assert fetch(vault, ANN, RECORD, address("org")) == KEPT
    (line,) = vault.accesses(ANN)
    assert (line.actor, line.kind, line.purpose) == (
        address("org"),
        "certificate",
        Purpose.CERTIFICATE,
    )


def test_a_long_one_is_kept_in_parts(vault: Vault) -> None:
    rows = [key(f"row {n}").hex() for n in range(3000)]
    long = StoredCredential({"rows": rows}, key("salt"), (), key("public"))
    keep(vault, ANN, RECORD, long)
    assert fetch(vault, ANN, RECORD, ANN) == long


def test_what_does_not_fit_is_refused(vault: Vault) -> None:
    rows = [key(f"row {n}").hex() for n in range(9000)]
    with pytest.raises(Refused) as caught:
        keep(vault, ANN, RECORD, StoredCredential({"rows": rows}, key("salt"), (), key("public")))
    assert caught.value.code is Code.TOO_LARGE


def test_nothing_is_found_that_is_not_there_or_was_withdrawn(vault: Vault) -> None:
    with pytest.raises(NotFound):
        fetch(vault, ANN, RECORD, ANN)
    keep(vault, ANN, RECORD, KEPT)
    vault.forget(ANN, ANN)
    with pytest.raises(Withdrawn):
        fetch(vault, ANN, RECORD, ANN)


def test_the_code_follows_from_the_salt_and_does_not_tell_it() -> None:
    assert fetch_code(key("salt")) == fetch_code(key("salt"))
    assert fetch_code(key("salt")) != fetch_code(key("other"))
    assert fetch_code(key("salt")) not in key("salt").hex()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李小明", "李＊＊"),
        ("王", "王"),
        ("买买提·艾力", "买＊＊·艾＊"),
        ("Ada King", "A＊＊ K＊＊＊"),
        (" 张三 ", "张＊"),
        ("𠮷田", "𠮷＊"),
        ("", ""),
    ],
)
def test_a_name_shows_the_first_character_of_each_word(name: str, shown: str) -> None:
    assert masked(name) == shown
