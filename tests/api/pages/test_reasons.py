"""On a Chinese page every check says in Chinese what it found, whatever that is and whichever
verifier made it, and no code stands between.

The sources of the browser's verifier are read for all that they can say. The library's says the
same but for how a value is malformed (`test_agreement.py`); `OF_THE_LIBRARY` are those texts."""

import base64
import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final

import pytest

from api.categories import CATEGORIES, category_text
from api.certificates.checking import verify_any
from api.pages.script_words import Message, said_by, told
from api.pages.static import FOLDER
from api.pages.verify import NOT_ANSWERED, NOT_NOW
from api.words import FOLDERS, words
from ledger.core.verify.pinned import HAND, Pin
from tests.builders.both_verifiers import JUDGE, Chains, as_json
from tests.builders.trusting import everybody
from tests.builders.waiting import PATIENCE
from tests.vectors import bundles, certificates, files, forged, receipts

SCRIPT = Path(__file__).with_name("reasons.mjs")
TEXTS = Path(__file__).with_name("reason_texts.mjs")
LIBRARY = Path(__file__).parents[3] / "ledger/core"

PIN: Final = {"ledger": None, **as_json(Pin(HAND))}
HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[a-z]+ [a-z]+")
COMMAND = "hourledger verify"

UNSIGNED: Final = "the log has signed nothing of this file: its record is shown in no batch"
NOT_HERE: Final = "this page does not check files of this kind: hourledger verify does"
KINDS: Final = ("certificate", "amend")
STATUSES: Final = ("recorded", "disputed, void")
EMBEDDED: Final = "on the demonstration chain, which nobody else witnesses"

VALUES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "anchor.js": {
        "also.reason": ("the chain holds another root, 12ab, since 2027-01-15T08:00:00Z",),
    },
    "basis.js": {"kind": ("confirmation", "permit")},
    "bundle.js": {
        "stated": STATUSES,
        "word": STATUSES,
        "since": ("", "; void since by what its signers say"),
        "UNSIGNED": (UNSIGNED,),
    },
    "certificate.js": {
        "UNSIGNED": (UNSIGNED,),
        'unchecked.join("")': ("", "; not checked here: 7"),
    },
    "chain.js": {
        "where": ("on chain 7", EMBEDDED),
        "named": ("", ", by contract 0x12 and founder 0x34, which the file names"),
        "another": ("the chain holds another root, 12ab, since 2027-01-15T08:00:00Z",),
        "moment(status.time)": ("2027-01-15T08:00:00Z", "7"),
        "moment(time)": ("2027-01-15T08:00:00Z",),
        "until": ("2027-01-15T08:00:00Z",),
        "told": ("", ": 两份日志; 已更正"),
    },
    "changes.js": {
        "stated.status": STATUSES,
        "kind": KINDS,
        "old.kind": KINDS,
        "verb": ("void", "decide"),
        "who": ("7, whose hours these are",),
        "signers": ("0x12", "0x12 and 0xab"),
        "may": (
            "only 7, who recorded this, its successor shown here or an authority may void it",
            "only 7, who recorded this, its successor shown here or an authority may decide it",
            "only 7, who recorded this, may amend it",
            "only 7, who issued it, may replace it",
            "only 7, whose hours these are, may object",
        ),
    },
    "opening.js": {
        "noun": ("bundle", "statement", "transcript", "receipt", "proof"),
        "whole": (
            *(f"a complete {noun}" for noun in ("bundle", "statement", "transcript", "receipt")),
            "a proof of a certificate",
        ),
    },
    "signatures.js": {"role": ("approver",)},
    "signers.js": {
        "kind": KINDS,
        "record.kind": KINDS,
        "role": ("volunteer",),
        'roles || "the engine"': ("organisation, approver", "the engine"),
        'roles.join(", ") || "nobody"': ("organisation, approver", "nobody"),
    },
    "statuses.js": {"record.kind": KINDS},
    "times.js": {
        "record.kind": ("clock",),
        "where": ("entry 7", "a record of kind clock"),
        "checkBlock(seal, finding)": ("", ", the block behind them"),
    },
    "transcript.js": {
        "unseen": ("", "; 7 signatures rest on grants that are not shown here"),
        "rest": ("", ", the others are held by the chain alone"),
        "counted": ("7 services as of batch 7",),
    },
    "transcript_signers.js": {
        "reason": (
            "the clock events of the credit hours are missing",
            "a clock event is not that of the credit hours",
            "what the recipient said is missing",
            "what the recipient said is of another visit",
        ),
    },
}
"""Module → expression in its texts → all that it can be, in words. Any other is a number, a hash, a
name or the like."""

NO_REASONS: Final = {
    ("chain.js", "Hourledger demonstration chain"),
    ("changes.js", " and "),
    ("fields.js", "EIP712Domain(string name,string version,bytes32 salt)"),
    ("note.js", "index "),
    ("opening.js", "a complete proof"),
}
"""English that no check says."""

SPLIT_APART: Final = {
    ("chain.js", ", by contract 7 and founder 7, which the file names"),
    ("certificate.js", "as of batch 7"),
    ("certificate.js", f"by what the signers say; {UNSIGNED}"),
    ("signers.js", "the engine"),
}
"""Parts of a text that stands in no one piece."""

PUT_TOGETHER: Final = (
    *(f"{word} as of batch 7" for word in STATUSES),
    *(f"{word} by what the signers say; {UNSIGNED}" for word in STATUSES),
    "UNKNOWN_KIND: gift",
    "UNKNOWN_KIND: ",
    "NOT_JSON not UTF-8",
    "BAD_VALUE: body.hours[3]: text is needed",
    "BAD_SIGNATURE approver: the signature is not by 0x12",
    "BAD_SHEET the path is too long",
)
"""Texts that stand in no one piece, and those of refusals."""

OF_THE_LIBRARY: Final = {
    "a name is repeated": "records/decode.py",
    "a number is no integer in range": "records/decode.py",
    "body: an object is needed": "format/structs.py",
    "body: missing or unknown fields: a, b": "format/structs.py",
    "leaf: bytes are lower-case 0x-hex": "proofs/parts.py",
    "a hash is not 32 bytes": "trees/merkle.py",
    "bad base64": "trees/notes.py",
}
"""What the library alone says of a malformed value, and where."""


def ask(message: Mapping[str, object]) -> list[str | None]:
    done = subprocess.run(
        ["node", SCRIPT],
        input=json.dumps(message),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    found: list[str | None] = json.loads(done.stdout)
    return found


def messages() -> frozenset[Message]:
    return said_by(FOLDER / "js/verify") | said_by(FOLDER / "js/shared")


def said(reasons: Iterable[tuple[str, str]], language: str) -> list[str | None]:
    return ask({"words": told(messages(), words(language)), "reasons": list(reasons)})


def expanded(name: str, parts: list[str]) -> Iterator[str]:
    """A text of a module with each of the values of its expressions."""
    values = VALUES.get(name, {})
    choices = [
        values.get(part, ("7",)) if place % 2 else (part,) for place, part in enumerate(parts)
    ]
    return ("".join(chosen) for chosen in product(*choices))


@cache
def reasons_of_the_sources() -> tuple[str, ...]:
    """All that the verifier of the page can say."""
    done = subprocess.run(
        ["node", TEXTS], capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    inner = {text for values in VALUES.values() for found in values.values() for text in found}
    found = set()
    for name, parts in json.loads(done.stdout):
        for text in expanded(name, parts):
            if text not in inner and (name, text) not in NO_REASONS | SPLIT_APART:
                # What is said behind something else is said alone, too.
                found.add(text.removeprefix("; "))
    return tuple(sorted(found))


def published() -> Iterator[bytes]:
    """Every file of the vectors."""
    for kind, member, path in (
        ("bundles", "bundle", bundles.FILE),
        ("certificates", "file", certificates.FILE),
        ("files", "file", forged.FILE),
        ("receipts", "file", receipts.FILE),
    ):
        for vector in json.loads(path.read_text(encoding="utf-8"))[kind]:
            yield json.dumps(vector[member]).encode()
    for vector in json.loads(files.FILE.read_text(encoding="utf-8"))["files"]:
        yield base64.b64decode(vector["file"])


@cache
def reasons_of_the_vectors() -> tuple[tuple[str, str], ...]:
    """What each check of each published file says, by both verifiers; of forms that the page does
    not check, by the page's."""
    data = tuple(published())
    lines = (json.dumps({"file": base64.b64encode(one).decode(), "pin": PIN}) for one in data)
    done = subprocess.run(
        ["node", JUDGE],
        input="".join(line + "\n" for line in lines),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    found = set()
    for one, line in zip(data, done.stdout.splitlines(), strict=True):
        checks = [(check["name"], check["reason"]) for check in json.loads(line)["checks"]]
        found |= set(checks)
        if checks[0][1] != NOT_HERE:
            found |= {
                (check.name, check.reason)
                for check in verify_any(one, Chains(), pins=everybody).checks
            }
    return tuple(sorted(found - {("anchor", "as told")}))


def is_chinese(text: str | None) -> bool:
    if text is None or not HAN.search(text):
        return False
    return not ENGLISH.search(text.replace(COMMAND, ""))


def in_words(reasons: Iterable[tuple[str, str]], language: str) -> None:
    asked = list(reasons)
    pairs = zip(asked, said(asked, language), strict=True)
    assert [(reason, text) for reason, text in pairs if not is_chinese(text)] == []


@pytest.mark.parametrize("language", FOLDERS)
def test_all_that_the_verifier_can_say_has_words(language: str) -> None:
    reasons = reasons_of_the_sources()
    assert len(reasons) > 250
    in_words((("format", reason) for reason in (*reasons, *PUT_TOGETHER)), language)


@pytest.mark.parametrize("language", FOLDERS)
def test_all_that_both_say_of_the_vectors_has_words(language: str) -> None:
    reasons = reasons_of_the_vectors()
    assert len({name for name, _ in reasons}) == 18
    assert len(reasons) > 100
    in_words(reasons, language)


@pytest.mark.parametrize("language", FOLDERS)
def test_what_the_library_alone_says_of_a_value_has_words(language: str) -> None:
    for text, module in OF_THE_LIBRARY.items():
        source = (LIBRARY / module).read_text(encoding="utf-8")
        said = text.removeprefix("body: ").removeprefix("leaf: ").removesuffix("a, b")
        assert said in source
    in_words((("format", text) for text in OF_THE_LIBRARY), language)


def test_every_message_is_for_something_that_is_said() -> None:
    """Each message stands for itself by a number, so that it is seen which were taken."""
    table = said_by(FOLDER / "js/verify/reasons") - said_by_kinds()
    numbers = {message: f"«{place}»" for place, message in enumerate(sorted(table, key=str))}
    places = re.compile(r"\{\w+\}")
    shown = {
        form: numbers[message] + "".join(places.findall(form))
        for message in table
        for form in ((message,) if isinstance(message, str) else message)
    }
    reasons = (*reasons_of_the_sources(), *PUT_TOGETHER, *OF_THE_LIBRARY, NOT_ANSWERED, NOT_NOW)
    found = ask({"words": shown, "reasons": [("anchor", reason) for reason in reasons]})
    taken = set(re.findall("«[0-9]+»", "".join(text or "" for text in found)))
    assert [message for message, number in numbers.items() if number not in taken] == []


def said_by_kinds() -> frozenset[Message]:
    source = (FOLDER / "js/verify/reasons/kind_words.js").read_text(encoding="utf-8")
    return frozenset(re.findall(r't\("([^"]+)"\)', source))


@pytest.mark.parametrize("language", FOLDERS)
def test_what_stands_in_a_reason_is_carried_over(language: str) -> None:
    reasons = {
        "entry 41 hashes to the leaf that is proved": ["41"],
        "anchor is of size 12, checkpoint of 13": ["12", "13"],
        "0xAb is neither the organisation nor shown to be its delegate": ["0xAb"],
        "void: signed by 0x12 and 0xab; only 0xcd, who recorded this, may amend it": [
            *("0x12", "0xab", "0xcd"),
        ],
        "A; B was certified for that time by an authority of Town; City": ["A; B", "Town; City"],
        "no signature of the log's signature does not hold": ["the log's signature does not hold"],
        "BAD_VALUE: body.service.minutes: an integer from 1 to 1440 is needed": [
            *("body.service.minutes", "1440"),
        ],
    }
    found = said([("roles", reason) for reason in reasons], language)
    for (reason, kept), text in zip(reasons.items(), found, strict=True):
        assert text is not None
        assert text != reason
        assert all(one in text for one in kept), text


@pytest.mark.parametrize("language", FOLDERS)
def test_what_a_node_or_this_site_answers_is_told_from_what_was_found(language: str) -> None:
    by_us, by_a_node = said(
        [("anchor", NOT_NOW), ("anchor", "rate limit reached; upgrade")], language
    )
    assert is_chinese(by_us)
    assert str(by_a_node).endswith("：rate limit reached; upgrade")
    assert said([("roles", "rate limit reached")], language) == [None]


def test_one_is_said_of_one_and_many_of_many() -> None:
    reasons = ["1 signatures recover to their signers", "2 signatures recover to their signers"]
    found = said([("signatures", reason) for reason in reasons], "en")
    assert found == ["1 signature recovers to its signer", reasons[1]]


@pytest.mark.parametrize("language", FOLDERS)
def test_a_usual_category_has_words_and_another_stands_as_written(language: str) -> None:
    say = words(language)
    assert all(HAN.search(category_text(say, code)) for code in CATEGORIES)
    assert category_text(say, "讲座") == "讲座"
