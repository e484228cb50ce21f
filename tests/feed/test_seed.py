"""The demo room: the same from the same seed, believable, and in order."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db.models import Sum

from feed import queries, rooms
from feed.auditing import audit
from feed.credits import avatar_credits, photo_credits
from feed.disclosure.history import Action
from feed.models import Event, Follow, Like, Person, Photo, Room
from feed.seeding import last_evening, read_script, seed_room, tell

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
SCRIPT = read_script()


@pytest.fixture
def harbour(db: None) -> Room:
    assert seed_room(SCRIPT, seed=1, now=NOW)
    return Room.objects.get(key=rooms.DEMO)


def contents(room: Room) -> dict[str, list[object]]:
    """Everything in the room, with names instead of ids."""
    likes = Like.objects.filter(photo__room=room).order_by("photo__number", "since")
    events = Event.objects.filter(room=room).order_by("at")
    follows = Follow.objects.filter(follower__room=room)
    photos = Photo.objects.filter(room=room).order_by("number")
    people = Person.objects.filter(room=room).order_by("handle")
    plain = {f.name for f in Photo._meta.concrete_fields} - {"id", "room", "poster"}
    return {
        "people": list(people.values_list("handle", "name", "pronouns", "place", "bio", "left_at")),
        "follows": sorted(follows.values_list("follower__handle", "followed__handle")),
        "photos": list(photos.values_list("poster__handle", *sorted(plain))),
        "likes": list(likes.values_list("photo__number", "person__handle", "since")),
        "events": list(events.values_list("photo__number", "person__handle", "action", "at")),
    }


def test_there_are_twelve_people_and_thirty_photos(harbour: Room) -> None:
    assert (harbour.people.count(), harbour.photos.count()) == (12, 30)
    posted = Counter(harbour.photos.values_list("poster__handle", flat=True))
    assert (len(posted), set(posted.values())) == (11, {2, 3})
    assert sum(1 for p in harbour.people.all() if p.name and p.bio and p.place) == 12
    assert harbour.photos.exclude(alt="").exclude(caption="").count() == 30


def test_the_same_seed_tells_the_same_story(harbour: Room) -> None:
    first = contents(harbour)
    assert not seed_room(SCRIPT, seed=1, now=NOW)
    assert contents(harbour) == first
    assert seed_room(SCRIPT, seed=1, now=NOW + timedelta(hours=5), again=True)
    assert contents(harbour) == first
    assert seed_room(SCRIPT, seed=2, now=NOW, again=True)
    assert contents(harbour)["events"] != first["events"]


def test_the_story_is_the_same_on_another_day() -> None:
    until = last_evening(SCRIPT, NOW)
    days = timedelta(days=40)
    one, other = (tell(SCRIPT, seed=7, until=until + shift) for shift in (timedelta(), days))
    assert [(h.at + days, h.photo, h.person, h.action) for h in one] == [
        (h.at, h.photo, h.person, h.action) for h in other
    ]


@pytest.mark.parametrize(
    ("now", "evening"),
    [
        (datetime(2026, 3, 14, 20, 30, tzinfo=UTC), datetime(2026, 3, 14, 20, 30, tzinfo=UTC)),
        (datetime(2026, 3, 14, 20, 29, tzinfo=UTC), datetime(2026, 3, 13, 20, 30, tzinfo=UTC)),
    ],
)
def test_the_history_ends_on_the_last_evening(now: datetime, evening: datetime) -> None:
    assert last_evening(SCRIPT, now) == evening


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_seed_the_history_makes_sense(seed: int) -> None:
    """Moments rise; everybody likes before they unlike; nothing follows after a farewell."""
    until = last_evening(SCRIPT, NOW)
    posted = {photo.file: photo.moment(until) for photo in SCRIPT.photo}
    follows = {(p.handle, other) for p in SCRIPT.person for other in p.follows}
    posters = {photo.file: photo.poster for photo in SCRIPT.photo}
    standing: set[tuple[str | None, str]] = set()
    left: set[str] = set()
    previous = until - timedelta(days=SCRIPT.days)
    for h in tell(SCRIPT, seed=seed, until=until):
        assert previous < h.at <= until
        assert h.person not in left
        if h.photo is None:
            left.add(h.person)
        else:
            assert posted[h.photo] < h.at
            if h.action is Action.LOOK:
                assert h.person == posters[h.photo]
            elif h.action is Action.COMMENT:
                assert h.text
            else:
                assert (h.person, posters[h.photo]) in follows
                assert (h.action is Action.VIEW) is bool(h.seconds)
            if h.action in (Action.LIKE, Action.UNLIKE):
                assert ((h.photo, h.person) in standing) is (h.action is Action.UNLIKE)
                standing ^= {(h.photo, h.person)}
        previous = h.at
    assert left == {"vera.s"}


def test_it_spans_three_weeks_and_likes_come_within_hours(harbour: Room) -> None:
    photos = {photo.pk: photo for photo in harbour.photos.all()}
    first, last = min(p.posted_at for p in photos.values()), last_evening(SCRIPT, NOW)
    assert timedelta(days=20) <= last - first <= timedelta(days=21)
    waits = sorted(
        at - photos[photo].posted_at
        for photo, at in Event.objects.filter(action="like").values_list("photo", "at")
    )
    assert waits[len(waits) // 2] < timedelta(hours=6)
    assert len(waits) > 5 * 30
    looks = Event.objects.filter(action="look").values_list("person", "at__date")
    assert max(Counter(looks).values()) >= 3


def test_likes_and_counts_follow_from_the_log(harbour: Room) -> None:
    assert audit(harbour) == []
    assert harbour.photos.filter(like_count=0).count() == 0


def test_people_have_seen_shared_and_commented(harbour: Room) -> None:
    totals = harbour.photos.aggregate(Sum("comment_count"), Sum("share_count"))
    assert totals["comment_count__sum"] == len(SCRIPT.comment) == 17
    assert totals["share_count__sum"] >= 5
    viewed = Event.objects.filter(action="view")
    assert set(harbour.photos.values_list("pk", flat=True)) == set(
        viewed.values_list("photo", flat=True)
    )


def steps(number: int) -> tuple[Photo, list[tuple[str, str]]]:
    """A story's photo, and what happened there between its first step and its last."""
    story = SCRIPT.story[number]
    photo = Photo.objects.select_related("poster").get(image=f"photos/{story.photo}")
    ends = [step.moment(last_evening(SCRIPT, NOW)) for step in story.steps]
    told = [e for e in queries.history(photo).events if ends[0] <= e.at <= ends[-1]]
    return photo, [(e.person, e.action) for e in told if e.person in story.people]


@pytest.mark.parametrize("number", [n for n, story in enumerate(SCRIPT.story) if story.photo])
def test_each_story_happens_as_told(harbour: Room, number: int) -> None:
    assert steps(number)[1] == [(step.who, step.does) for step in SCRIPT.story[number].steps]


def test_the_newest_photo_is_bens_and_ana_has_not_pressed_anything(harbour: Room) -> None:
    newest = queries.photos(harbour, harbour.people.get(handle="ana"))[0]
    assert (newest.poster.handle, newest.caption) == (
        "ben.okafor",
        "caught the last ferry, worth it",
    )
    assert newest.like_count == 7
    assert not [e for e in queries.history(newest).events if e.person == "ana"]


def pictures() -> Iterator[str]:
    yield from (credit.image for credit in (*photo_credits(), *avatar_credits()))


def test_every_picture_is_there_and_credited(harbour: Room) -> None:
    used = {*harbour.photos.values_list("image", flat=True)}
    used |= {*harbour.people.values_list("avatar", flat=True)}
    assert len(used) == 30 + 12
    assert used <= set(pictures())
    assert [path for path in pictures() if finders.find(path) is None] == []
    folders = {Path(str(finders.find(path))).parent for path in pictures()}
    files = {f"{folder.name}/{file.name}" for folder in folders for file in folder.iterdir()}
    assert files == set(pictures())


def test_where_a_licence_asks_for_attribution_there_is_one() -> None:
    asking = [credit for credit in photo_credits() if credit.licence.startswith("CC-BY")]
    assert len(asking) == 5
    assert [credit.file for credit in asking if credit.author not in credit.attribution] == []


def test_visitors_keep_their_copies_when_the_demo_is_made_anew(harbour: Room) -> None:
    copy = rooms.copy(harbour, key="mine", at=NOW)
    before = contents(copy)
    seed_room(SCRIPT, seed=2, now=NOW, again=True)
    assert contents(copy) == before
    assert audit(harbour) == []


@pytest.mark.django_db
def test_the_command_says_what_it_did() -> None:
    said = StringIO()
    for arguments in ([], [], ["--again", "--seed", "3"]):
        call_command("seed", *arguments, stdout=said)
    assert said.getvalue().splitlines() == [
        "The demo room Harbour is ready.",
        "The demo room Harbour was there already.",
        "The demo room Harbour is ready.",
    ]
