"""Rows into what the engine takes, in a number of queries that does not grow with the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from feed.disclosure import history as engine
from feed.disclosure.disclose import NAMED_ON_A_CARD
from feed.models import Block, Comment, Event, Follow, Like, Person, Photo, Room, Share

BEYOND = 2**31
"""No photo has a number this large; databases take no larger one to compare with."""

NOBODY = 0
"""No user has this id."""

LIKES = (engine.Action.LIKE, engine.Action.UNLIKE, engine.Action.LEAVE, engine.Action.LOOK)
"""What the engine reasons about; a history has nothing else in it."""


def photos(room: Room, person: Person, *, before: int | None = None) -> QuerySet[Photo]:
    """What the person may find in the room, with the posters, the newest first.

    Whoever left took their photos along, and whoever blocks the person, or is blocked, keeps
    theirs away. ``before`` is the number of a photo: only those further down follow. Each has
    ``shared`` and ``followed``: whether the person shares it, and follows its poster.
    """
    shown = Photo.objects.filter(
        room=room, removed_at__isnull=True, poster__left_at__isnull=True
    ).exclude(poster__in=kept_apart(person))
    cards = (
        shown.select_related("poster")
        .annotate(
            shared=Exists(Share.objects.filter(photo=OuterRef("pk"), person=person)),
            followed=Exists(Follow.objects.filter(followed=OuterRef("poster"), follower=person)),
        )
        .order_by("-posted_at", "-number")
    )
    if before is None:
        return cards
    place = Photo.objects.filter(room=room, number=before)
    posted = Subquery(place.values("posted_at"))
    return cards.filter(Q(posted_at__lt=posted) | Q(posted_at=posted, number__lt=before))


def timeline(room: Room, person: Person, *, before: int | None = None) -> QuerySet[Photo]:
    """What people whom the person follows post and share, and the person's own; one query.

    Each has ``shared_by``: the handle of the first of them who shares it, if anybody does.
    """
    shares = Share.objects.filter(person__in=followed(person), photo=OuterRef("pk"))
    return (
        photos(room, person, before=before)
        .annotate(shared_by=Subquery(shares.order_by("since").values("person__handle")[:1]))
        .filter(Q(poster__in=followed(person)) | Q(poster=person) | Exists(shares))
    )


def pressed(
    key: str, handle: str, number: int, *, touched: datetime, user: int | None = None
) -> tuple[Room, Person, Photo] | None:
    """A room, who presses in it, and what: in one statement, written by hand.

    A press may cost little more than its writes (``bench/web.py``). The photo is as ``photos`` has
    it. The room is a copy, or the original in which the ``user`` has an account; who presses is
    its owner or has none. None where there is no such room, used since ``touched``, no such person
    or no such photo.
    """
    sought = {
        "key": key,
        "handle": handle,
        "number": min(number, BEYOND),
        "touched": connection.ops.adapt_datetimefield_value(touched),
        "user": user or NOBODY,
    }
    photo = next(iter(Photo.objects.raw(_PRESSED, sought)), None)
    if photo is None:
        return None

    def taken(who: str) -> Person:
        known = {name: getattr(photo, f"{who}_{name}") for name in _KNOWN}
        return Person(room_id=photo.room_id, **known)

    photo.poster, you = taken("poster"), taken("you")
    original: int = getattr(photo, "original_id")  # noqa: B009 (a column of another table)
    return Room(id=photo.room_id, key=key, original_id=original), you, photo


_KNOWN = ("id", "handle", "name", "pronouns", "place", "avatar", "user_id")
_PRESSED = f"""
SELECT photo.*, room.original_id,
    {", ".join(f"poster.{name} AS poster_{name}, you.{name} AS you_{name}" for name in _KNOWN)},
    EXISTS (SELECT 1 FROM feed_share WHERE photo_id = photo.id AND person_id = you.id) AS shared,
    EXISTS (
        SELECT 1 FROM feed_follow WHERE follower_id = you.id AND followed_id = poster.id
    ) AS followed
FROM feed_room room
JOIN feed_person you ON you.room_id = room.id
JOIN feed_photo photo ON photo.room_id = room.id
JOIN feed_person poster ON poster.id = photo.poster_id
WHERE room.key = %(key)s AND room.touched_at > %(touched)s
    AND (room.original_id IS NOT NULL OR EXISTS (
        SELECT 1 FROM feed_person
        WHERE user_id = %(user)s AND room_id = room.id AND left_at IS NULL
    ))
    AND you.handle = %(handle)s AND you.left_at IS NULL
    AND (you.user_id IS NULL OR you.user_id = %(user)s)
    AND photo.number = %(number)s AND photo.removed_at IS NULL AND poster.left_at IS NULL
    AND NOT EXISTS (
        SELECT 1 FROM feed_block
        WHERE blocker_id = you.id AND blocked_id = poster.id
            OR blocked_id = you.id AND blocker_id = poster.id
    )
"""  # noqa: S608


def person(room: Room, viewer: Person, handle: str) -> Person:
    """Somebody who is there and does not block the viewer. Raises Person.DoesNotExist."""
    blocking = Block.objects.filter(blocker=OuterRef("pk"), blocked=viewer)
    there = Person.objects.filter(room=room, left_at__isnull=True).exclude(Exists(blocking))
    return there.get(handle=handle)


def comments(photo: Photo, viewer: Person) -> QuerySet[Comment]:
    """What people wrote whom the viewer may find, with who they are, the oldest first."""
    found = photo.comments.exclude(person__in=kept_apart(viewer))
    return found.select_related("person").order_by("at")


def log(photo: Photo) -> QuerySet[Event]:
    """Everything that happened to the photo, and who left since, the latest first."""
    of_the_room = Q(room=photo.room_id, photo__isnull=True, at__gte=photo.posted_at)
    events = Event.objects.filter(Q(photo=photo) | of_the_room)
    return events.select_related("person").order_by("-at", "-id")


def search(room: Room, person: Person, words: str) -> tuple[QuerySet[Person], QuerySet[Photo]]:
    """People by handle or name and photos by what is said of them, each with all the words."""
    people = Person.objects.filter(room=room, left_at__isnull=True).exclude(
        pk__in=kept_apart(person)
    )
    found = photos(room, person)
    for word in words.split():
        people = people.filter(Q(handle__icontains=word) | Q(name__icontains=word))
        found = found.filter(
            Q(title__icontains=word) | Q(alt__icontains=word) | Q(caption__icontains=word)
        )
    return people.order_by("name"), found


def followed(person: Person) -> QuerySet[Follow, int]:
    """The ids of whom the person follows, for use in a query."""
    return Follow.objects.filter(follower=person).values_list("followed", flat=True)


def kept_apart(person: Person) -> QuerySet[Block, int]:
    """The ids of people who block the person or are blocked by them, for use in a query."""
    blocked = Block.objects.filter(blocker=person).values_list("blocked", flat=True)
    blocking = Block.objects.filter(blocked=person).values_list("blocker", flat=True)
    return blocked.union(blocking)


def summaries(photos: Sequence[Photo], viewer: Person) -> dict[int, engine.Summary]:
    """What the cards need, by the photos' ids; one query. The photos come with their posters.

    It asks for the newest likes one by one, each a step in an index: a photo may have a million.
    """
    likes = Like.objects.filter(photo=OuterRef("pk")).order_by("-since")
    handles = [
        Subquery(likes.values("person__handle")[place : place + 1])
        for place in range(NAMED_ON_A_CARD)
    ]
    liked = Exists(Like.objects.filter(photo=OuterRef("pk"), person=viewer))
    rows = Photo.objects.filter(pk__in=[photo.pk for photo in photos])
    found = {row[0]: row[1:] for row in rows.values_list("pk", liked, *handles)}
    return {
        photo.pk: engine.Summary(
            poster=photo.poster.handle,
            likes=photo.like_count,
            newest=tuple(handle for handle in found[photo.pk][1:] if handle),
            liked=found[photo.pk][0],
        )
        for photo in photos
    }


def summary(photo: Photo, viewer: Person) -> engine.Summary:
    """The same for one photo, by hand; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [photo.pk, NAMED_ON_A_CARD, photo.pk, viewer.pk])
        *newest, (liked,) = cursor.fetchall()
    return engine.Summary(
        poster=photo.poster.handle,
        likes=photo.like_count,
        newest=tuple(handle for (handle,) in newest),
        liked=liked == "1",
    )


_NEWEST = """
SELECT * FROM (
    SELECT person.handle FROM feed_like JOIN feed_person person ON person.id = person_id
    WHERE photo_id = %s ORDER BY since DESC LIMIT %s
) AS newest
UNION ALL
SELECT CAST(COUNT(*) AS varchar) FROM feed_like WHERE photo_id = %s AND person_id = %s
"""


def history(photo: Photo) -> engine.History:
    """All that happened to the photo's likes, with its poster's looks; one query.

    The photo comes with its poster. Who left is in it too, whether they liked it or not.
    """
    return histories([photo])[photo.number]


def histories(photos: Sequence[Photo]) -> dict[int, engine.History]:
    """All that happened to each of the photos, by number; one query.

    The photos are of one room and come with their posters.
    """
    if not photos:
        return {}
    first = min(photo.posted_at for photo in photos)
    of_the_room = Q(room=photos[0].room_id, photo__isnull=True, at__gte=first)
    rows = (
        Event.objects.filter(Q(photo__in=photos) | of_the_room, action__in=LIKES)
        .exclude(~Q(person=F("photo__poster")), action=engine.Action.LOOK)
        .order_by("at", "id")
        .values_list("photo", "at", "person__handle", "action")
    )
    events: defaultdict[int | None, list[engine.Event]] = defaultdict(list)
    for photo, at, handle, action in rows:
        event = engine.Event(at, handle, engine.Action(action))
        for number in [photo] if photo else [photo.pk for photo in photos if photo.posted_at <= at]:
            events[number].append(event)
    return {
        photo.number: engine.History(
            poster=photo.poster.handle, posted=photo.posted_at, events=tuple(events[photo.pk])
        )
        for photo in photos
    }


def cast(room: Room) -> dict[engine.Person, Person]:
    """Everybody in the room by handle, those who left too; one query."""
    return {person.handle: person for person in Person.objects.filter(room=room).order_by("pk")}
