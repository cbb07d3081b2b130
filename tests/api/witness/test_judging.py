"""A witness cosigns what extends all that it cosigned before, and nothing else."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.errors import WrongUse
from api.witness.judging import Answer
from api.witness.keeping import EVIDENCE, EVIDENCE_MAX, LOGS, Witnessing, hold
from ledger.core.trees.cosignatures import cosigned
from ledger.core.trees.merkle import consistency_path, leaf_hash, reader_of, root
from ledger.core.trees.notes import Checkpoint, sign_note, signature_line, vkey
from ledger.core.trees.witness_request import REQUEST_MAX, Asked, parse_request, render_request
from ledger.errors import Damaged, ProofError, Unavailable

ORIGIN = "localhost/town"
LOG = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32)
KEY = Ed25519PrivateKey.from_private_bytes(bytes([4]) * 32)
TRUE = [leaf_hash(b"%d" % n) for n in range(40)]
FALSE = [*TRUE[:5], *(leaf_hash(b"x%d" % n) for n in range(35))]
TIME = 1_767_225_600

# The example of C2SP tlog-witness.
EXAMPLE = """\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501


def note(size: int, leaves: list[bytes] = TRUE, key: Ed25519PrivateKey = LOG) -> str:
    return sign_note(Checkpoint(ORIGIN, size, root(leaves[:size])).body(), ORIGIN, key)


def ask(old: int, size: int, leaves: list[bytes] = TRUE, **changes: object) -> bytes:
    path = consistency_path(reader_of(leaves), old, size) if 0 < old < size else []
    asked = {"old": old, "proof": tuple(path), "note": note(size, leaves), **changes}
    return render_request(Asked(**asked))  # type: ignore[arg-type]


def opened(folder: Path, clock: int = TIME) -> Witnessing:
    public = LOG.public_key().public_bytes_raw()
    folder.mkdir(exist_ok=True)
    (folder / LOGS).write_text(f"log {vkey(ORIGIN, public)}\nquorum none\n")
    return Witnessing(folder, "witness.example/w1", KEY, lambda: clock)


@pytest.fixture
def witness(tmp_path: Path) -> Witnessing:
    return opened(tmp_path)


def said(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body


def test_the_published_request_is_read_and_written_again() -> None:
    asked = parse_request(EXAMPLE.encode())
    assert (asked.old, len(asked.proof)) == (20852014, 4)
    assert asked.note.startswith("example.com/behind-the-sofa\n20852163\n")
    assert render_request(asked) == EXAMPLE.encode()


def test_a_log_that_grows_is_cosigned_at_every_step(witness: Witnessing) -> None:
    old = 0
    for size in (1, 2, 7, 8, 9, 31, 40):
        answer = witness.ask(ask(old, size))
        assert answer.status == 200
        assert cosigned(note(size) + answer.body, [witness.cosigner]) == {witness.cosigner: TIME}
        old = size


def test_the_same_head_is_cosigned_again(witness: Witnessing) -> None:
    assert witness.ask(ask(0, 7)).status == 200
    assert witness.ask(ask(7, 7)).status == 200


def test_a_second_history_is_cosigned_neither_beside_nor_on_top_of_the_first(
    witness: Witnessing, tmp_path: Path
) -> None:
    assert witness.ask(ask(0, 7)).status == 200
    assert said(witness.ask(ask(7, 7, FALSE))) == (422, "another root was cosigned of 7 entries\n")
    assert witness.ask(ask(7, 20, FALSE)).status == 422
    assert witness.ask(ask(0, 20, FALSE)).status == 409
    assert witness.ask(ask(7, 20, FALSE, proof=())).status == 422
    # Both are signed by the log: whoever reads them knows what it did.
    kept = [file.read_bytes() for file in (tmp_path / EVIDENCE).iterdir()]
    assert ask(7, 7, FALSE) in kept
    assert ask(7, 20, FALSE) in kept
    assert witness.ask(ask(7, 9)).status == 200


def test_who_does_not_know_how_far_it_is_is_told(witness: Witnessing) -> None:
    witness.ask(ask(0, 7))
    answer = witness.ask(ask(3, 9))
    assert said(answer) == (409, "7\n")
    assert answer.media_type == "text/x.tlog.size"
    assert said(witness.ask(ask(0, 3))) == (409, "7\n")


def test_a_strangers_checkpoint_is_not_cosigned(witness: Witnessing, tmp_path: Path) -> None:
    assert witness.ask(ask(0, 7, note=note(7, key=STRANGER))).status == 403
    other = sign_note(Checkpoint("localhost/other", 7, root(TRUE[:7])).body(), ORIGIN, LOG)
    assert witness.ask(ask(0, 7, note=other)).status == 404
    assert witness.ask(ask(0, 7, FALSE, note=note(7, FALSE, STRANGER))).status == 403
    assert list((tmp_path / EVIDENCE).iterdir()) == []


def test_lines_of_others_under_a_checkpoint_mean_nothing_and_are_not_kept(
    witness: Witnessing, tmp_path: Path
) -> None:
    lines = "".join(signature_line(f"other{n}", bytes(72)) for n in range(63))
    assert witness.ask(ask(0, 7, note=note(7) + lines)).status == 200
    again = opened(tmp_path)
    assert again.ask(ask(7, 9)).status == 200


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        ask(0, 7).replace(b"old 0\n", b""),
        ask(0, 7).replace(b"old 0\n", b"old 00\n"),
        ask(0, 7).replace(b"old 0\n", b"old -1\n"),
        ask(0, 7).replace(b"old 0\n", b"old \n"),
        ask(0, 7).replace(b"old 0\n", b"old 0 \n"),
        ask(0, 7).replace(b"old 0\n", b"Old 0\n"),
        ask(0, 7).replace(b"old 0\n", b"old 0\n*\n"),
        ask(0, 7).replace(b"old 0\n", b"old 0\nAAAA\n"),
        ask(0, 7, proof=(bytes(32),) * 64),
        ask(0, 7).replace(b"\n\n", b"\n"),
        ask(0, 7, note=note(7).replace("\n7\n", "\n07\n")),
        ask(0, 7, note=note(7) + "trailing"),
        ask(9, 7),
        b"old " + b"9" * 20 + b"\n\n" + note(7).encode(),
    ],
)
def test_what_is_no_request_is_answered_so(witness: Witnessing, data: bytes) -> None:
    assert witness.ask(data).status == 400
    assert len(data) < REQUEST_MAX


def test_a_proof_from_nothing_is_empty(witness: Witnessing) -> None:
    assert witness.ask(ask(0, 7, proof=(TRUE[0],))).status == 422


def test_what_was_cosigned_is_kept_over_an_end(witness: Witnessing, tmp_path: Path) -> None:
    witness.ask(ask(0, 7))
    again = opened(tmp_path)
    assert again.ask(ask(0, 7, FALSE)).status == 409
    assert again.ask(ask(7, 9)).status == 200


def test_what_cannot_be_kept_is_not_handed_out(
    witness: Witnessing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("api.witness.keeping.write_durably", full)
    with pytest.raises(OSError, match="No space"):
        witness.ask(ask(0, 7))
    monkeypatch.undo()
    assert witness.ask(ask(0, 9, FALSE)).status == 200


def test_a_changed_file_is_not_believed(witness: Witnessing, tmp_path: Path) -> None:
    witness.ask(ask(0, 7))
    (file,) = (tmp_path / "checkpoints").iterdir()
    good = file.read_text()
    for changed in ("", note(7), good.replace("\n7\n", "\n6\n"), good[:-9]):
        file.write_text(changed)
        with pytest.raises(Damaged):
            opened(tmp_path)


def test_evidence_does_not_fill_the_disk(witness: Witnessing, tmp_path: Path) -> None:
    witness.ask(ask(0, 7))
    for n in range(EVIDENCE_MAX):
        (tmp_path / EVIDENCE / str(n)).touch()
    assert witness.ask(ask(7, 20, FALSE)).status == 422
    assert len(list((tmp_path / EVIDENCE).iterdir())) == EVIDENCE_MAX


def test_one_process_keeps_a_folder(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(Unavailable), hold(tmp_path):
        pass


def test_a_list_of_logs_that_cannot_be_read_stops_it(tmp_path: Path) -> None:
    opened(tmp_path)
    (tmp_path / LOGS).write_text("log nonsense\nquorum none\n")
    with pytest.raises(WrongUse, match="line 1"):
        Witnessing(tmp_path, "witness.example/w1", KEY, lambda: TIME)
    (tmp_path / LOGS).unlink()
    with pytest.raises(WrongUse, match="cannot be read"):
        Witnessing(tmp_path, "witness.example/w1", KEY, lambda: TIME)


def test_a_request_with_a_hash_in_another_spelling_is_refused() -> None:
    with pytest.raises(ProofError):
        parse_request(EXAMPLE.replace("5+pKlUdi", "5-pKlUdi").encode())
