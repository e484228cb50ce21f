"""The feed's pages as a browser without script gets them, and what htmx is sent instead."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from feed import actions, rooms, visits
from feed.cards import Card, ago, clock, seat_of, seen
from feed.disclosure.looks import Interval, Look
from feed.disclosure.platforms import Seat
from feed.models import Event, Like, Person, Photo, Room
from feed.views.pages import PAGE
from tests.factories import NOON, PersonFactory, PhotoFactory

TIMELINE = "/feed/"
BY_TIME = "/feed/?order=time"
HTMX = {"HX-Request": "true"}


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


def be(client: Client, person: Person) -> None:
    client.post("/feed/eyes/", {"person": person.handle})


def on(client: Client, platform: str) -> None:
    client.post("/feed/mode/", {"platform": platform})


def numbers(client: Client, path: str = BY_TIME) -> list[int]:
    return [card.photo.number for card in client.get(path).context["cards"]]


def card(client: Client, photo: Photo) -> Card:
    found: Card = client.get(f"/feed/photo/{photo.number}/").context["card"]
    return found


def said(client: Client, photo: Photo) -> str:
    side = card(client, photo).side
    assert side is not None
    return "".join(span.text for span in side.verdict)


# The timeline


def test_the_timeline_shows_whom_you_follow_and_yourself_the_newest_first(
    client: Client, room: Room, ben: Person, ana: Person, zoe: Person
) -> None:
    for number, (poster, at) in enumerate(((ben, 1), (zoe, 2), (ana, 3), (ben, 4)), start=1):
        PhotoFactory.create(poster=poster, number=number, posted_at=minutes(at))
    be(client, ana)
    assert numbers(client) == [4, 3, 1]
    be(client, zoe)
    assert numbers(client) == [2]


def test_older_photos_follow_page_by_page(client: Client, ben: Person) -> None:
    for number in range(2 * PAGE + 1):
        PhotoFactory.create(poster=ben, number=number, posted_at=minutes(number))
    be(client, ben)
    path, found = BY_TIME, []
    for _ in range(3):
        page = client.get(path)
        found.append([card.photo.number for card in page.context["cards"]])
        path = f"{TIMELINE}{page.context['older']}"
    down = list(range(2 * PAGE, -1, -1))
    assert found == [down[:PAGE], down[PAGE : 2 * PAGE], [0]]
    assert page.context["older"] == ""


@pytest.mark.parametrize("wrong", ["x", "-1", "1e9", "99999999999999999999", ""])
def test_an_address_that_says_nothing_shows_the_newest(
    client: Client, photo: Photo, ben: Person, wrong: str
) -> None:
    be(client, ben)
    assert numbers(client, f"{BY_TIME}&before={wrong}") == [photo.number]
    assert client.get(f"{TIMELINE}?turned={wrong}").context["cards"][0].side is None


def test_an_empty_timeline_says_what_to_do(client: Client, zoe: Person) -> None:
    be(client, zoe)
    page = client.get(TIMELINE).content.decode()
    assert "Zoe follows nobody who has posted" in page
    assert "Pick whose eyes" in page
    older = client.get(f"{BY_TIME}&before=5").content.decode()
    assert "There are no more photos" in older


def test_a_card_turned_over_in_the_address_shows_its_posters_side(
    client: Client, photo: Photo, ben: Person, ana: Person
) -> None:
    PhotoFactory.create(poster=ben, number=2)
    be(client, ana)
    cards = client.get(f"{TIMELINE}?turned=1").context["cards"]
    assert [(card.photo.number, card.side is not None) for card in cards] == [(2, False), (1, True)]


# Faces

WHO_SEES_NAMES = {
    # platform: what the poster, a liker, a follower and a stranger see of two likers' names
    "instagram": (True, True, True, True),
    "facebook": (True, True, True, True),
    "twitter": (True, True, True, True),
    "twitter-2023": (True, True, True, True),
    "x": (True, False, False, False),
}


@pytest.mark.parametrize(("platform", "sees"), WHO_SEES_NAMES.items())
def test_a_card_names_likers_only_to_whom_the_platform_does(
    client: Client,
    photo: Photo,
    ben: Person,
    ana: Person,
    mika: Person,
    zoe: Person,
    platform: str,
    sees: tuple[bool, ...],
) -> None:
    other = PersonFactory.create(room=ben.room, handle="jo", name="Jo")
    actions.like(photo=photo, person=other, at=minutes(1))
    actions.like(photo=photo, person=ana, at=minutes(2))
    on(client, platform)
    names = {ben: ("ana", "jo"), ana: ("you", "jo"), mika: ("ana", "jo"), zoe: ("ana", "jo")}
    for (person, shown), named in zip(names.items(), sees, strict=True):
        be(client, person)
        face = card(client, photo)
        assert face.names == (shown if named else ())
        assert face.names_hidden is not named
        assert (face.face.count.written, face.face.liked) == ("2", person == ana)
        page = client.get(f"/feed/photo/{photo.number}/").content.decode()
        assert ("Names hidden" in page) is not named
        front = page[page.index('id="photo-1"') : page.index("</article>")]
        assert ("<b>jo</b>" in front) is named


def test_the_seat_is_poster_then_liker_then_friend_then_stranger(
    photo: Photo, ben: Person, ana: Person
) -> None:
    assert seat_of(photo, ben, liked=True, followed=False) is Seat.POSTER
    assert seat_of(photo, ana, liked=True, followed=True) is Seat.LIKER
    assert seat_of(photo, ana, liked=False, followed=True) is Seat.FRIEND
    assert seat_of(photo, ana, liked=False, followed=False) is Seat.STRANGER


def test_a_card_knows_what_the_press_will_make_of_its_number(
    client: Client, photo: Photo, ana: Person
) -> None:
    be(client, ana)
    before = card(client, photo)
    client.post("/feed/photo/1/like/")
    after = card(client, photo)
    assert (before.face.count.written, before.pressed.count.written) == ("0", "1")
    assert (after.face.count.written, after.pressed.count.written) == ("1", "0")


def test_the_curve_marks_where_the_number_fell() -> None:
    looks = [Look(at=minutes(n), count=Interval(c, c)) for n, c in enumerate((2, 5, 4))]
    curve = seen(looks, minutes(9))
    assert curve is not None
    assert curve.counts == (2, 5, 4)
    assert curve.dots == ((8, 64, False), (200, 8, False), (392, 27, True))
    assert curve.points == "8,64 200,64 200,8 392,8 392,27"
    assert seen(looks[:1], minutes(9)) is None
    assert seen([Look(at=minutes(0)), Look(at=minutes(1))], minutes(9)) is None


def test_times_are_told_shortly() -> None:
    now = datetime(2026, 3, 14, 20, 5, tzinfo=UTC)
    assert clock(NOON, now) == "12:00"
    assert clock(NOON - timedelta(days=2), now) == "12 March 12:00"
    assert ago(now - timedelta(seconds=59), now) == "just now"
    assert ago(now - timedelta(hours=2, minutes=5), now) == "2 hours ago"


# Presses


def test_a_press_sets_a_state_and_leads_back_to_the_card(
    client: Client, room: Room, photo: Photo, ana: Person
) -> None:
    be(client, ana)
    for action, likes in (("like", 1), ("like", 1), ("unlike", 0), ("unlike", 0), ("like", 1)):
        answer = client.post(f"/feed/photo/1/{action}/", {"next": "/feed/?before=9"})
        assert (answer.status_code, answer["Location"]) == (303, "/feed/?before=9#photo-1")
        assert card(client, photo).face.count.written == str(likes)
    copy = room.copies.get()
    presses = Event.objects.filter(room=copy).order_by("id").values_list("action", flat=True)
    assert list(presses) == ["like", "unlike", "like"]


def test_htmx_is_led_the_same_way_and_gets_the_part(
    client: Client, photo: Photo, ana: Person
) -> None:
    be(client, ana)
    answer = client.post("/feed/photo/1/like/", {"next": "/feed/"}, headers=HTMX, follow=True)
    assert answer.redirect_chain == [("/feed/#photo-1", HTTPStatus.SEE_OTHER)]
    page = answer.content.decode()
    assert page.lstrip().startswith('<div id="feed"')
    assert 'action="/feed/photo/1/unlike/"' in page
    assert "HX-Request" in answer["Vary"]


def test_like_look_unlike_look_is_found_out(
    client: Client, photo: Photo, ana: Person, ben: Person
) -> None:
    """From the article: a number that falls and a name that goes tell, although nobody does."""
    on(client, "instagram")
    be(client, ana)
    story = []
    for action in ("like", "look", "unlike", "look"):
        client.post(f"/feed/photo/1/{action}/")
        story.append(said(client, photo))
    assert story[:3] == [
        "Ben has not looked yet.",
        "Ben knows that you like it.",
        "Ben was not told. When he last looked, you liked it.",
    ]
    assert story[3].startswith("Ben was not told. He saw your name at")
    assert story[3].endswith("so he can tell it was you.")
    on(client, "twitter")
    assert said(client, photo) == "Ben is told outright: it was you who took a like back."


def test_unseen_it_is_not_found_out(client: Client, photo: Photo, ana: Person) -> None:
    be(client, ana)
    for action in ("like", "unlike"):
        client.post(f"/feed/photo/1/{action}/")
    assert "so nothing has given it away" in said(client, photo)


def test_two_visitors_do_not_see_each_others_presses(
    client: Client, photo: Photo, ana: Person
) -> None:
    other = Client()
    for visitor in (client, other):
        be(visitor, ana)
    client.post("/feed/photo/1/like/")
    assert card(client, photo).face.liked
    assert not card(other, photo).face.liked
    assert not Like.objects.filter(photo=photo).exists()


def test_looking_around_makes_no_copy(client: Client, room: Room, photo: Photo) -> None:
    client.get(TIMELINE)
    client.get("/feed/photo/1/")
    be(client, photo.poster)
    on(client, "x")
    assert not room.copies.exists()


def test_a_press_on_an_outdated_page_does_nothing_but_say_so(
    client: Client, photo: Photo, ana: Person, ben: Person
) -> None:
    be(client, ben)
    answer = client.post("/feed/photo/1/like/", {"you": "ana"}, follow=True)
    assert "You are Ben since another tab or window" in answer.content.decode()
    assert not Like.objects.exists()
    answer = client.post("/feed/photo/1/like/", {"you": "ana"}, headers=HTMX)
    assert answer["HX-Refresh"] == "true"
    assert not Like.objects.exists()


# What you carry along


def test_eyes_and_platform_are_remembered(
    client: Client, photo: Photo, ana: Person, ben: Person
) -> None:
    first = client.get(TIMELINE).context
    assert (first["you"], first["platform"].slug) == (ben, "instagram")
    answer = client.post("/feed/eyes/", {"person": "ana", "next": "/feed/photo/1/"})
    assert (answer.status_code, answer["Location"]) == (303, "/feed/photo/1/")
    on(client, "x")
    later = client.get(TIMELINE).context
    assert (later["you"], later["platform"].slug) == (ana, "x")
    assert client.post("/feed/eyes/", {"person": "ben"}, headers=HTMX)["HX-Refresh"] == "true"
    assert client.get(TIMELINE).context["you"] == ben


@pytest.mark.parametrize(
    ("path", "sent", "message"),
    [
        ("/feed/eyes/", {"person": "nobody"}, "Nobody of that name is in the room."),
        ("/feed/eyes/", {}, "Nobody of that name is in the room."),
        ("/feed/mode/", {"platform": "orkut"}, "There is no such platform."),
        ("/feed/mode/", {}, "There is no such platform."),
    ],
)
def test_what_is_not_there_cannot_be_picked(
    client: Client, photo: Photo, ben: Person, path: str, sent: dict[str, str], message: str
) -> None:
    page = client.post(path, sent, follow=True)
    assert message in page.content.decode()
    assert (page.context["you"], page.context["platform"].slug) == (ben, "instagram")


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/",
        "//example.org/",
        "javascript:alert(1)",
        "feed/",
        "",
        "/\\example.org",
    ],
)
def test_no_press_leads_off_the_site(client: Client, photo: Photo, address: str) -> None:
    assert client.post("/feed/mode/", {"platform": "x", "next": address})["Location"] == TIMELINE


def test_a_person_who_left_is_nobodys_eyes_any_more(
    client: Client, photo: Photo, ana: Person, ben: Person
) -> None:
    be(client, ana)
    actions.leave(person=ana, at=minutes(1))
    page = client.get(TIMELINE)
    assert "The person you were is no longer in the room. You are Ben now." in page.content.decode()
    assert page.context["you"] == ben
    assert ana not in page.context["people"]
    assert "no longer in the room" not in client.get(TIMELINE).content.decode()


def test_a_platform_that_is_gone_is_said_once(client: Client, photo: Photo) -> None:
    session = client.session
    session[visits.MODE] = "orkut"
    session.save()
    client.cookies["sessionid"] = session.session_key
    page = client.get(TIMELINE)
    assert "You see the feed as Instagram has it." in page.content.decode()
    assert "is no longer here" not in client.get(TIMELINE).content.decode()


def test_a_copy_that_was_removed_is_said_once(
    client: Client, room: Room, photo: Photo, ana: Person
) -> None:
    be(client, ana)
    client.post("/feed/photo/1/like/")
    rooms.prune(unused_since=datetime.now(UTC) + timedelta(days=1))
    page = client.get(TIMELINE)
    assert visits.LOST in page.content.decode()
    assert page.context["you"] == ana
    assert not card(client, photo).face.liked
    assert visits.LOST not in client.get(TIMELINE).content.decode()
    client.post("/feed/photo/1/like/")
    assert card(client, photo).face.liked


# What is not there

PATHS = ("like", "unlike", "look")


@pytest.mark.parametrize("number", ["7", "99999999999999999999"])
def test_an_unknown_photo_is_a_404_that_helps(client: Client, photo: Photo, number: str) -> None:
    for answer in (
        client.get(f"/feed/photo/{number}/"),
        *(client.post(f"/feed/photo/{number}/{press}/") for press in PATHS),
    ):
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert "That photo is not here" in answer.content.decode()
        assert 'href="/feed/"' in answer.content.decode()


def test_the_photos_of_who_left_are_gone(client: Client, photo: Photo, ana: Person) -> None:
    assert client.get("/feed/photo/1/").status_code == HTTPStatus.OK
    actions.leave(person=photo.poster, at=minutes(1))
    assert client.get("/feed/photo/1/").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/feed/people/ben/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("path", [f"photo/1/{press}/" for press in PATHS] + ["eyes/", "mode/"])
def test_presses_are_not_links(client: Client, photo: Photo, path: str) -> None:
    assert client.get(f"/feed/{path}").status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("path", ["", "photo/1/", "people/ben/"])
def test_pages_are_not_pressed(client: Client, photo: Photo, path: str) -> None:
    assert client.post(f"/feed/{path}").status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("path", [f"photo/1/{press}/" for press in PATHS] + ["eyes/", "mode/"])
def test_no_other_site_can_press(photo: Photo, path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/feed/{path}").status_code == HTTPStatus.FORBIDDEN


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["", "photo/1/", "people/ben/"])
def test_without_a_room_it_says_how_one_is_made(client: Client, path: str) -> None:
    answer = client.get(f"/feed/{path}")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "manage.py seed" in answer.content.decode()


def test_no_page_is_kept_by_a_cache(client: Client, photo: Photo) -> None:
    for name, args in (("timeline", ()), ("photo", (1,)), ("person", ("ben",))):
        assert "no-store" in client.get(reverse(f"feed:{name}", args=args))["Cache-Control"]


def test_a_person_s_page_shows_their_photos(client: Client, photo: Photo, ana: Person) -> None:
    PhotoFactory.create(poster=ana, number=2)
    page = client.get("/feed/people/ben/").context
    assert (page["person"], page["photos"]) == (photo.poster, [photo])


# Cost: few and many cards, likes, events and looks


@pytest.fixture
def lively(room: Room, ben: Person, ana: Person) -> Callable[[int], None]:
    """Makes as many photos, each liked by as many people and looked at as often."""

    def make(size: int) -> None:
        people = PersonFactory.create_batch(size, room=room)
        for number in range(size):
            photo = PhotoFactory.create(poster=ben, number=100 - number, liked_by=people)
            for minute in range(size):
                actions.look(photo=photo, person=ben, at=minutes(2 * minute))

    return make


@pytest.mark.parametrize("size", [3, 12])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("", 6),
        ("?turned=99", 8),
        ("?after=1", 6),
        ("?order=time", 4),
        ("?order=time&turned=99", 6),
        ("?order=time&before=100", 4),
        ("explore/", 3),
        ("search/?q=e", 4),
        ("photo/99/", 7),
        ("photo/99/?then=2", 6),
        ("photo/99/log/", 6),
        ("people/ben/", 9),
        ("people/ben/likes/", 8),
        ("people/ben/followers/", 9),
    ],
)
def test_a_page_takes_the_same_queries_whatever_is_on_it(
    client: Client,
    ana: Person,
    lively: Callable[[int], None],
    size: int,
    path: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    lively(size)
    be(client, ana)
    with django_assert_num_queries(queries):
        page = client.get(f"/feed/{path}")
    assert page.status_code == HTTPStatus.OK
