"""Whose eyes a visitor looks with, under which platform and in which room: out of their session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.contrib import messages
from django.db.models import Case, When
from django.http import HttpRequest
from django.utils import timezone

from feed import queries, rooms
from feed.disclosure.platforms import Platform
from feed.forms import back
from feed.models import Person, Photo, Room
from feed.modes import platforms

YOU, MODE = "you", "mode"

LOST = "Your copy of the room was not used for a day, so it was removed. Everything starts afresh."
LEFT = "The person you were is no longer in the room. You are {name} now."
GONE = "The platform you had picked is no longer here. You see the feed as {name} has it."


MENU = 12
"""As many people as one can choose from without a search."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """``present`` holds some of those who are there, you among them; ``at`` is the clock."""

    room: Room
    you: Person
    present: Sequence[Person]
    platform: Platform
    at: datetime
    here: str  # the page that is read, or on which something was pressed

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody by handle, those who left too."""
        return queries.cast(self.room)


def to_read(request: HttpRequest) -> Visit:
    """The visit as it stands, in two queries. Raises Room.DoesNotExist when there is no room."""
    room = rooms.visit(request)
    if room.lost:
        del request.session[rooms.SESSION_KEY]
    picked = Case(When(handle=request.session.get(YOU), then=0), default=1)
    people = Person.objects.filter(room=room.room, left_at__isnull=True).order_by(picked, "pk")
    at, here = timezone.now(), request.get_full_path()
    return _visit(request, room, list(people[:MENU]), at, here)


def to_write(request: HttpRequest) -> Visit:
    """The visit in the visitor's own copy of the room, which is made now if there is none."""
    at = timezone.now()
    room = rooms.own(request, at=at)
    people = Person.objects.filter(room=room.room, left_at__isnull=True)
    you = list(people.filter(handle=request.session.get(YOU))) or list(people.order_by("pk")[:1])
    visit = _visit(request, room, you, at, back(request))
    if request.session.get(YOU) != visit.you.handle:
        request.session[YOU] = visit.you.handle  # so that the next press finds them at once
    return visit


def to_press(request: HttpRequest, number: int) -> tuple[Visit, Photo]:
    """The visit for a press on a photo, and the photo; in one query once there is a copy.

    Raises Photo.DoesNotExist.
    """
    key, handle, at = (
        request.session.get(rooms.SESSION_KEY),
        request.session.get(YOU),
        timezone.now(),
    )
    if key and handle:
        found = queries.pressed(key, handle, number, touched=at - rooms.TOUCH)
        if found:
            room, you, photo = found
            return _visit(request, rooms.Visit(room), [you], at, back(request)), photo
    visit = to_write(request)
    return visit, queries.photos(visit.room, visit.you).get(number=number)


def _visit(
    request: HttpRequest, room: rooms.Visit, present: list[Person], at: datetime, here: str
) -> Visit:
    if room.lost:
        messages.warning(request, LOST)
    return Visit(
        room=room.room,
        you=_you(request, present),
        present=sorted(present, key=lambda person: person.pk),
        platform=_platform(request),
        at=at,
        here=here,
    )


def _you(request: HttpRequest, present: Sequence[Person]) -> Person:
    """Who the visitor picked, else whoever came first."""
    if not present:
        raise Room.DoesNotExist("There is nobody in the room.")
    handle, you = request.session.get(YOU), present[0]
    if handle is not None and you.handle != handle:
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
