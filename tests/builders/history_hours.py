"""The steps of a history that are about activities, visits and hours."""

from dataclasses import replace
from typing import Any

from ledger.core.format.fields import ZERO_ADDRESS
from ledger.core.kinds import registry as b
from tests.builders.history_people import HOUR, HistoryOfPeople, Records
from tests.builders.records import START, ZERO, address, key
from tests.ledger.rules.oracle_hours import minutes_by_rule


class HistoryOfHours(HistoryOfPeople):
    """Most of what it tells is sensible, and some of it is refused."""

    # Activities and visits.

    def _request(self, requester: str, name: str, length: int, category: str) -> Records:
        until = START + length * HOUR
        yield self.town.request(requester, name, wanted_until=until, category=category)

    def _activity(
        self, name: str, start: int, length: int, seats: int, fence: int, recipient: str,
        asked: int, ceiling: int, category: str,
    ) -> Records:  # fmt: skip
        begins = self.town.now + start * HOUR // 2
        owner = "org" if name == "second" else name
        served = address(recipient) if recipient else ZERO_ADDRESS
        made = self.town.activity(
            owner, begins, begins + length * HOUR // 2, seats=seats, fence_metres=fence,
            recipient=served, honour_minutes_max=ceiling, category=category, details=self._nonce(),
            request=self._one(b.Request, asked) if asked else ZERO,
        )  # fmt: skip
        yield self._by(made, "organisation", name)

    def _hasty(self, late: int, seconds: int) -> Records:
        """Published when people stand there already."""
        yield from self._activity("org", 0, 8, 2, 0, "school", 0, 600, "environment")
        self.town.now += seconds
        yield from self._clock(-1, "ann", "in", late, ("inside", ("gps",)), "ann", "station")

    def _change(self, which: int, name: str, action: str, start: int, seats: int) -> Records:
        begins, ahead = self.town.now + start * HOUR // 2, []
        if which:
            plans = {a.id: self.oracle.plan(a.id) for a in self.oracle.of(b.Activity)}
            ahead = [i for i, p in plans.items() if p and p.body.starts_at > self.town.now]
        yield self.town.change(
            ahead[which % len(ahead)] if ahead else self._one(b.Activity, which), name,
            action=action, starts_at=begins, ends_at=begins + start * HOUR, seats=seats,
            details=self._nonce(),
        )  # fmt: skip

    def _called_off(self, ahead: int, action: str) -> Records:
        yield from self._activity("org", ahead, 8, 2, 0, "", 0, 600, "environment")
        yield from self._change(-1, "org", action, 2, 2)
        yield from self._signup(-1, "ann", "join")

    def _signup(self, which: int, who: str, action: str) -> Records:
        yield self.town.signup(self._one(b.Activity, which), who, action)

    def _clock(
        self, which: int, who: str, direction: str, late: int,
        place: tuple[str, tuple[str, ...]], device: str, station: str,
    ) -> Records:  # fmt: skip
        made = self.town.clock_event(
            "org", who, self._one(b.Activity, which), direction, self.town.now - late,
            distance=place[0], methods=place[1], device=key("device " + device),
        )  # fmt: skip
        claim = self.town.record(made.body, ("station", station)).signatures[0]
        yield replace(made, signatures=(made.signatures[0], claim))

    def _visit(
        self, which: int, who: str, minutes: int, place: tuple[str, tuple[str, ...]], device: str,
        answer: str, signed: dict[str, Any] | None,
    ) -> Records:  # fmt: skip
        yield from self._clock(which, who, "in", 0, place, device, "station")
        self.town.now += minutes * 60
        yield from self._clock(which, who, "out", 0, place, device, "station")
        if answer:
            yield from self._confirm(-1, "school", answer)
        if signed is not None:
            yield from self._sign(-1, "org", signed)

    def _confirm(self, which: int, who: str, answer: str) -> Records:
        known = list(self.oracle.visits())
        if known:
            yield self.town.confirmation(known[which % len(known)], who, answer)

    def _sign(self, which: int, signer: str, odd: dict[str, Any]) -> Records:
        visits = self.oracle.visits()
        made = {a.body.clock_out for a in self.oracle.of(b.Service)}
        # A negative number may sign once more what was signed.
        known = [(i, v) for i, v in visits.items() if which < 0 or i not in made]
        if not known:
            return
        clock_out, visit = known[which % len(known)]
        start, end = visit.came.clocked_at, visit.went.clocked_at
        said = self.oracle.answer(clock_out)
        body = b.Service(
            "credit", visit.went.volunteer, visit.went.organisation, visit.went.activity,
            visit.came_id, clock_out, said.id if said else ZERO, ZERO, start, end, 1,
            self._nonce(), (), self.town.now,
        )  # fmt: skip
        minutes = max(1, minutes_by_rule(self.oracle, body) + odd.get("more", 0))
        body = replace(body, minutes=minutes, ended_at=end - odd.get("sooner", 0))
        changes = {name: odd[name] for name in odd.keys() - {"more", "sooner"}}
        yield self.town.record(replace(body, **changes), ("organisation", signer))

    # Hours that are typed in, and corrections.

    def _permit(self, name: str, start: int, length: int, enter: int, minutes: int) -> Records:
        begins = self.town.now + start * HOUR
        yield self.town.permit(
            name, served_from=begins, served_until=begins + length * HOUR,
            enter_until=begins + enter * HOUR, minutes_max=minutes, details=self._nonce(),
        )  # fmt: skip

    def _drained(self, minutes: int, linked: bool) -> Records:
        """A permit, or an activity, with room for an hour."""
        if linked:
            yield from self._activity("org", -60, 48, 1, 0, "", 0, 60, "environment")
        else:
            yield from self._permit("org", -30, 24, 96, 60)
        for ago in (50, 40):
            which = (0, -1) if linked else (-1, 0)
            yield from self._honour("org", "second", "ann", ago, minutes, *which, {})

    def _approve(self, name: str, parent: str, who: str, day: int, minutes: int) -> Records:
        today = self.oracle.day(self.town.now)
        yield self.town.approval(name, who, today + day, minutes, parent or None)

    def _long_day(self, parent: str, minutes: int) -> Records:
        yield from self._approve("org", parent, "ann", 0, 400)
        for _ in range(2):
            yield from self._visit(0, "ann", minutes, ("inside", ("gps",)), "ann", "", {})

    def _honour(
        self, name: str, approver: str, who: str, ago: int, length: int, leave: int, linked: int,
        odd: dict[str, Any],
    ) -> Records:  # fmt: skip
        owner = "org" if name == "second" else name
        start = self.town.now - ago * HOUR // 2
        body = self.town.service_body(
            owner, who, self._one(b.Activity, linked) if linked else ZERO, start, length,
            hour_class="honour", permit=self._one(b.Permit, leave), content=self._nonce(),
        )  # fmt: skip
        body = replace(body, ended_at=body.ended_at - odd.get("sooner", 0))
        changes = {name: odd[name] for name in odd.keys() - {"sooner"}}
        signers = (("organisation", name), ("approver", approver))
        yield self.town.record(replace(body, **changes), *signers)

    def _target(self, which: int) -> tuple[bytes, b.Service] | None:
        known = list(self.oracle.versions().items())
        return known[which % len(known)] if known else None

    def _void(self, which: int, by: str) -> Records:
        target, _ = self._target(which) or (b"\1" * 32, None)
        owner = None if by == "authority" else "org" if by == "second" else by
        made = self.town.void(target, owner)
        yield self._by(made, made.signatures[0].role, by)

    def _amend(self, which: int, later: int, longer: int, changes: dict[str, Any]) -> Records:
        """`later` and `longer` in minutes: the new version begins later, and has more minutes."""
        found = self._target(which)
        if found is None:
            return
        target, old = found
        minutes = max(1, old.minutes + longer)
        start = old.started_at + later * 60
        end = start + (old.ended_at - old.started_at) + min(longer, 0) * 60 - later * 60
        times = {"started_at": start, "ended_at": max(end, 0) + max(longer, 0) * 60}
        new = replace(old, minutes=minutes, content=self._nonce(), **times)
        yield self.town.amend(target, replace(new, **changes))

    def _object(self, which: int, who: str) -> Records:
        found = self._target(which)
        if found:
            yield self.town.objection(found[0], who, details=self._nonce())

    def _decide(self, which: int, by: str, outcome: str) -> Records:
        disputed = [i for i in self.oracle.versions() if self.oracle.open_objection(i)]
        found = (disputed[-1:] if which < 3 else None) or self._target(which)
        if not found:
            return
        objection = self.oracle.open_objection(found[0]) or b"\2" * 32
        owner = None if by == "authority" else "org" if by == "second" else by
        made = self.town.decision(objection, found[0], owner, outcome)
        yield self._by(made, made.signatures[0].role, by)

    def _quarrel(self, which: int, by: str, outcome: str) -> Records:
        """A volunteer objects, objects again, and is answered."""
        found = self._target(which)
        if found is None:
            return
        who = "ann" if found[1].volunteer == address("ann") else "bob"
        yield self.town.objection(found[0], who)
        yield self.town.objection(found[0], who, reason="wrong_time")
        yield from self._decide(0, by, outcome)

    def _transfer(self, sender: str, recipient: str) -> Records:
        yield self.town.transfer(sender, recipient, 1 + self.count % 3, self.count)
