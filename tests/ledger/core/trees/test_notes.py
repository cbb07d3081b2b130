"""Notes, checkpoints and proof files are those of C2SP, read strictly."""

import base64
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.trees.merkle import leaf_hash
from ledger.core.trees.notes import (
    Checkpoint,
    TlogProof,
    key_id,
    open_checkpoint,
    open_note,
    parse_checkpoint,
    parse_tlog_proof,
    parse_vkey,
    render_tlog_proof,
    sign_note,
    vkey,
)
from ledger.errors import ProofError

# Published with the note package of the Go project, whose format C2SP signed-note describes.
PETER_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
PETER_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_NOTE = PETER_TEXT + (
    "\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

# A checkpoint that a Tessera log signed with the test key of that project.
TESSERA_ORIGIN = "example.com/log/testdata"
TESSERA_VKEY = f"{TESSERA_ORIGIN}+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
TESSERA_ROOT = base64.b64decode("GRV1O0dCqmjjPvYi7CtOT79zb/fPwLNsMFWsynwU8Ac=")
TESSERA_NOTE = (
    "example.com/log/testdata\n100270\nGRV1O0dCqmjjPvYi7CtOT79zb/fPwLNsMFWsynwU8Ac=\n"
    "\n— example.com/log/testdata "
    "M9e0lkcvy5bAe7rrC8tCyAP+my+CLzswA91zOpBNWVU7qCojkUOHnfdQzDImoYeYH8G8PJSwOqsx0RkSa261OmKVwwM=\n"
)

# The example of C2SP signed-note, "Verifier keys".
SPECIFICATION_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

NAME = "localhost/town"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw()
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
HEAD = Checkpoint(NAME, 3, leaf_hash(b"head"))
NOTE = sign_note(HEAD.body(), NAME, PRIVATE)
ROOT_TEXT = base64.b64encode(HEAD.root).decode()


def signature_line(name: str, signature: bytes) -> str:
    return f"— {name} {base64.b64encode(signature).decode()}\n"


WITNESS_LINE = signature_line("witness.example/w1", b"\x01\x02\x03\x04" + bytes(72))


def test_a_published_note_is_opened_and_signed_to_the_same_bytes() -> None:
    name, public = parse_vkey(PETER_VKEY)
    assert name == "PeterNeumann"
    assert open_note(PETER_NOTE, name, public) == PETER_TEXT
    private = Ed25519PrivateKey.from_private_bytes(PETER_SEED)
    assert sign_note(PETER_TEXT, name, private) == PETER_NOTE


def test_a_checkpoint_of_another_log_software_is_opened() -> None:
    name, public = parse_vkey(TESSERA_VKEY)
    found = open_checkpoint(TESSERA_NOTE, TESSERA_ORIGIN, public)
    assert found == Checkpoint(TESSERA_ORIGIN, 100270, TESSERA_ROOT)
    assert name == TESSERA_ORIGIN


@pytest.mark.parametrize("text", [PETER_VKEY, TESSERA_VKEY, SPECIFICATION_VKEY])
def test_published_verifier_keys_are_read_and_written(text: str) -> None:
    name, public = parse_vkey(text)
    assert vkey(name, public) == text
    assert key_id(name, public).hex() == text.split("+")[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+c74f20a3",
        PETER_VKEY.replace("c74f20a3", "c74f20a4"),
        PETER_VKEY.replace("c74f20a3", "C74F20A3"),
        PETER_VKEY.replace("PeterNeumann", "EnochRoot"),
        PETER_VKEY.replace("+ARpc", "+BBpc"),
        PETER_VKEY[:-4],
        PETER_VKEY + "\n",
        PETER_VKEY + "=",
        PETER_VKEY.replace("+ARpc", "+!!!!"),
    ],
)
def test_a_verifier_key_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(ProofError, match="checkpoint"):
        parse_vkey(text)


def test_any_changed_character_of_a_note_is_refused() -> None:
    for place, character in enumerate(NOTE):
        for other in {"A", "0", "\n", " ", "\u2014"} - {character}:
            changed = NOTE[:place] + other + NOTE[place + 1 :]
            with pytest.raises(ProofError, match="checkpoint"):
                open_checkpoint(changed, NAME, PUBLIC)
        with pytest.raises(ProofError, match="checkpoint"):
            open_checkpoint(NOTE[:place] + NOTE[place + 1 :], NAME, PUBLIC)


def test_signatures_of_strangers_are_passed_over() -> None:
    stranger = signature_line("stranger", b"\x00\x01\x02\x03" + bytes(64))
    same_name = signature_line(NAME, b"\x00\x01\x02\x03" + bytes(64))
    same_id = signature_line("another", key_id(NAME, PUBLIC) + bytes(64))
    text, signatures = NOTE.rsplit("\n\n", 1)
    for lines in (
        WITNESS_LINE + signatures,
        signatures + WITNESS_LINE,
        stranger + same_name + same_id + signatures,
        signatures + stranger * 63,
    ):
        assert open_checkpoint(f"{text}\n\n{lines}", NAME, PUBLIC) == HEAD


def test_a_bad_signature_of_the_known_key_is_refused_beside_a_good_one() -> None:
    bad = signature_line(NAME, key_id(NAME, PUBLIC) + bytes(64))
    short = signature_line(NAME, key_id(NAME, PUBLIC) + bytes(63))
    for line in (bad, short):
        for note in (NOTE + line, NOTE.replace("\n\n", "\n\n" + line)):
            with pytest.raises(ProofError, match="does not hold"):
                open_note(note, NAME, PUBLIC)


def test_another_key_name_or_origin_is_refused() -> None:
    other = OTHER.public_key().public_bytes_raw()
    with pytest.raises(ProofError, match="no signature of"):
        open_checkpoint(NOTE, NAME, other)
    with pytest.raises(ProofError, match="no signature of"):
        open_checkpoint(NOTE, "localhost/city", PUBLIC)
    borrowed = sign_note(Checkpoint("localhost/city", 3, HEAD.root).body(), NAME, PRIVATE)
    with pytest.raises(ProofError, match="another log"):
        open_checkpoint(borrowed, NAME, PUBLIC)


def test_the_text_ends_at_the_last_empty_line() -> None:
    text = "one\n\nthree\n"
    assert open_note(sign_note(text, NAME, PRIVATE), NAME, PUBLIC) == text


MALFORMED_NOTES = [
    "",
    "\n",
    "\n\n",
    HEAD.body(),
    NOTE.rstrip("\n"),
    NOTE + "\n",
    NOTE.replace("\n\n", "\n"),
    NOTE.replace("\n\n— ", "\n\n- "),
    NOTE.replace("\n\n— ", "\n\n—  "),
    NOTE.replace("\n\n— ", "\n\n—\u00a0"),
    NOTE.replace(f"— {NAME} ", "—  "),
    NOTE + "— \n",
    NOTE + f"— {NAME}\n",
    NOTE + "— name ####\n",
    NOTE + "— name AAAA\n",
    NOTE + "— name AAAAAAB=\n",
    NOTE + WITNESS_LINE * 64,
    NOTE.replace("\n", "\r\n"),
    NOTE.replace("3", "3\t", 1),
    NOTE.replace("3", "3\0", 1),
    "\ud800" + NOTE,
    "x" * 65536 + NOTE,
]


@pytest.mark.parametrize("note", MALFORMED_NOTES, ids=range(len(MALFORMED_NOTES)))
def test_a_malformed_note_is_refused(note: str) -> None:
    with pytest.raises(ProofError, match="checkpoint"):
        open_note(note, NAME, PUBLIC)


@pytest.mark.parametrize("text", ["a\tb\n", "a\0b\n", "a\r\n", "\x1b\n", "x" * 65536 + "\n"])
def test_a_signed_text_with_control_characters_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(ProofError, match=r"control characters|not a signed note"):
        open_note(sign_note(text, NAME, PRIVATE), NAME, PUBLIC)


MALFORMED_CHECKPOINTS = [
    "",
    "\n\n\n",
    f"\n3\n{ROOT_TEXT}\n",
    f"{NAME}\n3\n{ROOT_TEXT}",
    f"{NAME}\n3\n{ROOT_TEXT}\nextension\n",
    f"{NAME}\n3\n{ROOT_TEXT}\n\n",
    f"{NAME}\n3\n",
    f"{NAME}\n03\n{ROOT_TEXT}\n",
    f"{NAME}\n+3\n{ROOT_TEXT}\n",
    f"{NAME}\n-3\n{ROOT_TEXT}\n",
    f"{NAME}\n3.0\n{ROOT_TEXT}\n",
    f"{NAME}\n3 \n{ROOT_TEXT}\n",
    f"{NAME}\n\n{ROOT_TEXT}\n",
    f"{NAME}\n\u0663\n{ROOT_TEXT}\n",
    f"{NAME}\n\u00b3\n{ROOT_TEXT}\n",
    f"{NAME}\n10000000000000000000\n{ROOT_TEXT}\n",
    f"{NAME}\n3\n{ROOT_TEXT[:-1]}\n",
    f"{NAME}\n3\n {ROOT_TEXT}\n",
    f"{NAME}\n3\n{ROOT_TEXT[:-2]}9=\n",
    f"{NAME}\n3\n{base64.b64encode(bytes(31)).decode()}\n",
    f"{NAME}\n3\n{base64.b64encode(bytes(33)).decode()}\n",
    f"{NAME}\n3\n{base64.urlsafe_b64encode(bytes([255]) * 32).decode()}\n",
    f"{NAME}\n3\n\u00e9{ROOT_TEXT[1:]}\n",
]


@pytest.mark.parametrize("text", MALFORMED_CHECKPOINTS, ids=range(len(MALFORMED_CHECKPOINTS)))
def test_a_malformed_checkpoint_is_refused_even_when_signed(text: str) -> None:
    with pytest.raises(ProofError, match="checkpoint"):
        parse_checkpoint(text)
    with pytest.raises(ProofError, match="checkpoint"):
        open_checkpoint(sign_note(text, NAME, PRIVATE), NAME, PUBLIC)


@given(
    origin=st.text(st.characters(min_codepoint=33, exclude_categories=["Cs"]), min_size=1),
    size=st.integers(0, 2**63 - 1),
    root=st.binary(min_size=32, max_size=32),
)
@settings(deadline=None)
def test_a_checkpoint_is_read_back(origin: str, size: int, root: bytes) -> None:
    found = Checkpoint(origin, size, root)
    assert parse_checkpoint(found.body()) == found


@given(
    index=st.integers(0, 2**53),
    path=st.lists(st.binary(min_size=32, max_size=32), max_size=63),
)
@settings(deadline=None)
def test_a_proof_file_is_read_back(index: int, path: list[bytes]) -> None:
    proof = TlogProof(index, tuple(path), NOTE)
    assert parse_tlog_proof(render_tlog_proof(proof)) == proof


def test_a_proof_file_is_written_as_the_specification_says() -> None:
    text = render_tlog_proof(TlogProof(7, (bytes(32), HEAD.root), NOTE))
    zero = base64.b64encode(bytes(32)).decode()
    assert text == f"c2sp.org/tlog-proof@v1\nindex 7\n{zero}\n{ROOT_TEXT}\n\n{NOTE}"
    assert parse_tlog_proof(text).checkpoint == NOTE


def malformed_proofs() -> Iterator[str]:
    good = render_tlog_proof(TlogProof(7, (HEAD.root,), NOTE))
    yield ""
    yield "\n\n"
    yield good.replace("@v1", "@v2")
    yield "\n" + good
    yield good.replace("\n", "\r\n")
    yield good.replace("index 7\n", "extra AAAA\nindex 7\n")
    for index in ("07", "-1", "+7", "7 ", " 7", "", "7.0", "seven", "\u0667", "1" * 20):
        yield good.replace("index 7", f"index {index}")
    yield good.replace("index 7", "Index 7")
    yield good.replace("index 7\n", "")
    yield good.replace("index 7\n", "index 7\nindex 7\n")
    yield good.replace(ROOT_TEXT + "\n\n", ROOT_TEXT + " \n\n")
    yield good.replace(ROOT_TEXT + "\n\n", ROOT_TEXT[:-1] + "\n\n")
    yield good.replace(ROOT_TEXT + "\n\n", base64.b64encode(bytes(31)).decode() + "\n\n")
    yield good.replace("\n\n", "\n")
    yield render_tlog_proof(TlogProof(7, (HEAD.root,) * 64, NOTE))


def test_a_malformed_proof_file_is_refused() -> None:
    for text in malformed_proofs():
        with pytest.raises(ProofError, match="checkpoint"):
            parse_tlog_proof(text)


@given(st.text())
@settings(deadline=None, max_examples=300)
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (
        parse_checkpoint,
        parse_tlog_proof,
        parse_vkey,
        lambda note: open_note(note, NAME, PUBLIC),
    ):
        try:
            read(text)
        except ProofError as error:
            assert error.check == "checkpoint"  # noqa: PT017
