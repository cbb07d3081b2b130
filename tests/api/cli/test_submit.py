"""`hourledger submit` and `show`: a record of any kind, one or many, here or at a server."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data

from api.node.directory import LedgerDir
from api.server.app import create_app
from ledger.core.records.commitments import commit
from ledger.operations.audit import audit
from ledger.operations.hours import permits
from tests.builders.commands import Done, Run, run
from tests.builders.records import address, key
from tests.builders.servers import Port, serving
from tests.builders.waiting import until

PERIOD = ("--served-from", "2025-01-01", "--served-until", "2025-06-30")
TERMS = (*PERIOD, "--enter-until", "2030年12月31日", "--minutes-max", "600", "--reason", "outage")


@pytest.fixture(name="founded", scope="module")
def _founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with one certified organisation, made by the command itself."""
    folder = tmp_path_factory.mktemp("submit") / "l"
    assert run("init", "--name", "Test 镇", "--dir", folder).code == 0
    assert run("keys", "new", "org", "--dir", folder).code == 0
    terms = ("--organisation", "org", "--action", "certify", "--name", "社区服务队")
    when = ("--category", "community", "--valid-from", "2020-01-01", "--valid-until", "never")
    done = run(*("submit", "organisation", "--as", "authority", *terms, *when, "--dir", folder))
    assert done.code == 0, done.err
    return folder


@pytest.fixture
def to(founded: Path) -> Iterator[str]:
    """The address of a server of that ledger."""
    with LedgerDir.at(founded) as home, serving(create_app(home), Port()) as url:
        yield url


def submit(run: Run, *arguments: object) -> Done:
    return run("submit", *arguments)


def test_a_permit_is_signed_and_shown_in_words(run: Run, founded: Path) -> None:
    done = submit(
        run, "permit", "--as", "authority", "--organisation", "org", *TERMS, "--dir", founded
    )
    assert done.code == 0, done.err
    assert "2025-06-30，含当日" in done.err, "what is signed is said before"
    record = done.out.split()[0]
    shown = run("show", record, "--dir", founded).out
    for said in ("社区服务队", "系统故障 outage", "2025-01-01 00:00 UTC+8", "authority"):
        assert said in shown
    told = run("show", record, "--json", "--dir", founded).json
    assert told["body"]["reason"] == "outage"
    assert run("show", "0x" + "12" * 32, "--dir", founded).code == 1


def test_the_same_at_a_server_elsewhere(run: Run, founded: Path, to: str) -> None:
    # Fewer minutes than above: the same words within one second are the same record.
    terms = ("permit", "--as", "authority", "--organisation", "org", *TERMS, "--dir", founded)
    terms = tuple("599" if word == "600" else word for word in terms)
    done = submit(run, *terms, "--to", to, "--json")
    assert done.code == 0, done.err
    (one,) = done.json
    assert (one["known"], one["code"]) == (False, "")
    shown = run("show", one["record_id"], "--to", to).out
    assert "社区服务队" in shown
    assert submit(run, *terms, "--to", to, "--ledger", "0x" + "12" * 32).code == 2
    assert submit(run, *terms, "--to", "http://127.0.0.1:9").code == 3
    assert submit(run, *terms, "--to", "ftp://example.org").code == 2


def test_a_refusal_is_said_in_words_by_its_exit_code(run: Run, founded: Path, to: str) -> None:
    bad = ("permit", "--as", "authority", "--organisation", address("stranger"), *TERMS)
    for end in (("--dir", founded), ("--dir", founded, "--to", to)):
        done = submit(run, *bad, *end)
        assert done.code == 1
        assert "ORG_" in done.err
        assert "组织" in done.err
    wrong = ("permit", "--as", "authority", "--organisation", "org", *PERIOD)
    done = submit(run, *wrong, "--dir", founded)
    assert (done.code, "尚缺" in done.err, "(minutes_max)" in done.err) == (2, True, True)
    assert submit(run, "party", "--dir", founded).code == 2
    assert submit(run, "permit", "--as", "nobody", *TERMS, "--dir", founded).code == 2
    assert submit(run, "permit", "--as", "authority", "600", "--dir", founded).code == 2
    assert submit(run, "seal", "--as", "authority", "--batch", "1", "--dir", founded).code == 2


def test_a_kind_alone_lists_its_fields_in_words(run: Run, founded: Path) -> None:
    done = submit(run, "permit", "--dir", founded)
    assert done.code == 2
    assert "--served-from" in done.out
    assert "服务时间自" in done.out


def test_what_is_said_off_the_ledger_is_kept_or_not_signed(
    run: Run, founded: Path, tmp_path: Path
) -> None:
    terms = ("permit", "--as", "authority", "--organisation", "org", *TERMS, "--dir", founded)
    said = (*terms, "--details", "断电两天")
    assert submit(run, *said).code == 2
    first = submit(run, *said, "--keep", tmp_path / "kept")
    assert first.code == 0, first.err
    line = json.loads((tmp_path / "kept").read_text(encoding="utf-8"))
    (opening,) = line["openings"]
    made = commit(bytes.fromhex(opening["salt"][2:]), opening["fields"])
    assert "0x" + made.hex() == line["record"]["body"]["details"]
    again = submit(run, *said, "--keep", tmp_path / "kept")
    assert again.code == 0
    assert again.out.split()[0] == first.out.split()[0], "the same record and not another"
    assert "此前已在账本中" in again.out


def test_an_outside_wallet_signs_what_is_printed(run: Run, founded: Path, tmp_path: Path) -> None:
    with LedgerDir.at(founded) as home:
        organisation = home.keys.stored()
    org = next(k.address for k in organisation if k.label == "org")
    terms = ("--organisation", org, "--delegate", address("wallet"), "--action", "grant")
    scopes = ("--scopes", "activity,service", "--valid-from", "now", "--valid-until", "never")
    printed = submit(run, "delegation", *terms, *scopes, "--print", "--dir", founded)
    assert printed.code == 0, printed.err
    file = tmp_path / "typed.json"
    file.write_text(printed.out, encoding="utf-8")
    with LedgerDir.at(founded) as home:
        secret = home.keys.demand("org")  # the wallet of the organisation, elsewhere
    signable = encode_typed_data(full_message=json.loads(printed.out))
    signature = bytes(Account.sign_message(signable, secret).signature)
    as_zero = signature[:64] + bytes((signature[64] - 27,))
    given = ("delegation", "--typed-data", file, "--dir", founded, "--signature")
    assert submit(run, *given, "0x12").code == 1
    assert submit(run, *given, "signature").code == 2
    stranger = bytes(Account.sign_message(signable, key("stranger")).signature)
    assert submit(run, *given, "0x" + stranger.hex()).code == 1
    done = submit(run, *given, "0x" + as_zero.hex())
    assert done.code == 0, done.err
    assert submit(run, *given, f"organisation=0x{signature.hex()}").code == 0
    changed = json.loads(printed.out)
    changed["domain"]["salt"] = "0x" + "12" * 32
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert submit(run, *given, "0x" + signature.hex()).code == 2


def sheet_of(folder: Path, rows: int, name: str = "sheet.csv") -> Path:
    lines = ["合计最多分钟数,organisation", *(f"{600 + n},org" for n in range(rows))]
    file = folder / name
    file.write_text("\n".join(lines) + "\n", encoding="gb18030")
    return file


EVERYWHERE = (*PERIOD, "--enter-until", "2030-12-31", "--reason", "纸质名单")


def test_a_sheet_never_stops_at_a_bad_row(run: Run, founded: Path, tmp_path: Path) -> None:
    file = sheet_of(tmp_path, 2)
    with file.open("a", encoding="gb18030") as more:
        more.write("ten,org\n600,org\n700,\n")
    terms = ("permit", "--as", "authority", *EVERYWHERE, "--sheet", file, "--dir", founded)
    done = submit(run, *terms)
    assert done.code == 1
    assert "2 records in the ledger, 0 of them before; 3 rows not taken" in done.out
    assert "第 3 行" in done.err
    assert "与第 1 行重复" in done.err
    told = submit(run, *terms, "--json").json
    assert [row["known"] for row in told[:2]] == [True, True]
    assert [bool(row["wrong"]) for row in told] == [False, False, True, True, True]
    strange = tmp_path / "strange.csv"
    strange.write_text("colour\nred\n", encoding="utf-8")
    assert submit(run, *terms[:-3], strange, "--dir", founded).code == 2
    assert submit(run, *terms[:-3], tmp_path / "none.csv", "--dir", founded).code == 2


def test_what_was_refused_can_be_taken_when_the_reason_is_gone(
    run: Run, founded: Path, tmp_path: Path
) -> None:
    file = tmp_path / "s.csv"
    file.write_text(f"organisation\n{address('late')}\n", encoding="utf-8")
    terms = ("permit", "--as", "authority", *TERMS, "--sheet", file, "--dir", founded)
    assert submit(run, *terms).code == 1
    named = ("--organisation", address("late"), "--action", "certify", "--name", "late")
    when = ("--category", "community", "--valid-from", "2020-01-01", "--valid-until", "never")
    certified = submit(run, "organisation", "--as", "authority", *named, *when, "--dir", founded)
    assert certified.code == 0, certified.err
    done = submit(run, *terms)
    assert done.code == 0, done.err


def killed_when(command: list[str], folder: Path, org: str, more: int) -> int:
    with LedgerDir.at(folder) as home:
        wanted = len(permits(home.ledger, org)) + more
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(
            lambda: len(permits(home.ledger, org)) >= wanted or process.poll() is not None, "rows"
        )
        process.kill()
        return process.wait()


def test_a_sheet_that_was_killed_in_the_middle_and_run_again_doubles_nothing(
    run: Run, founded: Path, tmp_path: Path, to: str
) -> None:
    file = sheet_of(tmp_path, 500)
    with LedgerDir.at(founded) as home:
        org = next(k.address for k in home.keys.stored() if k.label == "org")
        before = len(permits(home.ledger, org))
    terms = ["submit", "permit", "--as", "authority", *EVERYWHERE, "--sheet", str(file)]
    terms += ["--dir", str(founded), "--to", to]
    command = [sys.executable, "-m", "api.cli.app", *terms]
    ends = [killed_when(command, founded, org, more) for more in (1,)]
    assert -signal.SIGKILL in ends, "none was in the middle"
    done = run(*terms)
    assert done.code == 0, done.err
    with LedgerDir.at(founded) as home:
        found = permits(home.ledger, org)
        assert len(found) - before == 500
        assert audit(home.ledger.engine).sound
