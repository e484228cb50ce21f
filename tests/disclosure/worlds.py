"""All worlds that fit what somebody saw, by enumeration: the proof of ``infer``.

Nothing here is clever. Each person's possible courses are stepped through moment by moment, with
room between any two moments for somebody to come and go unseen; then the courses of all people
are put together and those whose counts do not fit are thrown away. Courses and worlds that
nothing tells apart are kept once, with the least number of unlikes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from feed.disclosure.history import Person
from feed.disclosure.looks import Look, Suspects

UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Course:
    """One person so far: the state, the first like, and what was so at each look.

    Where the looks number the unlikes, ``count`` holds those so far and ``numbers`` those up to
    each look; else they are None and empty, and nothing tells courses with more of them apart.
    """

    on: bool = False
    gone: bool = False
    first: Any = None
    guilty: bool = False
    likes: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class World:
    """How many like the photo at each look, the unlikes up to each look, and who unliked."""

    likes: tuple[int, ...]
    numbers: tuple[int, ...]
    unlikers: frozenset[Person]


def worlds(looks: Sequence[Look], suspects: Suspects) -> dict[World, int]:
    """Every world that fits, with its least number of unlikes.

    The strangers of an open world are left out of the unlikers.
    """
    numbers = (0,) * len(looks) if looks[-1].unlikes is not None else ()
    found = {World((0,) * len(looks), numbers, frozenset()): 0}
    strangers = 0
    if suspects.open:
        strangers = max(look.count.low for look in looks) + any(look.unlikes for look in looks)
    people: list[Person | None] = [*sorted(all_people(looks, suspects)), *[None] * strangers]
    for person in people:
        mine = _courses(person, looks, suspects)
        found = _least(
            (_joined(world, course, person), unlikes + more)
            for world, unlikes in found.items()
            for course, more in mine.items()
        )
        found = {w: n for w, n in found.items() if not _too_many(looks, w)}
    return {world: n for world, n in found.items() if _fits(looks, world)}


def all_people(looks: Sequence[Look], suspects: Suspects) -> frozenset[Person]:
    return suspects.circle.union(*(look.names for look in looks))


def groups_of(people: frozenset[Person]) -> Iterator[frozenset[Person]]:
    """Every group of one or more of these people."""
    members = sorted(people)
    for bits in range(1, 2 ** len(members)):
        yield frozenset(p for n, p in enumerate(members) if bits >> n & 1)


def _least(found: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    least: dict[Any, int] = {}
    for key, unlikes in found:
        if unlikes < least.get(key, unlikes + 1):
            least[key] = unlikes
    return least


def _joined(world: World, course: Course, person: Person | None) -> World:
    guilty = person is not None and course.guilty
    return World(
        tuple(a + b for a, b in zip(world.likes, course.likes, strict=True)),
        tuple(a + b for a, b in zip(world.numbers, course.numbers, strict=True)),
        world.unlikers | {person} if guilty else world.unlikers,
    )


def _too_many(looks: Sequence[Look], world: World) -> bool:
    for look, likes in zip(looks, world.likes, strict=True):
        if look.count.high is not None and likes > look.count.high:
            return True
    return any(n > look.unlikes for look, n in zip(looks, world.numbers, strict=False))


def _fits(looks: Sequence[Look], world: World) -> bool:
    return all(likes in look.count for look, likes in zip(looks, world.likes, strict=True)) and all(
        n == look.unlikes for look, n in zip(looks, world.numbers, strict=False)
    )


def _courses(person: Person | None, looks: Sequence[Look], suspects: Suspects) -> dict[Course, int]:
    """All courses of one person (None: a stranger) that fit what is seen of that person."""
    liked = {f.at for look in looks for f in look.liked if f.person == person}
    unliked = {f.at for look in looks for f in look.unliked if f.person == person}
    seen = {look.at: look for look in looks}
    most = looks[-1].unlikes
    found = {Course(count=None if most is None else 0): 0}
    for at in sorted(liked | unliked | seen.keys()):
        for _ in range(3 + 2 * (most or 0)):
            found = _least(
                one for course, n in found.items() for one in _unseen(course, n, person, suspects)
            )
        if at in liked:
            found = {_like(c, at): n for c, n in found.items() if not c.on and not c.gone}
        if at in unliked:
            found = _least((_unlike(c), n + 1) for c, n in found.items() if c.on)
        if at in seen:
            found = {_looked(c): n for c, n in found.items() if _agrees(c, person, seen[at])}
    return _least(
        (Course(guilty=c.guilty, likes=c.likes, numbers=c.numbers), n) for c, n in found.items()
    )


def _unseen(
    course: Course, unlikes: int, person: Person | None, suspects: Suspects
) -> Iterator[tuple[Course, int]]:
    yield course, unlikes
    if course.gone:
        return
    if course.on:
        yield _unlike(course), unlikes + 1
    else:
        yield _like(course, UNSEEN), unlikes
    if person is not None or suspects.strangers_leave:
        yield replace(course, on=False, gone=True), unlikes


def _like(course: Course, at: Any) -> Course:
    return replace(course, on=True, first=at if course.first is None else course.first)


def _unlike(course: Course) -> Course:
    count = None if course.count is None else course.count + 1
    return replace(course, on=False, guilty=True, count=count)


def _looked(course: Course) -> Course:
    numbers = () if course.count is None else (*course.numbers, course.count)
    return replace(course, likes=(*course.likes, int(course.on)), numbers=numbers)


def _agrees(course: Course, person: Person | None, look: Look) -> bool:
    if person is not None and course.gone != (person in look.gone):
        return False
    if course.count is not None and course.count > (look.unlikes or 0):
        return False
    if person in look.likers.names and not course.on:
        return False
    if look.likers.complete and course.on and person not in look.likers.names:
        return False
    if look.every_first_like and not course.gone and course.first is not None:
        return course.first in {f.at for f in look.liked if f.person == person}
    return True
