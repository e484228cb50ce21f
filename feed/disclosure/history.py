"""What happened to one photo, free of any platform.

No record here knows which platform it happened on: the rules only decide who is shown what.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

_at = attrgetter("at")

Person = str
"""A handle, unique within a room."""


class Action(StrEnum):
    LIKE = "like"
    UNLIKE = "unlike"
    COMMENT = "comment"
    UNCOMMENT = "uncomment"
    SHARE = "share"
    UNSHARE = "unshare"
    FOLLOW = "follow"
    BLOCK = "block"
    LEAVE = "leave"  # the account is deactivated or deleted, for good
    VIEW = "view"
    LOOK = "look"  # the person opens the app and takes in what it shows
    WAKE = "wake"  # the person's phone wakes and takes in the pushes that waited for it


@dataclass(frozen=True, slots=True)
class Event:
    """One person's action at one moment."""

    at: datetime
    person: Person
    action: Action


@dataclass(frozen=True, slots=True)
class History:
    """All that happened to one photo, in order of time.

    ``asleep`` says that the poster's phone takes pushes only when it wakes or is looked at;
    otherwise it is reached as soon as a push is sent. ``alerts`` says that the poster has
    pushes switched on at all.

    Raises ValueError when the events are not in order of time or begin before the photo.
    """

    poster: Person
    posted: datetime
    events: tuple[Event, ...] = ()
    asleep: bool = False
    alerts: bool = True

    def __post_init__(self) -> None:
        previous = self.posted
        for event in self.events:
            if event.at < previous:
                raise ValueError(f"{event} comes before {previous}: events go in order of time")
            previous = event.at

    def until(self, at: datetime) -> tuple[Event, ...]:
        """The events up to and including a moment."""
        return self.events[: bisect_right(self.events, at, key=_at)]

    def looks(self, person: Person) -> tuple[datetime, ...]:
        """The moments at which somebody opened the app; one moment is one look."""
        looks = (e.at for e in self.events if e.person == person and e.action is Action.LOOK)
        return tuple(dict.fromkeys(looks))


@dataclass(frozen=True, slots=True)
class Summary:
    """What a card needs to know of a photo without its history.

    ``newest`` holds the people who like it now, the latest first, as many as the card may name.
    """

    poster: Person
    likes: int
    newest: tuple[Person, ...] = ()
    liked: bool = False


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events sorted by time; those of the same moment keep their order."""
    return tuple(sorted(events, key=_at))
