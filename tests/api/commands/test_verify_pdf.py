"""`hourledger verify` takes the PDF that holds a proof file."""

import io
from pathlib import Path

from pypdf import PdfWriter

from tests.api.commands.conftest import Run


def pdf_with(*files: bytes) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    for number, data in enumerate(files):
        writer.add_attachment(f"{number}.json", data)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_without_a_proof_file_is_invalid_with_the_reason(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "empty.pdf"
    file.write_bytes(pdf_with())
    done = run("verify", file, "--json")
    assert done.code == 1
    assert done.json["verdict"] == "invalid"
    first = done.json["checks"][0]
    assert (first["name"], first["ok"]) == ("format", False)
    assert "no proof file is attached" in first["reason"]


def test_the_file_inside_is_judged_like_the_file_alone(
    run: Run, demo: Path, tmp_path: Path
) -> None:
    proof = next(demo.glob("*proof*.json"))
    file = tmp_path / "in.pdf"
    file.write_bytes(pdf_with(proof.read_bytes()))
    inside = run("verify", file, "--json", "--dir", demo)
    assert inside.json == run("verify", proof, "--json").json
    assert inside.json["verdict"] == "valid"
    assert inside.code == 0
