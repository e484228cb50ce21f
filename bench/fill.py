"""Fills a database for the bench: the same people, photos and likes in the feed and in the floor.

The first half of the people are the visitors; the other half like what they see.

    python -m bench.fill feed|floor VISITORS-FILE

with DJANGO_SETTINGS_MODULE and DATABASE_URL in the environment. Writes the visitors' cookies.
"""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

PEOPLE, PHOTOS, LIKES_EACH = 400, 2_000, 100
POSTED = datetime(2026, 1, 1, tzinfo=UTC)
TOKEN = "t" * 32
ABOUT = {
    "image": "photos/harbour-skyline-at-dusk.jpg",
    "width": 1280,
    "height": 853,
    "colour": "#0d2a46",
    "title": "Harbour skyline at dusk",
    "alt": "City towers at dusk",
    "caption": "caught the last ferry, worth it",
}


def batches(rows, size=5_000):  # type: ignore[no-untyped-def]
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch


def likes(people: int, photos: int, each: int) -> set[tuple[int, int]]:
    """Which photos who likes, by their places in the lists: the second half of the people."""
    chance = random.Random(1)
    liked: set[tuple[int, int]] = set()
    while len(liked) < people * each // 2:
        liked.add((chance.randrange(photos), chance.randrange(people // 2, people)))
    return liked


def fill_feed(people: int, photos: int, likes_each: int) -> list[str]:
    """Everybody follows everybody in the first 100; returns the visitors' lines."""
    from django.conf import settings
    from django.contrib.sessions.backends.signed_cookies import SessionStore

    from feed.models import Event, Follow, Like, Person, Photo, Room

    original = Room.objects.create(key="harbour", name="Harbour", touched_at=POSTED)
    room = Room.objects.create(
        key="bench", name="Bench", original=original, touched_at=datetime.now(UTC)
    )
    avatar = "avatars/peep-24-yuki.svg"
    cast = [
        Person(
            room=room,
            handle=f"p{n}",
            name=f"Person {n}",
            pronouns="they",
            place="Lisbon",
            avatar=avatar,
        )
        for n in range(people)
    ]
    Person.objects.bulk_create(cast)
    for batch in batches(
        Follow(follower=one, followed=other, since=POSTED)
        for one in cast
        for other in cast[:100]
        if one is not other
    ):
        Follow.objects.bulk_create(batch)
    rows = [
        Photo(
            room=room,
            number=number,
            poster=cast[number % people],
            posted_at=POSTED + timedelta(minutes=number),
            latest_at=POSTED + timedelta(minutes=number),
            **ABOUT,
        )
        for number in range(1, photos + 1)
    ]
    liked = likes(people, photos, likes_each)
    for photo, _ in liked:
        rows[photo].like_count += 1
        rows[photo].latest_at = rows[photo].posted_at + timedelta(hours=1)
    for batch in batches(rows):
        Photo.objects.bulk_create(batch)
    at = {row.number: row.posted_at + timedelta(hours=1) for row in rows}
    for batch in batches(sorted(liked)):
        Like.objects.bulk_create(
            Like(photo=rows[p], person=cast[n], since=at[rows[p].number]) for p, n in batch
        )
        Event.objects.bulk_create(
            Event(room=room, photo=rows[p], person=cast[n], action="like", at=at[rows[p].number])
            for p, n in batch
        )
    lines = []
    for person in cast[: people // 2]:
        session = SessionStore()
        session.update({"room": room.key, "you": person.handle})
        session.save()
        cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"
        lines.append(f"{cookies}\t{TOKEN}\t{person.handle}")
    return lines


def fill_floor(people: int, photos: int, likes_each: int) -> list[str]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    from bench.floor.models import Like, Photo

    cast = User.objects.bulk_create(
        User(
            username=f"p{n}",
            first_name="Person",
            last_name="avatars/peep-24-yuki.svg",
            email="Lisbon",
            password="!",
        )
        for n in range(people)
    )
    rows = [
        Photo(
            poster=cast[number % people],
            posted_at=POSTED + timedelta(minutes=number),
            **ABOUT,
        )
        for number in range(1, photos + 1)
    ]
    liked = likes(people, photos, likes_each)
    for photo, _ in liked:
        rows[photo].like_count += 1
    Photo.objects.bulk_create(rows)
    Like.objects.bulk_create(Like(photo=rows[p], person=cast[n]) for p, n in sorted(liked))
    lines = []
    for user in cast[: people // 2]:
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        lines.append(
            f"sessionid={session.session_key}; csrftoken={TOKEN}\t{TOKEN}\t{user.username}"
        )
    return lines


def main(which: str, visitors: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    fill = fill_feed if which == "feed" else fill_floor
    lines = fill(PEOPLE, PHOTOS, LIKES_EACH)
    visitors.write_text("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    main(sys.argv[1], Path(sys.argv[2]))
