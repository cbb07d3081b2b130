"""I13: nothing of a whole simulated run is found in clear anywhere but in people's own heads."""

import json
import logging
import re
from pathlib import Path

import pytest

from api.demo.town import persona
from api.demo.town.inhabitants import Size
from api.demo.town.run import SetClock, simulate
from api.node.directory import LedgerDir
from api.node.worker import Worker
from api.server.app import create_app
from api.server.services import Services
from tests.builders.http import Client, bearer

SIZE = Size(volunteers=40, organisations=3, days=2, seed=77)


@pytest.fixture(scope="module")
def secrets() -> dict[str, list[str]]:
    """What is personal in this town, besides positions: names, identity numbers, phones."""
    people = [persona.person(SIZE.seed, n, child=n % 20 == 19) for n in range(SIZE.volunteers)]
    return {
        "names": sorted({p.name for p in people}),
        "identity numbers": [p.id_number for p in people],
        "phones": [p.device for p in people] + ["one phone for all"],
    }


def encodings(text: str) -> set[bytes]:
    plain = {text.encode(), json.dumps(text)[1:-1].encode()}
    # Four bytes are found by chance in a few megabytes of hashes; six are not.
    return plain | {text.encode(other) for other in ("gbk", "utf-16-le") if len(text) > 2}


def positions() -> list[re.Pattern[bytes]]:
    """Whole numbers of microdegrees within a thousand of a centre, and the same as degrees."""
    centres = [(30_274_000 + n * 3_000, 120_155_000 + n * 5_000) for n in range(SIZE.organisations)]
    near = {part // 1000 + step for centre in centres for part in centre for step in (-1, 0, 1)}
    whole = [rf"(?<![0-9a-fA-F]){n}\d{{3}}(?![0-9a-fA-F])" for n in near]
    degrees = [rf"(?<![0-9]){n // 1000}\.{n % 1000:03d}" for n in near]
    return [re.compile(pattern.encode()) for pattern in whole + degrees]


def test_no_name_number_phone_or_position_is_left_in_clear(
    tmp_path: Path, secrets: dict[str, list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    folder, said = tmp_path / "ledger", list[bytes]()
    with caplog.at_level(logging.DEBUG):
        report = simulate(folder, SIZE)
        assert report.surprises == []
        with LedgerDir.at(folder, SetClock(2_000_000_000)) as home:
            home.set_up_contract()
            home.anchor_pending()
            worker = Worker(home, max_entries=10, max_delay=1)
            services = Services(home)
            access = services.open_access()
            app = create_app(
                home,
                worker=worker,
                access=access,
                station=services.station,
                places=services.places,
            )
            person = persona.person(SIZE.seed, 0)
            client = Client(app, bearer(access, person.address, person.key))
            for path in (
                "/metrics",
                "/v1/ledger",
                "/v1/batches",
                f"/v1/accounts/{person.address}",
                f"/v1/accounts/{person.address}/entries",
                f"/v1/accounts/{person.address}/proof",
                "/v1/tile/0/000.p/8",
            ):
                answer = client.get(path)
                assert answer.status_code == 200, path
                said += [path.encode(), answer.content]
    said.append(caplog.text.encode())
    kept = {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    assert {"ledger.sqlite", "vault.sqlite", "access.sqlite"} <= kept.keys()
    everything = {**kept, "what was said and logged": b"\n".join(said)}
    for sort, words in secrets.items():
        for word in words:
            for where, data in everything.items():
                for spelled in encodings(word):
                    assert spelled not in data, f"{sort}: {word} in {where}"
    for pattern in positions():
        for where, data in everything.items():
            assert not pattern.search(data), f"position {pattern.pattern!r} in {where}"
