"""What follows from the log: which likes stand, and since when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from feed.disclosure.history import Action


class Entry(NamedTuple):
    """One event. Any numbers will do for photos and people, ids as well as places in a list."""

    at: datetime
    photo: int | None
    person: int
    action: str


Standing = dict[int, dict[int, datetime]]
"""For each photo who likes it, and since when."""


def standing(log: Iterable[Entry]) -> Standing:
    """The likes that stand at the end of a room's log, which must be in order of time."""
    likes: Standing = defaultdict(dict)
    for at, photo, person, action in log:
        if photo is None:
            for people in likes.values():
                people.pop(person, None)
        elif action == Action.LIKE:
            likes[photo].setdefault(person, at)
        elif action == Action.UNLIKE:
            likes[photo].pop(person, None)
    return likes
