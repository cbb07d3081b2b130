"""Sign-in with wallets that are not our code."""

from eth_account import Account
from eth_account.messages import encode_defunct

from api.access.siwe import Audience
from tests.builders.records import key

AUDIENCE = Audience("https://hours.example/sign-in", 1)


def personal_sign(name: str, text: str) -> bytes:
    """What the wallet of a person of the town answers."""
    return bytes(Account.sign_message(encode_defunct(text=text), key(name)).signature)
