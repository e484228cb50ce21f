"""A visitor's own copy: made on the first write, with the same addresses, gone when unused."""

from datetime import timedelta
from io import StringIO
from time import perf_counter

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.management import call_command
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from feed import actions, rooms
from feed.auditing import audit
from feed.models import Event, Person, Photo, Room
from feed.seeding import read_script, seed_room
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory
from tests.feed.test_seed import contents


def request(cookie: str = "", session: SessionStore | None = None) -> HttpRequest:
    """A visitor's request: what their browser sends, and the session as it was at its start."""
    sent = RequestFactory().get("/feed/")
    sent.session = session or SessionStore()
    if cookie:
        sent.COOKIES["csrftoken"] = cookie
    return sent


@pytest.fixture
def lived_in(room: Room, photo: Photo, ben: Person, ana: Person, mika: Person) -> Room:
    """A demo room in which something of every kind happened; another room beside it."""
    actions.like(photo=photo, person=ana, at=NOON)
    actions.like(photo=photo, person=mika, at=NOON)
    actions.look(photo=photo, person=ben, at=NOON)
    actions.leave(person=mika, at=NOON)
    later = NOON + timedelta(minutes=1)
    PhotoFactory.create(poster=ana, number=2, posted_at=later, liked_by=[ben])
    stranger = PersonFactory.create(handle="ana")
    PhotoFactory.create(poster=stranger, number=1, liked_by=[stranger])
    return room


def test_looking_around_makes_no_copy(lived_in: Room) -> None:
    visitor = request()
    assert rooms.visit(visitor) == rooms.Visit(lived_in)
    assert not lived_in.copies.exists()
    assert visitor.session.is_empty()


def test_reading_takes_one_query(
    lived_in: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor = request()
    with django_assert_num_queries(1):
        rooms.visit(visitor)
    rooms.own(visitor, at=NOON)
    with django_assert_num_queries(1):
        rooms.visit(visitor)


def test_a_copy_holds_the_same_and_is_apart(lived_in: Room, photo: Photo) -> None:
    before = contents(lived_in)
    assert all(before.values())
    visit = rooms.own(request(), at=NOON)
    assert (visit.room.original, visit.lost) == (lived_in, False)
    assert contents(visit.room) == before
    assert audit(visit.room) == []
    ana = visit.room.people.get(handle="ana")
    actions.unlike(photo=visit.room.photos.get(number=1), person=ana, at=NOON)
    assert contents(lived_in) == before
    assert contents(visit.room) != before


def test_a_copy_copies_every_column(lived_in: Room) -> None:
    copied = rooms.own(request(), at=NOON).room
    kept = [f.name for f in Person._meta.concrete_fields if f.name not in {"id", "room"}]
    assert list(copied.people.order_by("handle").values_list(*kept)) == list(
        lived_in.people.order_by("handle").values_list(*kept)
    )


def test_a_visitor_stays_in_their_copy(lived_in: Room) -> None:
    visitor = request()
    own = rooms.own(visitor, at=NOON)
    assert rooms.visit(visitor) == own
    assert rooms.own(visitor, at=NOON) == own
    assert lived_in.copies.count() == 1


def test_two_visitors_get_a_copy_each(lived_in: Room) -> None:
    one = rooms.own(request("one's cookie"), at=NOON).room
    other = rooms.own(request("the other's cookie"), at=NOON).room
    assert one != other
    assert {one, other} == set(lived_in.copies.all())


def test_two_first_presses_of_one_visitor_make_one_copy(lived_in: Room) -> None:
    """Both were sent before either was answered, so both carry the same empty session."""
    first, second = request("cookie"), request("cookie")
    assert rooms.own(first, at=NOON) == rooms.own(second, at=NOON)
    assert first.session[rooms.SESSION_KEY] == second.session[rooms.SESSION_KEY]
    assert lived_in.copies.count() == 1


def test_the_key_cannot_be_guessed(lived_in: Room) -> None:
    keys = {rooms.own(request(cookie), at=NOON).room.key for cookie in ("", "", "a", "b")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {40}


def test_a_key_of_an_original_opens_nothing(lived_in: Room) -> None:
    """Somebody else's class is an original too; one that was opened is nobody's own."""
    school = PersonFactory.create(room=RoomFactory.create(key="class")).room
    visitor = request()
    visitor.session[rooms.SESSION_KEY] = "class"
    assert rooms.visit(visitor) == rooms.Visit(lived_in, lost=True)
    visitor.session[rooms.BASE] = "class"
    assert rooms.visit(visitor) == rooms.Visit(school, lost=True)


def test_a_lost_copy_is_told_of_and_replaced_on_the_next_write(lived_in: Room) -> None:
    visitor = request("cookie")
    own = rooms.own(visitor, at=NOON).room
    assert rooms.prune(unused_since=NOON + timedelta(seconds=1)) == 1
    assert rooms.visit(visitor) == rooms.Visit(lived_in, lost=True)
    again = rooms.own(visitor, at=NOON)
    assert (again.lost, again.room == own, again.room.private) == (True, False, True)
    assert rooms.visit(visitor) == rooms.Visit(again.room, kept=True)


def test_without_a_demo_room_the_message_says_how_to_make_it(db: None) -> None:
    with pytest.raises(Room.DoesNotExist, match=r"manage\.py seed"):
        rooms.visit(request())


def test_a_copy_in_use_is_kept(lived_in: Room) -> None:
    visitor = request()
    own = rooms.own(visitor, at=NOON).room
    rooms.own(visitor, at=NOON + timedelta(hours=23))
    assert rooms.prune(unused_since=NOON + timedelta(hours=22)) == 0
    assert rooms.prune(unused_since=NOON + timedelta(hours=24)) == 1
    assert not Room.objects.filter(pk=own.pk).exists()


def test_a_copy_found_by_its_cookie_alone_stays_for_another_day(lived_in: Room) -> None:
    """The session ended with the browser, the cookie lives on, and older copies went first."""
    own = rooms.own(request("cookie"), at=NOON).room
    for number in range(rooms.PRUNED_AT_ONCE):
        rooms.copy(lived_in, key=f"older-{number}", at=NOON - timedelta(days=9))
    back = rooms.own(request("cookie"), at=NOON + timedelta(days=3))
    assert back == rooms.Visit(own, kept=True)
    assert list(lived_in.copies.all()) == [own]
    assert rooms.prune(unused_since=NOON + timedelta(days=3)) == 0


def test_a_copy_that_goes_while_it_is_fetched_is_replaced(lived_in: Room) -> None:
    """The room was read, and then pruned before it could be noted as in use."""
    own = rooms.own(request(), at=NOON).room
    rooms.prune(unused_since=NOON + timedelta(days=2))
    assert not rooms.keep(own, NOON + timedelta(days=2))


def test_pruning_takes_only_unused_copies_with_all_they_hold(lived_in: Room) -> None:
    before = contents(lived_in), Event.objects.count()
    rooms.own(request("old"), at=NOON)
    rooms.own(request("new"), at=NOON + timedelta(hours=20))
    assert rooms.prune(unused_since=NOON + timedelta(hours=1)) == 1
    assert rooms.prune(unused_since=NOON + timedelta(days=9)) == 1
    assert (contents(lived_in), Event.objects.count()) == before


def test_a_new_copy_takes_two_unused_ones_away(lived_in: Room) -> None:
    for number in range(3):
        rooms.own(request(f"visitor {number}"), at=NOON + timedelta(minutes=number))
    rooms.own(request("later"), at=NOON + timedelta(days=2))
    kept = lived_in.copies.order_by("touched_at").values_list("touched_at", flat=True)
    assert list(kept) == [NOON + timedelta(minutes=2), NOON + timedelta(days=2)]


def test_the_command_prunes_after_a_day_or_as_told(lived_in: Room) -> None:
    now = timezone.now()
    for hours in (1, 3, 30):
        rooms.copy(lived_in, key=f"copy-{hours}", at=now - timedelta(hours=hours))
    said = StringIO()
    call_command("prune", stdout=said)
    call_command("prune", "--older-than", "2", stdout=said)
    call_command("prune", stdout=said)
    assert said.getvalue().splitlines() == [
        "Removed 1 unused copy.",
        "Removed 1 unused copy.",
        "Removed 0 unused copies.",
    ]


def test_a_copy_of_the_demo_takes_few_statements_and_little_time(
    db: None,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    seed_room(read_script(), seed=1, now=NOON)
    demo = Room.objects.get(key=rooms.DEMO)
    times = []
    for number in range(3):
        started = perf_counter()
        rooms.copy(demo, key=f"copy-{number}", at=NOON)
        times.append(perf_counter() - started)
    assert min(times) < 0.15
    with django_assert_num_queries(2 + 8 + 4):  # two savepoints: the test is a transaction
        rooms.copy(demo, key="copy", at=NOON)
