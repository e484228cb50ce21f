"""Whose eyes a visitor looks with, under which platform and in which room: out of their session."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone

from feed import queries, rooms
from feed.disclosure.platforms import Platform
from feed.models import Person, Room
from feed.modes import platforms

YOU, MODE = "you", "mode"

LOST = "Your copy of the room was not used for a day, so it was removed. Everything starts afresh."
LEFT = "The person you were is no longer in the room. You are {name} now."
GONE = "The platform you had picked is no longer here. You see the feed as {name} has it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """``people`` holds everybody by handle, those who left too; ``at`` is the clock, read once."""

    room: Room
    people: Mapping[str, Person]
    you: Person
    platform: Platform
    at: datetime

    @property
    def present(self) -> list[Person]:
        return [person for person in self.people.values() if person.left_at is None]


def to_read(request: HttpRequest) -> Visit:
    """The visit as it stands, in two queries. Raises Room.DoesNotExist when there is no room."""
    here = rooms.visit(request)
    if here.lost:
        del request.session[rooms.SESSION_KEY]
    return _visit(request, here, timezone.now())


def to_write(request: HttpRequest) -> Visit:
    """The visit in the visitor's own copy of the room, which is made now if there is none."""
    at = timezone.now()
    return _visit(request, rooms.own(request, at=at), at)


def _visit(request: HttpRequest, here: rooms.Visit, at: datetime) -> Visit:
    if here.lost:
        messages.warning(request, LOST)
    people = queries.cast(here.room)
    return Visit(
        room=here.room,
        people=people,
        you=_you(request, people),
        platform=_platform(request),
        at=at,
    )


def _you(request: HttpRequest, people: Mapping[str, Person]) -> Person:
    present = {handle: person for handle, person in people.items() if person.left_at is None}
    handle = request.session.get(YOU)
    if handle in present:
        return present[handle]
    if not present:
        raise Room.DoesNotExist("There is nobody in the room.")
    you = next(iter(present.values()))
    if handle is not None:
        del request.session[YOU]
        messages.warning(request, LEFT.format(name=you.name))
    return you


def _platform(request: HttpRequest) -> Platform:
    slug = request.session.get(MODE)
    if picked := platforms().get(slug or ""):
        return picked
    platform = next(iter(platforms().values()))
    if slug is not None:
        del request.session[MODE]
        messages.warning(request, GONE.format(name=platform.name))
    return platform
