"""All test data."""

from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from feed import actions
from feed.models import Follow, Person, Photo, Room

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
"""When the photos of tests are posted, unless they say otherwise."""


class RoomFactory(DjangoModelFactory[Room]):
    key = factory.Sequence("room-{}".format)
    name = "Room"
    touched_at = NOON

    class Meta:
        model = Room


class PersonFactory(DjangoModelFactory[Person]):
    """``follows`` takes the people whom this one follows."""

    room = factory.SubFactory(RoomFactory)
    handle = factory.Sequence("person.{}".format)
    name = factory.LazyAttribute(lambda person: person.handle.title())
    pronouns = "they"
    avatar = "avatars/peep-24-yuki.svg"

    class Meta:
        model = Person
        skip_postgeneration_save = True

    @factory.post_generation
    def follows(self: Person, _create: bool, people: list[Person] | None, **_: Any) -> None:
        for person in people or ():
            Follow.objects.create(follower=self, followed=person, since=NOON)


class PhotoFactory(DjangoModelFactory[Photo]):
    """``liked_by`` takes people who like it, right after it was posted, in turn."""

    poster = factory.SubFactory(PersonFactory)
    room = factory.SelfAttribute("poster.room")
    number = factory.Sequence(int)
    image = "photos/harbour-skyline-at-dusk.jpg"
    width = 1280
    height = 853
    colour = "#0d2a46"
    title = "Harbour skyline at dusk"
    alt = "City towers at dusk"
    caption = "caught the last ferry, worth it"
    posted_at = NOON
    latest_at = factory.SelfAttribute("posted_at")

    class Meta:
        model = Photo
        skip_postgeneration_save = True

    @factory.post_generation
    def liked_by(self: Photo, _create: bool, people: list[Person] | None, **_: Any) -> None:
        for person in people or ():
            actions.like(photo=self, person=person, at=self.posted_at)
