"""Whether what is kept beside the log still follows from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from feed.ledger import Entry, Standing, standing
from feed.models import Event, Like, Person, Photo, Room


@dataclass(frozen=True, slots=True)
class Drift:
    room: str
    photo: int
    what: str

    def __str__(self) -> str:
        return f"Room {self.room}, photo {self.photo}: {self.what}."


@transaction.atomic
def audit(room: Room, *, repair: bool = False) -> list[Drift]:
    """Where likes, counts and latest moments differ from the log; ``repair`` mends them.

    Holds the room's photos meanwhile, so that no press comes in between.
    """
    photos = list(Photo.objects.select_for_update(no_key=True).filter(room=room).order_by("pk"))
    log = [
        Entry(*row)
        for row in Event.objects.filter(room=room)
        .order_by("at", "id")
        .values_list("at", "photo", "person", "action")
    ]
    due, kept = standing(log), _kept(room)
    handles = dict(Person.objects.filter(room=room).values_list("pk", "handle"))
    drifts: list[Drift] = []
    for photo in photos:
        latest = _latest(photo, log)
        whats = [
            *_likes(kept[photo.pk], due[photo.pk], handles),
            *_photo(photo, len(due[photo.pk]), latest),
        ]
        drifts += (Drift(room.key, photo.number, what) for what in whats)
        if whats and repair:
            _repair(photo, due[photo.pk], latest)
    return drifts


def _kept(room: Room) -> Standing:
    kept: Standing = defaultdict(dict)
    likes = Like.objects.filter(photo__room=room)
    for photo, person, since in likes.values_list("photo", "person", "since"):
        kept[photo][person] = since
    return kept


def _latest(photo: Photo, log: list[Entry]) -> datetime:
    mine = (e.at for e in reversed(log) if e.photo == photo.pk or e.photo is None)
    return max(photo.posted_at, next(mine, photo.posted_at))


def _likes(
    kept: Mapping[int, datetime], due: Mapping[int, datetime], handles: Mapping[int, str]
) -> Iterator[str]:
    for person in sorted(kept.keys() | due.keys()):
        name = handles.get(person, f"somebody of another room ({person})")
        if person not in kept:
            yield f"the like of {name} is missing"
        elif person not in due:
            yield f"the like of {name} does not follow from the log"
        elif kept[person] != due[person]:
            yield f"the like of {name} is dated {kept[person]}, in the log {due[person]}"


def _photo(photo: Photo, likes: int, latest: datetime) -> Iterator[str]:
    if photo.like_count != likes:
        yield f"the count says {photo.like_count}, the log {likes}"
    if photo.latest_at != latest:
        yield f"the latest event is dated {photo.latest_at}, in the log {latest}"


def _repair(photo: Photo, likes: Mapping[int, datetime], latest: datetime) -> None:
    Like.objects.filter(photo=photo).delete()
    Like.objects.bulk_create(
        Like(photo=photo, person_id=person, since=since) for person, since in likes.items()
    )
    Photo.objects.filter(pk=photo.pk).update(like_count=len(likes), latest_at=latest)
