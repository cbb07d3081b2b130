"""A status list and the key that signs it."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.certificates.did import key_did
from api.certificates.status_list import (
    BITS_MIN,
    StatusList,
    bits_of,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes([5]) * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
NOW = 1_800_000_000
STATUSES = {0: "void", 1: "recorded", 7: "amended", 8: "disputed", BITS_MIN - 1: "void"}
MADE = StatusList(
    key_did(PUBLIC), "https://hours.example.org/status/1", NOW, NOW + 3600, bits_of(STATUSES)
)
