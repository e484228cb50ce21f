"""Signed in as a person: with others in one room, as oneself, until it ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from feed import accounts, actions
from feed.models import Event, Like, Person, Photo, Room
from feed.views.posting import MOST
from tests.factories import NOON, PhotoFactory
from tests.feed.accounts.conftest import HTMX, likers, said, sign_in, you
from tests.feed.test_posting import sent

# Signed in


def test_signed_in_two_people_see_each_other_in_one_room(
    passwords: dict[str, str], room: Room, photo: Photo, ana: Person, ben: Person
) -> None:
    one, other = sign_in(passwords, "ana"), sign_in(passwords, "ben")
    assert (you(one), you(other)) == ("ana", "ben")
    for _ in range(2):  # the first press finds its way slowly, the second at once
        one.post("/feed/photo/1/like/", {"you": "ana"})
        one.post("/feed/photo/1/unlike/", {"you": "ana"})
    one.post("/feed/photo/1/like/", {"you": "ana"})
    assert likers(photo) == ["ana"]
    page = other.get("/feed/photo/1/")
    assert page.context["room"] == room
    assert page.context["card"].names == ("ana",)
    other.post("/feed/photo/1/comment/", {"you": "ben", "text": "Thank you"})
    assert "Thank you" in said(one, "/feed/photo/1/")
    assert not Room.objects.exclude(original=None).exists()


def test_who_is_signed_in_is_said_on_every_page_of_the_feed(
    passwords: dict[str, str], photo: Photo, ana: Person
) -> None:
    client = sign_in(passwords, "ana")
    assert "You are in Class 7b, as Ana." in said(client)
    for path in ("", "explore/", "photo/1/", "people/ben/", "leave/", "post/", "notifications/"):
        page = said(client, f"/feed/{path}")
        assert "Signed in to <b>Class 7b</b> as <b>Ana</b></p>" in page, path
        assert 'action="/sign-out/"' in page, path
    stranger = said(Client())
    assert "Signed in" not in stranger
    assert 'href="/sign-in/"' in stranger


def test_what_you_did_before_does_not_come_along(
    passwords: dict[str, str], demo: Room, room: Room
) -> None:
    client = Client()
    number = demo.photos.get().number
    client.post("/feed/mode/", {"platform": "x"})
    client.post(f"/feed/photo/{number}/like/")
    copy = demo.copies.get()
    sign_in(passwords, "ana", client)
    page = client.get("/feed/")
    assert (page.context["room"], page.context["platform"].slug) == (room, "x")
    client.post("/sign-out/")
    page = client.get("/feed/")
    assert page.context["room"] == demo
    assert copy.key not in dict(client.session).values()


def test_signing_out_takes_a_press_and_leads_to_the_demo(
    passwords: dict[str, str], demo: Room
) -> None:
    client = sign_in(passwords, "ana")
    assert client.get("/sign-out/").status_code == 405
    assert you(client) == "ana"
    before = client.cookies["csrftoken"].value
    answer = client.post("/sign-out/", follow=True)
    assert "You are signed out. This is the demo." in answer.content.decode()
    assert answer.context["room"] == demo
    assert client.cookies["csrftoken"].value != before
    assert accounts.SIGNED_IN not in client.session


def test_whoever_is_signed_in_is_not_asked_again(passwords: dict[str, str]) -> None:
    client = sign_in(passwords, "ana")
    assert client.get("/sign-in/")["Location"] == "/feed/"
    sign_in(passwords, "ben", client)
    assert you(client) == "ben"


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("wrong", "User name and password do not go together."),
        ("unknown", "User name and password do not go together."),
        ("inactive", "User name and password do not go together."),
        ("nobody", "This account belongs to nobody in a room."),
        ("left", "Ana has left Class 7b, so nobody can sign in as Ana any more."),
        ("empty", "This field is required."),
    ],
)
def test_who_cannot_sign_in_is_told_why(
    passwords: dict[str, str], ana: Person, case: str, message: str
) -> None:
    sent = {"username": "ana@class-7b", "password": passwords["ana@class-7b"]}
    match case:
        case "wrong":
            sent["password"] = passwords["ben@class-7b"]
        case "unknown":
            sent["username"] = "ana"
        case "inactive":
            User.objects.filter(person=ana).update(is_active=False)
        case "nobody":
            Person.objects.filter(pk=ana.pk).update(user=None)
        case "left":
            actions.leave(person=ana, at=NOON)
        case "empty":
            sent = {"username": "", "password": ""}
    client = Client()
    answer = client.post("/sign-in/", sent)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert dict(client.session) == {}
    assert sent["password"] not in answer.content.decode() or not sent["password"]


def test_whoever_runs_the_site_is_led_to_the_admin_and_never_a_person(
    passwords: dict[str, str], ana: Person
) -> None:
    User.objects.filter(person=ana).update(is_staff=True)
    client = Client()
    sent = {"username": "ana@class-7b", "password": passwords["ana@class-7b"]}
    answer = client.post("/sign-in/", sent)
    assert (answer.status_code, answer["Location"]) == (303, "/admin/")
    assert dict(client.session) == {}
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain == [("/admin/login/?next=/admin/", 302)]
    assert "Those who run this site sign in here." in page.content.decode()


def test_at_the_admin_nobody_becomes_a_person(
    passwords: dict[str, str], ana: Person, demo: Room, settings: Settings
) -> None:
    User.objects.filter(person=ana).update(is_staff=True)
    client = Client()
    sent = {"username": "ana@class-7b", "password": passwords["ana@class-7b"], "next": "/admin/"}
    assert client.post("/admin/login/", sent)["Location"] == "/admin/"
    page = client.get("/feed/")
    assert (page.context["room"], page.context["account"]) == (demo, None)


# The sign-in ends


def end(case: str, person: Person) -> None:
    user = User.objects.get(person=person)
    match case:
        case "deleted":
            user.delete()
        case "removed":
            accounts.remove(Person.objects.filter(pk=person.pk))
        case "switched off":
            User.objects.filter(pk=user.pk).update(is_active=False)
        case "new password":
            user.set_password("another one")
            user.save()
        case "runs the site":
            User.objects.filter(pk=user.pk).update(is_staff=True)
        case "another's":
            Person.objects.filter(pk=person.pk).update(user=None)
        case "left":
            actions.leave(person=person, at=timezone.now())
        case "room deleted":
            person.room.delete()


ENDS = (
    "deleted",
    "removed",
    "switched off",
    "new password",
    "runs the site",
    "another's",
    "left",
    "room deleted",
)


@pytest.mark.parametrize("case", ENDS)
def test_a_sign_in_that_ended_reads_the_demo(
    passwords: dict[str, str], demo: Room, ana: Person, photo: Photo, case: str
) -> None:
    client = sign_in(passwords, "ana")
    client.post("/feed/photo/1/like/", {"you": "ana"})
    end(case, ana)
    page = client.get("/feed/")
    message = "Ana has left Class 7b, so you are signed out." if case == "left" else accounts.ENDED
    assert message in page.content.decode()
    assert (page.context["room"], page.context["account"]) == (demo, None)
    assert message not in said(client)
    assert dict(client.session) == {}


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("practised", [True, False])
@pytest.mark.parametrize("case", ENDS)
def test_a_press_after_the_sign_in_ended_does_nothing_but_say_so(
    passwords: dict[str, str], photo: Photo, ana: Person, case: str, practised: bool, htmx: bool
) -> None:
    client = sign_in(passwords, "ana")
    if practised:
        client.post("/feed/photo/1/unlike/", {"you": "ana"})
    end(case, ana)
    events, copies = Event.objects.count(), Room.objects.exclude(original=None).count()
    headers = HTMX if htmx else {}
    answer = client.post("/feed/photo/1/like/", {"you": "ana"}, headers=headers)
    assert (answer.headers.get("HX-Refresh"), answer.status_code) == (
        ("true", 200) if htmx else (None, 303)
    )
    assert not Like.objects.filter(photo=photo).exists()
    assert (Event.objects.count(), Room.objects.exclude(original=None).count()) == (events, copies)
    assert "you are signed out." in said(client)


@pytest.mark.parametrize("path", ["/sign-in/", "/admin/login/?next=/admin/"])
def test_closing_the_browser_signs_out(
    passwords: dict[str, str], demo: Room, ana: Person, path: str
) -> None:
    """A visitor's copy is found again all the same."""
    if "admin" in path:
        User.objects.filter(person=ana).update(is_staff=True)
    client = Client()
    sent = {"username": "ana@class-7b", "password": passwords["ana@class-7b"]}
    client.post(path, sent)
    assert client.cookies["sessionid"]["max-age"] == ""
    client.post("/sign-out/")
    client.post(f"/feed/photo/{demo.photos.get().number}/like/")
    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 3600


@pytest.mark.parametrize("practised", [True, False])
def test_a_sign_in_lasts_a_day_at_school_and_no_longer(
    passwords: dict[str, str],
    photo: Photo,
    practised: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = sign_in(passwords, "ana")
    if practised:
        client.post("/feed/photo/1/unlike/", {"you": "ana"})
    assert timedelta(hours=8) < accounts.LASTS < timedelta(days=1)
    monkeypatch.setattr(accounts, "LASTS", timedelta(0))
    client.post("/feed/photo/1/like/", {"you": "ana"})
    assert likers(photo) == []
    assert accounts.EXPIRED in said(client)
    assert dict(client.session) == {}


# What it costs


@pytest.mark.parametrize("size", [1, 5])
@pytest.mark.parametrize(
    ("path", "queries"),
    # One more than a visitor's: the account.
    [("", 6 + 1), ("?order=time", 4 + 1), ("explore/", 3 + 1), ("photo/1/", 7 + 1)],
)
def test_a_page_costs_whoever_is_signed_in_one_query_more(
    passwords: dict[str, str],
    photo: Photo,
    room: Room,
    size: int,
    path: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(2, size + 1):
        PhotoFactory.create(poster=photo.poster, number=number)
    client, visitor = sign_in(passwords, "ana"), Client()
    demo_photo = Photo.objects.exclude(room=room).get().number
    visitor.post(f"/feed/photo/{demo_photo}/like/")
    seen = path.replace("photo/1/", f"photo/{demo_photo}/")
    for each, page, number in ((visitor, seen, queries - 1), (client, path, queries)):
        each.get(f"/feed/{page}")
        with django_assert_num_queries(number):
            each.get(f"/feed/{page}")


def test_a_press_costs_whoever_is_signed_in_one_query_more(
    passwords: dict[str, str],
    photo: Photo,
    demo: Room,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client, visitor = sign_in(passwords, "ana"), Client()
    number = demo.photos.get().number
    visitor.post(f"/feed/photo/{number}/unlike/")
    client.post("/feed/photo/1/unlike/")
    counts = []
    for each, pressed in ((visitor, number), (client, 1)):
        with CaptureQueriesContext(connection) as asked:
            each.post(f"/feed/photo/{pressed}/like/")
        counts.append(len(asked))
    assert counts[1] == counts[0] + 1


def test_whoever_runs_the_site_costs_no_more_than_a_visitor(
    admin_client: Client, demo: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        admin_client.get("/feed/explore/")


def test_in_a_shared_room_everybody_may_post_as_many(
    passwords: dict[str, str], ana: Person, ben: Person, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    PhotoFactory.create_batch(MOST, room=ana.room, poster=ben, widths="480")
    answers = {
        handle: sign_in(passwords, handle).post("/feed/post/", sent()).status_code
        for handle in ("ana", "ben")
    }
    assert answers == {"ana": 303, "ben": 200}
