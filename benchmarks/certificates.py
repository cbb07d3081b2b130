"""Issuing certificates in bulk, against bare Ed25519 and, where it is at hand, Blockcerts.

`CERT_ISSUER_PYTHON` names an interpreter in whose environment `cert-issuer` is installed (version
3.13.1 runs on Python 3.10 or older; it is no dependency of ours). It then issues as many in the
same run, on its own mock chain: nothing is sent anywhere by either.
"""

import json
import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.certificates.signed import read_signed, signed_credential
from api.pdf.statement import Statement
from benchmarks.figure import Figure, seconds
from tests.builders.printed_certificates import statement

ROWS = 3
HOW = f"statement of {ROWS} rows to signed JSON file, one thread; the limit: Ed25519 over 64 bytes"
READ = "read, written again, compared, signature checked; the limit: Ed25519 over 64 bytes"
PEER = "cert-issuer on its mock chain, from unsigned file to file, less its start; ours: share"


def figures(count: int) -> Iterator[Figure]:
    key = Ed25519PrivateKey.from_private_bytes(bytes([5]) * 32)
    made = statement(ROWS, "en")
    stated = [replace(made, number=f"QH-2026-{number:06}") for number in range(count)]
    signatures = [key.sign(number.to_bytes(64, "big")) for number in range(count)]
    signed = [signed_credential(each, key) for each in stated[: count // 10]]
    public = key.public_key()

    def bare_signing() -> None:
        for number in range(count):
            key.sign(number.to_bytes(64, "big"))

    def bare_checking() -> None:
        for number, signature in enumerate(signatures):
            public.verify(signature, number.to_bytes(64, "big"))

    def reading() -> None:
        for document in signed:
            read_signed(document)

    with tempfile.TemporaryDirectory() as folder:
        rate = count / seconds(lambda: _issue(stated, key, Path(folder)), 1)
    limit = count / seconds(bare_signing)
    yield Figure("certificates issued", rate, "/s", "Ed25519 signatures", limit, HOW)
    peer = os.environ.get("CERT_ISSUER_PYTHON")
    if peer:
        with tempfile.TemporaryDirectory() as folder:
            theirs = _blockcerts(peer, Path(folder), count)
        yield Figure("certificates issued by Blockcerts", theirs, "/s", "ours", rate, PEER)
    found = len(signed) / seconds(reading)
    limit = count / seconds(bare_checking)
    yield Figure("credentials checked", found, "/s", "Ed25519 checks", limit, READ)


def _issue(stated: list[Statement], key: Ed25519PrivateKey, folder: Path) -> None:
    for number, each in enumerate(stated):
        text = json.dumps(signed_credential(each, key), ensure_ascii=False)
        (folder / f"{number:06}.json").write_text(text, encoding="utf-8")


def _blockcerts(python: str, folder: Path, count: int) -> float:
    """Certificates a second. The time of one alone is taken off: starting does not count."""
    one, all_of_them = (_blockcerts_run(python, folder / str(n), n) for n in (1, count))
    return (count - 1) / (all_of_them - one)


def _blockcerts_run(python: str, folder: Path, count: int) -> float:
    for name in ("unsigned", "signed", "issued", "work"):
        (folder / name).mkdir(parents=True)
    for number in range(count):
        text = json.dumps(_blockcert(number), ensure_ascii=False)
        (folder / "unsigned" / f"{number:06}.json").write_text(text, encoding="utf-8")
    (folder / "key").write_text("no key is used on a mock chain", encoding="utf-8")
    command = [python, "-m", "cert_issuer", "--chain=mockchain", "--no_safe_mode"]
    command += [f"--usb_name={folder}", "--key_file=key", f"--work_dir={folder / 'work'}"]
    command += ["--issuing_address=0x" + "1" * 40, "--verification_method=https://example.org#key"]
    command += [f"--unsigned_certificates_dir={folder / 'unsigned'}"]
    command += [f"--signed_certificates_dir={folder / 'signed'}"]
    command += [f"--blockchain_certificates_dir={folder / 'issued'}"]

    def run() -> None:
        subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=3600)

    took = seconds(run, 1)
    assert len(list((folder / "issued").iterdir())) == count
    return took


def _blockcert(number: int) -> dict[str, object]:
    """The least that cert-issuer takes for a certificate of volunteer service."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/blockcerts/v3.2"],
        "id": uuid.UUID(int=number).urn,
        "type": ["VerifiableCredential", "BlockcertsCredential"],
        "issuer": "https://hours.example.org/issuer.json",
        "validFrom": "2026-03-04T01:00:00Z",
        "credentialSubject": {
            "id": "did:pkh:eip155:1:0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
            "claim": {"type": "Certificate of volunteer service", "name": "450 minutes"},
        },
    }
