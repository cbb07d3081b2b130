"""Pages are asked for at the counter of `tests/api/http`."""

from tests.api.http.conftest import activity, book, client, ledger, service, town

__all__ = ["activity", "book", "client", "ledger", "service", "town"]
