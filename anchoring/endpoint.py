"""One node over HTTP: its answers are compared with the forms that they must have, and nothing
that is raised or logged here holds more of its address than scheme and host.

No exception of the HTTP library leaves this file: their texts hold the whole address.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, Final

import requests
from web3.providers import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse

from anchoring.address import scrubbed, shown
from anchoring.errors import Retry

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 10.0
"""To connect; and to read an answer, each piece of it and the whole."""

ANSWER_MAX: Final = 8 * 2**20
"""Bytes of an answer: many times the greatest that is ever asked for."""

# urllib3 writes paths into debug lines, and whole addresses into warnings about headers.
logging.getLogger("urllib3").setLevel(logging.ERROR)


class Endpoint(JSONBaseProvider):
    """web3 provider of a node. Raises `Retry` for whatever is no answer to the question; a refusal
    of the node is an answer. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._session = requests.Session()
        self._numbers = count(1)

    def __str__(self) -> str:
        """Scheme and host."""
        return shown(self._url)

    __repr__ = __str__

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        """Ask, once. Raises `Retry`."""
        number = next(self._numbers)
        asked = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        answer = self._read(self._exchange(json.dumps(asked, default=_plain).encode()), method)
        if answer.get("id") != number and not (answer.get("id") is None and "error" in answer):
            raise self._trouble(method, "the answer is to another question")
        if "error" in answer:
            return {"jsonrpc": "2.0", "id": number, "error": self._refusal(answer["error"])}
        form = _FORMS.get(method)
        if "result" not in answer or (form is not None and not form(answer["result"])):
            raise self._trouble(method, "the answer has not the form that it must have")
        return {"jsonrpc": "2.0", "id": number, "result": answer["result"]}

    def is_connected(self, show_traceback: bool = False) -> bool:
        """Whether the node answers."""
        try:
            return "result" in self.make_request(RPCEndpoint("web3_clientVersion"), [])
        except Retry:
            return False

    def close(self) -> None:
        """Close what is open to the node."""
        self._session.close()

    def _exchange(self, question: bytes) -> bytes | str:
        """The answer's bytes, or what is wrong in a sentence."""
        deadline = time.monotonic() + READ_SECONDS
        try:
            with self._session.post(
                self._url,
                data=question,
                headers={"Content-Type": "application/json"},
                timeout=(CONNECT_SECONDS, READ_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as answer:
                if answer.status_code != 200:
                    return f"the node answers with HTTP status {answer.status_code}"
                found = b""
                for piece in answer.iter_content(65536):
                    found += piece
                    if len(found) > ANSWER_MAX:
                        return "the answer is too long"
                    if time.monotonic() > deadline:
                        return "the node answers too slowly"
                return found
        except requests.Timeout:
            return "the node does not answer in time"
        except requests.ConnectionError:
            return "the node cannot be reached"
        except (requests.RequestException, OSError, ValueError):
            return "the node cannot be asked"

    def _read(self, got: bytes | str, method: str) -> dict[str, Any]:
        if isinstance(got, str):
            raise self._trouble(method, got)
        try:
            answer = json.loads(got)
        except (ValueError, RecursionError):
            answer = None
        if type(answer) is not dict:
            raise self._trouble(method, "the answer is no JSON-RPC")
        return answer

    def _refusal(self, error: Any) -> Any:
        """What the node says of a refusal, without what it may repeat of its address."""
        if type(error) is not dict or type(error.get("code")) is not int:
            return {"code": -32603, "message": "refused without a reason"}
        message, data = (error.get(name) for name in ("message", "data"))
        plain = scrubbed(message, self._url)[:500] if isinstance(message, str) else ""
        refusal = {"code": error["code"], "message": plain or "refused without a reason"}
        # Of the rest, only what a contract returned is of use.
        return refusal | ({"data": data} if _is_data(data) else {})

    def _trouble(self, method: str, text: str) -> Retry:
        return Retry(f"{shown(self._url)}, {method}: {text}")


def _plain(value: Any) -> Any:
    """What JSON does not know: web3's mappings, and bytes as 0x-hex."""
    return dict(value) if isinstance(value, Mapping) else "0x" + bytes(value).hex()


def _matches(pattern: str) -> Callable[[object], bool]:
    whole = re.compile(pattern)
    return lambda value: isinstance(value, str) and whole.fullmatch(value) is not None


_is_quantity = _matches("0x[0-9a-fA-F]{1,64}")
_is_data = _matches("0x(?:[0-9a-fA-F]{2})*")
_is_hash = _matches("0x[0-9a-fA-F]{64}")
_is_address = _matches("0x[0-9a-fA-F]{40}")

Form = Callable[[object], bool]


def _or_null(form: Form) -> Form:
    return lambda value: value is None or form(value)


def _list_of(form: Form) -> Form:
    return lambda value: type(value) is list and all(map(form, value))


def _object(**forms: Form) -> Form:
    return lambda value: (
        type(value) is dict and all(form(value.get(name)) for name, form in forms.items())
    )


_LOG: Final = _object(
    address=_is_address, topics=_list_of(_is_hash), data=_is_data, transactionHash=_is_hash
)
_FORMS: Final[dict[str, Form]] = {
    **dict.fromkeys(
        (
            *("eth_chainId", "eth_blockNumber", "eth_getTransactionCount", "eth_getBalance"),
            *("eth_estimateGas", "eth_gasPrice", "eth_maxPriorityFeePerGas"),
        ),
        _is_quantity,
    ),
    "eth_getCode": _is_data,
    "eth_call": _is_data,
    "eth_sendRawTransaction": _is_hash,
    "eth_accounts": _list_of(_is_address),
    "eth_getLogs": _list_of(_LOG),
    "eth_getTransactionByHash": _or_null(
        _object(
            nonce=_is_quantity,
            input=_is_data,
            to=_or_null(_is_address),
            blockNumber=_or_null(_is_quantity),
            blockHash=_or_null(_is_hash),
        )
    ),
    "eth_getTransactionReceipt": _or_null(
        _object(
            status=_is_quantity,
            blockNumber=_is_quantity,
            blockHash=_is_hash,
            contractAddress=_or_null(_is_address),
            logs=_list_of(_LOG),
        )
    ),
    "eth_getBlockByNumber": _or_null(
        _object(
            hash=_is_hash,
            number=_is_quantity,
            timestamp=_is_quantity,
            baseFeePerGas=_or_null(_is_quantity),
        )
    ),
}
"""Method → the form of its result. Other members, and other methods, may be anything."""
