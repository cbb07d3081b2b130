"""A policy is that of C2SP tlog-policy: who counts, and how many of them."""

import itertools

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.core.trees.cosignatures import Cosigner
from ledger.core.trees.notes import vkey
from ledger.core.trees.witness_policy import POLICY_MAX, parse_policy
from ledger.errors import ProofError


def public(n: int) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32).public_key().public_bytes_raw()


COSIGNERS = {name: Cosigner(f"witness.example/{name}", public(n)) for n, name in enumerate(
    ("X1", "X2", "X3", "Y1", "Y2", "Y3"), 1
)}  # fmt: skip
KEYS = {name: cosigner.vkey() for name, cosigner in COSIGNERS.items()}
LOG = vkey("example.com/log", public(9))

# The example of C2SP tlog-policy, with keys.
EXAMPLE = f"""\
log {LOG}

witness X1 {KEYS["X1"]}
witness X2 {KEYS["X2"]} https://x2.example/
witness X3 {KEYS["X3"]}
group X-witnesses 2 X1 X2 X3

witness Y1 {KEYS["Y1"]}
witness Y2 {KEYS["Y2"]}
witness Y3 {KEYS["Y3"]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def met(text: str, *names: str) -> bool:
    return parse_policy(text).is_met({COSIGNERS[name] for name in names})


def test_the_published_example_counts_as_it_says() -> None:
    for count in range(len(COSIGNERS) + 1):
        for names in itertools.combinations(COSIGNERS, count):
            xs = sum(name.startswith("X") for name in names)
            assert met(EXAMPLE, *names) == (xs >= 2 and count > xs), names


def test_what_it_names_is_read() -> None:
    found = parse_policy(EXAMPLE)
    assert found.logs == (("example.com/log", public(9)),)
    assert found.cosigners() == list(COSIGNERS.values())
    assert [w.url for w in found.witnesses.values()] == ["", "https://x2.example/", "", "", "", ""]


def test_blanks_and_comments_mean_nothing() -> None:
    text = f" \t# a comment\n\n\twitness\tX1   {KEYS['X1']}  \n  quorum X1 \n"
    assert met(text, "X1")
    assert not met(text)


def test_no_quorum_is_said_in_words() -> None:
    assert met("quorum none\n")


REFUSED = {
    "": "names no quorum",
    f"witness X1 {KEYS['X1']}\n": "names no quorum",
    "quorum none\nquorum none\n": "line 2",
    "quorum X1\n": "named nowhere before",
    f"quorum X1\nwitness X1 {KEYS['X1']}\n": "line 1",
    "quorum\n": "one name",
    "quorum none none\n": "one name",
    "witnesses X1\n": "begins with none of",
    f"witness X1 {LOG}\nquorum none\n": "not one that cosigns",
    f"log {KEYS['X1']}\nquorum none\n": "not one that signs logs",
    f"log {LOG}\nlog {LOG}\nquorum none\n": "named before",
    f"log {LOG} a b\nquorum none\n": "at most an address",
    f"witness none {KEYS['X1']}\nquorum none\n": "named before",
    f"witness X1 {KEYS['X1']}\nwitness X1 {KEYS['X2']}\nquorum none\n": "line 2",
    f"witness X1 {KEYS['X1']}\nwitness X2 {KEYS['X1']}\nquorum none\n": "key is named before",
    f"witness X1 {KEYS['X1']}\ngroup X1 any X1\nquorum none\n": "named before",
    f"witness X1 {KEYS['X1']}\ngroup g any\nquorum none\n": "a name, a number and members",
    f"witness X1 {KEYS['X1']}\ngroup g any X1 X1\nquorum none\n": "a member already",
    f"witness X1 {KEYS['X1']}\ngroup g any X1\ngroup h any X1\nquorum none\n": "line 3",
    f"witness X1 {KEYS['X1']}\ngroup g any none\nquorum none\n": "named nowhere",
    f"witness X1 {KEYS['X1']}\ngroup g 2 X1\nquorum none\n": "1 to 1",
    f"witness X1 {KEYS['X1']}\ngroup g 0 X1\nquorum none\n": "1 to 1",
    f"witness X1 {KEYS['X1']}\ngroup g 01 X1\nquorum none\n": "a decimal",
    f"witness X1 {KEYS['X1']}\ngroup g most X1\nquorum none\n": "a decimal",
    "group g any g\nquorum none\n": "named nowhere",
    "quorum none\r\n": "a control character",
    "#" * (POLICY_MAX + 1): "at most",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(ProofError) as refused:
        parse_policy(text)
    assert refused.value.check == "witnesses"
    assert REFUSED[text] in refused.value.reason


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=3), st.data())
def test_nested_groups_count_as_a_naive_reading_does(
    shape: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Groups of witnesses of any size under one group of all of them."""
    names, lines, groups = iter(COSIGNERS), [], {}
    for number, (size, needed) in enumerate(shape):
        members = list(itertools.islice(names, size))
        if not members:
            break
        groups[f"g{number}"] = (min(needed, len(members)), members)
    lines = [f"witness {name} {KEYS[name]}" for _, members in groups.values() for name in members]
    lines += [f"group {name} {k} {' '.join(members)}" for name, (k, members) in groups.items()]
    most = data.draw(st.integers(1, len(groups)))
    lines += [f"group all-of-them {most} {' '.join(groups)}", "quorum all-of-them"]
    signed = data.draw(st.sets(st.sampled_from(sorted(COSIGNERS))))
    full = sum(len(signed & set(members)) >= k for k, members in groups.values())
    assert met("\n".join(lines), *signed) == (full >= most)
