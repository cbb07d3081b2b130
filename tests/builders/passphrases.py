"""How passphrases are stretched for people; the tests themselves stretch them less."""

from api.node import keystore

STRETCHING = keystore.STRETCHING
