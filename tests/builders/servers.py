"""Real servers in a thread of the test's process."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from tests.builders.waiting import PATIENCE, until

Asgi = Callable[..., Any]


class Port:
    """A free port of this machine, held from now on, so nobody takes it before it is served."""

    def __init__(self) -> None:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.number: int = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.number}"


@contextmanager
def serving(app: Asgi, port: Port | None = None, **options: Any) -> Iterator[str]:
    """The address of a server of an application; afterwards the port is closed."""
    port = port or Port()
    config = uvicorn.Config(app, log_level="warning", access_log=False, **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [port.socket]}, daemon=True)
    thread.start()
    try:
        until(lambda: server.started or not thread.is_alive(), "the server")
        assert server.started, "the server died"
        yield port.url
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        port.socket.close()
    assert not thread.is_alive(), "the server does not stop"
