"""Which room a visitor is in: the demo, until they press anything, and then a copy of their own.

The key of a visitor's copy is in their session. It is derived from their CSRF cookie, which every
visitor who can press anything already holds: so two first presses at the same moment make one
copy, although neither request knows of the other and sessions are kept in cookies.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection, models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from feed import pictures
from feed.models import Block, Comment, Event, Follow, Like, Person, Photo, Room, Share

DEMO = "harbour"
UNUSED = timedelta(days=1)
TOUCH = timedelta(hours=1)
PRUNED_AT_ONCE = 2
"""How many unused copies a visitor who gets a new one takes away on the way."""

SESSION_KEY = "room"


@dataclass(frozen=True, slots=True)
class Visit:
    """``lost`` says that the visitor's own copy was removed, so that this is another room."""

    room: Room
    lost: bool = False


def visit(request: HttpRequest) -> Visit:
    """The visitor's own copy, else the demo; for reading, in one query.

    Raises Room.DoesNotExist when there is no demo yet.
    """
    key = request.session.get(SESSION_KEY)
    rooms = {
        r.key: r for r in Room.objects.filter(Q(key=DEMO) | Q(key=key, original__isnull=False))
    }
    if key in rooms:
        return Visit(rooms[key])
    if DEMO not in rooms:
        raise Room.DoesNotExist(f"There is no room {DEMO!r}; manage.py seed makes it.")
    return Visit(rooms[DEMO], lost=key is not None)


def own(request: HttpRequest, *, at: datetime) -> Visit:
    """The visitor's own copy, made now if there is none; for writing. It stays for another day."""
    here = visit(request)
    if here.room.private and keep(here.room, at):
        return here
    demo = here.room.original or here.room
    key = _new_key(request)
    prune(unused_since=at - UNUSED, limit=PRUNED_AT_ONCE)
    room = copy(demo, key=key, at=at)
    keep(room, at)  # it is older where the session is gone and the cookie is not
    lost = SESSION_KEY in request.session
    request.session[SESSION_KEY] = key
    return Visit(room, lost=lost)


def keep(room: Room, at: datetime) -> bool:
    """Whether the room is still there. Notes that it is in use, once an hour at most."""
    if at < room.touched_at + TOUCH:
        return True
    return bool(Room.objects.filter(pk=room.pk).update(touched_at=at))


def _new_key(request: HttpRequest) -> str:
    cookie = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
    if not cookie:
        return secrets.token_hex(20)
    return salted_hmac("feed.rooms", cookie, algorithm="sha256").hexdigest()[:40]


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
