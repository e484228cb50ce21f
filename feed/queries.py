"""Rows into what the engine takes, in a number of queries that does not grow with the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from feed.disclosure import history as engine
from feed.disclosure.disclose import NAMED_ON_A_CARD
from feed.models import Block, Event, Follow, Like, Person, Photo, Room

LIKES = (engine.Action.LIKE, engine.Action.UNLIKE, engine.Action.LEAVE, engine.Action.LOOK)
"""What the engine reasons about; a history has nothing else in it."""


def photos(room: Room, person: Person, *, before: int | None = None) -> QuerySet[Photo]:
    """What the person may find in the room, with the posters, the newest first.

    Whoever left took their photos along, and whoever blocks the person, or is blocked, keeps
    theirs away. ``before`` is the number of a photo: only those further down follow.
    """
    shown = Photo.objects.filter(
        room=room, removed_at__isnull=True, poster__left_at__isnull=True
    ).exclude(poster__in=kept_apart(person))
    cards = shown.select_related("poster").order_by("-posted_at", "-number")
    if before is None:
        return cards
    place = Photo.objects.filter(room=room, number=before)
    posted = Subquery(place.values("posted_at"))
    return cards.filter(Q(posted_at__lt=posted) | Q(posted_at=posted, number__lt=before))


def timeline(room: Room, person: Person, *, before: int | None = None) -> QuerySet[Photo]:
    """The photos of the people whom the person follows and their own; one query."""
    return photos(room, person, before=before).filter(
        Q(poster__in=followed(person)) | Q(poster=person)
    )


def followed(person: Person) -> QuerySet[Follow, int]:
    """The ids of whom the person follows, for use in a query."""
    return Follow.objects.filter(follower=person).values_list("followed", flat=True)


def kept_apart(person: Person) -> QuerySet[Block, int]:
    """The ids of people who block the person or are blocked by them, for use in a query."""
    blocked = Block.objects.filter(blocker=person).values_list("blocked", flat=True)
    blocking = Block.objects.filter(blocked=person).values_list("blocker", flat=True)
    return blocked.union(blocking)


def summaries(photos: Sequence[Photo], viewer: Person) -> dict[int, engine.Summary]:
    """What the cards need, by the photos' ids; one query. The photos come with their posters."""
    rank = Window(RowNumber(), partition_by="photo", order_by=F("since").desc())
    likes = (
        Like.objects.filter(photo__in=photos)
        .annotate(rank=rank)
        .filter(Q(rank__lte=NAMED_ON_A_CARD) | Q(person=viewer))
        .order_by("photo", "rank")
        .values_list("photo", "person__handle", "rank")
    )
    newest: defaultdict[int, list[str]] = defaultdict(list)
    liked = set()
    for photo, handle, rank in likes:
        if rank <= NAMED_ON_A_CARD:
            newest[photo].append(handle)
        if handle == viewer.handle:
            liked.add(photo)
    return {
        photo.pk: engine.Summary(
            poster=photo.poster.handle,
            likes=photo.like_count,
            newest=tuple(newest[photo.pk]),
            liked=photo.pk in liked,
        )
        for photo in photos
    }


def history(photo: Photo) -> engine.History:
    """All that happened to the photo, with its poster's looks; one query.

    The photo comes with its poster. Who left is in it too, whether they liked it or not.
    """
    of_the_room = Q(room=photo.room_id, photo__isnull=True, at__gte=photo.posted_at)
    events = (
        Event.objects.filter(Q(photo=photo) | of_the_room, action__in=LIKES)
        .exclude(~Q(person=photo.poster_id), action=engine.Action.LOOK)
        .order_by("at", "id")
        .values_list("at", "person__handle", "action")
    )
    return engine.History(
        poster=photo.poster.handle,
        posted=photo.posted_at,
        events=tuple(
            engine.Event(at, handle, engine.Action(action)) for at, handle, action in events
        ),
    )


def cast(room: Room) -> dict[engine.Person, Person]:
    """Everybody in the room by handle, those who left too; one query."""
    return {person.handle: person for person in Person.objects.filter(room=room).order_by("pk")}
