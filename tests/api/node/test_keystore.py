"""Keys at rest: only the passphrase opens them, and the folder tells nothing about people."""

import json
from pathlib import Path

import pytest
from eth_account import Account

from api.errors import WrongUse
from api.node import keystore
from api.node.keystore import LOG_KEY, MASTER, Keystore
from ledger.core.records.signing import address_of
from ledger.errors import Refused
from tests.builders.passphrases import STRETCHING

PASSPHRASE = "correct horse"


@pytest.fixture
def kept(tmp_path: Path) -> Keystore:
    return Keystore.create(tmp_path / "keys", PASSPHRASE)


def test_a_key_is_the_same_after_the_store_was_opened_again(kept: Keystore, tmp_path: Path) -> None:
    key, log_key = kept.obtain("volunteer 甲"), kept.make_log_key()
    again = Keystore.unlock(tmp_path / "keys", PASSPHRASE)
    assert again.demand("volunteer 甲") == key == again.obtain("volunteer 甲")
    assert again.log_key().private_bytes_raw() == log_key.private_bytes_raw()
    assert [(k.label, k.address) for k in again.stored()] == [("volunteer 甲", address_of(key))]


def test_a_guess_at_a_passphrase_costs_as_much_as_at_a_wallet_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keystore, "STRETCHING", STRETCHING)
    store = Keystore.create(tmp_path / "keys", PASSPHRASE)
    store.add("a", b"\x01" * 32)
    files = ((tmp_path / "keys" / MASTER).read_text(), store.export("a", PASSPHRASE))
    for file in files:
        crypto = json.loads(file)["crypto"]
        assert (crypto["kdf"], crypto["kdfparams"]["n"]) == ("scrypt", 2**18)


def test_another_passphrase_opens_nothing(kept: Keystore, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="does not open"):
        Keystore.unlock(tmp_path / "keys", PASSPHRASE + " ")


def test_a_second_store_never_replaces_the_first(kept: Keystore, tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        Keystore.create(tmp_path / "keys", "other")


def test_a_label_is_given_once(kept: Keystore) -> None:
    kept.add("a", b"\x01" * 32)
    with pytest.raises(WrongUse):
        kept.add("a", b"\x02" * 32)
    assert kept.key("a") == b"\x01" * 32


def test_the_folder_shows_neither_labels_nor_keys(kept: Keystore, tmp_path: Path) -> None:
    key = kept.obtain("volunteer 110101199003078888")
    kept.make_log_key()
    for file in (tmp_path / "keys").iterdir():
        data = file.read_bytes()
        assert b"110101" not in data
        assert "110101" not in file.name
        assert key.hex().encode() not in data
        assert file.stat().st_mode & 0o077 == 0


def test_a_key_moved_from_another_store_is_refused(kept: Keystore, tmp_path: Path) -> None:
    other = Keystore.create(tmp_path / "other", PASSPHRASE)
    other.obtain("a")
    (file,) = (f for f in (tmp_path / "other").glob("*.json") if f.name != MASTER)
    (tmp_path / "keys" / file.name).write_bytes(file.read_bytes())
    with pytest.raises(WrongUse):
        kept.stored()


def test_an_exported_key_opens_in_any_wallet(kept: Keystore) -> None:
    key = kept.obtain("a")
    exported = json.loads(kept.export("a", "for the wallet"))
    assert bytes(Account.decrypt(exported, "for the wallet")) == key
    assert exported["crypto"]["kdf"] == "scrypt"


def test_a_destroyed_key_never_comes_back_under_another_address(
    kept: Keystore, tmp_path: Path
) -> None:
    key = kept.obtain("volunteer a")
    kept.obtain("volunteer b")
    assert kept.remove(address_of(key))
    assert not kept.remove(address_of(key))
    assert [k.label for k in kept.stored()] == ["volunteer b"]
    for opened in (kept, Keystore.unlock(tmp_path / "keys", PASSPHRASE)):
        with pytest.raises(Refused, match="HOLDER_WITHDREW"):
            opened.obtain("volunteer a")


def test_the_vault_s_key_is_the_same_after_the_store_was_opened_again(
    kept: Keystore, tmp_path: Path
) -> None:
    again = Keystore.unlock(tmp_path / "keys", PASSPHRASE)
    assert again.vault_key().id == kept.vault_key().id
    other = Keystore.create(tmp_path / "other", PASSPHRASE)
    assert other.vault_key().id != kept.vault_key().id


@pytest.mark.parametrize("damage", [b"", b"{}", b"[]", b"\xff"])
def test_a_damaged_store_is_told_and_never_repaired_silently(
    kept: Keystore, tmp_path: Path, damage: bytes
) -> None:
    kept.make_log_key()
    (tmp_path / "keys" / LOG_KEY).write_bytes(damage)
    with pytest.raises(WrongUse):
        kept.log_key()
    (tmp_path / "keys" / MASTER).write_bytes(damage)
    with pytest.raises(WrongUse):
        Keystore.unlock(tmp_path / "keys", PASSPHRASE)
