"""Caps of practice credits: how many minutes of each service count, so that the student keeps most.

A service counts up to the caps of its day, its term and its category, and of all. Where only caps
that lie within each other are set, taking the services in order is best. A cap of a category
crosses those of days and terms: then what is taken of one service can cost more of others, and the
most is found as a flow of greatest worth (R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows,
1993, §9.7). So a higher cap never leaves a student with less.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Item:
    """A service as the caps see it: at most `minutes` of it count, each worth `worth` (> 0)."""

    minutes: int
    worth: int
    day: int
    term: str
    category: str


Group = tuple[str, Hashable]
Limits = Mapping[Group, int]
"""Group → most minutes of it. Groups are ("day", number), ("category", name), ("term", name) and
("total", "")."""

_START: Final[Group] = ("start", "")
_END: Final[Group] = ("end", "")

ORDER: Final = ("day", "category", "term", "total")
"""The order in which a full group is named as what kept a minute out."""


def groups_of(item: Item) -> tuple[Group, ...]:
    """The groups that an item belongs to, in order."""
    values = (item.day, item.category, item.term, "")
    return tuple(zip(ORDER, values, strict=True))


def allot(items: Sequence[Item], limits: Limits) -> list[int]:
    """How many minutes of each item count. Items come in the order of time; where all else is
    equal, the earlier one counts."""
    for left_out in ((), ("category",), ("day", "term")):
        taken = _in_order(items, limits, left_out)
        if not _exceeded(items, taken, limits) and (left_out or not _crossing(limits)):
            return taken
    return _Network(items, limits).solve()


def full_group(item: Item, used: Mapping[Group, int], limits: Limits) -> str | None:
    """The first group of an item that has no minute left."""
    for group in groups_of(item):
        if group in limits and used.get(group, 0) >= limits[group]:
            return group[0]
    return None


def usage(items: Sequence[Item], taken: Sequence[int]) -> Counter[Group]:
    """How many minutes each group has."""
    used: Counter[Group] = Counter()
    for item, minutes in zip(items, taken, strict=True):
        for group in groups_of(item):
            used[group] += minutes
    return used


def _crossing(limits: Limits) -> bool:
    kinds = {kind for kind, _ in limits}
    return "category" in kinds and bool(kinds & {"day", "term"})


def _exceeded(items: Sequence[Item], taken: Sequence[int], limits: Limits) -> bool:
    used = usage(items, taken)
    return any(used[group] > most for group, most in limits.items())


def _in_order(items: Sequence[Item], limits: Limits, left_out: Iterable[str]) -> list[int]:
    """What is worth most first, then what came first: best where groups lie within each other."""
    skipped = set(left_out)
    left = {group: most for group, most in limits.items() if group[0] not in skipped}
    taken = [0] * len(items)
    for place in sorted(range(len(items)), key=lambda i: -items[i].worth):
        item = items[place]
        bounds = [group for group in groups_of(item) if group in left]
        taken[place] = max(0, min([item.minutes, *(left[group] for group in bounds)]))
        for group in bounds:
            left[group] -= taken[place]
    return taken


@dataclass(slots=True)
class _Edge:
    """`left` minutes can still go along it, each for `worth`; `back` is the edge that undoes it."""

    to: int
    left: int
    worth: int
    back: int


@dataclass(slots=True)
class _Graph:
    """Edges by the node where they begin; those of one node in the order they were added."""

    edges: list[_Edge] = field(default_factory=list)
    out: dict[int, list[int]] = field(default_factory=dict)

    def join(self, a: int, b: int, most: int, worth: int = 0) -> int:
        """Add an edge and the one that undoes it; the number of the first."""
        number = len(self.edges)
        self.edges += [_Edge(b, most, worth, number + 1), _Edge(a, 0, -worth, number)]
        self.out.setdefault(a, []).append(number)
        self.out.setdefault(b, []).append(number + 1)
        return number

    def best_path(self, start: int, end: int) -> list[int]:
        """The edges of a path of greatest worth that has room; empty where none is worth
        anything. The queue holds nodes whose worth grew (Bellman-Ford): no circle gains."""
        worth, via, queue, queued = {start: 0}, dict[int, int](), deque([start]), {start}
        while queue:
            node = queue.popleft()
            queued.discard(node)
            for number in self.out[node]:
                edge = self.edges[number]
                gained = worth[node] + edge.worth
                if edge.left and gained > worth.get(edge.to, -(10**18)):
                    worth[edge.to], via[edge.to] = gained, number
                    if edge.to not in queued:
                        queue.append(edge.to)
                        queued.add(edge.to)
        path: list[int] = []
        if worth.get(end, 0) <= 0:
            return path
        node = end
        while node != start:
            path.append(via[node])
            node = self.edges[self.edges[via[node]].back].to
        return path


class _Network:
    """Minutes flow from categories over services to days, terms and the total."""

    def __init__(self, items: Sequence[Item], limits: Limits) -> None:
        self._graph, self._nodes, self._items = _Graph(), dict[Group, int](), items
        self._most, self._joined = limits, set[Group]()
        self._plenty = sum(item.minutes for item in items)
        self._services = [self._add(item) for item in items]

    def _add(self, item: Item) -> int:
        day, category, term, total = groups_of(item)
        self._join(category, _START, category)
        for group, after in ((day, term), (term, total), (total, _END)):
            self._join(group, group, after)
        ends = self._node(category), self._node(day)
        return self._graph.join(*ends, item.minutes, item.worth)

    def _join(self, limited: Group, a: Group, b: Group) -> None:
        if limited not in self._joined:
            self._joined.add(limited)
            most = self._most.get(limited, self._plenty)
            self._graph.join(self._node(a), self._node(b), most)

    def _node(self, group: Group) -> int:
        return self._nodes.setdefault(group, len(self._nodes))

    def solve(self) -> list[int]:
        """How many minutes flow through each service."""
        edges, ends = self._graph.edges, (self._node(_START), self._node(_END))
        while path := self._graph.best_path(*ends):
            room = min(edges[number].left for number in path)
            for number in path:
                edges[number].left -= room
                edges[edges[number].back].left += room
        pairs = zip(self._items, self._services, strict=True)
        return [item.minutes - edges[number].left for item, number in pairs]
