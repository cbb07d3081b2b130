"""Whoever reads a stranger's file stops after bounded work and says so; the list is complete."""

import ast
import gzip
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.certificates.status_list import decode_bits
from api.credits import budget as budgets
from api.credits.budget import ROWS_PARSED_MAX, SECONDS_MAX, STEPS_MAX, Budget
from api.credits.roster_file import BYTES_MAX, ROWS_MAX, read_roster
from api.credits.roster_text import LINE_MAX
from api.credits.workbook import PARTS_MAX, UNPACKED_MAX
from api.errors import WrongUse
from api.pdf.link import read_link
from api.tables.rows import LINES_MAX, read_rows
from ledger.core.credits.rules import DOTS_MAX, RULES_BYTES_MAX, read_rules
from ledger.core.files.pdf import PDF_BYTES_MAX, attached_file
from ledger.core.files.proof_file import read_file
from ledger.core.files.unreadable import Unreadable
from ledger.core.format.limits import FILE_BYTES_MAX
from ledger.core.records.decode import parse_json
from ledger.errors import ProofError, Refused

ROOT = Path(__file__).parents[2]

READERS = {
    "api/tables/rows.py": "each line is looked at once, LINES_MAX of them for a row",
    "api/certificates/status_list.py": "decode_bits",
    "api/credits/workbook.py": "read_roster",
    "api/credits/workbook_sheet.py": "constants and dates of openpyxl; it reads no file",
    "api/credits/workbook_xml.py": "read_roster",
    "api/pdf/link.py": "read_link",
    "ledger/core/credits/rules.py": "read_rules",
    "ledger/core/files/proof_file.py": "read_file",
    # The operator's own files, and files that are written.
    "api/attendance/files.py": "writes",
    "api/attendance/mapping.py": "own",
    "api/node/calendars/__init__.py": "own",
    "api/certificates/stored.py": "own: the vault's",
    "api/cli/inspect.py": "writes",
    "api/credits/sheets.py": "writes",
    "api/pdf/sheet.py": "writes",
    "api/tables/csv_cells.py": "writes",
    "api/node/create.py": "own",
    "api/http/proofs/transcripts.py": "writes",
    "api/certificates/wording.py": "own",
    "api/demo/names.py": "own",
    "api/credits/roster_cells.py": "own: the words of columns",
    "ledger/core/verify/not_proved.py": "own",
    "ledger/refusals.py": "own",
}
"""Every module with a library that reads or unpacks files, and what bounds it."""

LIBRARIES = {
    *("csv", "gzip", "lzma", "openpyxl", "pypdf", "tomllib", "xml", "zipfile", "zlib"),
    *("bz2", "pickle", "tarfile", "yaml"),
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def test_every_module_that_can_read_a_file_is_on_the_list() -> None:
    paths = [p for room in ("api", "anchoring", "ledger") for p in (ROOT / room).rglob("*.py")]
    found = {str(p.relative_to(ROOT)) for p in paths if LIBRARIES & set(imported(p))}
    assert found == set(READERS)


SHEET = "xl/worksheets/sheet1.xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEADER = "<row>" + "".join(
    f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in ("学号", "姓名", "志愿者编号")
)


def relations(**targets: str) -> str:
    items = (
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f"<Relationships>{''.join(items)}</Relationships>"


def xlsx(rows: str, **parts: str) -> bytes:
    """A workbook of one sheet, with a header before the rows; `parts`: shared strings, styles."""
    sheet = '<sheets><sheet name="名单" r:id="worksheet"/></sheets>'
    workbook = f'<workbook {MAIN} xmlns:r="{OFFICE}">{sheet}</workbook>'
    files = {
        "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": workbook,
        "xl/_rels/workbook.xml.rels": relations(
            worksheet="worksheets/sheet1.xml", **{name: f"{name}.xml" for name in parts}
        ),
        SHEET: f"<worksheet {MAIN}><sheetData>{HEADER}</row>{rows}</sheetData></worksheet>",
        **{f"xl/{name}.xml": text for name, text in parts.items()},
    }
    return packed(files)


def ods(rows: str) -> bytes:
    """A spreadsheet of OpenDocument."""
    space = 'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:x="urn:x"'
    names = ("学号", "姓名", "志愿者编号")
    header = "".join(f"<t:table-cell><x:p>{name}</x:p></t:table-cell>" for name in names)
    table = f'<t:table t:name="名单"><t:table-row>{header}</t:table-row>{rows}</t:table>'
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<content {space}>{table}</content>",
        }
    )


def packed(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def repeated(rows: int, columns: int) -> str:
    cell = f'<t:table-cell t:number-columns-repeated="{columns}"><x:p>1</x:p></t:table-cell>'
    return f'<t:table-row t:number-rows-repeated="{rows}">{cell}</t:table-row>'


def csv_of(body: str) -> bytes:
    return ("学号,姓名,志愿者编号\n" + body).encode()


STEPS = 50_000
"""A budget that costs the tests less than the real one."""

LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'

ROSTERS: dict[str, tuple[Callable[[], bytes], str]] = {
    "rows that give themselves one number": (lambda: xlsx('<row r="3"/>' * 10**6), "rows, blank"),
    "rows without a number": (lambda: xlsx("<row/>" * 10**6), "rows, blank"),
    "cells in one row": (lambda: xlsx("<row>" + "<c/>" * STEPS + "</row>"), "cells and rows"),
    "elements that are none of a sheet's": (lambda: xlsx("<x/>" * STEPS), "cells and rows"),
    "shared strings": (
        lambda: xlsx("", sharedStrings="<sst>" + "<si/>" * STEPS + "</sst>"),
        "cells and rows",
    ),
    "styles": (
        lambda: xlsx("", styles="<s><cellXfs>" + "<xf/>" * STEPS + "</cellXfs></s>"),
        "cells and rows",
    ),
    "entities": (lambda: xlsx("", sharedStrings=LAUGHS + "<w>&b;</w>"), "document type"),
    "bytes when unpacked": (
        lambda: xlsx("", sharedStrings="<!--" + "x" * UNPACKED_MAX + "-->"),
        "unpacks to more than",
    ),
    "files in the archive": (
        lambda: packed({str(n): "" for n in range(PARTS_MAX + 1)}),
        "holds more than",
    ),
    "rows that stand for many": (lambda: ods(repeated(10**9, 1)), "rows, blank"),
    "rows that stand for less than none": (
        lambda: ods(repeated(-(10**9), 1) + repeated(ROWS_PARSED_MAX, 1)),
        "rows, blank",
    ),
    "cells that stand for many": (lambda: ods(repeated(STEPS // 2, 10**9)), "cells and"),
    "blank lines": (lambda: csv_of("\n" * STEPS), "cells and rows"),
    "cells of a text": (lambda: csv_of((",1" * 6_000 + "\n") * 9), "cells and rows"),
    "a line without an end": (lambda: csv_of("x" * (LINE_MAX + 1)), "a line has more"),
    "rows of a text": (lambda: csv_of("1,2,3\n" * (ROWS_MAX + 1)), "at most 200000 rows"),
    "quotes that never close": (lambda: csv_of('x","""\n' * (ROWS_MAX + 1)), "at most"),
    "bytes": (lambda: b" " * (BYTES_MAX + 1), "more than 64 MiB"),
}


@pytest.mark.parametrize("what", ROSTERS)
def test_a_roster_with_too_much_is_refused_after_bounded_work(what: str) -> None:
    make, said = ROSTERS[what]
    data, budget = make(), Budget(STEPS if "cells and" in said else STEPS_MAX, lambda: 0.0)
    with pytest.raises(WrongUse, match=said):
        read_roster(data, budget)
    assert budget.rows <= ROWS_PARSED_MAX
    assert budget.spent <= STEPS_MAX


def test_a_long_text_in_one_cell_is_not_kept_and_its_row_is_told() -> None:
    strings = f"<sst><si><t>{'长' * 10**6}</t></si></sst>"
    cell = '<c t="s"><v>0</v></c>'
    (row,) = read_roster(xlsx(f"<row>{cell * 3}</row>", sharedStrings=strings)).rows
    assert max(map(len, row.cells.values())) == 201


def test_reading_that_takes_too_long_is_refused_and_says_so() -> None:
    ticks = iter(range(0, 10**9, SECONDS_MAX + 1))
    budget = Budget(clock=lambda: float(next(ticks)))
    with pytest.raises(WrongUse, match="60 seconds"):
        read_roster(csv_of("1,2,3\n" * 2000), budget)
    assert budget.spent <= 2 * budgets._STEPS_A_LOOK


def test_a_quote_that_is_never_closed_costs_each_line_once_for_a_row() -> None:
    asked = 0

    def lines() -> Iterator[str]:
        nonlocal asked
        yield "a,b\n"
        for _ in range(1000):
            asked += 1
            yield 'x","""\n'

    rows = read_rows(lines(), ",", ())
    assert next(rows).cells is None
    assert asked <= LINES_MAX
    assert sum(1 for _ in rows) == 999


LONG = b'{"format": "hourledger-proof/v1"' + b" " * FILE_BYTES_MAX + b"}"

REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "JSON by size": (lambda: parse_json(b"[" + b"1," * 10**6 + b"1]"), "at most"),
    "JSON by depth": (lambda: parse_json(b"[" * 30_000), "levels"),
    "rules by size": (lambda: read_rules(b"#" * (RULES_BYTES_MAX + 1)), "at most"),
    "rules by depth": (lambda: read_rules(b"a=" + b"[" * 100_000), "too deeply"),
    "rules by the parts of a key": (lambda: read_rules(b".".join([b"a"] * 99) + b"=1"), "dots"),
    "gzip": (lambda: read_file([gzip.compress(LONG)]), "longer than"),
    "PDF": (lambda: attached_file(b"%PDF-" + bytes(PDF_BYTES_MAX)), "cut, or was changed"),
    "link": (lambda: read_link("https://x/verify#Z." + "A" * 10_000), "link"),
    "status list": (lambda: decode_bits("u" + "A" * 10**7), "list"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_larger_than_is_read_is_refused_with_its_bound(what: str) -> None:
    read, said = REFUSED[what]
    with pytest.raises((Refused, ProofError, Unreadable), match=said):
        read()


def test_the_dots_of_real_rules_are_few() -> None:
    for path in (ROOT / "api" / "credits" / "rules").glob("*.toml"):
        assert max(line.count(".") for line in path.read_text("utf-8").splitlines()) < DOTS_MAX / 4
