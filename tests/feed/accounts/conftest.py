"""A class: Ben posts, Ana and Mika follow him. Ana and Ben have accounts, the others none."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from feed import accounts, rooms
from feed.models import Like, Person, Photo, Room
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory

HTMX = {"HX-Request": "true"}
PASSWORD = re.compile(rf"(?:[{accounts.ALPHABET}]{{5}}-){{2}}[{accounts.ALPHABET}]{{5}}")


class Quick(PBKDF2PasswordHasher):
    """Django's own, with fewer rounds, and still more than what is handed out has."""

    iterations = 2 * accounts.ITERATIONS


@pytest.fixture(autouse=True)
def hasher(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [f"{Quick.__module__}.Quick"]


@pytest.fixture
def demo(db: None) -> Room:
    room = RoomFactory.create(key=rooms.DEMO, name="Harbour")
    PhotoFactory.create(poster=PersonFactory.create(room=room, handle="olga", name="Olga"))
    return room


@pytest.fixture
def room(demo: Room) -> Room:
    return RoomFactory.create(key="class-7b", name="Class 7b", touched_at=timezone.now())


def handed(*people: Person) -> list[accounts.Handed]:
    chosen = Person.objects.filter(pk__in=[person.pk for person in people])
    return accounts.make(chosen, at=NOON)


@pytest.fixture
def passwords(ana: Person, ben: Person, mika: Person, zoe: Person) -> dict[str, str]:
    """By user name, which stands in the test's own people as well."""
    made = {each.username: each.password for each in handed(ana, ben)}
    for person in (ana, ben):
        person.refresh_from_db()
    return made


def sign_in(passwords: dict[str, str], handle: str, client: Client | None = None) -> Client:
    client = client or Client()
    username = f"{handle}@class-7b"
    sent = {"username": username, "password": passwords[username]}
    answer = client.post("/sign-in/", sent)
    assert (answer.status_code, answer["Location"]) == (303, "/feed/")
    return client


def said(client: Client, path: str = "/feed/") -> str:
    return " ".join(client.get(path).content.decode().split())


def you(client: Client) -> str:
    handle: str = client.get("/feed/").context["you"].handle
    return handle


def likers(photo: Photo) -> list[str]:
    likes = Like.objects.filter(photo=photo).order_by("pk")
    return list(likes.values_list("person__handle", flat=True))


def wrong(
    client: Client, username: str = "ana@class-7b", path: str = "/sign-in/", **sent: Any
) -> HttpResponse:
    given = {"username": username, "password": "wrong"}
    return client.post(path, given, **sent)  # type: ignore[return-value]
