"""Runs of a university's registrar."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.credits.registrar import Registrar, Upload, registrar
from api.node.parallel import local
from ledger.core.format.volunteer_number import number_of
from ledger.core.kinds.registry import CreditDecision
from ledger.operations.read import account_entries
from tests.builders.credits import UNIVERSITY, CreditLedger, rules
from tests.builders.records import DAY, address, key


def upload(*names: str) -> Upload:
    rows = [f"2023{n},{name},{number_of(address(name))}" for n, name in enumerate(names)]
    return Upload("名单.csv", "\n".join(["学号,姓名,志愿者编号", *rows]).encode("gbk"))


class RegistrarLedger(CreditLedger):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.ann = [self.served("ann", day, 400) for day in range(3)]
        self.bob = self.backfilled("bob", 0, 90)
        self.seal()

    @property
    def registrar(self) -> Registrar:
        keys = {UNIVERSITY: key("registrar")}
        folder = self.folder / "credits"
        return registrar(self.ledger, None, self._anchors, keys, folder, lambda _: local(1))

    def later(self, seconds: int) -> int:
        self.town.now += seconds
        return self.town.now

    def published(self, **changes: Any) -> str:
        run = self.registrar.draft(UNIVERSITY, upload("ann", "bob", "eve"), rules(**changes))
        return self.registrar.publish(run.name, self.town.now + 5 * DAY).name

    def final(self, **changes: Any) -> str:
        name = self.published(**changes)
        self.later(5 * DAY)
        return self.registrar.finalise(name).name

    def decided(self, who: str) -> list[CreditDecision]:
        bodies = [e.record.body for e in account_entries(self.ledger, address(who), -1, 1000)]
        return [body for body in bodies if isinstance(body, CreditDecision)]
