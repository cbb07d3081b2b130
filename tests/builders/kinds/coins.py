"""Coins that move, written once more from docs/spec/kinds/coins.md."""

from ledger.core.kinds import registry as b
from ledger.core.records.record import Record
from tests.builders.families import Codes, Example, Family, Records, Step, one_of
from tests.builders.records import Town
from tests.builders.story import HOUR, VOLUNTEERS, Story, person
from tests.ledger.rules.oracle_ledger import History, ahead, by_self, roles


def _judge(h: History, record: Record, body: b.Transfer, now: int) -> Codes:
    yield from roles(record, "sender")
    yield from by_self(record, "sender", body.sender)
    if now >= body.expires_at:
        yield "EXPIRED"
    yield from ahead(h, now, body.issued_at)
    if body.purpose != "thanks":
        yield "TRANSFER_PURPOSE"
    known = h.enrolled(body.recipient) or h.in_force(body.recipient, now, now)
    if body.recipient == body.sender or not known:
        yield "RECIPIENT_UNKNOWN"
    if h.balance(body.sender) < body.coins:
        yield "NO_COINS"


def _transfer(
    story: Story, sender: str, recipient: str, purpose: str, signed: int, handed_in: int
) -> Records:  # fmt: skip
    """Signed `signed` hours from now at most, for as many more, and kept for some."""
    coins, now = 1 + story.count % 3, story.town.now
    made = story.town.transfer(
        sender, recipient, coins, story.count, purpose=purpose,
        issued_at=now + signed * HOUR, expires_at=now + HOUR,
    )  # fmt: skip
    story.town.now += handed_in
    yield made


def _examples(town: Town) -> list[Example]:
    return [Example(26, "transfer", town.transfer("ann", "bob", 1, nonce=1))]


FAMILY = Family(
    judges={"transfer": _judge},
    steps={
        "transfer": Step(
            4,
            _transfer,
            (
                person,
                one_of(*VOLUNTEERS, "org", "other", "eve"),
                one_of(*["thanks"] * 9, "redeem", "donate", "refund"),
                one_of(0, 0, 0, -400_000, 1),
                one_of(0, 0, HOUR - 1, HOUR),
            ),
        )
    },
    examples=_examples,
)
