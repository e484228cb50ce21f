"""What people do to a photo."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from feed.actions.common import (
    Done,
    RefusedError,
    after,
    can_be_read,
    locked,
    press,
    record,
    refuse_outsider,
)
from feed.disclosure.history import Action
from feed.models import Comment, Event, Like, Person, Photo, Share

ONE_LOOK = timedelta(minutes=1)
LONGEST_VIEW = 600
"""Seconds; who leaves a photo open for longer has gone for a coffee."""

LONGEST_COMMENT = 500
TWICE = timedelta(seconds=20)
"""The same words again within this time are a second press on the same button."""


def like(*, photo: Photo, person: Person, at: datetime) -> Done:
    def change(moment: datetime) -> bool:
        return _insert(Like, photo, person, moment)

    return press(photo, person, Action.LIKE, at, change, like_count=1)


def unlike(*, photo: Photo, person: Person, at: datetime) -> Done:
    def change(_: datetime) -> bool:
        return _delete(Like, photo, person)

    return press(photo, person, Action.UNLIKE, at, change, like_count=-1, unlike_count=1)


def share(*, photo: Photo, person: Person, at: datetime) -> Done:
    """The person shows the photo to their followers."""

    def change(moment: datetime) -> bool:
        return _insert(Share, photo, person, moment)

    return press(photo, person, Action.SHARE, at, change, share_count=1)


def unshare(*, photo: Photo, person: Person, at: datetime) -> Done:
    def change(_: datetime) -> bool:
        return _delete(Share, photo, person)

    return press(photo, person, Action.UNSHARE, at, change, share_count=-1)


def comment(*, photo: Photo, person: Person, text: str, at: datetime) -> Comment:
    """Raises RefusedError for an empty text and for one of more than LONGEST_COMMENT letters."""
    text = text.replace("\0", "").strip()
    if not can_be_read(text):
        raise RefusedError("There is nothing in the comment yet. Write a word or two.")
    if len(text) > LONGEST_COMMENT:
        raise RefusedError(
            f"A comment may have {LONGEST_COMMENT} letters, and this one has {len(text)}."
        )
    with locked(photo) as latest:
        refuse_outsider(photo, person)
        again = Comment.objects.filter(photo=photo, person=person, text=text, at__gt=at - TWICE)
        if pressed_twice := again.first():
            return pressed_twice
        moment = after(latest, at)
        record(photo, person, Action.COMMENT, moment, comment_count=1)
        return Comment.objects.create(photo=photo, person=person, text=text, at=moment)


def uncomment(*, comment: Comment, at: datetime) -> Done:
    """Deletes the comment; the log keeps that there was one, not what it said."""
    with locked(comment.photo) as latest:
        removed, _ = Comment.objects.filter(pk=comment.pk).delete()
        if not removed:
            return Done(False, latest)
        moment = after(latest, at)
        record(comment.photo, comment.person, Action.UNCOMMENT, moment, comment_count=-1)
    return Done(True, moment)


def look(*, photo: Photo, person: Person, at: datetime) -> Done:
    """The person opens the app and takes in what it shows of the photo.

    A second look within a minute changes nothing if nothing happened in between.
    """
    with locked(photo) as latest:
        refuse_outsider(photo, person)
        last = Event.objects.filter(photo=photo, at=latest).values_list("person", "action").first()
        if last == (person.pk, Action.LOOK) and at < latest + ONE_LOOK:
            return Done(False, latest)
        moment = after(latest, at)
        record(photo, person, Action.LOOK, moment)
    return Done(True, moment)


def view(*, photo: Photo, person: Person, seconds: int, at: datetime) -> Done:
    """The person has looked at the photo for so long. Nobody's own photo counts."""
    seconds = min(seconds, LONGEST_VIEW)
    with locked(photo) as latest:
        refuse_outsider(photo, person)
        if seconds < 1 or photo.poster_id == person.pk:
            return Done(False, latest)
        moment = after(latest, at)
        record(photo, person, Action.VIEW, moment, seconds=seconds)
    return Done(True, moment)


def _insert(model: type[Like] | type[Share], photo: Photo, person: Person, since: datetime) -> bool:
    """Adds the row unless it stands, or the person has left or is of another room."""
    moment = connection.ops.adapt_datetimefield_value(since)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} (photo_id, person_id, since)"  # noqa: S608
            " SELECT %s, id, %s FROM feed_person WHERE id = %s AND room_id = %s AND left_at IS NULL"
            " ON CONFLICT (photo_id, person_id) DO NOTHING",
            [photo.pk, moment, person.pk, photo.room_id],
        )
        return bool(cursor.rowcount)


def _delete(model: type[Like] | type[Share], photo: Photo, person: Person) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {model._meta.db_table} WHERE photo_id = %s AND person_id = %s",  # noqa: S608
            [photo.pk, person.pk],
        )
        return bool(cursor.rowcount)
