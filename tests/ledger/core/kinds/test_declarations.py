"""Each kind is declared once, and whatever else is said of it follows."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.http.kernel.openapi import describe
from ledger import kinds_page
from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.format.structs import Body, fields_of
from ledger.core.kinds.kind import KINDS, OF_NO_PERSON, SELVES, Kind, hidden, record_kind, scopes
from ledger.core.kinds.registry import Policy, SheetBody, Target
from ledger.core.kinds.seal import Seal
from ledger.core.kinds.signers import by
from ledger.operations.columns import tables
from ledger.rules.registry import RULES
from ledger.store.state import SHAPES
from tests.builders.families import families
from tests.vectors.typed_data import TYPES

ROOT = Path(__file__).parents[4]
DECLARED = sorted(KINDS)
BY_THE_ENGINE = {"seal"}


def complete(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "signed_by": (by("volunteer"),),
        "scope": None,
        "issuer": None,
        "parties": (),
        "corrects": None,
        "status": None,
        "reads": (),
        "table": None,
        "secret": OF_NO_PERSON,
    }
    return found | changes


@pytest.mark.parametrize("missing", sorted(complete()))
def test_a_declaration_that_leaves_something_out_fails_at_import(missing: str) -> None:
    given = complete()
    del given[missing]
    with pytest.raises(TypeError, match=missing):
        record_kind("new", **given)


@pytest.mark.parametrize(
    "wrong",
    [
        {"signed_by": (by("sender"),)},
        {"issuer": "owner"},
        {"parties": ("volunteer", "service.owner")},
        {"signed_by": (by("volunteer").when("class", "credit"),)},
        {"secret": hidden("salt")},
        {"secret": hidden(as_in="other")},
    ],
)
def test_a_declaration_that_names_a_field_that_is_not_there_fails_at_import(
    wrong: dict[str, Any],
) -> None:
    objection = KINDS["objection"].body
    with pytest.raises(TypeError, match="has no field"):
        record_kind("new", **complete(**wrong))(objection)
    assert objection.kind == "objection"
    assert "new" not in KINDS


def test_a_kind_says_who_signs_it_be_it_nobody() -> None:
    with pytest.raises(TypeError, match="needs a list of roles"):
        record_kind("new", **complete(signed_by=()))(KINDS["objection"].body)
    seal = Seal(batch=1, state_root=bytes(32), charter=bytes(32), sealed_at=0)
    assert KINDS["seal"].roles(seal) == ((),)


def test_a_name_is_taken_once() -> None:
    with pytest.raises(TypeError, match="declared twice"):
        record_kind("void", **complete())(KINDS["void"].body)


def test_a_kind_without_a_rule_fails_at_import() -> None:
    program = (
        "from ledger.core.kinds.kind import KINDS;"
        "import ledger.core.kinds.registry;"
        "KINDS['new'] = KINDS['void'];"
        "import ledger.rules.registry"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode != 0
    assert "TypeError: no rule judges new" in done.stderr


def test_kinds_and_rules_are_found_in_a_package_that_is_packed(tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", ROOT, "ledger")
    program = (
        "import ledger.rules.registry as rules, ledger.core.kinds.registry as kinds;"
        "print(rules.__file__, *sorted(kinds.KINDS), *sorted(rules.RULES))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": packed},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    where, *names = done.stdout.split()
    assert where.startswith(packed)
    assert names == [*DECLARED, *sorted(RULES)]


@pytest.mark.parametrize("first", ["seal", "transfer", "services"])
def test_kinds_stand_in_one_order_whatever_is_imported_first(first: str) -> None:
    program = f"import ledger.core.kinds.{first}; import ledger.core.kinds.registry as r;"
    done = subprocess.run(
        [sys.executable, "-c", program + "print(*r.KINDS)"], capture_output=True, text=True
    )
    assert done.stdout.split() == list(KINDS), done.stderr


def test_the_written_tables_are_those_of_the_declarations() -> None:
    for path, text in kinds_page.files().items():
        assert (ROOT / path).read_text(encoding="utf-8") == text, f"{path}: see ledger.kinds_page"


@pytest.mark.parametrize("name", DECLARED)
def test_every_table_that_is_derived_has_every_kind(name: str) -> None:
    kind, table = KINDS[name], kinds_page.table()
    assert (kind.body.kind, kind.body.primary_type) == (name, kind.body.__name__)
    assert (name in RULES) is (name not in BY_THE_ENGINE)
    assert kind.is_submitted is (name not in BY_THE_ENGINE)
    assert table["kinds"][name]["struct"] in table["structs"]
    assert f"| `{name}` |" in kinds_page.page()
    assert TYPES[name][0] == kind.body.primary_type
    schemas = describe({"paths": {}})["components"]["schemas"]
    assert (f"{kind.body.primary_type}Record" in schemas) is (name not in BY_THE_ENGINE)
    if kind.table:
        named = {column for column, _ in tables()[kind.table]}
        assert fields_of(kind.body).keys() <= named | {"issued_at"}
    for value in kind.reads:
        assert SHAPES[value.table].columns
        assert len(SHAPES[value.table].columns) == len(value.fields)


@pytest.mark.parametrize("name", DECLARED)
def test_whoever_is_named_in_a_record_is_concerned_by_it(name: str) -> None:
    """Every address of a body is among its parties, except who only appears on the way."""
    kind = KINDS[name]
    addresses = set(_addresses(kind.body))
    through = {field for value in kind.reads if value.concerns for field in value.fields}
    # A correction's own organisation and volunteer are those of what it corrects.
    allowed = (
        {"organisation", "volunteer", "parent"} if through or name == "organisation" else set()
    )
    assert addresses - set(kind.parties) <= allowed, name


def _addresses(body: type[Body], before: str = "") -> Iterator[str]:
    for name, field in fields_of(body).items():
        if field.solidity == "address":
            yield before + name
        elif inner := field.structs().get(field.solidity):
            yield from _addresses(inner, f"{before}{name}.")


@pytest.mark.parametrize("name", DECLARED)
def test_a_role_that_names_a_person_is_a_field_of_the_body(name: str) -> None:
    kind = KINDS[name]
    for signers in kind.signed_by:
        for role in signers.roles:
            assert role in (*SELVES, "authority", "organisation", "approver", "station")
            if role in SELVES:
                assert fields_of(kind.body)[role].solidity == "address"


def test_scopes_are_those_that_the_families_grant() -> None:
    granted = [scope for family in families().values() for scope in family.scopes]
    assert sorted(scopes()) == sorted(granted)


def test_the_browser_reads_the_same_fields_and_kinds() -> None:
    program = (
        f'import * as kinds from "{ROOT}/verifier/kinds.js";'
        "console.log(JSON.stringify([kinds.STRUCTS, kinds.KINDS, kinds.DECLARED]))"
    )
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", program], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    structs, kinds, declared = json.loads(done.stdout)
    assert kinds == {name: kind.body.primary_type for name, kind in KINDS.items()}
    assert declared == kinds_page.table()["kinds"]
    for body in (Policy, SheetBody, Target, *(kind.body for kind in KINDS.values())):
        wanted = [{"name": n} | f.described() for n, f in fields_of(body).items()]
        assert [_plain(field) for field in structs[body.primary_type]] == wanted


def _plain(field: dict[str, Any]) -> dict[str, Any]:
    """A field as it is written: the browser fills in a least value of zero."""
    found = {name: value for name, value in field.items() if (name, value) != ("least", 0)}
    return found | ({"item": _plain(field["item"])} if "item" in field else {})


def roles(kind: Kind, **fields: Any) -> tuple[tuple[str, ...], ...]:
    return kind.roles(type("Body", (), fields)())  # type: ignore[arg-type]


def test_who_signs_may_depend_on_what_is_said() -> None:
    child = "0x" + "11" * 20
    assert roles(KINDS["volunteer"], guardian=ZERO_ADDRESS) == (("volunteer",),)
    assert roles(KINDS["volunteer"], guardian=child) == (("volunteer", "guardian"),)
    assert roles(KINDS["service"], hour_class="credit") == (("organisation",),)
    assert roles(KINDS["service"], hour_class="honour") == (("organisation", "approver"),)
    assert roles(KINDS["approval"], parent=ZERO_ADDRESS) == (("authority",),)
    assert roles(KINDS["approval"], parent=child) == (("organisation",),)
    assert roles(KINDS["void"]) == (("organisation",), ("authority",))
    assert roles(KINDS["genesis"], authorities=(child, ZERO_ADDRESS)) == (("authority",) * 2,)
