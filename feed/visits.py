"""Whose eyes a visitor looks with, under which platform and in which room: out of their session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.contrib import messages
from django.db.models import Case, Q, When
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


@dataclass(frozen=True, kw_only=True)
class Visit:
    """``at`` is the clock, read once."""

    room: Room
    you: Person
    platform: Platform
    at: datetime

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody by handle, those who left too."""
        return queries.cast(self.room)

    @property
    def present(self) -> list[Person]:
        return [person for person in self.people.values() if person.left_at is None]


def to_read(request: HttpRequest) -> Visit:
    """The visit as it stands, in two queries. Raises Room.DoesNotExist when there is no room."""
    here = rooms.visit(request)
    if here.lost:
        del request.session[rooms.SESSION_KEY]
    people = queries.cast(here.room)
    present = [person for person in people.values() if person.left_at is None]
    visit = _visit(request, here, present, timezone.now())
    vars(visit)["people"] = people  # known already
    return visit


def to_write(request: HttpRequest) -> Visit:
    """The visit in the visitor's own copy of the room, which is made now if there is none.

    A press needs to know who presses, and seldom who else is there: two queries.
    """
    at = timezone.now()
    here = rooms.own(request, at=at)
    present = Person.objects.filter(room=here.room, left_at__isnull=True)
    picked = Q(handle=request.session.get(YOU))
    you = present.order_by(Case(When(picked, then=0), default=1), "pk")[:1]
    return _visit(request, here, list(you), at)


def _visit(
    request: HttpRequest, here: rooms.Visit, present: Sequence[Person], at: datetime
) -> Visit:
    if here.lost:
        messages.warning(request, LOST)
    you = _you(request, present)
    return Visit(room=here.room, you=you, platform=_platform(request), at=at)


def _you(request: HttpRequest, present: Sequence[Person]) -> Person:
    """Who the visitor picked, else the first."""
    if not present:
        raise Room.DoesNotExist("There is nobody in the room.")
    handle = request.session.get(YOU)
    you = next((person for person in present if person.handle == handle), present[0])
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
