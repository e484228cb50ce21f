"""Whether what is kept beside the log still follows from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from feed.disclosure.history import Action
from feed.ledger import Entry, Standing, standing
from feed.models import Comment, Event, Like, Person, Photo, Room, Share

AUDITED = "Audited: "
"""With this begins what an audit leaves in the admin's log, for the state of the site."""

NAMED = 20
"""As many drifts as an entry of that log names."""


@dataclass(frozen=True, slots=True)
class Drift:
    room: str
    photo: int
    what: str

    def __str__(self) -> str:
        return f"Room {self.room}, photo {self.photo}: {self.what}."


def found(drifts: list[Drift], *, repaired: bool) -> str:
    """What an entry of the admin's log says of an audit."""
    if not drifts:
        return "all follows."
    return " ".join([count(drifts, repaired=repaired), *map(str, drifts[:NAMED])])


def count(drifts: list[Drift], *, repaired: bool) -> str:
    return f"{len(drifts):,} differ{' and were mended' if repaired else ''}."


@transaction.atomic
def audit(room: Room, *, repair: bool = False) -> list[Drift]:
    """Where likes, counts and latest moments differ from what they follow from.

    ``repair`` mends them.

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
    latest = {entry.photo: entry.at for entry in log}  # in order of time: the last one stays
    unlikes = Counter(entry.photo for entry in log if entry.action == Action.UNLIKE)
    comments = _numbers(Comment, room)
    shares = _numbers(Share, room)
    handles = dict(Person.objects.filter(room=room).values_list("pk", "handle"))
    drifts: list[Drift] = []
    for photo in photos:
        columns = {
            "like_count": len(due[photo.pk]),
            "unlike_count": unlikes[photo.pk],
            "comment_count": comments[photo.pk],
            "share_count": shares[photo.pk],
            "latest_at": max(_moments(photo, latest)),
        }
        whats = [
            *_likes(kept[photo.pk], due[photo.pk], handles),
            *_columns(photo, columns),
        ]
        drifts += (Drift(room.key, photo.number, what) for what in whats)
        if whats and repair:
            _repair(photo, due[photo.pk], columns)
    return drifts


def _kept(room: Room) -> Standing:
    kept: Standing = defaultdict(dict)
    likes = Like.objects.filter(photo__room=room)
    for photo, person, since in likes.values_list("photo", "person", "since"):
        kept[photo][person] = since
    return kept


def _moments(photo: Photo, latest: Mapping[int | None, datetime]) -> Iterator[datetime]:
    """Of its posting, of its latest event, and of the latest event of all photos."""
    yield photo.posted_at
    yield from (latest[key] for key in (photo.pk, None) if key in latest)


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


def _numbers(model: type[Comment | Share], room: Room) -> Counter[int]:
    rows = model.objects.filter(photo__room=room).values_list("photo")
    return Counter(dict(rows.annotate(number=Count("pk"))))


def _columns(photo: Photo, columns: Mapping[str, Any]) -> Iterator[str]:
    for column, due in columns.items():
        if (kept := getattr(photo, column)) != due:
            yield f"{column} is {kept} and should be {due}"


def _repair(photo: Photo, likes: Mapping[int, datetime], columns: Mapping[str, Any]) -> None:
    Like.objects.filter(photo=photo).delete()
    Like.objects.bulk_create(
        Like(photo=photo, person_id=person, since=since) for person, since in likes.items()
    )
    Photo.objects.filter(pk=photo.pk).update(**columns)
