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
from feed.models import Person, Room
from feed.modes import platforms

YOU, MODE = "you", "mode"

LOST = "Your copy of the room was not used for a day, so it was removed. Everything starts afresh."
LEFT = "The person you were is no longer in the room. You are {name} now."
GONE = "The platform you had picked is no longer here. You see the feed as {name} has it."


MENU = 24
"""As many people as one can choose from without a search."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """``present`` holds some of those who are there, you among them; ``at`` is the clock."""

    room: Room
    you: Person
    present: Sequence[Person]
    platform: Platform
    at: datetime

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody by handle, those who left too."""
        return queries.cast(self.room)


def to_read(request: HttpRequest) -> Visit:
    """The visit as it stands, in two queries. Raises Room.DoesNotExist when there is no room."""
    here = rooms.visit(request)
    if here.lost:
        del request.session[rooms.SESSION_KEY]
    return _visit(request, here, timezone.now(), MENU)


def to_write(request: HttpRequest) -> Visit:
    """The visit in the visitor's own copy of the room, which is made now if there is none."""
    at = timezone.now()
    return _visit(request, rooms.own(request, at=at), at, 1)


def _visit(request: HttpRequest, here: rooms.Visit, at: datetime, present: int) -> Visit:
    if here.lost:
        messages.warning(request, LOST)
    picked = Case(When(handle=request.session.get(YOU), then=0), default=1)
    people = Person.objects.filter(room=here.room, left_at__isnull=True)
    some = list(people.order_by(picked, "pk")[:present])
    return Visit(
        room=here.room,
        you=_you(request, some),
        present=sorted(some, key=lambda person: person.pk),
        platform=_platform(request),
        at=at,
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
