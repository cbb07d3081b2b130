"""Measurements in Prometheus form, of one application; labels never hold a path, id or address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from anchoring.errors import Retry
from ledger.errors import Damaged, Refused, Unavailable
from ledger.operations import read
from ledger.operations.ledger import Answer
from ledger.operations.seal import waiting

if TYPE_CHECKING:
    from api.node.open_ledger import OpenLedger
    from api.node.worker import Worker

METHODS: Final = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
"""Methods that get a label of their own; clients may invent others without end."""


class Metrics:
    """The registry of one application and what its requests are counted by."""

    def __init__(self, home: OpenLedger, worker: Worker | None) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "hourledger_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "hourledger_http_request_seconds",
            "Time from a request's first byte to the answer's last.",
            ("method", "route"),
            registry=self._registry,
        )
        self._accepted = Counter(
            "hourledger_records_accepted",
            "Records accepted; duplicates were in the ledger before.",
            ("duplicate",),
            registry=self._registry,
        )
        self._refused = Counter(
            "hourledger_records_refused",
            "Records refused, by code.",
            ("code",),
            registry=self._registry,
        )
        self._registry.register(_LedgerCollector(home, worker))

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request. `route` is the template of the route."""
        known = method if method in METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)

    def count(self, answer: Answer) -> None:
        """One record's answer."""
        if isinstance(answer, Refused):
            self._refused.labels(answer.code.value).inc()
        else:
            self._accepted.labels(str(answer.duplicate).lower()).inc()

    def text(self) -> bytes:
        """All of it in the text format 0.0.4."""
        return generate_latest(self._registry)


class _LedgerCollector(Collector):
    """Sizes that are read from the ledger when they are asked for."""

    def __init__(self, home: OpenLedger, worker: Worker | None) -> None:
        self._home = home
        self._worker = worker

    def describe(self) -> Iterator[Metric]:
        """Nothing: registering must not read the database."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """The sizes, or only that they cannot be read."""
        readable = GaugeMetricFamily("hourledger_readable", "Whether the ledger can be read.")
        try:
            sizes = list(self._sizes())
            readable.add_metric((), 1)
            yield from sizes
        except (Unavailable, Damaged, Retry):
            readable.add_metric((), 0)
        yield readable
        yield from self._chores()

    def _sizes(self) -> Iterator[Metric]:
        ledger = self._home.ledger
        last = read.latest_batch(ledger)
        for name, text, value in (
            ("log_size", "Entries of the log.", ledger.size),
            ("batches", "Sealed batches.", last.number if last else 0),
            ("waiting", "Entries in no batch yet.", waiting(ledger)),
            (
                "anchored_size",
                "Log size of the newest batch that is final on a chain, else on one at all.",
                self._anchored(last.size if last else 0),
            ),
        ):
            yield GaugeMetricFamily(f"hourledger_{name}", text, value=value)

    def _anchored(self, sealed: int) -> int:
        anchors = self._home.anchors_within(1, sealed)
        return int(anchors[0]["size"]) if anchors else 0

    def _chores(self) -> Iterator[Metric]:
        if self._worker is None:
            return
        running = GaugeMetricFamily(
            "hourledger_worker_running",
            "Whether a part of the worker does its work.",
            labels=("chore",),
        )
        errors = CounterMetricFamily(
            "hourledger_worker_errors", "Errors of the worker.", labels=("chore", "error")
        )
        state = GaugeMetricFamily(
            "hourledger_worker_state",
            "1 for the state in which a part of the worker is.",
            labels=("chore", "state"),
        )
        troubled = GaugeMetricFamily(
            "hourledger_worker_trouble_seconds",
            "For how long something has kept a part of the worker from its work.",
            labels=("chore",),
        )
        for chore in self._worker.chores:
            running.add_metric((chore.name,), chore.state == "running")
            state.add_metric((chore.name, chore.state), 1)
            troubled.add_metric((chore.name,), self._worker.troubled_for(chore))
            for error, number in chore.errors.copy().items():
                errors.add_metric((chore.name, error), number)
        yield from (running, state, troubled, errors)
