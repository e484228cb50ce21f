"""What the looks settle about one person, taken alone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import pairwise

from .history import Person
from .looks import Fact, Look


class State(Enum):
    """Whether somebody likes the photo at a look, as far as it is settled."""

    OFF = 0
    ON = 1
    FREE = 2


@dataclass(frozen=True, slots=True)
class Point:
    """A moment that settles a state: liking, not liking, or gone with the account."""

    at: datetime
    on: bool
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """One person's states and the steps that are left to them.

    ``states`` runs from 0 (the posting) over the looks to one past them, both off. ``gone`` is
    the number of the first look at which the account is gone, or one past the last look.
    Without an unlike, the first look at which the person likes the photo lies from ``earliest``
    to ``latest``; where these cross, they must have unliked. ``points`` holds every moment that
    settles a state, in order of time. ``quiet`` is the moment until which they had never liked,
    where the looks settle that.
    """

    states: tuple[State, ...]
    gone: int
    earliest: int
    latest: int
    points: tuple[Point, ...]
    quiet: datetime | None
    looked: tuple[datetime, ...]

    @property
    def may_be_innocent(self) -> bool:
        return self.earliest <= self.latest

    @property
    def may_unlike(self) -> bool:
        """Whether there was a time at which they can have liked and unliked."""
        last = min(self.gone, len(self.looked))
        return not self.may_be_innocent or self.quiet is None or self.quiet < self.looked[last - 1]

    def relief(self, i: int, j: int) -> int:
        """How much further the count can fall from look i to look j if this person unliked."""
        guilty = (self.states[i] is not State.OFF) - (self.states[j] is State.ON)
        if self.earliest <= i < self.gone <= j:
            return guilty - 1
        if self.earliest > i and self.latest <= j < self.gone:
            return guilty + 1
        return guilty

    def may_unlike_in_gap(self, g: int) -> bool:
        """Whether they can have liked and unliked unseen between look g and the next."""
        return self.gone > g and (self.quiet is None or self.quiet < self.looked[g])

    def in_gap(self, g: int) -> tuple[Point, ...]:
        """What is settled after look g, up to and including the next."""
        first = bisect_right(self.points, self.looked[g - 1], key=_at) if g else 0
        return self.points[first : bisect_right(self.points, self.looked[g], key=_at)]

    def least_in_gap(self, g: int) -> int:
        """The unlikes settled between look g and the next, where both looks settle a state."""
        states = [Point(self.looked[g], self.states[g] is State.ON), *self.in_gap(g)]
        return sum(one.on and not other.on and not other.gone for one, other in pairwise(states))

    def next_point(self, at: datetime) -> Point | None:
        """What is settled next after a moment."""
        number = bisect_right(self.points, at, key=_at)
        return self.points[number] if number < len(self.points) else None


def _at(point: Point) -> datetime:
    return point.at


def evidence(looks: Sequence[Look], people: Iterable[Person]) -> dict[Person, Evidence]:
    """What the looks settle about each of these people."""
    looked = tuple(look.at for look in looks)
    liked, unliked = _told(look.liked for look in looks), _told(look.unliked for look in looks)
    return {
        person: _evidence(person, looks, looked, liked.get(person, []), unliked.get(person, []))
        for person in people
    }


def _told(looks: Iterable[frozenset[Fact]]) -> dict[Person, list[datetime]]:
    """The moments that were told of each person, in order."""
    told: dict[Person, list[datetime]] = {}
    for fact in sorted(frozenset[Fact]().union(*looks)):
        told.setdefault(fact.person, []).append(fact.at)
    return told


def _evidence(
    person: Person,
    looks: Sequence[Look],
    looked: tuple[datetime, ...],
    likes: Sequence[datetime],
    unlikes: Sequence[datetime],
) -> Evidence:
    end = len(looks) + 1
    gone = next((k for k, look in enumerate(looks, 1) if person in look.gone), end)
    quiet = _quiet(looks[: gone - 1], likes)
    states = [State.OFF]
    states += [_state(person, look, quiet, likes, unlikes) for look in looks[: gone - 1]]
    states += [State.OFF] * (end + 1 - len(states))
    # The sort is stable: a press at the very moment of a look comes before the look.
    points = [point for at in likes for point in (Point(at, False), Point(at, True))]
    points += [point for at in unlikes for point in (Point(at, True), Point(at, False))]
    points += [
        Point(looked[k - 1], states[k] is State.ON)
        for k in range(1, gone)
        if states[k] is not State.FREE
    ]
    points.sort(key=_at)
    if gone < end:
        points.append(Point(looked[gone - 1], False, gone=True))
    earliest, latest = _steps(states, gone, [bisect_left(looked, at) + 1 for at in likes])
    return Evidence(
        states=tuple(states),
        gone=gone,
        earliest=earliest if not unlikes else end + 1,
        latest=latest,
        points=tuple(points),
        quiet=quiet,
        looked=looked,
    )


def _quiet(looks: Sequence[Look], likes: Sequence[datetime]) -> datetime | None:
    """Until when the person had never liked, by the looks that tell every first like."""
    told = [look.at for look in looks if look.every_first_like]
    if not told:
        return None
    return min(told[-1], likes[0]) if likes else told[-1]


def _state(
    person: Person,
    look: Look,
    quiet: datetime | None,
    likes: Sequence[datetime],
    unlikes: Sequence[datetime],
) -> State:
    if look.at in unlikes:
        return State.OFF
    if person in look.likers.names or look.at in likes:
        return State.ON
    if look.likers.complete or (quiet is not None and look.at <= quiet):
        return State.OFF
    return State.FREE


def _steps(states: Sequence[State], gone: int, likes: Sequence[int]) -> tuple[int, int]:
    """The first and the last look at which somebody without an unlike can first be seen liking.

    ``likes`` holds, for each like that was told of, the number of the first look after it.
    """
    earliest = 1 + max(k for k in range(gone) if states[k] is State.OFF)
    latest = next((k for k in range(1, gone) if states[k] is State.ON), gone)
    if len(likes) > 1:
        return gone + 1, gone
    for first in likes:
        earliest, latest = max(earliest, min(first, gone)), min(latest, first)
    return earliest, latest
