"""A database of the first version, with data in it, brought up to today's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from tests.feed.postgres import postgres, server_binaries

FIRST = [("contenttypes", "0002"), ("auth", "0012"), ("admin", "0003"), ("feed", "0001")]
"""The migrations of version 1, which had no tables of the explainer."""

FILL = """
from datetime import UTC, datetime, timedelta
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

apps = MigrationExecutor(connection).loader.project_state([("feed", "0001_initial")]).apps
Room, Person, Photo, Follow, Like, Event = (
    apps.get_model("feed", name) for name in ("Room", "Person", "Photo", "Follow", "Like", "Event")
)
start = datetime(2026, 1, 1, tzinfo=UTC)
demo = Room.objects.create(key="harbour", name="Harbour", touched_at=start)
copy = Room.objects.create(key="a1b2", name="Harbour", original=demo, touched_at=start)
for room in (demo, copy):
    ana, ben, cleo = (
        Person.objects.create(room=room, handle=handle, name=handle.title(), pronouns="they",
                              place="Lisbon", bio="“Tea” 🐙", avatar="avatars/peep-24-yuki.svg")
        for handle in ("ana", "ben", "cleo")
    )
    Follow.objects.create(follower=ben, followed=ana)
    photos = [
        Photo.objects.create(room=room, number=number, poster=ana, title=f"Photo {number}",
                             image="photos/harbour-skyline-at-dusk.jpg", width=1280, height=853,
                             colour="#0d2a46", alt="City towers", posted_at=start, latest_at=start)
        for number in (1, 2)
    ]
    minutes = 0
    for photo, person, action in [
        (photos[0], ben, "like"), (photos[0], ben, "unlike"), (photos[0], ben, "like"),
        (photos[0], cleo, "like"), (photos[0], cleo, "unlike"), (photos[1], cleo, "like"),
        (photos[1], ana, "look"),
    ]:
        minutes += 1
        at = start + timedelta(minutes=minutes)
        Event.objects.create(room=room, photo=photo, person=person, action=action, at=at)
        Photo.objects.filter(pk=photo.pk).update(latest_at=at)
        if action == "like":
            Like.objects.create(photo=photo, person=person, since=at)
        elif action == "unlike":
            Like.objects.filter(photo=photo, person=person).delete()
    for photo in photos:
        Photo.objects.filter(pk=photo.pk).update(like_count=photo.likes.count())
"""

READ = """
import json
from feed.models import Event, Follow, Like, Person, Photo, Room

def rows(of, *fields):
    return [list(map(str, row)) for row in of.order_by("pk").values_list(*fields)]

print(json.dumps({
    "rooms": rows(Room.objects, "key", "original__key"),
    "people": rows(Person.objects, "room__key", "handle", "name", "bio", "left_at"),
    "photos": rows(Photo.objects, "room__key", "number", "title", "widths", "removed_at"),
    "counts": rows(
        Photo.objects, "like_count", "unlike_count", "comment_count", "share_count"
    ),
    "follows": rows(Follow.objects, "follower__handle", "followed__handle"),
    "undated": Follow.objects.filter(since__isnull=True).count(),
    "likes": rows(Like.objects, "photo__room__key", "photo__number", "person__handle", "since"),
    "events": rows(Event.objects, "room__key", "photo__number", "person__handle", "action", "at",
                   "seconds"),
}))
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('upgrade')}/db.sqlite3"
        return
    if server_binaries() is None:
        pytest.skip("UPGRADES WERE NOT TESTED ON POSTGRESQL: no initdb and pg_ctl here")
    with postgres() as url:
        yield url


def test_a_database_of_the_first_version_is_brought_up_to_date(database: str) -> None:
    def manage(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ.get("PATH", os.defpath), "DATABASE_URL": database},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    for app, name in FIRST:
        manage("migrate", "--verbosity=0", app, name)
    assert "[ ] 0002" in manage("showmigrations", "feed")
    manage("shell", "--verbosity=0", "--no-imports", "-c", FILL)

    manage("migrate", "--verbosity=0")

    assert "[ ]" not in manage("showmigrations")
    found = json.loads(manage("shell", "--verbosity=0", "--no-imports", "-c", READ))
    assert found == expected()
    assert manage("audit") == "Likes and counts follow from the log.\n"
    assert "demo room" in manage("seed")


def expected() -> dict[str, Any]:
    """The same as before, and what later versions keep beside it: unlikes are counted."""
    rooms = ("harbour", "a1b2")
    likes = [("1", "ben", 3), ("2", "cleo", 6)]
    events = [
        ("1", "ben", "like"),
        ("1", "ben", "unlike"),
        ("1", "ben", "like"),
        ("1", "cleo", "like"),
        ("1", "cleo", "unlike"),
        ("2", "cleo", "like"),
        ("2", "ana", "look"),
    ]
    return {
        "rooms": [["harbour", "None"], ["a1b2", "harbour"]],
        "people": [
            [room, name.lower(), name, "“Tea” 🐙", "None"]
            for room in rooms
            for name in ("Ana", "Ben", "Cleo")
        ],
        "photos": [
            [room, number, f"Photo {number}", "", "None"] for room in rooms for number in ("1", "2")
        ],
        "counts": [["1", "2", "0", "0"], ["1", "0", "0", "0"]] * 2,
        "follows": [["ben", "ana"]] * 2,
        "undated": 0,
        "likes": [
            [room, number, handle, moment(minute)]
            for room in rooms
            for number, handle, minute in likes
        ],
        "events": [
            [room, *event, moment(minute), "None"]
            for room in rooms
            for minute, event in enumerate(events, 1)
        ],
    }


def moment(minute: int) -> str:
    return f"2026-01-01 00:{minute:02}:00+00:00"
