"""The least number of unlikes that fits the looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from .history import Person
from .looks import Look, Suspects
from .states import Evidence, Point, State


def least_unlikes(
    looks: Sequence[Look], suspects: Suspects, people: Mapping[Person, Evidence]
) -> int:
    """The least number of unlikes in any world that fits the looks.

    Goes from look to look, doing only what each settles. Where a count leaves a choice, those
    begin to like whose next settled moment has them like anyway, soonest first; and those cease
    whose next settled moment has them cease anyway, then those who are settled last.

    Raises ValueError when a count can be met by nobody.
    """
    crowd = _Crowd(looks, suspects, people)
    for g in range(len(looks)):
        crowd.settle(g)
        crowd.meet(g)
    return crowd.unlikes


class _Crowd:
    """Who likes the photo in the world that is being built. None stands for the strangers."""

    def __init__(
        self, looks: Sequence[Look], suspects: Suspects, people: Mapping[Person, Evidence]
    ) -> None:
        self.looks, self.people = looks, people
        self.strangers_stay = suspects.open and not suspects.strangers_leave
        self.unseen = suspects.open and suspects.strangers_leave
        self.on: set[Person] = set()
        self.strangers = 0
        self.unlikes = 0

    def settle(self, g: int) -> None:
        """Do what is settled after look g, up to and including the next."""
        for person, seen in self.people.items():
            for point in seen.in_gap(g):
                if point.on:
                    self.on.add(person)
                elif person in self.on:
                    self.on.discard(person)
                    self.unlikes += not point.gone
        if self.looks[g].likers.complete:
            self.unlikes += self.strangers
            self.strangers = 0

    def meet(self, g: int) -> None:
        """Meet the count of the look after gap g."""
        look = self.looks[g]
        if look.likers.complete:
            return
        size = len(self.on) + self.strangers
        low = 0 if self.unseen else look.count.low
        if size < low:
            self._add(g, low - size)
        elif look.count.high is not None and size > look.count.high:
            self._drop(g, size - look.count.high)

    def _add(self, g: int, missing: int) -> None:
        off = [p for p in self._free(g) if p not in self.on]
        choices: list[Person | None] = list(off)
        if self.strangers_stay:
            choices += [None] * missing
        choices.sort(key=lambda p: self._when_to_add(self._next(p, g)))
        if len(choices) < missing:
            raise ValueError(f"nobody is left who could like the photo at {self.looks[g].at}")
        for person in choices[:missing]:
            if person is None:
                self.strangers += 1
            else:
                self.on.add(person)

    def _drop(self, g: int, surplus: int) -> None:
        choices: list[Person | None] = [p for p in self._free(g) if p in self.on]
        choices += [None] * self.strangers
        choices.sort(key=lambda p: self._when_to_drop(self._next(p, g)))
        if len(choices) < surplus:
            raise ValueError(f"too many are settled to like the photo at {self.looks[g].at}")
        for person in choices[:surplus]:
            if person is None:
                self.strangers -= 1
            else:
                self.on.discard(person)
            self.unlikes += 1

    def _free(self, g: int) -> Iterable[Person]:
        return (p for p, seen in self.people.items() if seen.states[g + 1] is State.FREE)

    def _next(self, person: Person | None, g: int) -> Point | None:
        if person is not None:
            return self.people[person].next_point(self.looks[g].at)
        return next((Point(x.at, False) for x in self.looks[g + 1 :] if x.likers.complete), None)

    def _when_to_add(self, point: Point | None) -> tuple[int, float]:
        if point is None:
            return 1, 0
        if point.on or point.gone:
            return 0, self._seconds(point.at)
        return 2, -self._seconds(point.at)

    def _when_to_drop(self, point: Point | None) -> tuple[int, float]:
        if point is None:
            return 1, 0
        if point.on or point.gone:
            return 2, -self._seconds(point.at)
        return 0, self._seconds(point.at)

    def _seconds(self, at: datetime) -> float:
        return (at - self.looks[0].at).total_seconds()
