"""One challenge opens one session, for the address that signed it, for an hour."""

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from api.access.errors import AccessProblem, AccessRefused
from api.access.secret import Secret, new_secret, read_secret
from api.access.sessions import SESSION_SECONDS, Sessions
from api.access.siwe import MESSAGE_SECONDS, parse
from ledger.errors import Damaged
from ledger.store.access import add_session, open_access, spend_nonce
from ledger.store.engine import transaction
from tests.builders.records import START, Town, address
from tests.builders.sign_in import AUDIENCE, personal_sign

ANN = address("ann")


def sign_in(sessions: Sessions, name: str = "ann") -> Secret:
    asked = sessions.challenge(address(name))
    return sessions.sign_in(asked, personal_sign(name, asked))


def problem_of(call: Callable[[], object]) -> AccessProblem:
    with pytest.raises(AccessRefused) as caught:
        call()
    return caught.value.problem


def stored(engine: Engine, table: str) -> int:
    with engine.connect() as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_who_signs_the_challenge_is_signed_in(sessions: Sessions) -> None:
    secret = sign_in(sessions)
    assert sessions.address_of(secret.text) == ANN
    assert secret.text.startswith("hls_")
    assert len(secret.text) == 47


def test_a_session_ends_after_an_hour(sessions: Sessions, town: Town) -> None:
    secret = sign_in(sessions)
    town.now += SESSION_SECONDS - 1
    assert sessions.address_of(secret.text) == ANN
    town.now += 1
    assert sessions.address_of(secret.text) is None


def test_a_message_opens_one_session_and_no_second(sessions: Sessions) -> None:
    asked = sessions.challenge(ANN)
    signature = personal_sign("ann", asked)
    sessions.sign_in(asked, signature)
    assert problem_of(lambda: sessions.sign_in(asked, signature)) is AccessProblem.NONCE


def test_a_nonce_that_was_never_handed_out_opens_nothing(sessions: Sessions) -> None:
    asked = sessions.challenge(ANN)
    forged = asked.replace(parse(asked).nonce, "0" * 32)
    assert (
        problem_of(lambda: sessions.sign_in(forged, personal_sign("ann", forged)))
        is AccessProblem.NONCE
    )


def test_another_s_signature_spends_no_nonce(sessions: Sessions) -> None:
    asked = sessions.challenge(ANN)
    flaw = problem_of(lambda: sessions.sign_in(asked, personal_sign("bob", asked)))
    assert flaw is AccessProblem.SIGNATURE
    assert sessions.sign_in(asked, personal_sign("ann", asked))


def test_a_challenge_is_too_old_after_ten_minutes(sessions: Sessions, town: Town) -> None:
    asked = sessions.challenge(ANN)
    signature = personal_sign("ann", asked)
    town.now += MESSAGE_SECONDS
    assert problem_of(lambda: sessions.sign_in(asked, signature)) is AccessProblem.EXPIRED


def test_the_nonce_itself_expires(sessions: Sessions, engine: Engine) -> None:
    nonce = parse(sessions.challenge(ANN)).nonce
    for now, whether in ((START + MESSAGE_SECONDS, False), (START + MESSAGE_SECONDS - 1, True)):
        with transaction(engine) as connection:
            assert spend_nonce(connection, sha256(nonce.encode()).digest(), now) is whether


def test_nonces_have_128_bits_and_never_repeat(sessions: Sessions) -> None:
    nonces = {parse(sessions.challenge(ANN)).nonce for _ in range(20)}
    assert len(nonces) == 20
    assert {len(bytes.fromhex(nonce)) for nonce in nonces} == {16}


def test_of_many_at_once_with_one_message_one_is_let_in(
    sessions: Sessions, engine: Engine, town: Town, tmp_path: Path
) -> None:
    asked = sessions.challenge(ANN)
    signature = personal_sign("ann", asked)
    start = threading.Barrier(8)

    def attempt(number: int) -> bool:
        # Half of them share an engine, as threads do; half have their own, as processes do.
        mine = engine if number % 2 else open_access(tmp_path / "access.sqlite")
        start.wait()
        try:
            Sessions(mine, AUDIENCE, town.clock).sign_in(asked, signature)
        except AccessRefused as refusal:
            assert refusal.problem is AccessProblem.NONCE  # noqa: PT017 - either outcome is judged
            return False
        finally:
            if mine is not engine:
                mine.dispose()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1
    assert stored(engine, "session") == 1


@pytest.mark.parametrize(
    "wrong", ["", "hls_", "hlt_" + "a" * 43, "hls_" + "a" * 43, "hls_" + "é" * 43]
)
def test_no_other_text_is_a_session(sessions: Sessions, wrong: str) -> None:
    secret = sign_in(sessions)
    assert sessions.address_of(wrong) is None
    assert sessions.address_of(secret.text + "a") is None
    assert sessions.address_of(secret.text[:-1]) is None


def test_signing_out_ends_this_session_alone(sessions: Sessions) -> None:
    first, second = sign_in(sessions), sign_in(sessions)
    sessions.sign_out(first.text)
    sessions.sign_out(first.text)
    sessions.sign_out("nonsense")
    assert sessions.address_of(first.text) is None
    assert sessions.address_of(second.text) == ANN


def test_signing_out_everywhere_ends_all_sessions_of_one_address(sessions: Sessions) -> None:
    mine, other = [sign_in(sessions) for _ in range(3)], sign_in(sessions, "bob")
    assert sessions.sign_out_everywhere(ANN) == 3
    assert [sessions.address_of(secret.text) for secret in mine] == [None] * 3
    assert sessions.address_of(other.text) == address("bob")


def test_what_has_expired_is_not_kept(sessions: Sessions, engine: Engine, town: Town) -> None:
    for _ in range(3):
        sign_in(sessions)
        sessions.challenge(ANN)
    town.now += SESSION_SECONDS
    sessions.challenge(ANN)
    assert (stored(engine, "nonce"), stored(engine, "session")) == (1, 0)


def test_neither_nonce_nor_secret_stands_in_the_file(
    sessions: Sessions, engine: Engine, tmp_path: Path
) -> None:
    asked = sessions.challenge(ANN)
    secret = sign_in(sessions)
    engine.dispose()
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("access.sqlite*"))
    assert ANN.encode() in kept
    assert secret.hash in kept
    assert secret.text.encode() not in kept
    assert parse(asked).nonce.encode() not in kept


def test_an_error_of_the_database_tells_no_address_and_no_secret(
    sessions: Sessions, engine: Engine
) -> None:
    secret = sign_in(sessions)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE session"))
    with pytest.raises(Damaged) as caught, transaction(engine) as connection:
        add_session(connection, secret.hash, ANN, START, START + 1)
    told = "".join(traceback.format_exception(caught.value))
    assert "no such table" in told
    assert ANN not in told
    assert secret.text not in told
    assert repr(secret.hash) not in told


def test_a_secret_is_of_the_kind_that_its_prefix_says() -> None:
    secret = new_secret("hlt_")
    assert read_secret("hlt_", secret.text) == secret
    assert read_secret("hls_", secret.text) is None


def test_a_secret_shows_in_no_repr(sessions: Sessions) -> None:
    assert repr(sign_in(sessions)) == "Secret()"


def test_the_access_tables_are_no_tables_of_the_ledger(engine: Engine) -> None:
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))
        assert sorted(names.scalars()) == ["nonce", "session", "share", "share_view", "token"]
