"""The cast: Ben posts, Ana and Mika follow him, Zoe does not. All in one room."""

import pytest

from feed.models import Person, Photo, Room
from tests.factories import PersonFactory, PhotoFactory, RoomFactory


@pytest.fixture
def room(db: None) -> Room:
    return RoomFactory.create(key="harbour", name="Harbour")


@pytest.fixture
def ben(room: Room) -> Person:
    return PersonFactory.create(room=room, handle="ben", name="Ben", pronouns="he")


@pytest.fixture
def ana(room: Room, ben: Person) -> Person:
    return PersonFactory.create(room=room, handle="ana", name="Ana", pronouns="she", follows=[ben])


@pytest.fixture
def mika(room: Room, ben: Person) -> Person:
    return PersonFactory.create(
        room=room, handle="mika", name="Mika", pronouns="she", follows=[ben]
    )


@pytest.fixture
def zoe(room: Room) -> Person:
    return PersonFactory.create(room=room, handle="zoe", name="Zoe", pronouns="she")


@pytest.fixture
def photo(ben: Person) -> Photo:
    return PhotoFactory.create(poster=ben, number=1)
