"""Thirty-two threads press at once; what came of it is printed as JSON.

``test_concurrency.py`` runs this as a program of its own, with the site's own settings, against
each kind of database.
"""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import cycle, islice
from threading import Barrier
from typing import Any

import django

django.setup()

from django.contrib.sessions.backends.signed_cookies import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402

from feed import actions, rooms  # noqa: E402
from feed.auditing import audit  # noqa: E402
from feed.models import Event, Like, Person, Photo, Room  # noqa: E402
from tests.factories import PersonFactory, PhotoFactory, RoomFactory  # noqa: E402

THREADS = 32
ROUNDS = 5
TO_AND_FRO = tuple(islice(cycle((actions.like, actions.unlike)), ROUNDS))

Press = Callable[[], int]
"""Returns how many of its presses changed anything."""


def at_once(presses: list[Press]) -> dict[str, Any]:
    """Runs each in a thread with a connection of its own, all from one starting shot."""
    ready = Barrier(len(presses))

    def run(press: Press) -> int | str:
        try:
            connection.ensure_connection()
            ready.wait(timeout=20)
            return press()
        except Exception as error:
            return repr(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(presses)) as threads:
        results = list(threads.map(run, presses))
    return {
        "errors": [result for result in results if isinstance(result, str)],
        "changed": sum(result for result in results if isinstance(result, int)),
    }


def pressing(photo: Photo, person: Person, *refusals: type[Exception]) -> Press:
    """Likes, unlikes, likes …, and likes it in the end. ``refusals`` are no errors."""

    def press() -> int:
        changed = 0
        for action in TO_AND_FRO:
            with suppress(*refusals):
                changed += action(photo=photo, person=person, at=timezone.now()).changed
        return changed

    return press


def leaving(person: Person) -> Press:
    return lambda: actions.leave(person=person, at=timezone.now()).changed


def outcome(room: Room) -> dict[str, Any]:
    """``drifts`` compares counts, likes and the fold of the log; ``ties`` counts equal moments."""
    events = Event.objects.filter(room=room)
    moments = list(events.filter(photo__isnull=False).values_list("photo", "at"))
    return {
        "counted": sum(room.photos.values_list("like_count", flat=True)),
        "likes": Like.objects.filter(photo__room=room).count(),
        "events": events.count(),
        "ties": len(moments) - len(set(moments)),
        "drifts": [str(drift) for drift in audit(room)],
    }


def new_room(photos: int) -> tuple[Room, list[Photo], list[Person]]:
    room = RoomFactory.create()
    poster = PersonFactory.create(room=room)
    people = PersonFactory.create_batch(THREADS, room=room)
    return room, PhotoFactory.create_batch(photos, poster=poster), people


def everybody_on_one_photo() -> dict[str, Any]:
    room, [photo], people = new_room(photos=1)
    return at_once([pressing(photo, person) for person in people]) | outcome(room)


def everybody_on_eight_photos() -> dict[str, Any]:
    room, photos, people = new_room(photos=8)
    pairs = zip(cycle(photos), people, strict=False)
    return at_once([pressing(photo, person) for photo, person in pairs]) | outcome(room)


def one_person_in_many_windows() -> dict[str, Any]:
    room, [photo], [person, *_] = new_room(photos=1)
    return at_once([pressing(photo, person)] * THREADS) | outcome(room)


def everybody_leaves_while_pressing() -> dict[str, Any]:
    room, photos, people = new_room(photos=2)
    some = people[: THREADS // 2]
    presses = [
        press
        for photo, person in zip(cycle(photos), some, strict=False)
        for press in (pressing(photo, person, actions.RefusedError), leaving(person))
    ]
    return at_once(presses) | outcome(room)


def one_visitors_first_presses() -> dict[str, Any]:
    """All of them are sent before any is answered: the same cookie, and an empty session."""
    demo = RoomFactory.create(key=rooms.DEMO)
    poster, *people = PersonFactory.create_batch(THREADS + 1, room=demo)
    PhotoFactory.create(poster=poster, number=1)

    def first(person: Person) -> Press:
        def press() -> int:
            request = RequestFactory().post("/feed/")
            request.session = SessionStore()
            request.COOKIES["csrftoken"] = "one visitor's"
            at = timezone.now()
            room = rooms.own(request, at=at).room
            return actions.like(
                photo=room.photos.get(number=1),
                person=room.people.get(handle=person.handle),
                at=at,
            ).changed

        return press

    result = at_once([first(person) for person in people])
    copies = list(demo.copies.all())
    return result | {"copies": len(copies), "demo": outcome(demo)} | outcome(copies[0])


if __name__ == "__main__":
    call_command("migrate", verbosity=0, skip_checks=True)
    print(
        json.dumps(
            {
                scene.__name__: scene()
                for scene in (
                    everybody_on_one_photo,
                    everybody_on_eight_photos,
                    one_person_in_many_windows,
                    everybody_leaves_while_pressing,
                    one_visitors_first_presses,
                )
            }
        )
    )
