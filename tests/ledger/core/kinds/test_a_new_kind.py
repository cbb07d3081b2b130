"""A kind that only this test knows: five small files, and all else follows from them.

They stand in `new_kind`, below the folders in which they would stand if the kind were real; the
sixth is the changelog.
"""

import base64
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ledger.core.kinds
import ledger.rules
import tests.builders.kinds
from ledger import kinds_page
from ledger.core.format.structs import body_to_json
from ledger.core.kinds.kind import KINDS, scopes
from ledger.core.records.record import Record, digest
from ledger.core.records.signing import sign
from ledger.core.verify.pinned import HAND
from ledger.errors import Refused
from ledger.operations.audit import audit
from ledger.operations.columns import batches
from ledger.operations.read import account_entries
from ledger.rules.judging import RULES
from tests.builders.both_verifiers import JUDGE
from tests.builders.bundles import AnchoredLedger
from tests.builders.families import examples, families
from tests.builders.playing import QUIET, in_memory
from tests.builders.records import Town, address, key
from tests.builders.settled import SettledLedger, refused_tables, settled_ledger
from tests.builders.story import Drawn, drawn_steps
from tests.vectors import generate, typed_data

ROOT = Path(__file__).parents[4]
PIECES = Path(__file__).with_name("new_kind")
PACKAGES = (ledger.core.kinds, ledger.rules, tests.builders.kinds, tests.ledger.rules)


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pieces stand beside all others, and the registries look again."""
    known = {*sys.modules}
    for package in PACKAGES:
        beside = PIECES.joinpath(*package.__name__.split("."))
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(beside)])
    page = PIECES / "docs/spec/kinds/training.md"
    types = typed_data.TYPES | typed_data.specified(page)
    monkeypatch.setattr(generate, "TYPES", types)
    monkeypatch.setattr(typed_data, "TYPES", types)
    families.cache_clear()
    for package in (ledger.core.kinds, ledger.rules):
        import_module(f"{package.__name__}.training")
    yield
    del KINDS["training"], RULES["training"]
    families.cache_clear()
    for name in {*sys.modules} - known:
        if name.endswith("training"):
            del sys.modules[name]


@pytest.fixture
def settled(training: None, tmp_path: Path) -> Iterator[SettledLedger]:
    made = settled_ledger(tmp_path)
    yield made
    made.close()


@pytest.fixture
def trained(training: None, tmp_path: Path) -> Iterator[tuple[AnchoredLedger, bytes]]:
    """A sealed ledger in which a delegate of the new scope certified a course."""
    world = AnchoredLedger(tmp_path)
    world.ledger.append(world.town.grant("org", "trainer", "train"))
    record = made(world.town, "trainer", "ann")
    world.ledger.append(record)
    world.seal()
    yield world, world.town.id(record)
    world.ledger.close()
    world.ledger.engine.dispose()


def made(town: Town, signer: str, volunteer: str) -> Record:
    found: Record = import_module("tests.builders.kinds.training").trained(town, signer, volunteer)
    return found


def pieces() -> list[str]:
    """What is written by hand for it beside the changelog."""
    return sorted(str(f.relative_to(PIECES)) for f in PIECES.rglob("*.*") if f.suffix != ".pyc")


def test_it_is_five_files_in_folders_that_are_there() -> None:
    assert len(pieces()) == 5
    assert {Path(file).stem.removeprefix("refused_") for file in pieces()} == {"training"}
    assert all((ROOT / file).parent.is_dir() for file in pieces())


def test_contributing_counts_these_files_and_the_changelog_and_no_more() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    asked = text.split("### A new kind of record")[1].split("### ")[0]
    places = re.findall(r"^[0-9]+\. `([^`]+)`:", asked, re.MULTILINE)
    assert sorted(places) == sorted(
        ["CHANGELOG.md", *(str(Path(file).parent) for file in pieces())]
    )
    assert "Six files" in asked
    assert "| a kind of record without state of its own | the 6 above |" in text
    assert len(places) == 6


def test_contributing_names_all_that_is_printed_of_a_kind(training: None) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (row,) = (line for line in text.splitlines() if line.startswith("| a kind of record without"))
    printed = {path for path, new in kinds_page.files().items() if "training" in new}
    vectors = str(generate.FILE.relative_to(ROOT))
    assert {*re.findall(r"`([^`]+)`", row)} == printed | {vectors}


def test_both_registries_find_it_without_being_told() -> None:
    program = (
        "import sys, ledger.core.kinds as kinds, ledger.rules as rules;"
        "kinds.__path__.append(sys.argv[1]); rules.__path__.append(sys.argv[2]);"
        "from ledger.rules.registry import RULES;"
        "from ledger.core.kinds.registry import KINDS, scopes;"
        "print('training' in KINDS, 'training' in RULES, 'train' in scopes())"
    )
    beside = (str(PIECES / "ledger/core/kinds"), str(PIECES / "ledger/rules"))
    done = subprocess.run([sys.executable, "-c", program, *beside], capture_output=True, text=True)
    assert done.stdout.split() == ["True"] * 3, done.stderr


def test_its_rule_refuses_what_its_table_says(settled: SettledLedger) -> None:
    table = refused_tables()["refused_training"]
    assert len(table) == 2
    for code, make in table.values():
        assert settled.code(make(settled)) == code


def test_is_refused_in_roles_that_it_does_not_declare(settled: SettledLedger) -> None:
    town = settled.town
    record = made(town, "org", "ann")
    by_volunteer = Record(record.body, (sign(town.ledger, record.body, "volunteer", key("ann")),))
    with pytest.raises(Refused) as refusal:
        settled.ledger.append(by_volunteer)
    assert refusal.value.code.value == "WRONG_ROLES"


def test_is_listed_under_its_parties(trained: tuple[AnchoredLedger, bytes]) -> None:
    world, _ = trained

    def listed(name: str) -> list[str]:
        return [e.record.kind for e in account_entries(world.ledger, address(name), -1, 100)]

    assert "training" in listed("ann")
    assert "training" in listed("org")
    assert "training" not in listed("bob")


def test_is_proved_valid_by_both_verifiers(
    trained: tuple[AnchoredLedger, bytes], tmp_path: Path
) -> None:
    world, record = trained
    bundle = world.bundle(record)
    report = world.verify(bundle)
    assert report.verdict == "valid", report.checks
    assert report.facts["kind"] == "training"
    assert judged_in_the_browser(bundle, tmp_path)["verdict"] == "valid"
    forged = json.loads(json.dumps(bundle).replace('"minutes": 90', '"minutes": 91'))
    assert world.verify(forged).verdict == "invalid"
    assert judged_in_the_browser(forged, tmp_path)["verdict"] == "invalid"


def judged_in_the_browser(bundle: Any, folder: Path) -> dict[str, Any]:
    """The verdict of the browser's verifier with the table as it is written now."""
    copy = folder / "copy"
    shutil.copytree(ROOT / "verifier", copy / "verifier", dirs_exist_ok=True)
    (copy / "node_modules").unlink(missing_ok=True)
    (copy / "node_modules").symlink_to(ROOT / "node_modules")
    (copy / "verifier/kinds_table.js").write_text(kinds_page.files()["verifier/kinds_table.js"])
    judge = copy / "tests/api/pages/judge.mjs"
    judge.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(JUDGE, judge)
    pin = {"ledger": None, "by": HAND, "host": "", "newest": None}
    line = {"file": base64.b64encode(json.dumps(bundle).encode()).decode(), "pin": pin}
    done = subprocess.run(
        ["node", str(judge)], input=json.dumps(line) + "\n", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_is_exported_and_audited(trained: tuple[AnchoredLedger, bytes]) -> None:
    world, record = trained
    rows = [row for _, tables in batches(world.ledger) for row in tables["trainings"]]
    assert [(row["record"], row["course"], row["minutes"]) for row in rows] == [
        ("0x" + record.hex(), "急救", 90)
    ]
    assert audit(world.ledger.engine).findings == []


def test_random_histories_reach_it_and_the_oracle_judges_it(training: None) -> None:
    reached: Counter[str] = Counter()

    @settings(max_examples=20, suppress_health_check=QUIET, derandomize=True, database=None)
    @given(st.lists(drawn_steps("training", "wait"), min_size=5, max_size=10))
    def play(steps: list[Drawn]) -> None:
        in_memory(steps, reached)

    play()
    assert {"accepted training", "SIGNER_NOT_ALLOWED", "VOLUNTEER_UNKNOWN", "WRONG_ROLES"} <= {
        *reached
    }


def test_the_family_grants_the_scope_that_the_declaration_adds(training: None) -> None:
    assert [s for family in families().values() for s in family.scopes if s == "train"] == ["train"]
    assert "train" in scopes()


def test_its_example_is_published_after_all_others_which_stay_as_they_were(training: None) -> None:
    published = json.loads(generate.FILE.read_text(encoding="utf-8"))["records"]
    (new,) = generate.vectors()["records"][len(published) :]
    assert generate.vectors()["records"][:-1] == published
    assert (new["kind"], new["primary_type"]) == ("training", "Training")


def test_a_wallet_that_reads_its_page_signs_the_same_digest(training: None) -> None:
    from eth_account.messages import _hash_eip191_message, encode_typed_data

    town = Town()
    record = examples(town)[-1].record
    document = typed_data.typed_data(
        town.ledger, typed_data.TYPES["training"], body_to_json(record.body)
    )
    signable = encode_typed_data(full_message=document)
    assert _hash_eip191_message(signable) == digest(town.ledger, record.body)
