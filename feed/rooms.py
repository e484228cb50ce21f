"""Which room a visitor is in: the demo or another that they opened, until they press anything, and
then a copy of their own.

The key of a visitor's copy is in their session. That of their first one is derived from their CSRF
cookie, which every visitor who can press anything already holds: so two first presses at the same
moment make one copy, although neither request knows of the other and sessions are kept in cookies.
That of any other is drawn when the room is opened, and so is in the session before a press.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from feed import pictures
from feed.actions import RefusedError
from feed.models import Block, Comment, Event, Follow, Like, Person, Photo, Room, Share

DEMO = "harbour"
UNUSED = timedelta(days=1)
TOUCH = timedelta(hours=1)
PRUNED_AT_ONCE = 2
"""How many unused copies a visitor who gets a new one takes away on the way."""

MOST_COPIED = 500_000
"""People, follows and events, which take some seconds; whoever waits longer takes it for broken."""

SESSION_KEY = "room"

BASE = "base"
"""In the session of whoever opened another room than the demo: its key."""

COPIES = "copies"
"""In the session, by the key of a room: that of one's copy, and since when it is there (seconds
since 1970), or None. Sessions are kept in cookies, so it holds the latest few."""

COPIES_KNOWN = 5

YOU = "you"
"""In the session: the handle of whom the visitor picked in the room."""

CLOSED = "The room that you had opened is not open any more. This is the demo."
TOO_LARGE = (
    "{room} is too large for a copy of your own, so you can look around in it and press nothing."
)


@dataclass(frozen=True, slots=True)
class Visit:
    """``kept`` says that what is done here stays: it is the visitor's own copy, or they are signed
    in to it. ``lost`` says that their own copy was removed, and ``closed`` that the room which they
    had opened is closed to them, so that this is another room.
    """

    room: Room
    kept: bool = False
    lost: bool = False
    closed: bool = False


def visit(request: HttpRequest) -> Visit:
    """The visitor's own copy, else the room that they opened, else the demo; for reading.

    In one query, and one more in a room that was opened. Raises Room.DoesNotExist when there is no
    demo yet.
    """
    key, base = request.session.get(SESSION_KEY), request.session.get(BASE)
    wanted = Q(key=DEMO) | Q(key=key, original__isnull=False)
    if base:
        wanted |= Q(key=base)
    rooms = {r.key: r for r in Room.objects.filter(wanted)}
    if key in rooms and rooms[key].private:
        return Visit(rooms[key], kept=True)
    lost = key is not None
    if base in rooms and (is_open(rooms[base]) or _may_see_all(request)):
        return Visit(rooms[base], lost=lost)
    if DEMO not in rooms:
        raise Room.DoesNotExist(f"There is no room {DEMO!r}; manage.py seed makes it.")
    return Visit(rooms[DEMO], lost=lost, closed=base is not None)


def is_open(room: Room) -> bool:
    """Whether anybody may look around in it: an original with somebody in it.

    Where people have accounts it holds what they wrote, which is for those who sign in; the demo is
    for all.
    """
    people = Person.objects.filter(room=OuterRef("pk"))
    used = Room.objects.filter(Exists(people.filter(left_at=None)), pk=room.pk, original=None)
    return used.filter(Q(key=DEMO) | ~Exists(people.filter(user__isnull=False))).exists()


def _may_see_all(request: HttpRequest) -> bool:
    """Whether they came from the admin, where they find everybody and every room anyway."""
    user = request.user
    return user.is_staff and any(user.has_perm(f"feed.view_{what}") for what in ("room", "person"))


def move(request: HttpRequest, room: Room, *, afresh: bool = False) -> None:
    """Into a room as it is, or into the visitor's copy of it; nothing is copied.

    Who starts afresh leaves the copy that they have to be pruned.
    """
    known = None if afresh else request.session.get(COPIES, {}).get(room.key)
    key, since = known or (secrets.token_hex(20), None)
    _remember(request, room, key, since)
    for name, value, wanted in (
        (SESSION_KEY, key, since is not None),
        (BASE, room.key, room.key != DEMO),
    ):
        if wanted:
            request.session[name] = value
        else:
            request.session.pop(name, None)
    request.session.pop(YOU, None)


def forget_copy(request: HttpRequest) -> None:
    """That one is in, which is gone."""
    gone = request.session.pop(SESSION_KEY, None)
    known = request.session.get(COPIES, {})
    request.session[COPIES] = {room: copy for room, copy in known.items() if copy[0] != gone}


def forget_base(request: HttpRequest) -> None:
    """Back to the demo, from a room that is closed now."""
    for name in (BASE, YOU):
        request.session.pop(name, None)


def copied(request: HttpRequest, key: str) -> datetime | None:
    """Since when the visitor has their copy of a room, by that room's key."""
    _key, since = request.session.get(COPIES, {}).get(key, (None, None))
    return None if since is None else datetime.fromtimestamp(since, UTC)


def _remember(request: HttpRequest, room: Room, key: str, since: int | None) -> None:
    others = {k: v for k, v in request.session.get(COPIES, {}).items() if k != room.key}
    latest = [*others.items(), (room.key, (key, since))][-COPIES_KNOWN:]
    request.session[COPIES] = dict(latest)


def own(request: HttpRequest, *, at: datetime) -> Visit:
    """The visitor's own copy, made now if there is none; for writing. It stays for another day.

    Raises RefusedError where there can be none.
    """
    here = visit(request)
    if here.kept:
        if keep(here.room, at):
            return here
        here = visit(request)  # it went meanwhile
    original = here.room
    if here.closed:
        forget_base(request)
        raise RefusedError(CLOSED)
    if is_too_large(original):
        raise RefusedError(TOO_LARGE.format(room=original))
    key, _since = request.session.get(COPIES, {}).get(original.key) or (
        _new_key(request, original),
        None,
    )
    prune(unused_since=at - UNUSED, limit=PRUNED_AT_ONCE)
    room = copy(original, key=key, at=at)
    keep(room, at)  # it is older where the session is gone and the cookie is not
    request.session[SESSION_KEY] = key
    _remember(request, original, key, int(at.timestamp()))
    return Visit(room, kept=True, lost=here.lost)


def is_too_large(room: Room) -> bool:
    """Whether it has more rows than are copied while somebody waits."""
    rows: tuple[QuerySet[Any], ...] = (
        Person.objects.filter(room=room),
        Follow.objects.filter(follower__room=room),
        Event.objects.filter(room=room),
    )
    return sum(each.order_by()[: MOST_COPIED + 1].count() for each in rows) > MOST_COPIED


def keep(room: Room, at: datetime) -> bool:
    """Whether the room is still there. Notes that it is in use, once an hour at most."""
    if at < room.touched_at + TOUCH:
        return True
    return bool(Room.objects.filter(pk=room.pk).update(touched_at=at))


def _new_key(request: HttpRequest, original: Room) -> str:
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
    if not cookie:
        return secrets.token_hex(20)
    return salted_hmac("feed.rooms", f"{original.key} {cookie}", algorithm="sha256").hexdigest()[
        :40
    ]


@transaction.atomic
def copy(original: Room, *, key: str, at: datetime) -> Room:
    """A copy of the room under a key, with the same handles and numbers; or the one that is there.

    Whoever comes second with a key waits for the first.
    """
    room, made = Room.objects.get_or_create(
        key=key, defaults={"name": original.name, "original": original, "touched_at": at}
    )
    if made:
        for model in (Person, Photo, Follow, Block, Like, Comment, Share, Event):
            _copy_rows(model, original, room)
    return room


def prune(*, unused_since: datetime, limit: int | None = None) -> int:
    """Removes private copies that nobody wrote to since, the longest unused first.

    Pictures that were posted in them go as well. Returns how many copies went; those that another
    process is removing are left to it.
    """
    with transaction.atomic():
        unused = Room.objects.unused_since(unused_since).order_by("touched_at")[:limit]
        rooms = dict(unused.select_for_update(skip_locked=True).values_list("pk", "key"))
        posted = Photo.objects.filter(room__in=rooms).exclude(widths="")
        kept = [
            (image, widths)
            for room, image, widths in posted.values_list("room", "image", "widths")
            if image.startswith(f"{rooms[room]}/")
        ]
        Room.objects.filter(pk__in=rooms).delete()
    for image, widths in kept:
        pictures.delete(image, widths)
    return len(rooms)


NAMES: dict[type[models.Model], str] = {Person: "handle", Photo: "number"}
"""What a row is called in its room and in every copy of it."""

Field = Any  # of Django, whose types leave open what a concrete field refers to


def _copy_rows(model: type[models.Model], original: Room, room: Room) -> None:
    """Copies a table's rows of one room, whatever columns it has, within the database.

    A reference to a person or a photo leads from the *old* row to the *new* one of the same name.
    A table without a room of its own has its rows where the first row they refer to is.
    """
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    named = [field for field in fields if field.related_model in NAMES]
    scoped = any(field.related_model is Room for field in fields)
    scope = "source" if scoped else f"old_{named[0].column}"
    columns = ", ".join(str(field.column) for field in fields)
    values = ", ".join(_copied(field, room) for field in fields)
    joins = " ".join(_joined(field, room) for field in named)
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} source {joins}"  # noqa: S608
            f" WHERE {scope}.room_id = {original.pk} ORDER BY source.id"
        )


def _copied(field: Field, room: Room) -> str:
    if field.related_model is Room:
        return str(room.pk)
    if field.related_model is User:
        return "NULL"  # in a copy nobody has an account, so its visitor may be anybody
    return f"new_{field.column}.id" if field.related_model in NAMES else f"source.{field.column}"


def _joined(field: Field, room: Room) -> str:
    old, new = f"old_{field.column}", f"new_{field.column}"
    target, name = field.related_model, NAMES[field.related_model]
    join = f"{'LEFT ' * field.null}JOIN {target._meta.db_table}"
    return (
        f"{join} {old} ON {old}.id = source.{field.column}"
        f" {join} {new} ON {new}.{name} = {old}.{name} AND {new}.room_id = {room.pk}"
    )
