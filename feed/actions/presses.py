"""The only writer of likes and of the log.

Each action is one transaction that sets a state and says whether it changed anything. All of them
first lock the photos that they concern. So the moments of a photo's events rise strictly, in the
order in which the presses were taken, and a count is never changed but together with its likes.
SQLite has no row locks: there a transaction holds the whole database from its start (the setting
``transaction_mode`` is IMMEDIATE).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef

from feed.disclosure.history import Action
from feed.models import Event, Like, Person, Photo

TICK = timedelta(microseconds=1)
ONE_LOOK = timedelta(minutes=1)


class RefusedError(ValueError):
    """The person cannot do this; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Done:
    """``changed`` is False when things already stood as asked; then there is no event.

    ``at`` is the moment of the photo's (or the room's) latest event.
    """

    changed: bool
    at: datetime


def like(*, photo: Photo, person: Person, at: datetime) -> Done:
    with _locked(photo) as latest:
        moment = _after(latest, at)
        if not _insert_like(photo, person, moment):
            _refuse_outsider(photo, person)
            return Done(False, latest)
        _record(photo, person, Action.LIKE, moment, likes=1)
    return Done(True, moment)


def unlike(*, photo: Photo, person: Person, at: datetime) -> Done:
    with _locked(photo) as latest:
        removed, _ = Like.objects.filter(photo=photo, person=person).delete()
        if not removed:
            _refuse_outsider(photo, person)
            return Done(False, latest)
        moment = _after(latest, at)
        _record(photo, person, Action.UNLIKE, moment, likes=-1)
    return Done(True, moment)


def look(*, photo: Photo, person: Person, at: datetime) -> Done:
    """The person opens the app and takes in what it shows of the photo.

    A second look within a minute changes nothing if nothing happened in between.
    """
    with _locked(photo) as latest:
        _refuse_outsider(photo, person)
        last = Event.objects.filter(photo=photo, at=latest).values_list("person", "action").first()
        if last == (person.pk, Action.LOOK) and at < latest + ONE_LOOK:
            return Done(False, latest)
        moment = _after(latest, at)
        _record(photo, person, Action.LOOK, moment)
    return Done(True, moment)


@transaction.atomic
def leave(*, person: Person, at: datetime) -> Done:
    """The person deletes their account, for good: their likes go, their name stays in the log."""
    photos = Photo.objects.filter(room=person.room_id)
    latest = max(
        photos.select_for_update(no_key=True).order_by("pk").values_list("latest_at", flat=True),
        default=at - TICK,
    )
    held = Person.objects.select_for_update(no_key=True).values_list("left_at", flat=True)
    left_at = held.get(pk=person.pk)
    if left_at is not None:
        return Done(False, latest)
    moment = _after(latest, at)
    liked = Like.objects.filter(photo=OuterRef("pk"), person=person)
    photos.filter(Exists(liked)).update(like_count=F("like_count") - 1)
    photos.update(latest_at=moment)
    Like.objects.filter(person=person).delete()
    Person.objects.filter(pk=person.pk).update(left_at=moment)
    Event.objects.create(room_id=person.room_id, person=person, action=Action.LEAVE, at=moment)
    return Done(True, moment)


@contextmanager
def _locked(photo: Photo) -> Iterator[datetime]:
    """A transaction that holds the photo; gives the moment of its latest event."""
    with transaction.atomic():
        held = Photo.objects.select_for_update(no_key=True).values_list("latest_at", flat=True)
        yield held.get(pk=photo.pk)


def _after(latest: datetime, at: datetime) -> datetime:
    """The clock's moment, or just after the latest event if the clock is behind it."""
    return max(at, latest + TICK)


def _insert_like(photo: Photo, person: Person, since: datetime) -> bool:
    """Adds the like unless it stands, or the person has left or is of another room."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feed_like (photo_id, person_id, since)"
            " SELECT %s, id, %s FROM feed_person WHERE id = %s AND room_id = %s AND left_at IS NULL"
            " ON CONFLICT (photo_id, person_id) DO NOTHING",
            [photo.pk, adapt(since), person.pk, photo.room_id],
        )
        return bool(cursor.rowcount)


def _record(photo: Photo, person: Person, action: Action, at: datetime, *, likes: int = 0) -> None:
    Photo.objects.filter(pk=photo.pk).update(
        latest_at=at, **({"like_count": F("like_count") + likes} if likes else {})
    )
    Event.objects.create(room_id=photo.room_id, photo=photo, person=person, action=action, at=at)


def _refuse_outsider(photo: Photo, person: Person) -> None:
    if person.room_id != photo.room_id:
        raise RefusedError(f"{person.name} is not in this photo's room.")
    if Person.objects.filter(pk=person.pk, left_at__isnull=False).exists():
        raise RefusedError(f"{person.name} has left.")
