"""A chain's node that answers wrongly on purpose, at an address full of secrets."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRETS = (
    "alice",
    "hunter2",
    "SECRETAPIKEY",
    "QUERYSECRET",
    "FRAGMENTSECRET",
    "YWxpY2U6aHVudGVyMg",
)
"""Parts of the address; the last is the start of user and password as HTTP sends them."""

FAULTS = (
    *("429", "500", "redirect", "html", "no JSON", "a list", "nothing", "no result"),
    *("null", "a number", "an object", "wrong id", "echo", "revert", "hangs up", "unreachable"),
)


def secret_url(host: str) -> str:
    """An address at a host and port with all the secrets in it."""
    return f"http://alice:hunter2@{host}/v3/SECRETAPIKEY?token=QUERYSECRET#FRAGMENTSECRET"


def secrets_in(text: str) -> list[str]:
    """The secrets that a text holds."""
    return [secret for secret in SECRETS if secret in text]


@dataclass
class BadNode:
    """Where it is, how it misbehaves, and what it was asked."""

    url: str
    fault: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def bad_node(fault: str) -> Iterator[BadNode]:
    """A node with one of `FAULTS`."""
    if fault == "unreachable":
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            yield BadNode(secret_url(f"127.0.0.1:{taken.getsockname()[1]}"), fault)
        return

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            node.asked.append(question["method"])
            _answer(self, fault, question)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        node = BadNode(secret_url(f"127.0.0.1:{server.server_address[1]}"), fault)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield node
        finally:
            server.shutdown()
            thread.join()


def _answer(to: BaseHTTPRequestHandler, fault: str, question: dict[str, Any]) -> None:
    if fault == "hangs up":
        to.connection.close()
        return
    said = f"{to.requestline} {to.headers['Authorization']} {secret_url('x')}"
    ok: dict[str, Any] = {"jsonrpc": "2.0", "id": question["id"]}
    bodies: dict[str, Any] = {
        "no JSON": f"{{{said}",
        "html": f"<html>{said}</html>",
        "a list": [said],
        "nothing": "",
        "no result": ok | {said: said},
        "null": ok | {"result": None},
        "a number": ok | {"result": 7},
        "an object": ok | {"result": {said: said}},
        "wrong id": ok | {"id": -5, "result": "0x7a69"},
        "echo": ok | {"error": {"code": -32000, "message": said, "data": {said: said}}},
        "revert": ok | {"error": {"code": 3, "message": f"execution reverted: {said}"}},
    }
    body = bodies.get(fault, said)
    data = (body if isinstance(body, str) else json.dumps(body)).encode()
    to.send_response({"429": 429, "500": 500, "redirect": 307}.get(fault, 200), "SECRETAPIKEY")
    if fault == "redirect":
        to.send_header("Location", secret_url(to.headers["Host"]))
    to.send_header("Content-Length", str(len(data)))
    to.end_headers()
    to.wfile.write(data)
