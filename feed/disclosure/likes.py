"""The likes of a photo as they stand, kept up event by event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from .history import Action, Event, Person
from .looks import Fact


class Likes:
    """Who likes it, who took a like back, and whose account is gone."""

    def __init__(self, poster: Person) -> None:
        self.poster = poster
        self.since: dict[Person, datetime] = {}  # who likes it now; the latest like comes last
        self.likes = 0
        self.unlikes: list[Fact] = []
        self.gone: set[Person] = set()

    def take(self, event: Event) -> bool:
        """Whether the event changed anything: a second like in a row does not."""
        person = event.person
        match event.action:
            case Action.LIKE if person not in self.since and person not in self.gone:
                self.since[person] = event.at
                self.likes += 1
            case Action.UNLIKE if person in self.since:
                del self.since[person]
                self.unlikes.append(Fact(event.at, person))
            case Action.LEAVE if person not in self.gone:
                self.since.pop(person, None)
                self.gone.add(person)
            case Action.LOOK | Action.WAKE if person == self.poster:
                pass
            case _:
                return False
        return True

    def newest(self) -> Iterator[Person]:
        return reversed(self.since)
