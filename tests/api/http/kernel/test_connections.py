"""Real servers under connections that say nothing, say it slowly, or do not listen."""

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from api.http.kernel import connections
from api.http.kernel.context import Front
from api.http.kernel.serving import front_of
from api.node.settings import Settings
from tests.builders.commands import run
from tests.builders.effort import effort
from tests.builders.waiting import PATIENCE

ROOT = Path(__file__).resolve().parents[4]
FILES = 200
HALVES = effort(300, 1500)
"""More than the process has room for either way: the log says when it ends one to make room."""
HALF = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: "


def until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to be"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


# `hourledger serve`, as it is started by people.


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "ledger"
    assert run("init", "--dir", folder).code == 0
    return folder


@dataclass
class Process:
    url: str
    log: Path
    pid: int

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(self.url + path, timeout=PATIENCE, **options)

    def files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))


@contextmanager
def serving(home: Path, tmp_path: Path, **environment: str) -> Iterator[Process]:
    """A server of its own, that may open so many files."""
    log, port = tmp_path / "log", free_port()
    command = [sys.executable, "-m", "api.cli.app", "serve", "--read-only", "--dir", str(home)]
    settings = {f"HOURLEDGER_{name.upper()}": value for name, value in environment.items()}
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HOURLEDGER_")}
    limit = f'ulimit -n {FILES}; exec "$@"'
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["/bin/sh", "-c", limit, "sh", *command, "--port", str(port)],
            cwd=ROOT,
            env=clean | settings,
            stdout=out,
            stderr=out,
        )
    found = Process(f"http://127.0.0.1:{port}", log, process.pid)

    def answers() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return found.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    try:
        until(answers)
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


@pytest.fixture
def many_files() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_more_half_sentences_than_there_is_room_for_hold_nobody_up_and_fill_no_log(
    home: Path, tmp_path: Path
) -> None:
    with serving(home, tmp_path) as process, ExitStack() as stack:
        address = ("127.0.0.1", int(process.url.rpartition(":")[2]))
        begun = time.monotonic()
        for number in range(HALVES):
            half = stack.enter_context(socket.create_connection(address, timeout=PATIENCE))
            half.sendall(HALF)
            if number % 100 == 99:
                assert process.get("/healthz").json() == {"alive": True}
                assert process.files() < FILES
        for path in ("/healthz", "/v1/ledger", "/"):
            assert process.get(path).status_code == 200
        until(lambda: "ended to make room" in process.log.read_text())
        told = process.log.read_text()
        assert told.count("ended to make room") <= time.monotonic() - begun + 2, "one a second"
        assert len(told) < 64 * 1024, "nothing else fills it"


def test_a_caller_cannot_say_whence_it_comes_but_through_a_proxy_that_is_trusted(
    home: Path, tmp_path: Path
) -> None:
    def statuses(process: Process) -> list[int]:
        forwarded = [{"X-Forwarded-For": f"192.0.2.{n}"} for n in range(1, 9)]
        return [process.get("/v1/ledger", headers=headers).status_code for headers in forwarded]

    with serving(home, tmp_path, calls_a_minute="5") as process:
        assert statuses(process)[5:] == [429] * 3
    with serving(home, tmp_path, calls_a_minute="5", trusted_proxies="127.0.0.0/8") as process:
        assert statuses(process) == [200] * 8


def test_the_operator_s_answers_have_a_port_of_their_own_where_one_is_set(
    home: Path, tmp_path: Path
) -> None:
    port = free_port()
    with serving(home, tmp_path, operations_port=str(port)) as process:
        own = Process(f"http://127.0.0.1:{port}", process.log, process.pid)
        assert [own.get(p).status_code for p in ("/readyz", "/metrics", "/v1/ledger")] == [
            *(200, 200, 404),
        ]
        assert [process.get(p).status_code for p in ("/readyz", "/metrics", "/v1/ledger")] == [
            *(404, 404, 200),
        ]


@pytest.mark.parametrize(
    ("settings", "host", "front"),
    [
        ({}, "127.0.0.1", Front(False, None)),
        ({}, "::1", Front(False, None)),
        ({}, "localhost", Front(False, None)),
        ({}, "192.0.2.1", Front(False, 0)),
        ({}, "0.0.0.0", Front(False, 0)),
        ({"public_url": "https://hours.example"}, "127.0.0.1", Front(True, None)),
    ],
)
def test_in_public_the_operator_s_answers_are_given_nowhere_unless_a_port_is_set(
    settings: dict[str, Any], host: str, front: Front
) -> None:
    assert front_of(Settings(host=host, **settings), []) == front


def test_the_operator_s_port_may_be_the_public_one_if_that_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as public:
        settings = Settings(operations_port=public.getsockname()[1])
        assert front_of(settings, [public]) == Front(False, None)


def test_an_address_that_is_taken_and_a_proxy_that_is_none_are_said_in_words(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--read-only", "--dir", home, "--port", port)
    assert (done.code, "cannot listen on 127.0.0.1" in done.err) == (2, True)
    done = run("serve", "--dir", home, HOURLEDGER_TRUSTED_PROXIES="proxy.example")
    assert (done.code, "trusted_proxies" in done.err) == (2, True)


# The protocol alone, with other times.


async def _app(scope: Any, receive: Any, send: Any) -> None:
    """Answers with 8 MiB once it has the whole body."""
    while (await receive()).get("more_body"):
        pass
    start = {"type": "http.response.start", "status": 200, "headers": []}
    await send(start)
    for _ in range(8):
        await send({"type": "http.response.body", "body": b"x" * 2**20, "more_body": True})
    await send({"type": "http.response.body"})


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[tuple[str, int], connections.Guard]]:
    """The address of a server of four connections that waits for nobody, and its guard."""
    monkeypatch.setattr(connections, "SWEEP_SECONDS", 0.05)
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(connections, "BODY_SECONDS", 0.5)
    monkeypatch.setattr(connections, "ANSWER_SECONDS", 0.5)
    protocol = connections.guarded(4)
    config = uvicorn.Config(_app, http=protocol, ws="none", lifespan="off", log_level="error")
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    until(lambda: server.started)
    yield listening.getsockname(), protocol.guard
    server.should_exit = True
    thread.join()


def ends(connection: socket.socket) -> bool:
    """Whether the other side ends it before it answers."""
    connection.settimeout(30)
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    "said",
    [b"", HALF, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf"],
    ids=["nothing", "half a head", "half a body"],
)
def test_what_is_never_said_to_the_end_is_not_waited_for(
    place: tuple[tuple[str, int], connections.Guard], said: bytes
) -> None:
    with socket.create_connection(place[0]) as connection:
        connection.sendall(said)
        assert ends(connection)
    until(lambda: len(place[1]) == 0)


def test_an_answer_that_is_not_taken_is_given_up(
    place: tuple[tuple[str, int], connections.Guard],
) -> None:
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(place[0])
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: len(place[1]) == 1)
        until(lambda: len(place[1]) == 0)


def test_who_is_at_work_is_not_ended_for_others_and_they_are_told_so(
    place: tuple[tuple[str, int], connections.Guard],
) -> None:
    with ExitStack() as stack:
        busy = []
        for _ in range(4):
            one = stack.enter_context(socket.create_connection(place[0], timeout=PATIENCE))
            one.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
            busy.append(one)
        until(lambda: not place[1]._idle and len(place[1]) == 4)
        with socket.create_connection(place[0], timeout=PATIENCE) as late:
            assert late.recv(12) == b"HTTP/1.1 503"
        busy[0].sendall(b" more")
        assert busy[0].recv(12) == b"HTTP/1.1 200"


def test_a_quick_caller_is_served_again_and_again_on_one_connection(
    place: tuple[tuple[str, int], connections.Guard],
) -> None:
    with httpx.Client(base_url="http://{}:{}".format(*place[0])) as client:
        for _ in range(5):
            assert len(client.post("/", content=b"x" * 100_000).content) == 8 * 2**20
        assert len(place[1]) == 1
