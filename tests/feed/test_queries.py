"""Rows become what the engine takes: the same from a summary and from a history, in few queries."""

from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from feed import actions, queries, rooms
from feed.disclosure.disclose import Viewer, summarise
from feed.disclosure.history import Action, Event, History, Summary
from feed.disclosure.platforms import Seat
from feed.models import Person, Photo, Room
from tests.factories import NOON, PersonFactory, PhotoFactory


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def test_a_history_holds_everybodys_likes_and_the_posters_looks(
    photo: Photo, ben: Person, ana: Person, mika: Person
) -> None:
    actions.like(photo=photo, person=ana, at=minutes(1))
    actions.look(photo=photo, person=ben, at=minutes(2))
    actions.look(photo=photo, person=mika, at=minutes(3))
    actions.unlike(photo=photo, person=ana, at=minutes(4))
    actions.leave(person=mika, at=minutes(5))
    assert queries.history(photo) == History(
        poster="ben",
        posted=NOON,
        events=(
            Event(minutes(1), "ana", Action.LIKE),
            Event(minutes(2), "ben", Action.LOOK),
            Event(minutes(4), "ana", Action.UNLIKE),
            Event(minutes(5), "mika", Action.LEAVE),
        ),
    )


def test_a_history_leaves_out_other_photos_other_rooms_and_the_time_before(
    photo: Photo, ben: Person, ana: Person, mika: Person
) -> None:
    PhotoFactory.create(poster=ben, liked_by=[ana])
    PhotoFactory.create(number=photo.number, liked_by=[])
    actions.leave(person=PersonFactory.create(handle="ana"), at=minutes(1))
    actions.leave(person=mika, at=minutes(2))
    later = PhotoFactory.create(poster=ben, posted_at=minutes(10), liked_by=[ana])
    assert [e.person for e in queries.history(photo).events] == ["mika"]
    assert [e.person for e in queries.history(later).events] == ["ana"]


@pytest.mark.parametrize("likers", [1, 3])
def test_a_history_takes_one_query(
    ben: Person,
    ana: Person,
    room: Room,
    likers: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = PersonFactory.create_batch(likers, room=room)
    PhotoFactory.create(poster=ben, number=7, liked_by=people)
    photo = queries.photos(room, ana).get(number=7)
    with django_assert_num_queries(1):
        history = queries.history(photo)
    assert len(history.events) == likers


def test_a_summary_says_the_same_as_the_history(
    room: Room, ben: Person, ana: Person, mika: Person, zoe: Person
) -> None:
    people = [ana, mika, zoe]
    none = PhotoFactory.create(poster=ben)
    some = PhotoFactory.create(poster=ben, liked_by=[mika])
    many = PhotoFactory.create(poster=ben, liked_by=people)
    actions.unlike(photo=many, person=mika, at=minutes(1))
    actions.like(photo=many, person=mika, at=minutes(2))
    actions.leave(person=zoe, at=minutes(3))
    photos = list(queries.photos(room, ana))
    for viewer in people:
        summaries = queries.summaries(photos, viewer)
        assert summaries == {
            photo.pk: summarise(
                queries.history(photo), Viewer(Seat.LIKER, viewer.handle), minutes(9)
            )
            for photo in photos
        }
    assert [queries.summaries(photos, ana)[p.pk] for p in (none, some, many)] == [
        Summary("ben", 0),
        Summary("ben", 1, ("mika",)),
        Summary("ben", 2, ("mika", "ana"), liked=True),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_a_timeline_with_its_summaries_takes_two_queries(
    room: Room,
    ben: Person,
    ana: Person,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    likers = PersonFactory.create_batch(count, room=room)
    PhotoFactory.create_batch(count, poster=ben, liked_by=likers)
    with django_assert_num_queries(2):
        photos = list(queries.timeline(room, ana))
        summaries = queries.summaries(photos, ana)
        assert {photo.poster.name for photo in photos} == {"Ben"}
    assert [s.likes for s in summaries.values()] == [count] * count


def test_a_timeline_shows_those_one_follows_and_oneself_the_newest_first(
    room: Room, ben: Person, ana: Person, zoe: Person
) -> None:
    old = PhotoFactory.create(poster=ben, posted_at=minutes(1))
    strange = PhotoFactory.create(poster=zoe, posted_at=minutes(2))
    own = PhotoFactory.create(poster=ana, posted_at=minutes(3))
    new = PhotoFactory.create(poster=ben, posted_at=minutes(4))
    assert list(queries.timeline(room, ana)) == [new, own, old]
    assert list(queries.timeline(room, ben)) == [new, old]
    assert list(queries.timeline(room, zoe)) == [strange]
    assert list(queries.photos(room, ana)) == [new, own, strange, old]


def test_the_photos_of_somebody_who_left_are_gone(
    photo: Photo, room: Room, ben: Person, ana: Person
) -> None:
    assert list(queries.timeline(room, ana)) == [photo]
    actions.leave(person=ben, at=minutes(1))
    assert list(queries.timeline(room, ana)) == []


def test_pages_of_a_timeline_leave_nothing_out_and_repeat_nothing(
    room: Room, ben: Person, ana: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Five photos posted in pairs at one moment."""
    for number in range(1, 6):
        PhotoFactory.create(poster=ben, number=number, posted_at=minutes(number // 2))
    seen: list[int] = []
    with django_assert_num_queries(3):
        while page := list(queries.timeline(room, ana, before=seen[-1] if seen else None)[:2]):
            seen += [photo.number for photo in page]
            if len(page) < 2:
                break
    assert seen == [5, 4, 3, 2, 1]
    assert list(queries.timeline(room, ana, before=99)) == []


def test_a_cast_is_everybody_in_the_room(room: Room, ben: Person, ana: Person) -> None:
    PersonFactory.create(handle="ana")
    assert queries.cast(room) == {"ben": ben, "ana": ana}


@pytest.mark.parametrize(
    "case", ["", "shared", "followed", "blocked", "blocking", "removed", "left"]
)
def test_a_press_finds_what_the_pages_show(
    photo: Photo, room: Room, ben: Person, zoe: Person, case: str
) -> None:
    match case:
        case "shared":
            actions.share(photo=photo, person=zoe, at=minutes(1))
        case "followed":
            actions.follow(follower=zoe, followed=ben, at=minutes(1))
        case "blocked":
            actions.block(blocker=ben, blocked=zoe)
        case "blocking":
            actions.block(blocker=zoe, blocked=ben)
        case "removed":
            actions.remove(photo=photo, person=ben, at=minutes(1))
        case "left":
            actions.leave(person=ben, at=minutes(1))
    copy = rooms.copy(room, key="copy", at=minutes(2))
    (shown,) = list(queries.photos(copy, copy.people.get(handle="zoe"))) or [None]
    found = queries.pressed("copy", "zoe", photo.number, touched=minutes(1))
    if shown is None:
        assert found is None
        return
    assert found is not None
    where, you, pressed = found
    assert (where, where.private) == (copy, True)
    assert (you, you.name, you.room_id) == (copy.people.get(handle="zoe"), "Zoe", copy.pk)
    concrete = {field.attname for field in Photo._meta.concrete_fields}
    assert {name: getattr(pressed, name) for name in concrete} == {
        name: getattr(shown, name) for name in concrete
    }
    assert (pressed.poster.name, pressed.poster.avatar) == (ben.name, ben.avatar)
    assert (bool(pressed.shared), bool(pressed.followed)) == (shown.shared, shown.followed)
    assert (shown.shared, shown.followed) == (case == "shared", case == "followed")


@pytest.mark.parametrize(
    ("key", "handle", "number", "touched"),
    [
        ("harbour", "zoe", 1, 1),  # no copy
        ("copy", "nobody", 1, 1),
        ("copy", "zoe", 2, 1),
        ("copy", "zoe", 10**30, 1),
        ("copy", "zoe", 1, 2),  # not used since
        ("copy", "mika", 1, 1),  # left
    ],
)
def test_a_press_that_is_out_of_the_ordinary_is_not_found_by_hand(
    photo: Photo,
    room: Room,
    mika: Person,
    zoe: Person,
    key: str,
    handle: str,
    number: int,
    touched: int,
) -> None:
    actions.leave(person=mika, at=minutes(1))
    rooms.copy(room, key="copy", at=minutes(2))
    assert queries.pressed("copy", "zoe", 1, touched=minutes(1)) is not None
    assert queries.pressed(key, handle, number, touched=minutes(touched)) is None


def test_one_summary_by_hand_is_the_same(
    room: Room, ben: Person, ana: Person, mika: Person, zoe: Person
) -> None:
    for likers in ([], [mika], [ana, mika, zoe]):
        photo = PhotoFactory.create(poster=ben, liked_by=likers)
        photo.refresh_from_db()
        assert queries.summary(photo, ana) == queries.summaries([photo], ana)[photo.pk]
