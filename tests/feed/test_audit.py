"""What is kept beside the log is checked against it, and mended."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F

from feed import actions
from feed.models import Event, Like, Person, Photo
from tests.factories import NOON, PersonFactory, PhotoFactory

LIKED = NOON + timedelta(minutes=1)


@pytest.fixture
def liked(photo: Photo, ana: Person, mika: Person, ben: Person) -> Photo:
    """Ana likes it; Mika did; Ben has looked."""
    actions.like(photo=photo, person=ana, at=LIKED)
    actions.like(photo=photo, person=mika, at=NOON + timedelta(minutes=2))
    actions.unlike(photo=photo, person=mika, at=NOON + timedelta(minutes=3))
    actions.look(photo=photo, person=ben, at=NOON + timedelta(minutes=4))
    return photo


def forget(photo: Photo) -> None:
    photo.likes.all().delete()


def invent(photo: Photo) -> None:
    mika = Person.objects.get(room=photo.room, handle="mika")
    Like.objects.create(photo=photo, person=mika, since=LIKED)


def date_back(photo: Photo) -> None:
    photo.likes.update(since=NOON)


def miscount(photo: Photo) -> None:
    Photo.objects.filter(pk=photo.pk).update(like_count=F("like_count") + 1)


def lose_time(photo: Photo) -> None:
    Photo.objects.filter(pk=photo.pk).update(latest_at=NOON)


def let_a_stranger_in(photo: Photo) -> None:
    Like.objects.create(photo=photo, person=PersonFactory.create(pk=999), since=LIKED)


DRIFTS = [
    (forget, "the like of ana is missing"),
    (invent, "the like of mika does not follow from the log"),
    (date_back, f"the like of ana is dated {NOON}, in the log {LIKED}"),
    (miscount, "like_count is 2 and should be 1"),
    (lose_time, f"latest_at is {NOON} and should be {NOON + timedelta(minutes=4)}"),
    (
        let_a_stranger_in,
        "the like of somebody of another room (999) does not follow from the log",
    ),
]


def audit(*arguments: str) -> tuple[int, str]:
    """The exit code and what is printed."""
    out = StringIO()
    try:
        call_command("audit", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_what_the_actions_wrote_follows_from_the_log(liked: Photo, ana: Person) -> None:
    PhotoFactory.create(liked_by=[])
    actions.leave(person=ana, at=NOON + timedelta(minutes=5))
    assert audit() == (0, "Likes and counts follow from the log.\n")


@pytest.mark.parametrize(("spoil", "what"), DRIFTS, ids=[d.__name__ for d, _ in DRIFTS])
def test_each_drift_is_reported_and_mended(
    liked: Photo, spoil: Callable[[Photo], None], what: str
) -> None:
    other = PhotoFactory.create(liked_by=[])
    spoil(liked)
    line = f"Room harbour, photo {liked.number}: {what}."
    assert audit() == (1, f"{line}\n")
    assert audit() == (1, f"{line}\n")  # a look mends nothing
    assert audit("--repair") == (0, f"{line} Mended.\n")
    assert audit() == (0, "Likes and counts follow from the log.\n")
    liked.refresh_from_db()
    assert (liked.like_count, list(liked.likes.values_list("person__handle", "since"))) == (
        1,
        [("ana", LIKED)],
    )
    assert Event.objects.count() == 4
    other.refresh_from_db()
    assert other.like_count == 0


def test_every_room_is_audited(liked: Photo, room: object) -> None:
    other = PhotoFactory.create(poster__room__key="other", number=5)
    miscount(liked)
    miscount(other)
    code, report = audit()
    assert (code, report.splitlines()) == (
        1,
        [
            "Room harbour, photo 1: like_count is 2 and should be 1.",
            "Room other, photo 5: like_count is 1 and should be 0.",
        ],
    )
