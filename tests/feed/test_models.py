"""What the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from feed import actions
from feed.models import AppendOnlyError, Event, Follow, Like, Person, Photo, Room
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory


def test_two_rooms_cannot_share_a_key(room: Room) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoomFactory.create(key=room.key)


def test_a_handle_is_taken_once_in_a_room(room: Room, ana: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PersonFactory.create(room=room, handle="ana")
    assert PersonFactory.create(handle="ana").room != room


def test_a_photo_number_is_taken_once_in_a_room(photo: Photo, ana: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PhotoFactory.create(poster=ana, number=photo.number)
    assert PhotoFactory.create(number=photo.number).room != photo.room


def test_pronouns_are_some_that_sentences_know(ana: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.update(pronouns="it")


def test_nobody_follows_themselves(ana: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Follow.objects.create(follower=ana, followed=ana, since=NOON)


def test_nobody_follows_twice(ana: Person, ben: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Follow.objects.create(follower=ana, followed=ben, since=NOON)


def test_a_like_stands_once(photo: Photo, ana: Person) -> None:
    Like.objects.create(photo=photo, person=ana, since=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Like.objects.create(photo=photo, person=ana, since=NOON)


def test_a_count_never_falls_below_zero(photo: Photo) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.update(like_count=-1)


def test_nothing_happens_to_a_photo_before_it_is_posted(photo: Photo) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Photo.objects.update(latest_at=photo.posted_at - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("action", "with_photo"), [("shrug", True), ("like", False), ("leave", True)]
)
def test_an_event_that_means_nothing_is_refused(
    photo: Photo, ana: Person, action: str, with_photo: bool
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(
            room=photo.room, photo=photo if with_photo else None, person=ana, action=action, at=NOON
        )


def test_the_log_is_only_added_to(photo: Photo, ana: Person) -> None:
    actions.like(photo=photo, person=ana, at=NOON)
    event = Event.objects.get()
    event.action = "unlike"
    for change in (
        event.save,
        event.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(action="unlike"),
        lambda: Event.objects.bulk_update([event], ["action"]),
    ):
        with pytest.raises(AppendOnlyError, match="append-only"):
            change()
    assert Event.objects.get().action == "like"


def test_the_log_goes_with_its_room(photo: Photo, ana: Person) -> None:
    actions.like(photo=photo, person=ana, at=NOON)
    photo.room.delete()
    assert not Event.objects.exists()
