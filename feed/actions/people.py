"""What people are to each other, and how they go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from feed.actions.common import TICK, Done, RefusedError, after
from feed.disclosure.history import Action
from feed.models import Block, Comment, Event, Follow, Like, Person, Photo, Room, Share


@transaction.atomic
def follow(*, follower: Person, followed: Person, at: datetime) -> bool:
    """Whether that is new. Raises RefusedError between people who cannot see each other."""
    _refuse_strangers(follower, followed, "follow")
    if _blocks(follower, followed).exists():
        raise RefusedError(f"You cannot follow {followed.name}.")
    _, made = Follow.objects.get_or_create(
        follower=follower, followed=followed, defaults={"since": at}
    )
    return made


def unfollow(*, follower: Person, followed: Person) -> bool:
    removed, _ = Follow.objects.filter(follower=follower, followed=followed).delete()
    return bool(removed)


@transaction.atomic
def block(*, blocker: Person, blocked: Person) -> bool:
    """Neither finds the other any more, nor follows them. Likes stay in place."""
    _refuse_strangers(blocker, blocked, "block")
    _, made = Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    Follow.objects.filter(
        Q(follower=blocker, followed=blocked) | Q(follower=blocked, followed=blocker)
    ).delete()
    return made


def unblock(*, blocker: Person, blocked: Person) -> bool:
    removed, _ = Block.objects.filter(blocker=blocker, blocked=blocked).delete()
    return bool(removed)


@transaction.atomic
def leave(*, person: Person, at: datetime) -> Done:
    """The person deletes their account, for good.

    Their likes, comments and shares go; their name stays in the log.
    """
    Room.objects.select_for_update(no_key=True).get(pk=person.room_id)  # nothing is posted now
    photos = Photo.objects.filter(room=person.room_id)
    latest = max(
        photos.select_for_update(no_key=True).order_by("pk").values_list("latest_at", flat=True),
        default=at - TICK,
    )
    held = Person.objects.select_for_update(no_key=True).values_list("left_at", flat=True)
    left_at = held.get(pk=person.pk)
    if left_at is not None:
        return Done(False, latest)
    moment = after(latest, at)
    for model, count in ((Like, "like_count"), (Share, "share_count"), (Comment, "comment_count")):
        _take_along(model, count, person, photos)
    photos.update(latest_at=moment)
    Person.objects.filter(pk=person.pk).update(left_at=moment)
    Event.objects.create(room_id=person.room_id, person=person, action=Action.LEAVE, at=moment)
    return Done(True, moment)


def _take_along(
    model: type[Like | Share | Comment], count: str, person: Person, photos: QuerySet[Photo]
) -> None:
    theirs = model.objects.filter(photo=OuterRef("pk"), person=person)
    number = theirs.order_by().values("photo").annotate(number=Count("pk")).values("number")
    photos.filter(Exists(theirs)).update(**{count: F(count) - Subquery(number)})
    model.objects.filter(person=person).delete()


def _blocks(one: Person, other: Person) -> QuerySet[Block]:
    return Block.objects.filter(Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one))


def _refuse_strangers(person: Person, other: Person, what: str) -> None:
    if person.pk == other.pk:
        raise RefusedError(f"You cannot {what} yourself.")
    if person.room_id != other.room_id:
        raise RefusedError(f"{other.name} is not in your room.")
    gone = Person.objects.filter(pk__in=(person.pk, other.pk), left_at__isnull=False).first()
    if gone:
        raise RefusedError(f"{gone.name} has left.")
