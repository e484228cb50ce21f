"""Accounts handed out and signed in to from many threads at once; what came of it, as JSON.

``accounts/test_handing_out.py`` runs this as a program of its own, with the site's own settings,
against each kind of database.
"""

import json
from typing import Any

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402

from feed import accounts  # noqa: E402
from feed.models import Person, Room, WrongPasswords  # noqa: E402
from feed.throttle import OF_ONE_FROM_ONE, Throttle  # noqa: E402
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory  # noqa: E402
from tests.feed.presses import at_once  # noqa: E402

THREADS = 8


def new_class() -> tuple[Room, list[Person]]:
    room = RoomFactory.create(key="class")
    return room, PersonFactory.create_batch(20, room=room)


def all_hand_out_at_once() -> dict[str, Any]:
    """Each password that somebody got opens its account."""
    room, people = new_class()
    got: list[accounts.Handed] = []

    def hand_out() -> int:
        handed = accounts.make(Person.objects.filter(room=room), at=timezone.now())
        got.extend(handed)
        return len(handed)

    result = at_once([hand_out] * THREADS)
    users = {user.username: user for user in User.objects.all()}
    cheap = sum(users[each.username].password.startswith("pbkdf2_sha256$100$") for each in got)
    opened = sum(users[each.username].check_password(each.password) for each in got[:3])
    renewed = accounts.renew(Person.objects.filter(pk__in=[p.pk for p in people[:4]]), at=NOON)
    linked = room.people.exclude(user=None).count()
    room.delete()
    return result | {
        "users": len(users),
        "cheap": cheap,
        "opened": opened,
        "renewed": len(renewed),
        "linked": linked,
        "left": User.objects.count(),
        "people": len(people),
    }


def all_send_a_wrong_password_at_once() -> dict[str, Any]:
    def fail() -> int:
        request = RequestFactory().post("/sign-in/")
        Throttle().user_login_failed(None, {"username": "mika@class"}, request)
        return 1

    result = at_once([fail] * OF_ONE_FROM_ONE)
    request = RequestFactory().post("/sign-in/")
    locked = Throttle().is_locked(request, {"username": "mika@class"})
    numbers = sorted(WrongPasswords.objects.values_list("number", flat=True))
    return result | {"numbers": numbers, "locked": locked}


def two_press_in_one_room() -> dict[str, Any]:
    """Over the whole way from the sign-in to the like."""
    WrongPasswords.objects.all().delete()
    _room, people = new_class()
    photo = PhotoFactory.create(poster=people[0])
    handed = accounts.make(Person.objects.filter(pk__in=[p.pk for p in people[1:3]]), at=NOON)
    statuses = []
    for each in handed:
        client = Client(SERVER_NAME="localhost")
        sent = {"username": each.username, "password": each.password}
        answers = [client.post("/sign-in/", sent)]
        answers += [client.post(f"/feed/photo/{photo.number}/like/") for _ in range(2)]
        statuses.append([answer.status_code for answer in answers])
    photo.refresh_from_db()
    likes = photo.like_count
    return {"statuses": statuses, "likes": likes, "copies": Room.objects.count() - 1}


if __name__ == "__main__":
    call_command("migrate", verbosity=0, skip_checks=True)
    scenes = (all_hand_out_at_once, all_send_a_wrong_password_at_once, two_press_in_one_room)
    print(json.dumps({scene.__name__: scene() for scene in scenes}))
