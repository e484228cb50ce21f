"""Whose eyes a visitor looks with, under which platform and in which room: out of their session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.contrib import messages
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest
from django.utils import timezone

from feed import accounts, queries, rooms
from feed.disclosure.platforms import Platform
from feed.forms import back
from feed.models import Person, Photo, Room
from feed.modes import platforms

YOU, MODE = rooms.YOU, "mode"

LOST = "Your copy of the room was not used for a day, so it was removed. Everything starts afresh."
LEFT = "The person you were is no longer in the room. You are {name} now."
TAKEN = "The person you were has left, or has an account now. You are {name} again."
GONE = "The platform you had picked is no longer here. You see the feed as {name} has it."


MENU = 12
"""As many people as one can choose from without a search."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """``present`` holds some of those whom you may be, you among them; ``at`` is the clock.

    ``user`` is the id of whoever is signed in as a person, and ``account`` that person, which a
    press does without. What is done in a room is ``kept`` there or, if it is not, in a copy that
    the first press makes. Whoever opened another room than the demo is ``away``, and ``as_of`` is
    when their copy of it was made, if they have one.
    """

    room: Room
    you: Person
    present: Sequence[Person]
    platform: Platform
    at: datetime
    here: str  # the page that is read, or on which something was pressed
    user: int | None = None
    account: Person | None = None
    kept: bool = False
    away: bool = False
    as_of: datetime | None = None

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody by handle, those who left too."""
        return queries.cast(self.room)


def to_read(request: HttpRequest) -> Visit:
    """The visit as it stands, in two queries, or three of whoever is signed in.

    In a room that was opened it is one more. Raises Room.DoesNotExist when there is no room.
    """
    account = account_of(request)
    room = rooms.Visit(account.room, kept=True) if account else rooms.visit(request)
    if room.lost:
        rooms.forget_copy(request)
    if room.closed:
        rooms.forget_base(request)
    people = _eligible(request, room.room, account)
    at, here = timezone.now(), request.get_full_path()
    return _visit(request, room, list(people[:MENU]), at, here, account)


def to_write(request: HttpRequest) -> Visit:
    """The visit in the visitor's own copy of the room, which is made now if there is none.

    Whoever is signed in writes to the room that they share. Raises RefusedError where there can be
    no copy, and accounts.SignedOutError, which is one.
    """
    at, account = timezone.now(), accounts.person_of(request)
    if account:
        rooms.keep(account.room, at)
    room = rooms.Visit(account.room, kept=True) if account else rooms.own(request, at=at)
    you = list(_eligible(request, room.room, account)[:1])
    visit = _visit(request, room, you, at, back(request), account)
    if request.session.get(YOU) != visit.you.handle:
        request.session[YOU] = visit.you.handle  # so that the next press finds them at once
    return visit


def account_of(request: HttpRequest) -> Person | None:
    """As whom somebody is signed in; says so if that has ended."""
    try:
        return accounts.person_of(request)
    except accounts.SignedOutError as ended:
        messages.warning(request, str(ended))
        return None


def _eligible(request: HttpRequest, room: Room, account: Person | None) -> QuerySet[Person]:
    """Whom the visitor may be, the one whom they picked first, then whose account it is."""
    handle = request.session.get(YOU)
    own = account.pk if account else None
    people = Person.objects.filter(room=room, left_at__isnull=True)
    if account:
        people = people.filter(accounts.playable(account))
    order = Case(When(handle=handle, then=0), When(pk=own, then=1), default=2)
    return people.order_by(order, "pk")


def to_press(request: HttpRequest, number: int) -> tuple[Visit, Photo]:
    """The visit for a press on a photo, and the photo; in one query once there is a copy.

    In one more for whoever is signed in. Raises Photo.DoesNotExist and accounts.SignedOutError.
    """
    signed_in = accounts.user_of(request)
    user = signed_in.pk if signed_in else None
    key, handle, at = (
        request.session.get(rooms.SESSION_KEY),
        request.session.get(YOU),
        timezone.now(),
    )
    if key and handle:
        found = queries.pressed(key, handle, number, touched=at - rooms.TOUCH, user=user)
        if found:
            room, you, photo = found
            visit = _visit(request, rooms.Visit(room, kept=True), [you], at, back(request))
            return replace(visit, user=user), photo
    visit = to_write(request)
    return visit, queries.photos(visit.room, visit.you).get(number=number)


def _visit(
    request: HttpRequest,
    room: rooms.Visit,
    present: list[Person],
    at: datetime,
    here: str,
    account: Person | None = None,
) -> Visit:
    if room.closed:
        messages.warning(request, rooms.CLOSED)
    elif room.lost:
        messages.warning(request, LOST)
    base = None if account else request.session.get(rooms.BASE)
    return Visit(
        room=room.room,
        you=_you(request, present, TAKEN if account else LEFT),
        present=sorted(present, key=lambda person: person.pk),
        platform=_platform(request),
        at=at,
        here=here,
        user=account.user_id if account else None,
        account=account,
        kept=room.kept,
        away=base is not None,
        as_of=rooms.copied(request, base) if base else None,
    )


def _you(request: HttpRequest, present: Sequence[Person], otherwise: str) -> Person:
    """Who the visitor picked, else whose account it is, else whoever came first."""
    if not present:
        raise Room.DoesNotExist("There is nobody in the room.")
    handle, you = request.session.get(YOU), present[0]
    if handle is not None and you.handle != handle:
        del request.session[YOU]
        messages.warning(request, otherwise.format(name=you.name))
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
