"""What follows from what somebody saw: exactly, in every world that fits, and nothing more.

A world is any course of likes and unlikes that fits every look. Between two looks somebody may
like and unlike unseen: that world counts too. Moments are taken to be distinct, and time to be
dense. *Must* is what all worlds share; *may* is what at least one holds.

How it is exact without enumerating worlds:

* A person without an unlike likes from some look on until the account is gone, so the worlds in
  which they are innocent are the places at which that one step may lie. A person with an unlike
  is bound only by what each look settles about them.
* For such steps, the counts can be met if and only if they can be met at each *pair* of looks: a
  count that falls by more, from the one to the other, than the innocent can account for needs
  others to have unliked. Each such pair is a **group**: at least so many of these people did.
* The least number of unlikes comes from keeping, at each look, the likes that can stay longest
  and dropping those that must end anyway: the rule that is optimal for caches whose future is
  known (L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", 1966).

``tests/disclosure/test_infer.py`` proves both against the enumeration of all worlds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from .history import Person
from .least import least_unlikes
from .looks import Look, Suspects
from .states import Evidence, State, evidence

Pair = tuple[int, int]


class Exposure(StrEnum):
    """How far one person's unlike is exposed to the observer, in rising order."""

    UNDETECTABLE = "undetectable"
    DETECTABLE = "detectable"  # somebody did, out of a world without bounds
    ONE_OF_K = "one of k"
    IDENTIFIED = "identified"
    DISCLOSED = "disclosed"  # told outright


@dataclass(frozen=True, slots=True)
class Group:
    """At least ``need`` unlikes' worth of these people took a like back between two moments.

    ``weights`` tells how much of the need each of them can account for: 1, or rarely 2 for
    somebody who can have come and gone twice. ``weights`` None stands for a world without
    bounds: anybody may have.
    """

    need: int
    after: datetime | None
    before: datetime
    weights: Mapping[Person, int] | None

    @property
    def people(self) -> frozenset[Person]:
        """The anonymity set."""
        return frozenset(self.weights or ())

    def implies(self, people: frozenset[Person]) -> bool:
        """Whether at least one of these people must have taken a like back."""
        if self.weights is None:
            return False
        return sum(w for p, w in self.weights.items() if p not in people) < self.need


@dataclass(frozen=True)
class Finding:
    """What follows from the looks. ``least`` counts unlikes, the other parts name people.

    ``may`` includes ``must``; ``cannot`` holds everybody else whom the observer knows of.
    ``told`` holds those whose unlike was told outright, by name.
    """

    looks: tuple[Look, ...]
    least: int
    must: frozenset[Person]
    may: frozenset[Person]
    cannot: frozenset[Person]
    told: frozenset[Person]
    groups: tuple[Group, ...]
    strangers_may: bool

    def group(self, person: Person) -> Group | None:
        """The smallest group that one person hides in."""
        mine = [g for g in self.groups if g.weights is None or person in g.weights]
        return min(mine, key=lambda g: (g.weights is None, len(g.people)), default=None)

    def exposure(self, person: Person) -> Exposure:
        if person in self.told:
            return Exposure.DISCLOSED
        if person in self.must:
            return Exposure.IDENTIFIED
        group = self.group(person) if person in self.may else None
        if group is None:
            return Exposure.UNDETECTABLE
        return Exposure.DETECTABLE if group.weights is None else Exposure.ONE_OF_K


def infer(looks: Sequence[Look], suspects: Suspects) -> Finding:
    """What follows from the looks, about everybody whom the observer knows of.

    Costs about people × looks. Raises ValueError when the looks are not in order of time, when
    only some of them number the unlikes, and when no course of events fits them.
    """
    _check(looks)
    known = suspects.circle.union(*(look.names for look in looks))
    people = evidence(looks, sorted(known))
    if not looks:
        nobody: frozenset[Person] = frozenset()
        return Finding((), 0, nobody, known, nobody, nobody, (), suspects.open)
    told = frozenset(fact.person for look in looks for fact in look.unliked)
    worlds = _Worlds(looks, suspects, people)
    if looks[-1].unlikes is not None:
        return worlds.numbered(told)
    must = worlds.must()
    may = frozenset(p for p, seen in people.items() if seen.may_unlike or p in must)
    return Finding(
        looks=tuple(looks),
        least=least_unlikes(looks, suspects, people),
        must=must,
        may=may,
        cannot=known - may,
        told=told,
        groups=worlds.groups(must),
        strangers_may=suspects.open,
    )


def _check(looks: Sequence[Look]) -> None:
    for one, other in pairwise(looks):
        if one.at >= other.at:
            raise ValueError(f"looks go in order of time: {one.at} comes before {other.at}")
    if len({look.unlikes is None for look in looks}) > 1:
        raise ValueError("either every look numbers the unlikes or none does")


class _Worlds:
    """The people and the looks, and what each pair of looks demands of them.

    Looks are numbered from 1; 0 is the posting and ``end`` a moment after the last look at which
    nobody is left, so that the demands of a single look are pairs as well.
    """

    def __init__(
        self, looks: Sequence[Look], suspects: Suspects, people: Mapping[Person, Evidence]
    ) -> None:
        self.looks, self.suspects, self.people = looks, suspects, people
        self.end = len(looks) + 1
        self.guilty = frozenset(p for p, seen in people.items() if not seen.may_be_innocent)
        self.fixed = [True, *(look.likers.complete for look in looks), True]
        self.low = [0, *(look.count.low for look in looks), 0]
        self.high: list[int | None] = [0, *(look.count.high for look in looks), 0]
        for k, look in enumerate(looks, 1):
            if look.likers.complete:
                self.low[k] = self.high[k] = len(look.likers.names - look.gone)

    def pairs(self) -> Iterator[Pair]:
        """The pairs of looks that can demand an unlike of somebody.

        A complete list settles everybody's state, so no pair reaches across it. In an open world
        an account that nobody knew may be gone, which accounts for any fall of a count.
        """
        unseen = self.suspects.open and self.suspects.strangers_leave
        for i in range(self.end):
            if unseen and not self.fixed[i]:
                continue
            for j in range(i + 1, self.end + 1):
                if not (self.fixed[i] and self.fixed[j]) and self.high[j] is not None:
                    yield i, j
                if self.fixed[j]:
                    break

    def unbounded(self, i: int) -> bool:
        """Whether strangers may have been among the likers at a look."""
        return self.suspects.open and not self.fixed[i]

    def demand(self, pair: Pair) -> int:
        """By how much the count fell from the one look to the other, at the least."""
        high = self.high[pair[1]]
        assert high is not None
        return self.low[pair[0]] - high

    def must(self) -> frozenset[Person]:
        """The guilty, and those without whom a fall could not be accounted for."""
        possible, forced = self._settled(self.people)
        must = set(self.guilty)
        for i, j in self.pairs():
            slack = possible[i] - forced[j] - self.demand((i, j))
            if self.unbounded(i):
                continue
            if slack < 0:
                raise ValueError(f"no course of events fits looks {i} and {j}")
            if slack < 2:
                must |= {p for p, seen in self.people.items() if seen.relief(i, j) > slack}
        return frozenset(must)

    def _settled(self, people: Iterable[Person]) -> tuple[list[int], list[int]]:
        """For each look, how many of these may and how many must have liked the photo then."""
        possible, forced = [0] * (self.end + 1), [0] * (self.end + 1)
        for person in people:
            for k, state in enumerate(self.people[person].states):
                possible[k] += state is not State.OFF
                forced[k] += state is State.ON
        return possible, forced

    def groups(self, must: frozenset[Person]) -> tuple[Group, ...]:
        """What the falls of the counts demand of those who are not known to have unliked."""
        falls = self._innocent_falls(must)
        groups = []
        for i, j in self.pairs():
            need = self.demand((i, j)) - falls[i][j]
            # Strangers who liked it at the last look need not have unliked by the end.
            if need <= 0 or (self.unbounded(i) and j == self.end):
                continue
            weights = None if self.unbounded(i) else self._weights(i, j, must)
            after = self.looks[i - 1].at if i else None
            before = self.looks[min(j, self.end - 1) - 1].at
            groups.append(Group(need, after, before, weights))
        return _sharpest(groups)

    def _weights(self, i: int, j: int, must: frozenset[Person]) -> dict[Person, int]:
        relief = {p: seen.relief(i, j) for p, seen in self.people.items() if p not in must}
        return {p: weight for p, weight in relief.items() if weight}

    def _innocent_falls(self, must: frozenset[Person]) -> list[list[int]]:
        """For each pair, how far the count can fall while nobody else than ``must`` unlikes.

        Each person adds to a few rectangles of pairs, so this costs people + looks².
        """
        size = self.end + 2
        grid = [[0] * size for _ in range(size)]

        def add(rows: range, columns: range, amount: int) -> None:
            if rows and columns:
                for row, sign in ((rows.start, amount), (rows.stop, -amount)):
                    grid[row][columns.start] += sign
                    grid[row][columns.stop] -= sign

        for person, seen in self.people.items():
            if person in must:
                continue
            gone = min(seen.gone, self.end)
            add(range(seen.earliest, gone), range(gone, self.end + 1), 1)
            add(range(min(seen.earliest, self.end)), range(seen.latest, gone), -1)
        for row in grid:
            for j in range(1, size):
                row[j] += row[j - 1]
        for i in range(1, size):
            for j in range(size):
                grid[i][j] += grid[i - 1][j]
        possible, forced = self._settled(must)
        for i in range(self.end):
            for j in range(i + 1, self.end + 1):
                grid[i][j] += possible[i] - forced[j]
        return grid

    def numbered(self, told: frozenset[Person]) -> Finding:
        """The finding where each look numbers the unlikes beside a complete list.

        Every state at every look is settled, so each gap between looks stands for itself: what
        its number leaves over was done unseen by somebody who had the time for it.
        """
        must, may, groups = set(told), set(told), []
        before, spare = 0, 0
        for g, look in enumerate(self.looks):
            assert look.unlikes is not None
            costs = {p: seen.least_in_gap(g) for p, seen in self.people.items()}
            left = look.unlikes - before - sum(costs.values())
            if left < 0:
                raise ValueError(f"fewer unlikes than names that are gone, at {look.at}")
            must |= {p for p, cost in costs.items() if cost}
            if left:
                able = {p for p, seen in self.people.items() if seen.may_unlike_in_gap(g)}
                may |= able
                spare += left
                weights = None if self.suspects.open else dict.fromkeys(sorted(able), left)
                after = self.looks[g - 1].at if g else None
                groups.append((able, Group(left, after, look.at, weights)))
            before = look.unlikes
        if not self.suspects.open:
            for able, _ in groups:
                must |= able if len(able) == 1 else set()
        open_groups = [g for able, g in groups if not able & must]
        return Finding(
            looks=tuple(self.looks),
            least=before,
            must=frozenset(must),
            may=frozenset(may | must),
            cannot=frozenset(self.people) - may - must,
            told=told,
            groups=_sharpest(open_groups),
            strangers_may=self.suspects.open and spare > 0,
        )


def _sharpest(groups: list[Group]) -> tuple[Group, ...]:
    """The groups without those that follow from another."""
    kept: list[Group] = []
    for group in sorted(groups, key=lambda g: (g.weights is None, len(g.people), -g.need)):
        if not any(_follows(group, other) for other in kept):
            kept.append(group)
    return tuple(kept)


def _follows(group: Group, other: Group) -> bool:
    if other.weights is None:
        return group.weights is None and group.need <= other.need
    if group.weights is None:
        return group.need <= 1
    mine, others = group.weights, other.weights
    return group.need <= other.need and all(mine.get(p, 0) >= w for p, w in others.items())
