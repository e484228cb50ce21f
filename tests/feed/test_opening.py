"""Another room than the demo: opened by its address, read as it is, copied on the first press."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from feed import accounts, actions, jobs, rooms
from feed.models import Event, Person, Photo, Room, Seeding
from tests.explainer.pages import read_page
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory
from tests.feed.accounts.conftest import Quick
from tests.feed.test_crowds import SOME

ADDRESS = "/feed/rooms/class-7b/"
HARBOUR = "/feed/rooms/harbour/"


@pytest.fixture(autouse=True)
def hasher(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [f"{Quick.__module__}.Quick"]


@pytest.fixture
def demo(room: Room, ben: Person, ana: Person) -> Room:
    """Ana comes first, and Ben's photo has the number of one in the class."""
    PhotoFactory.create(poster=ben, number=1)
    return room


@pytest.fixture
def school(demo: Room) -> Room:
    """A class with three people and two photos; somebody has left, with a third."""
    school = RoomFactory.create(key="class-7b", name="Class 7b")
    _olga, piet, rosa, left = (
        PersonFactory.create(room=school, handle=handle, name=handle.title())
        for handle in ("olga", "piet", "rosa", "left")
    )
    for number, poster in ((1, piet), (2, rosa), (3, left)):
        PhotoFactory.create(poster=poster, number=number)
    actions.leave(person=left, at=NOON)
    return school


def text(response: HttpResponse) -> str:
    return " ".join(read_page(response.content.decode()).one("main").text.split())


def bar(client: Client) -> str:
    """What the bar above the feed says; nothing where there is none."""
    page = read_page(client.get("/feed/explore/").content.decode())
    found = [each for each in page.all("div") if each.get("aria-label") == "Your room"]
    return " ".join(found[0].text.split()) if found else ""


def where(client: Client) -> Room:
    room: Room = client.get("/feed/explore/").context["room"]
    return room


def said(client: Client) -> list[str]:
    return [str(each) for each in client.get("/feed/explore/").context["messages"]]


def like(client: Client, number: int = 1) -> None:
    assert client.post(f"/feed/photo/{number}/like/").status_code == 303


def test_the_address_says_what_is_in_the_room(client: Client, school: Room) -> None:
    page = client.get(ADDRESS)
    assert page.status_code == 200
    tree = read_page(page.content.decode())
    assert tree.one("h1").text == "Class 7b"
    assert tree.one("title").text == "Room: Class 7b · Can they tell?"
    assert [m["content"] for m in tree.all("meta") if m.get("name") == "robots"] == ["noindex"]
    assert text(page).startswith("Class 7b A room with 3 people and 2 photos. Look around in it")
    assert not Room.objects.filter(original=school).exists()
    assert where(client).key == rooms.DEMO


def test_one_person_and_one_photo_are_counted_as_one(client: Client, demo: Room) -> None:
    PhotoFactory.create(poster__room=RoomFactory.create(key="one"))
    assert "A room with 1 person and 1 photo." in text(client.get("/feed/rooms/one/"))


def test_whoever_opens_a_room_reads_it_and_copies_it_with_the_first_press(
    client: Client, school: Room
) -> None:
    opened = client.post(ADDRESS)
    assert (opened.status_code, opened["Location"]) == (303, "/feed/")
    page = client.get("/feed/explore/")
    assert (page.context["room"], page.context["you"].handle) == (school, "olga")
    assert not school.copies.exists()
    like(client)
    like(client, 2)
    (copy,) = school.copies.all()
    assert where(client) == copy
    assert [p.like_count for p in copy.photos.order_by("number")] == [1, 1, 0]
    assert [p.like_count for p in school.photos.order_by("number")] == [0, 0, 0]


def test_two_visitors_have_a_copy_each(school: Room) -> None:
    for client in (Client(), Client()):
        client.post(ADDRESS)
        like(client)
    assert sorted(school.copies.values_list("photos__like_count", "photos__number")) == sorted(
        [(1, 1), (0, 2), (0, 3)] * 2
    )


def test_two_first_presses_at_once_make_one_copy(client: Client, school: Room) -> None:
    """The second is sent with the cookies from before the first was answered."""
    client.post(ADDRESS)
    before = client.cookies["sessionid"].value
    like(client)
    client.cookies["sessionid"] = before
    like(client, 2)
    (copy,) = school.copies.all()
    assert [p.like_count for p in copy.photos.order_by("number")] == [1, 1, 0]


def test_each_room_keeps_the_visitors_copy(client: Client, demo: Room, school: Room) -> None:
    like(client)
    of_the_demo = where(client)
    client.post(ADDRESS)
    assert where(client) == school
    like(client)
    of_the_class = where(client)
    client.post("/feed/eyes/", {"person": "rosa"})
    assert (of_the_demo.original, of_the_class.original) == (demo, school)
    client.post(HARBOUR)
    assert (said(client), where(client)) == ([], of_the_demo)
    client.post(ADDRESS)
    assert where(client) == of_the_class
    assert Room.objects.exclude(original=None).count() == 2


def test_the_session_knows_the_latest_few_copies(client: Client, demo: Room) -> None:
    for number in range(9):
        PersonFactory.create(room=RoomFactory.create(key=f"room-{number}"))
        client.post(f"/feed/rooms/room-{number}/")
    latest = [f"room-{number}" for number in range(9)][-rooms.COPIES_KNOWN :]
    assert list(client.session[rooms.COPIES]) == latest


def test_who_starts_afresh_has_the_room_as_it_is(client: Client, school: Room) -> None:
    client.post(ADDRESS)
    like(client)
    first = where(client)
    PhotoFactory.create(poster=school.people.get(handle="piet"), number=4)
    page = client.get(ADDRESS)
    since = client.session[rooms.COPIES]["class-7b"][1]
    assert abs(since - timezone.now().timestamp()) < 60
    assert "Your copy holds what you did there." in text(page)
    buttons = [each.text for each in read_page(page.content.decode()).one("main").all("button")]
    assert buttons == [f"Go on in your copy, as of {page.context['as_of']}", "Start afresh"]
    client.post(ADDRESS)
    assert where(client) == first
    client.post(ADDRESS, {"afresh": "1"})
    assert where(client) == school
    like(client, 4)
    assert where(client) not in (first, school)
    assert where(client).photos.get(number=4).like_count == 1


def test_a_copy_that_was_removed_is_told_of_and_made_anew(client: Client, school: Room) -> None:
    client.post(ADDRESS)
    like(client)
    rooms.prune(unused_since=timezone.now() + timedelta(seconds=1))
    assert said(client) == [
        "Your copy of the room was not used for a day, so it was removed. Everything starts afresh."
    ]
    assert (where(client), said(client)) == (school, [])
    assert bar(client).startswith("Class 7b, as it is now")
    assert "Open this room" in text(client.get(ADDRESS))
    like(client)
    assert where(client).original == school


def test_a_press_finds_its_copy_gone_and_makes_it_anew(client: Client, school: Room) -> None:
    client.post(ADDRESS)
    like(client)
    school.copies.all().delete()
    like(client)
    assert (where(client).original, school.copies.count()) == (school, 1)


def test_an_address_of_no_original_is_not_there(client: Client, demo: Room) -> None:
    copy = rooms.copy(demo, key="copy", at=NOON)
    for key in ("nowhere", copy.key):
        for answer in (client.get(f"/feed/rooms/{key}/"), client.post(f"/feed/rooms/{key}/")):
            assert answer.status_code == 404


def test_a_room_with_nobody_in_it_does_not_open(client: Client, school: Room) -> None:
    school.people.update(left_at=NOON)
    assert "Nobody is in this room yet" in text(client.get(ADDRESS))
    assert "Nobody is in this room yet" in text(client.post(ADDRESS))
    assert where(client).key == rooms.DEMO


# Where people sign in


def give_account(school: Room, handle: str = "piet") -> str:
    (handed,) = accounts.make(school.people.filter(handle=handle), at=NOON)
    return handed.password


def test_a_room_in_which_somebody_has_an_account_opens_by_signing_in(
    client: Client, school: Room
) -> None:
    give_account(school)
    for page in (client.get(ADDRESS), client.post(ADDRESS)):
        assert text(page).startswith("Class 7b People sign in to this room, so it opens only to")
        links = [a["href"] for a in read_page(page.content.decode()).one("main").all("a")]
        assert links == ["/sign-in/", "/feed/"]
        assert "people" not in page.context
    assert where(client).key == rooms.DEMO


def test_once_somebody_has_an_account_who_only_looks_is_back_in_the_demo(
    client: Client, demo: Room, school: Room
) -> None:
    client.post(ADDRESS)
    client.post("/feed/eyes/", {"person": "rosa"})
    assert where(client) == school
    give_account(school)
    assert said(client) == [rooms.CLOSED]
    assert (where(client), said(client), bar(client)) == (demo, [], "")


def test_a_press_in_a_room_that_was_closed_meanwhile_is_refused(
    client: Client, demo: Room, school: Room
) -> None:
    client.post(ADDRESS)
    give_account(school)
    like(client)
    assert not Room.objects.exclude(original=None).exists()
    assert said(client) == [rooms.CLOSED]
    assert where(client) == demo


def test_a_copy_from_before_the_accounts_stays_its_visitors(client: Client, school: Room) -> None:
    client.post(ADDRESS)
    like(client)
    copy = where(client)
    give_account(school)
    assert where(client) == copy


def test_whoever_is_signed_in_stays_in_their_own_room(
    client: Client, demo: Room, school: Room
) -> None:
    password = give_account(school)
    client.post("/sign-in/", {"username": "piet@class-7b", "password": password})
    assert "You are signed in to this room, as Piet." in text(client.get(ADDRESS))
    assert "You are signed in to Class 7b, as Piet. Sign out" in text(client.get(HARBOUR))
    assert client.post(HARBOUR).status_code == 200
    assert (where(client), bar(client)) == (school, "")


# What it costs


@pytest.mark.parametrize("more", [0, 9])
def test_reading_costs_one_query_more_in_a_room_that_was_opened(
    client: Client, school: Room, more: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = PersonFactory.create_batch(more, room=school)
    PhotoFactory.create_batch(more, poster=school.people.get(handle="piet"), liked_by=people)
    with django_assert_num_queries(3):
        client.get("/feed/explore/")
    with django_assert_num_queries(7):  # room, open, people, photos, and how large it is
        client.get(ADDRESS)
    client.post(ADDRESS)
    with django_assert_num_queries(4):
        client.get("/feed/explore/")
    like(client)
    with django_assert_num_queries(3):
        client.get("/feed/explore/")


def test_a_large_room_is_to_look_at_and_says_so(
    client: Client, school: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four people and one event."""
    for most, copies in ((4, 0), (5, 1)):
        monkeypatch.setattr(rooms, "MOST_COPIED", most)
        page = text(client.get(ADDRESS))
        assert ("too large for a copy of your own" in page) == (copies == 0)
        client.post(ADDRESS)
        like(client)
        assert school.copies.count() == copies
        assert said(client) == [rooms.TOO_LARGE.format(room="Class 7b")] * (1 - copies)


# Where you are, and back


def test_the_feed_says_where_you_are_and_how_to_get_back(client: Client, school: Room) -> None:
    assert bar(client) == ""
    like(client)
    assert bar(client) == ""
    client.post(ADDRESS)
    assert bar(client) == "Class 7b, as it is now Back to the demo"
    like(client)
    as_of = client.get("/feed/explore/").context["as_of"]
    assert bar(client) == f"A copy of Class 7b, as of {as_of} Back to the demo"
    client.post(HARBOUR)
    assert bar(client) == ""


def test_the_press_that_makes_the_copy_loads_the_page_anew_for_its_bar(
    client: Client, school: Room
) -> None:
    def fetches_anew(number: int) -> bool:
        target = {"HX-Request": "true", "HX-Target": f"foot-{number}"}
        return "HX-Refresh" in client.post(f"/feed/photo/{number}/like/", headers=target).headers

    assert [fetches_anew(1), fetches_anew(1)] == [False, False]
    client.post(ADDRESS)
    assert [fetches_anew(1), fetches_anew(2)] == [True, False]
    assert sorted(where(client).photos.values_list("like_count", flat=True)) == [0, 1, 1]


def test_the_moment_of_a_copy_is_its_first_press(client: Client, school: Room) -> None:
    client.post(ADDRESS)
    like(client)
    session = client.session
    session[rooms.COPIES] = {"class-7b": [session["room"], int(NOON.timestamp())]}
    session.save()
    client.cookies["sessionid"] = session.session_key
    assert client.get("/feed/explore/").context["as_of"] == "14 March 12:00"
    like(client, 2)
    assert client.get("/feed/explore/").context["as_of"] == "14 March 12:00"


# From the admin


def staff(client: Client, *permissions: str) -> Client:
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


def test_who_sees_all_rooms_in_the_admin_sees_one_with_accounts_until_they_may_not(
    client: Client, demo: Room, school: Room
) -> None:
    give_account(school)
    staff(client, "view_room")
    client.post(f"/admin/feed/room/{school.pk}/see/")
    assert where(client) == school
    assert bar(client) == "Class 7b, as it is now Back to the admin Back to the demo"
    like(client)
    copy = where(client)
    assert copy.original == school
    client.post(f"/admin/feed/room/{school.pk}/see/")
    assert where(client) == school
    User.objects.get(username="staff").user_permissions.clear()
    assert where(client) == demo


def test_a_moderator_who_opened_a_room_is_out_of_it_once_people_sign_in(
    client: Client, demo: Room, school: Room
) -> None:
    staff(client, "view_comment").post(ADDRESS)
    assert where(client) == school
    give_account(school)
    assert where(client) == demo


def test_what_staff_does_in_a_visitors_copy_goes_into_a_copy_of_it(
    client: Client, admin_client: Client, school: Room
) -> None:
    client.post(ADDRESS)
    like(client)
    (theirs,) = school.copies.all()
    admin_client.post(f"/admin/feed/room/{theirs.pk}/see/")
    assert where(admin_client) == theirs
    assert bar(admin_client).startswith(f"{theirs}, as it is now")
    sent = {"seconds": "5", "you": "olga"}
    admin_client.post("/feed/photo/2/view/", sent)
    like(admin_client, 2)
    assert where(admin_client).original == theirs
    assert theirs.photos.get(number=2).like_count == 0
    assert not Event.objects.filter(room=theirs, action="view").exists()


# How long a photo is looked at


def test_views_are_kept_where_presses_are(client: Client, school: Room) -> None:
    def seen(room: Room) -> list[tuple[str, int | None]]:
        views = Event.objects.filter(room=room, action="view").order_by("pk")
        return list(views.values_list("person__handle", "seconds"))

    def timed() -> bool:
        return "data-view" in client.get("/feed/photo/1/").content.decode()

    sent = {"seconds": "5", "you": "olga"}
    client.post(ADDRESS)
    client.post("/feed/photo/1/view/", sent)
    assert (seen(school), timed()) == ([], False)
    like(client)
    client.post("/feed/photo/1/view/", sent)
    assert (seen(school), seen(where(client)), timed()) == ([], [("olga", 5)], True)
    password = give_account(school, "rosa")
    client.post("/sign-in/", {"username": "rosa@class-7b", "password": password})
    client.post("/feed/photo/1/view/", sent | {"you": "rosa", "seconds": "7"})
    client.post("/feed/photo/1/view/", sent | {"you": "piet"})  # drawn for somebody else
    assert (where(client), seen(school), timed()) == (school, [("rosa", 7)], True)


def test_photos_of_both_rooms_have_the_same_addresses(client: Client, school: Room) -> None:
    """What a page of the demo would press is refused where somebody else is meant."""
    client.get("/feed/")
    client.post(ADDRESS)
    client.post("/feed/photo/1/like/", {"you": "ana"})
    assert Photo.objects.filter(like_count__gt=0).count() == 0


def test_the_admin_says_how_others_get_in(admin_client: Client, school: Room) -> None:
    rooms.copy(school, key="copy", at=NOON)
    for address in ("/admin/feed/room/", f"/admin/feed/room/{school.pk}/change/"):
        page = read_page(admin_client.get(address).content.decode())
        assert [a.text for a in page.all("a") if a.get("href") == ADDRESS] == ["Its address"]
    copies = read_page(admin_client.get("/admin/feed/room/?kind=copies").content.decode())
    assert not [a for a in copies.all("a") if (a.get("href") or "").startswith("/feed/rooms/")]


@pytest.mark.parametrize(
    ("accounts", "how"),
    [("", "anybody opens it at its address"), ("on", "Nobody gets into the room without one.")],
)
def test_a_dry_run_says_how_others_will_get_in(
    admin_client: Client, demo: Room, accounts: str, how: str
) -> None:
    asked = asdict(SOME) | {"name": "Class 7b", "accounts": accounts}
    said = text(admin_client.get(reverse("admin:feed_seeding_add"), asked))
    assert (how in said, "anybody opens it" in said) == (True, accounts == "")


def test_a_seeding_that_is_done_says_so_with_the_whole_address(
    admin_client: Client, demo: Room
) -> None:
    job, _new = jobs.start(
        options=replace(SOME, people=3),
        room=None,
        name="Class 7b",
        token=uuid4(),
        now=timezone.now(),
    )
    page = reverse("admin:feed_seeding_change", args=[job.pk])
    assert "/feed/rooms/" not in admin_client.get(page).content.decode()
    while job.state == Seeding.State.RUNNING:
        job = jobs.advance(job, done=job.done)
    (link,) = [
        a
        for a in read_page(admin_client.get(page).content.decode()).all("a")
        if a["href"] == ADDRESS
    ]
    assert link.text == f"http://testserver{ADDRESS}"
    assert "A room with 3 people" in text(admin_client.get(ADDRESS))
