"""A token is shown once, says what it is for, ends, and is worth no more than its owner."""

import re
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from api.access.errors import AccessProblem, AccessRefused
from api.access.grants import DAY_SECONDS
from api.access.principal import ANONYMOUS, TokenScope, resolve
from api.access.tokens import (
    REMEMBERED_DAYS,
    TERMS,
    TOKEN_DAYS_MAX,
    Tokens,
    known_scopes,
)
from ledger.operations.ledger import Ledger
from ledger.store.access import StoredToken
from tests.builders.records import Town, address

ORG = address("org")


def issue(tokens: Tokens, ledger: Ledger, owner: str = "org", **changes: Any) -> tuple[str, str]:
    """A new token's text and id."""
    given = {"name": "import", "scopes": [TokenScope.READ], "days": 30, **changes}
    secret, token = tokens.issue(resolve(ledger, address(owner)), **given)
    return secret.text, token.token_id


def test_a_token_s_bearer_comes_for_its_owner_with_its_scopes(
    tokens: Tokens, ledger: Ledger
) -> None:
    given, _ = issue(tokens, ledger, owner="authority", scopes=list(TokenScope))
    found = tokens.principal_of(given)
    assert found is not None
    assert found.address == address("authority")
    assert found.token_scopes == set(TokenScope)


def test_a_word_that_is_a_scope_no_longer_opens_nothing(
    tokens: Tokens, ledger: Ledger, engine: Engine
) -> None:
    given, _ = issue(tokens, ledger)
    with engine.begin() as connection:
        connection.execute(text("UPDATE token SET scopes = 'records:append'"))
    found = tokens.principal_of(given)
    assert found is not None
    assert found.token_scopes == frozenset()
    (listed,) = tokens.list_of(ORG)
    assert known_scopes(listed) == frozenset()


def test_a_token_has_256_random_bits_behind_its_prefix(tokens: Tokens, ledger: Ledger) -> None:
    given = {issue(tokens, ledger)[0] for _ in range(10)}
    assert len(given) == 10
    assert all(re.fullmatch(r"hlt_[A-Za-z0-9_-]{43}", one) for one in given)


def test_the_secret_is_kept_nowhere(tokens: Tokens, ledger: Ledger, engine: Engine) -> None:
    given, _ = issue(tokens, ledger)
    with engine.connect() as connection:
        kept = str(connection.execute(text("SELECT * FROM token")).mappings().one())
    assert given not in kept
    assert given.removeprefix("hlt_") not in kept
    assert ORG not in repr(tokens.list_of(ORG))


def test_no_other_text_is_a_token(tokens: Tokens, ledger: Ledger) -> None:
    given, token_id = issue(tokens, ledger)
    for wrong in ("", "hlt_", given[:-1], given + "a", given.upper(), token_id, "hls_" + given[4:]):
        assert tokens.principal_of(wrong) is None


def test_a_token_ends(tokens: Tokens, ledger: Ledger, town: Town) -> None:
    given, _ = issue(tokens, ledger, days=1)
    town.now += DAY_SECONDS - 1
    assert tokens.principal_of(given) is not None
    town.now += 1
    assert tokens.principal_of(given) is None


def test_a_revoked_token_is_dead_at_once(tokens: Tokens, ledger: Ledger, town: Town) -> None:
    (given, token_id), (other, _) = issue(tokens, ledger), issue(tokens, ledger)
    assert tokens.revoke(ORG, token_id)
    assert tokens.principal_of(given) is None
    assert tokens.principal_of(other) is not None
    assert not tokens.revoke(ORG, token_id)
    assert {t.revoked_at for t in tokens.list_of(ORG)} == {town.now, 0}


def test_nobody_revokes_another_s_token(tokens: Tokens, ledger: Ledger) -> None:
    given, token_id = issue(tokens, ledger)
    assert not tokens.revoke(address("ann"), token_id)
    assert tokens.principal_of(given) is not None
    assert tokens.list_of(address("ann")) == []


def test_the_day_of_the_last_use_is_known_and_no_more(
    tokens: Tokens, ledger: Ledger, town: Town
) -> None:
    given, _ = issue(tokens, ledger)
    assert tokens.list_of(ORG)[0].last_used_day == 0
    days = []
    for step in (0, 60, DAY_SECONDS, 0):
        town.now += step
        tokens.principal_of(given)
        days.append(tokens.list_of(ORG)[0].last_used_day)
    today = town.now // DAY_SECONDS
    assert days == [today - 1, today - 1, today, today]


def test_a_second_use_on_a_day_writes_nothing(
    tokens: Tokens, ledger: Ledger, town: Town, tmp_path: Path
) -> None:
    given, _ = issue(tokens, ledger)
    watcher = sqlite3.connect(tmp_path / "access.sqlite")
    versions = []
    for step in (0, 0, 60, DAY_SECONDS):
        town.now += step
        tokens.principal_of(given)
        # Changes when another connection has written.
        versions.append(watcher.execute("PRAGMA data_version").fetchone())
    watcher.close()
    first, second, third, tomorrow = versions
    assert first == second == third != tomorrow


def test_a_second_use_on_a_day_waits_for_no_writer(
    tokens: Tokens, ledger: Ledger, tmp_path: Path
) -> None:
    given, _ = issue(tokens, ledger)
    tokens.principal_of(given)
    writer = sqlite3.connect(tmp_path / "access.sqlite")
    writer.execute("BEGIN IMMEDIATE")
    assert tokens.principal_of(given) is not None
    writer.close()


def test_the_list_shows_what_each_token_is_newest_first(
    tokens: Tokens, ledger: Ledger, town: Town
) -> None:
    issue(tokens, ledger, name="first")
    town.now += 1
    _, second = issue(tokens, ledger, name="人事系统", scopes=[TokenScope.READ])
    newest, oldest = tokens.list_of(ORG)
    scopes = ("entries:read",)
    ends = town.now + 30 * DAY_SECONDS
    assert newest == StoredToken(second, ORG, "人事系统", scopes, town.now, ends)
    assert oldest.name == "first"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "a" * 61},
        {"name": "line\nbreak"},
        {"name": "\u202egnp.token"},
        {"scopes": []},
        {"scopes": [TokenScope.MIRROR]},
        {"days": 0},
        {"days": -1},
        {"days": TOKEN_DAYS_MAX + 1},
    ],
)
def test_a_token_beyond_the_rules_is_not_issued(
    tokens: Tokens, ledger: Ledger, changes: dict[str, Any]
) -> None:
    with pytest.raises(AccessRefused) as caught:
        issue(tokens, ledger, **changes)
    assert caught.value.problem is AccessProblem.TOKEN_GRANT
    assert tokens.list_of(ORG) == []


def test_a_token_begets_no_token(tokens: Tokens, ledger: Ledger) -> None:
    bearer = tokens.principal_of(issue(tokens, ledger)[0])
    assert bearer is not None
    for issuer in (bearer, ANONYMOUS):
        with pytest.raises(AccessRefused):
            tokens.issue(issuer, "another", [TokenScope.READ], 1)


def test_an_authority_appoints_a_mirror(tokens: Tokens, ledger: Ledger) -> None:
    given, _ = issue(tokens, ledger, owner="authority", scopes=[TokenScope.MIRROR])
    found = tokens.principal_of(given)
    assert found is not None
    assert found.authority


def test_a_token_s_owner_has_now_the_roles_the_ledger_gives_now(
    tokens: Tokens, ledger: Ledger, town: Town
) -> None:
    given, _ = issue(tokens, ledger, owner="second")
    before = tokens.principal_of(given)
    revoked = town.grant("org", "second", "approve", action="revoke", valid_from=town.now)
    ledger.append(revoked)
    after = tokens.principal_of(given)
    assert before is not None
    assert after is not None
    assert [m.organisation for m in before.mandates] == [ORG]
    assert after.mandates == ()


def test_an_owner_has_so_many_tokens_and_dead_ones_make_room_in_time(
    engine: Engine, ledger: Ledger, town: Town
) -> None:
    tokens = Tokens(engine, ledger, replace(TERMS, most=3))
    ids = [issue(tokens, ledger)[1] for _ in range(3)]
    tokens.revoke(ORG, ids[0])
    with pytest.raises(AccessRefused, match="at most"):
        issue(tokens, ledger)
    assert issue(tokens, ledger, owner="ann")
    town.now += REMEMBERED_DAYS * DAY_SECONDS + 1
    assert issue(tokens, ledger)
    assert ids[0] not in {token.token_id for token in tokens.list_of(ORG)}


def test_a_token_that_expired_stays_in_the_list_for_a_while(
    tokens: Tokens, ledger: Ledger, town: Town
) -> None:
    _, expired = issue(tokens, ledger, days=1)
    kept = {}
    for days in (REMEMBERED_DAYS, REMEMBERED_DAYS + 2):
        town.now += days * DAY_SECONDS
        issue(tokens, ledger)
        kept[days] = expired in {token.token_id for token in tokens.list_of(ORG)}
    assert kept == {REMEMBERED_DAYS: True, REMEMBERED_DAYS + 2: False}
