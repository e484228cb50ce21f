"""Posting a photo, and what its poster may do with it afterwards."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from feed.actions.common import Done, RefusedError, after, locked
from feed.models import Comment, Event, Person, Photo, Room, Share


@transaction.atomic
def post(
    *,
    poster: Person,
    image: str,
    widths: str,
    width: int,
    height: int,
    colour: str,
    title: str,
    alt: str,
    caption: str,
    at: datetime,
) -> Photo:
    """A new photo, with the next number of its room; the picture is stored already."""
    room = Room.objects.select_for_update().get(pk=poster.room_id)
    if Person.objects.filter(pk=poster.pk, left_at__isnull=False).exists():
        raise RefusedError(f"{poster.name} has left.")
    latest = room.photos.aggregate(latest=Max("number"))["latest"] or 0
    left = Event.objects.filter(room=room, photo=None).aggregate(at=Max("at"))["at"]
    at = after(left, at) if left else at
    return Photo.objects.create(
        room=room,
        number=latest + 1,
        poster=poster,
        image=image,
        widths=widths,
        width=width,
        height=height,
        colour=colour,
        title=title,
        alt=alt,
        caption=caption,
        posted_at=at,
        latest_at=at,
    )


def edit(*, photo: Photo, person: Person, title: str, alt: str, caption: str) -> None:
    """Changes the words. Nothing in the log: no platform tells anybody."""
    _refuse_others(photo, person)
    with locked(photo):
        Photo.objects.filter(pk=photo.pk).update(title=title, alt=alt, caption=caption)


def remove(*, photo: Photo, person: Person, at: datetime) -> Done:
    """Takes the photo away with its words, comments and shares.

    The row stays, since the log speaks of it, with its likes, which follow from the log. Whoever
    stored the picture deletes it.
    """
    _refuse_others(photo, person)
    with locked(photo) as latest:
        Comment.objects.filter(photo=photo).delete()
        Share.objects.filter(photo=photo).delete()
        Photo.objects.filter(pk=photo.pk).update(
            title="",
            alt="",
            caption="",
            comment_count=0,
            share_count=0,
            removed_at=after(latest, at),
        )
    return Done(True, latest)


def _refuse_others(photo: Photo, person: Person) -> None:
    if photo.poster_id != person.pk:
        raise RefusedError(f"“{photo.title}” is not yours to change.")
