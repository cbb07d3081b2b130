"""Cosignatures are those of C2SP tlog-cosignature, and count for whoever made them alone."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger.core.trees.cosignatures import ML_DSA, TIME_MAX, Cosigner, cosign, cosigned
from ledger.core.trees.merkle import leaf_hash
from ledger.core.trees.notes import (
    ED25519,
    Checkpoint,
    parse_note,
    sign_note,
    signature_line,
    vkey,
)
from ledger.errors import ProofError

# Published verifier keys of witnesses that others run.
REMORA = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"

# The example of C2SP tlog-cosignature: its text, and the bytes that a cosignature of it signs.
SOFA_TEXT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
SOFA_NOTE = (
    f"{SOFA_TEXT}\n\u2014 example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "\u2014 witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBI"
    "fZ+qnA==\n"
)
SOFA_TIME = 1679315147
SOFA_MESSAGE = f"cosignature/v1\ntime {SOFA_TIME}\n{SOFA_TEXT}".encode()

LOG = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)
NAME = "witness.example.org/w1"
WITNESS = Cosigner(NAME, KEY.public_key().public_bytes_raw())
HEAD = Checkpoint("localhost/town", 3, leaf_hash(b"head"))
NOTE = sign_note(HEAD.body(), HEAD.origin, LOG)
TIME = 1_767_225_600


def test_the_published_example_is_read() -> None:
    text, signatures = parse_note(SOFA_NOTE)
    assert text == SOFA_TEXT
    name, signed = signatures[1]
    assert (name, int.from_bytes(signed[4:12], "big")) == ("witness.example.com/w1", SOFA_TIME)
    assert len(signed) == 4 + 8 + 64


def test_what_is_signed_are_the_published_bytes() -> None:
    _, ((_, signed),) = parse_note(SOFA_TEXT + "\n" + cosign(SOFA_TEXT, NAME, KEY, SOFA_TIME))
    assert signed[4:12] == SOFA_TIME.to_bytes(8, "big")
    KEY.public_key().verify(signed[12:], SOFA_MESSAGE)


def test_a_published_key_is_read_and_written_again() -> None:
    found = Cosigner.parse(REMORA)
    assert found.name == "remora.n621.de"
    assert found.vkey() == REMORA
    assert found.key_id().hex() == "da77ade7"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name+00000000",
        REMORA.replace("da77ade7", "da77ade8"),
        REMORA.replace("remora", "remorse"),
        REMORA[:-4],
        REMORA + "=",
        vkey(NAME, WITNESS.public, ED25519),
        vkey(NAME, WITNESS.public, ML_DSA),
        vkey(NAME, WITNESS.public, b"\x07"),
    ],
)
def test_what_is_no_key_of_a_cosigner_is_refused(text: str) -> None:
    with pytest.raises(ProofError) as refused:
        Cosigner.parse(text)
    assert refused.value.check == "checkpoint"


def test_a_cosignature_gives_its_time() -> None:
    note = NOTE + cosign(HEAD.body(), NAME, KEY, TIME)
    assert cosigned(note, [WITNESS]) == {WITNESS: TIME}


def test_of_two_by_one_witness_the_later_counts() -> None:
    lines = [cosign(HEAD.body(), NAME, KEY, TIME + n) for n in (5, 0)]
    assert cosigned(NOTE + "".join(lines), [WITNESS]) == {WITNESS: TIME + 5}


def test_the_log_does_not_cosign_itself_by_its_own_signature() -> None:
    own = Cosigner(HEAD.origin, LOG.public_key().public_bytes_raw())
    assert cosigned(NOTE, [own]) == {}


def test_lines_of_strangers_are_ignored() -> None:
    line = cosign(HEAD.body(), NAME, OTHER, TIME)
    assert cosigned(NOTE + line, [WITNESS]) == {}
    assert cosigned(NOTE + cosign(HEAD.body(), "w2", KEY, TIME), [WITNESS]) == {}
    assert cosigned(NOTE + cosign(HEAD.body(), NAME, KEY, TIME), []) == {}


def forged(note: str, signed: bytes) -> str:
    return note + signature_line(NAME, WITNESS.key_id() + signed)


def test_a_line_that_claims_a_known_key_and_is_not_by_it_is_refused() -> None:
    _, ((_, signed),) = parse_note(f"{HEAD.body()}\n{cosign(HEAD.body(), NAME, KEY, TIME)}")
    other = Checkpoint(HEAD.origin, 4, HEAD.root)
    plain = KEY.sign(HEAD.body().encode())
    for wrong in (
        forged(NOTE, (TIME + 1).to_bytes(8, "big") + signed[12:]),
        forged(NOTE, signed[4:-1] + bytes([signed[-1] ^ 1])),
        forged(NOTE, signed[4:-1]),
        forged(NOTE, signed[4:] + b"\0"),
        forged(NOTE, b""),
        forged(NOTE, plain),
        forged(NOTE, TIME.to_bytes(8, "big") + plain),
        forged(NOTE, (TIME_MAX + 1).to_bytes(8, "big") + signed[12:]),
        sign_note(other.body(), HEAD.origin, LOG) + cosign(HEAD.body(), NAME, KEY, TIME),
    ):
        with pytest.raises(ProofError):
            cosigned(wrong, [WITNESS])


def ml_dsa(head: Checkpoint, name: str, time: int, private: MLDSA44PrivateKey) -> bytes:
    """The signed bytes as the specification lists them."""
    message = b"subtree/v1\n\x00"
    message += bytes([len(name)]) + name.encode() + time.to_bytes(8, "big")
    message += bytes([len(head.origin)]) + head.origin.encode()
    message += (0).to_bytes(8, "big") + head.size.to_bytes(8, "big") + head.root
    return time.to_bytes(8, "big") + private.sign(message)


def test_a_cosignature_over_ml_dsa_is_read() -> None:
    private = MLDSA44PrivateKey.generate()
    witness = Cosigner(NAME, private.public_key().public_bytes_raw(), ML_DSA)
    assert Cosigner.parse(witness.vkey()) == witness
    line = signature_line(NAME, witness.key_id() + ml_dsa(HEAD, NAME, TIME, private))
    assert cosigned(NOTE + line, [witness]) == {witness: TIME}
    for wrong in (
        ml_dsa(HEAD, "witness.example.org/w2", TIME, private),
        ml_dsa(Checkpoint(HEAD.origin, 4, HEAD.root), NAME, TIME, private),
        ml_dsa(HEAD, NAME, TIME, MLDSA44PrivateKey.generate()),
    ):
        with pytest.raises(ProofError):
            cosigned(NOTE + signature_line(NAME, witness.key_id() + wrong), [witness])


def test_an_auditor_is_known_by_its_name() -> None:
    assert Cosigner("audit.example.org/audited", WITNESS.public).is_auditor
    assert not WITNESS.is_auditor


def test_base64_of_the_example_is_that_of_this_program() -> None:
    name, signed = parse_note(SOFA_NOTE)[1][1]
    assert SOFA_NOTE.endswith(signature_line(name, signed))
    assert base64.b64encode(signed).decode() in SOFA_NOTE
