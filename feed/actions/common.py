"""What all actions share: the lock on a photo, its clock, and the log.

Whoever writes to a photo first locks it. So the moments of a photo's events rise strictly, in the
order in which the presses were taken, and a count is never changed but together with its rows.
SQLite has no row locks: there a transaction holds the whole database from its start (the setting
``transaction_mode`` is IMMEDIATE).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from feed.disclosure.history import Action
from feed.models import Person, Photo

TICK = timedelta(microseconds=1)
COUNTS = ("like_count", "unlike_count", "comment_count", "share_count")


class RefusedError(ValueError):
    """The person cannot do this; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Done:
    """``changed`` is False when things already stood as asked; then there is no event.

    ``at`` is the moment of the photo's (or the room's) latest event.
    """

    changed: bool
    at: datetime


@contextmanager
def locked(photo: Photo) -> Iterator[datetime]:
    """A transaction that holds the photo; gives the moment of its latest event.

    The photo's counts are then as they stand.
    """
    with transaction.atomic():
        held = Photo.objects.select_for_update(no_key=True)
        latest, removed, *counts = held.values_list("latest_at", "removed_at", *COUNTS).get(
            pk=photo.pk
        )
        if removed:
            raise RefusedError(f"“{photo.title}” was removed a moment ago.")
        for name, count in zip(COUNTS, counts, strict=True):
            setattr(photo, name, count)
        yield latest


def after(latest: datetime, at: datetime) -> datetime:
    """The clock's moment, or just after the latest event if the clock is behind it."""
    return max(at, latest + TICK)


def press(
    photo: Photo,
    person: Person,
    action: Action,
    at: datetime,
    change: Callable[[datetime], bool],
    **counts: int,
) -> Done:
    """Changes something at a moment, if it does, with the photo's counts and the log.

    As good as always one statement takes the lock, the clock and the counts a step further. Where
    that is not so (the clock is behind, nothing changes, the photo is gone), it is undone, and
    all is done again one by one.
    """
    with suppress(_UnchangedError), transaction.atomic():
        if _step(photo, at, counts):
            if not change(at):
                raise _UnchangedError
            _log(photo, person, action, at)
            return Done(True, at)
    with locked(photo) as latest:
        moment = after(latest, at)
        if not change(moment):
            refuse_outsider(photo, person)
            return Done(False, latest)
        record(photo, person, action, moment, **counts)
    return Done(True, moment)


class _UnchangedError(Exception):
    """Things stood as asked already."""


def _step(photo: Photo, at: datetime, counts: Mapping[str, int]) -> bool:
    changes = "".join(f", {name} = {name} + {by:d}" for name, by in counts.items())
    enough = "".join(f" AND {name} >= {-by:d}" for name, by in counts.items() if by < 0)
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE feed_photo SET latest_at = %s{changes}"  # noqa: S608
            f" WHERE id = %s AND latest_at < %s AND removed_at IS NULL{enough}"
            f" RETURNING {', '.join(COUNTS)}",
            [moment, photo.pk, moment],
        )
        row = cursor.fetchone()
    for name, count in zip(COUNTS, row or (), strict=False):
        setattr(photo, name, count)
    return row is not None


def record(
    photo: Photo,
    person: Person,
    action: Action,
    at: datetime,
    *,
    seconds: int | None = None,
    **counts: int,
) -> None:
    """Logs the event and changes the photo's counts by so many; the photo is locked."""
    for name, by in counts.items():
        setattr(photo, name, getattr(photo, name) + by)
    changes = {name: F(name) + by for name, by in counts.items()}
    Photo.objects.filter(pk=photo.pk).update(latest_at=at, **changes)
    _log(photo, person, action, at, seconds)


def _log(
    photo: Photo, person: Person, action: Action, at: datetime, seconds: int | None = None
) -> None:
    moment = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feed_event (room_id, photo_id, person_id, action, at, seconds)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            [photo.room_id, photo.pk, person.pk, action.value, moment, seconds],
        )


def can_be_read(text: str) -> bool:
    """Whether there is anything in it that leaves a mark."""
    return any(letter.isprintable() and not letter.isspace() for letter in text)


def refuse_outsider(photo: Photo, person: Person) -> None:
    if person.room_id != photo.room_id:
        raise RefusedError(f"{person.name} is not in this photo's room.")
    if Person.objects.filter(pk=person.pk, left_at__isnull=False).exists():
        raise RefusedError(f"{person.name} has left.")
