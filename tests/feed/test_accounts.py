"""Accounts: made and handed out once, signed in to, ended; and nobody is another's person."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import re
import subprocess
import sys
from datetime import timedelta
from math import log2
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from feed import accounts, actions, rooms, throttle
from feed.models import Event, Like, Person, Photo, Room, Seeding, WrongPasswords
from feed.throttle import OF_ONE_FROM_ONE, WINDOW
from feed.views.posting import MOST
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory
from tests.feed.postgres import postgres, server_binaries
from tests.feed.test_posting import sent

HTMX = {"HX-Request": "true"}
PASSWORD = re.compile(rf"(?:[{accounts.ALPHABET}]{{5}}-){{2}}[{accounts.ALPHABET}]{{5}}")


class Quick(PBKDF2PasswordHasher):
    """Django's own, with fewer rounds, and still more than what is handed out has."""

    iterations = 2 * accounts.ITERATIONS


@pytest.fixture(autouse=True)
def hasher(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [f"{Quick.__module__}.Quick"]


# A class: Ben posts, Ana and Mika follow him. Ana and Ben have accounts, Mika and Zoe have none.


@pytest.fixture
def demo(db: None) -> Room:
    room = RoomFactory.create(key=rooms.DEMO, name="Harbour")
    PhotoFactory.create(poster=PersonFactory.create(room=room, handle="olga", name="Olga"))
    return room


@pytest.fixture
def room(demo: Room) -> Room:
    return RoomFactory.create(key="class-7b", name="Class 7b", touched_at=timezone.now())


def handed(*people: Person) -> list[accounts.Handed]:
    chosen = Person.objects.filter(pk__in=[person.pk for person in people])
    return accounts.make(chosen, at=NOON)


@pytest.fixture
def passwords(ana: Person, ben: Person, mika: Person, zoe: Person) -> dict[str, str]:
    """By user name, which stands in the test's own people as well."""
    made = {each.username: each.password for each in handed(ana, ben)}
    for person in (ana, ben):
        person.refresh_from_db()
    return made


def sign_in(passwords: dict[str, str], handle: str, client: Client | None = None) -> Client:
    client = client or Client()
    username = f"{handle}@class-7b"
    sent = {"username": username, "password": passwords[username]}
    answer = client.post("/sign-in/", sent)
    assert (answer.status_code, answer["Location"]) == (303, "/feed/")
    return client


def said(client: Client, path: str = "/feed/") -> str:
    return " ".join(client.get(path).content.decode().split())


def you(client: Client) -> str:
    handle: str = client.get("/feed/").context["you"].handle
    return handle


def likers(photo: Photo) -> list[str]:
    likes = Like.objects.filter(photo=photo).order_by("pk")
    return list(likes.values_list("person__handle", flat=True))


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


# Passwords


def test_a_password_is_random_and_readable() -> None:
    drawn = {accounts.new_password() for _ in range(1000)}
    assert len(drawn) == 1000
    assert [each for each in drawn if not PASSWORD.fullmatch(each)] == []
    assert {letter for each in drawn for letter in each} == {*accounts.ALPHABET, "-"}
    assert set(accounts.ALPHABET).isdisjoint("01ilo")
    assert accounts.GROUPS * accounts.LETTERS * log2(len(accounts.ALPHABET)) > 70


def test_handed_out_it_is_cheap_to_check_and_dear_from_the_first_sign_in_on(
    passwords: dict[str, str], settings: Settings
) -> None:
    user = User.objects.get(username="ana@class-7b")
    assert user.password.startswith(f"pbkdf2_sha256${accounts.ITERATIONS}$")
    assert PBKDF2PasswordHasher.iterations > 500 * accounts.ITERATIONS
    sign_in(passwords, "ana")
    user.refresh_from_db()
    assert user.password.startswith(f"pbkdf2_sha256${Quick.iterations}$")
    assert user.check_password(passwords["ana@class-7b"])
    assert not user.check_password(passwords["ben@class-7b"])


def test_a_password_stands_nowhere_in_the_database(passwords: dict[str, str]) -> None:
    for model in apps.get_models():
        for row in model._default_manager.values():
            assert not any(password in str(row) for password in passwords.values()), model


# Made, renewed, removed


def test_who_is_in_an_original_room_gets_an_account_once(room: Room, ana: Person) -> None:
    gone = PersonFactory.create(room=room, handle="gone", left_at=NOON)
    copied = PersonFactory.create(room=RoomFactory.create(original=room))
    first = handed(ana, gone, copied)
    assert [(each.person, each.username) for each in first] == [(ana, "ana@class-7b")]
    assert handed(ana, gone, copied) == []
    user = User.objects.get()
    assert (user.person, user.is_staff, user.is_active, user.date_joined) == (
        ana,
        False,
        True,
        NOON,
    )
    assert user.check_password(first[0].password)


@pytest.mark.parametrize("staff", [True, False])
def test_a_name_that_somebody_has_is_left_to_them(ana: Person, staff: bool) -> None:
    stranger = User.objects.create_user("ana@class-7b", password="own", is_staff=staff)
    User.objects.create_user("ana-2@class-7b")
    (account,) = handed(ana)
    assert account.username == "ana-3@class-7b"
    stranger.refresh_from_db()
    assert stranger.check_password("own")
    assert not Person.objects.filter(user=stranger).exists()


@pytest.mark.parametrize("number", [1, 30])
def test_accounts_take_as_many_queries_however_many_they_are(
    room: Room, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PersonFactory.create_batch(number, room=room)
    with django_assert_num_queries(4 + 2):  # people, names, users, links; and a savepoint
        made = accounts.make(Person.objects.filter(room=room), at=NOON)
    assert len(made) == number
    with django_assert_num_queries(2 + 2):
        renewed = accounts.renew(Person.objects.filter(room=room), at=NOON)
    assert len(renewed) == number


def test_a_new_password_ends_the_old_one_and_every_sign_in(
    passwords: dict[str, str], room: Room, ana: Person
) -> None:
    client, other = sign_in(passwords, "ana"), sign_in(passwords, "ben")
    (again,) = accounts.renew(Person.objects.filter(pk=ana.pk), at=NOON + timedelta(days=1))
    user = User.objects.get(username="ana@class-7b")
    assert (again.username, user.date_joined) == (user.username, NOON + timedelta(days=1))
    assert user.check_password(again.password)
    assert not user.check_password(passwords[user.username])
    assert accounts.ENDED in said(client)
    assert you(other) == "ben"


def test_only_accounts_that_let_somebody_in_get_new_passwords(
    passwords: dict[str, str], room: Room, zoe: Person, ana: Person, ben: Person
) -> None:
    User.objects.filter(person=ana).update(is_active=False)
    User.objects.filter(person=ben).update(is_staff=True)
    assert accounts.renew(Person.objects.filter(room=room), at=NOON) == []


def test_an_account_goes_and_its_person_stays(
    passwords: dict[str, str], room: Room, ana: Person, ben: Person
) -> None:
    User.objects.filter(person=ben).update(is_staff=True)
    assert accounts.remove(Person.objects.filter(room=room)) == [ana]
    ana.refresh_from_db()
    assert (ana.user, ana.left_at) == (None, None)
    assert list(User.objects.values_list("person__handle", flat=True)) == ["ben"]


def test_with_its_room_an_account_goes_but_nobody_who_runs_the_site(
    passwords: dict[str, str], room: Room, ben: Person
) -> None:
    User.objects.filter(person=ben).update(is_staff=True)
    room.delete()
    assert list(User.objects.values_list("username", flat=True)) == ["ben@class-7b"]


def test_in_a_copy_nobody_has_an_account(passwords: dict[str, str], room: Room) -> None:
    copy = rooms.copy(room, key="copy", at=NOON)
    assert copy.people.count() == 4
    assert not copy.people.exclude(user=None).exists()
    assert room.people.exclude(user=None).count() == 2


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


# Whose eyes


def be(client: Client, handle: str) -> HttpResponse:
    return client.post("/feed/eyes/", {"person": handle}, follow=True)  # type: ignore[return-value]


def test_one_may_be_oneself_or_anybody_without_an_account(
    passwords: dict[str, str], photo: Photo, ana: Person, ben: Person
) -> None:
    client = sign_in(passwords, "ana")
    assert [p.handle for p in client.get("/feed/").context["people"]] == ["ana", "mika", "zoe"]
    for handle in ("mika", "zoe", "ana", "mika"):
        be(client, handle)
        assert you(client) == handle
        client.post("/feed/photo/1/like/", {"you": handle})
    assert likers(photo) == ["mika", "zoe", "ana"]
    assert "as <b>Ana</b>, and being <b>Mika</b>" in said(client)
    page = be(client, "ben").content.decode()
    assert "Ben has an account here, so nobody else can be Ben." in page
    assert you(client) == "mika"
    assert "Nobody of that name is in the room." in be(client, "olga").content.decode()


def test_to_be_somebody_is_offered_where_it_can_be(
    passwords: dict[str, str], ana: Person, ben: Person
) -> None:
    client, stranger = sign_in(passwords, "ana"), Client()
    assert "Be Ben" not in said(client, "/feed/people/ben/")
    assert "Be Mika" in said(client, "/feed/people/mika/")
    assert "Be Olga" in said(stranger, "/feed/people/olga/") or you(stranger) == "olga"
    be(client, "mika")
    assert "Be Ana" in said(client, "/feed/people/ana/")


def test_in_the_demo_a_visitor_may_still_be_anybody(demo: Room, photo: Photo) -> None:
    """Their first press takes them into a copy of their own, where nobody has an account."""
    olga = demo.people.get()
    handed(olga)
    pit = PersonFactory.create(room=demo, handle="pit", name="Pit")
    client = Client()
    be(client, "pit")
    assert "Be Olga" in said(client, "/feed/people/olga/")
    be(client, "olga")
    assert you(client) == "olga"
    number = demo.photos.get().number
    client.post(f"/feed/photo/{number}/look/", {"you": "olga"})
    assert Event.objects.get().room == demo.copies.get()
    assert pit.room == demo


@pytest.mark.parametrize("practised", [True, False])
def test_who_gets_an_account_is_nobody_elses_eyes_from_then_on(
    passwords: dict[str, str], photo: Photo, mika: Person, practised: bool
) -> None:
    client = sign_in(passwords, "ana")
    be(client, "mika")
    if practised:
        client.post("/feed/photo/1/unlike/", {"you": "mika"})
    handed(mika)
    answer = client.post("/feed/photo/1/like/", {"you": "mika"}, follow=True)
    assert "has an account now. You are Ana again." in answer.content.decode()
    assert likers(photo) == []
    assert you(client) == "ana"


def test_nobody_looks_for_somebody_who_has_an_account(
    passwords: dict[str, str], room: Room, photo: Photo, ben: Person, mika: Person
) -> None:
    theirs = PhotoFactory.create(poster=mika, number=2)
    ana, owner = sign_in(passwords, "ana"), sign_in(passwords, "ben")
    for _ in range(2):
        refused = ana.post("/feed/photo/1/look/", {"you": "ana"}, follow=True)
        assert "Ben has an account here, so nobody else can look as Ben." in (
            refused.content.decode()
        )
    assert "look-1" not in said(ana, "/feed/photo/1/")
    assert "look-2" in said(ana, "/feed/photo/2/")
    assert "look-1" in said(owner, "/feed/photo/1/")
    assert not Event.objects.exists()
    ana.post("/feed/photo/2/look/", {"you": "ana"})
    owner.post("/feed/photo/1/look/", {"you": "ben"})
    looks = Event.objects.order_by("pk").values_list("photo", "person__handle")
    assert list(looks) == [(theirs.pk, "mika"), (photo.pk, "ben")]


# Leaving


def test_whoever_leaves_has_no_account_any_more(
    passwords: dict[str, str], demo: Room, photo: Photo, ana: Person
) -> None:
    client, elsewhere = sign_in(passwords, "ana"), sign_in(passwords, "ana")
    assert "It happens in Class 7b, for everybody" in said(client, "/feed/leave/")
    page = client.post("/feed/leave/", {"you": "ana"}, follow=True)
    assert "You have left Class 7b, and your account is gone." in page.content.decode()
    assert page.context["room"] == demo
    ana.refresh_from_db()
    assert (ana.left_at is None, ana.user) == (False, None)
    assert not User.objects.filter(username="ana@class-7b").exists()
    assert accounts.ENDED in said(elsewhere)


def test_nobody_leaves_for_others(passwords: dict[str, str], mika: Person) -> None:
    client = sign_in(passwords, "ana")
    be(client, "mika")
    assert 'href="/feed/leave/' not in said(client, "/feed/people/mika/")
    page = client.post("/feed/leave/", {"you": "mika"}, follow=True).content.decode()
    assert "Others are Mika as well in this room, so Mika stays." in page
    mika.refresh_from_db()
    assert mika.left_at is None
    be(client, "ana")
    assert 'href="/feed/leave/?as=ana"' in said(client, "/feed/people/ana/")


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


# Wrong passwords


def wrong(
    client: Client, username: str = "ana@class-7b", path: str = "/sign-in/", **sent: Any
) -> HttpResponse:
    given = {"username": username, "password": "wrong"}
    return client.post(path, given, **sent)  # type: ignore[return-value]


@pytest.mark.parametrize("path", ["/sign-in/", "/admin/login/?next=/admin/"])
def test_after_some_wrong_passwords_the_right_one_has_to_wait(
    passwords: dict[str, str], ana: Person, path: str
) -> None:
    if "admin" in path:
        User.objects.filter(person=ana).update(is_staff=True)
    client = Client()
    statuses = [wrong(client, path=path).status_code for _ in range(OF_ONE_FROM_ONE)]
    assert statuses == [200] * (OF_ONE_FROM_ONE - 1) + [429]
    sent = {"username": "ana@class-7b", "password": passwords["ana@class-7b"]}
    answer = client.post(path, sent)
    assert answer.status_code == 429
    assert "Try again in 15 minutes." in answer.content.decode()
    assert WINDOW.total_seconds() - 60 < int(answer["Retry-After"]) <= WINDOW.total_seconds()
    assert dict(client.session) == {}
    WrongPasswords.objects.update(until=timezone.now() + timedelta(seconds=59))
    assert "Try again in 1 minute." in client.post(path, sent).content.decode()
    WrongPasswords.objects.update(until=timezone.now())
    answer = client.post(path, sent)
    assert answer.status_code in (302, 303)
    assert client.session.get("_auth_user_id") == str(User.objects.get(person=ana).pk)
    assert not WrongPasswords.objects.exists()


def test_what_waits_is_not_counted_so_the_wait_ends(passwords: dict[str, str]) -> None:
    for _ in range(OF_ONE_FROM_ONE + 3):
        wrong(Client())
    assert sorted(WrongPasswords.objects.values_list("number", flat=True)) == [5, 5, 5]
    assert len(set(WrongPasswords.objects.values_list("until", flat=True))) <= 3


def test_others_at_the_same_place_and_the_same_elsewhere_may_go_on(
    passwords: dict[str, str],
) -> None:
    for _ in range(OF_ONE_FROM_ONE):
        wrong(Client())
    sign_in(passwords, "ben")
    sign_in(passwords, "ana", Client(REMOTE_ADDR="198.51.100.7"))
    assert wrong(Client()).status_code == 429, "that says nothing of whoever tries here"


def test_to_sign_in_starts_the_count_anew(passwords: dict[str, str]) -> None:
    client = Client()
    for _ in range(3):
        statuses = [wrong(client).status_code for _ in range(OF_ONE_FROM_ONE - 1)]
        assert statuses == [200] * (OF_ONE_FROM_ONE - 1)
        sign_in(passwords, "ana", client)


@pytest.mark.parametrize(("limit", "what"), [("FROM_ONE", "place"), ("OF_ONE", "name")])
def test_there_is_an_end_to_one_place_and_to_one_name_too(
    passwords: dict[str, str], limit: str, what: str
) -> None:
    most = getattr(throttle, limit)
    for number in range(most):
        place = "" if what == "place" else f"198.51.100.{number}"
        name = "ana@class-7b" if what == "name" else f"somebody-{number}"
        wrong(Client(REMOTE_ADDR=place or "127.0.0.1"), name)
    place = "127.0.0.1" if what == "place" else "203.0.113.9"
    sent = {"username": "ana@class-7b", "password": passwords["ana@class-7b"]}
    assert Client(REMOTE_ADDR=place).post("/sign-in/", sent).status_code == 429
    elsewhere, other = Client(REMOTE_ADDR="203.0.113.10"), "ben@class-7b"
    sent = {"username": other, "password": passwords[other]}
    assert elsewhere.post("/sign-in/", sent).status_code == 303


@pytest.mark.parametrize(
    ("https", "headers", "address"),
    [
        (True, {"X-Forwarded-For": "1.2.3.4, 198.51.100.7"}, "198.51.100.7"),
        (True, {}, "127.0.0.1"),
        (False, {"X-Forwarded-For": "198.51.100.7"}, "127.0.0.1"),
    ],
)
def test_behind_a_proxy_the_last_address_counts(
    rf: Any, settings: Settings, https: bool, headers: dict[str, str], address: str
) -> None:
    settings.HTTPS = https
    assert throttle.address(rf.get("/", headers=headers)) == address


def test_a_subscribers_network_is_one_place(passwords: dict[str, str]) -> None:
    for number in range(OF_ONE_FROM_ONE):
        wrong(Client(REMOTE_ADDR=f"2001:db8::{number}"))
    assert wrong(Client(REMOTE_ADDR="2001:db8::ffff")).status_code == 429
    assert wrong(Client(REMOTE_ADDR="2001:db8:0:1::1")).status_code == 200


def test_neither_who_nor_where_is_kept_or_logged(
    passwords: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    cache.clear()
    caplog.set_level(logging.DEBUG)
    client = Client(REMOTE_ADDR="198.51.100.7", HTTP_USER_AGENT="Netscape")
    for _ in range(OF_ONE_FROM_ONE + 1):
        wrong(client)
    sign_in(passwords, "ana", Client(REMOTE_ADDR="203.0.113.9"))
    for word in ("198.51.100.7", "203.0.113.9", "Netscape", "ana@", "wrong", *passwords.values()):
        logged = [r.getMessage() for r in caplog.records if r.name != "django.db.backends"]
        assert not any(word in line for line in logged), word
        assert not any(word in str(row) for row in WrongPasswords.objects.values())
    counts = {
        m.__name__: m._default_manager.count() for m in apps.get_app_config("axes").models.values()
    }
    assert set(counts.values()) == {0}
    assert all(re.fullmatch("[0-9a-f]{64}", row.key) for row in WrongPasswords.objects.all())


# Another password


def test_a_password_is_changed_by_the_rules_and_signs_out_elsewhere(
    passwords: dict[str, str], ana: Person
) -> None:
    client, elsewhere = sign_in(passwords, "ana"), sign_in(passwords, "ana")
    old = passwords["ana@class-7b"]

    def change(new: str, now: str = old) -> HttpResponse:
        sent = {"old_password": now, "new_password1": new, "new_password2": new}
        return client.post("/password/", sent)  # type: ignore[return-value]

    for new, problem in (
        ("short", "This password is too short."),
        ("12345678901", "This password is entirely numeric."),
        ("password", "This password is too common."),
        ("ana@class-7b", "The password is too similar to the username."),
    ):
        answer = change(new)
        assert (answer.status_code, problem in answer.content.decode()) == (200, True), new
    assert (
        "Your old password was entered incorrectly" in change("herring pie 4", "x").content.decode()
    )
    assert you(elsewhere) == "ana"
    assert change("herring pie 4")["Location"] == "/feed/"
    assert "Your password is changed." in said(client)
    assert you(client) == "ana"
    assert accounts.ENDED in said(elsewhere)
    sign_in({"ana@class-7b": "herring pie 4"}, "ana")


def test_only_people_change_their_password_here(
    passwords: dict[str, str], admin_client: Client
) -> None:
    for client in (Client(), admin_client):
        assert client.get("/password/")["Location"] == "/sign-in/"
        assert client.post("/password/", {})["Location"] == "/sign-in/"


@pytest.mark.parametrize("path", ["/sign-in/", "/password/"])
def test_pages_with_passwords_are_never_kept(passwords: dict[str, str], path: str) -> None:
    client = Client() if path == "/sign-in/" else sign_in(passwords, "ana")
    answer = client.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


# In the admin

CHOSEN = "/admin/feed/person/accounts/"


def choose(client: Client, people: list[Person]) -> HttpResponse:
    sent = {"action": "accounts", "_selected_action": [person.pk for person in people]}
    return client.post("/admin/feed/person/", sent)  # type: ignore[return-value]


def press(client: Client, people: list[Person], which: str) -> HttpResponse:
    sent = {"people": ",".join(str(person.pk) for person in people), "press": which}
    return client.post(CHOSEN, sent)  # type: ignore[return-value]


def rows(answer: HttpResponse) -> list[dict[str, str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_chosen_people_get_a_file_once(
    admin_client: Client, ana: Person, ben: Person, zoe: Person
) -> None:
    people = [ana, ben]
    page = choose(admin_client, people)
    assert page.status_code == 200
    assert "Make 2 accounts" in page.content.decode()
    assert not User.objects.filter(is_staff=False).exists()
    answer = press(admin_client, people, "make")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == 'attachment; filename="class-7b-accounts.csv"'
    found = rows(answer)
    assert [{**row, "password": bool(PASSWORD.fullmatch(row["password"]))} for row in found] == [
        {
            "handle": person.handle,
            "name": person.name,
            "user name": f"{person.handle}@class-7b",
            "password": True,
            "sign in at": "http://testserver/sign-in/",
        }
        for person in sorted(people, key=lambda person: person.pk)
    ]
    for row in found:
        sign_in({row["user name"]: row["password"]}, row["handle"])
    again = press(admin_client, people, "make")
    assert again["Content-Type"].startswith("text/html")
    text = " ".join(again.content.decode().split())
    assert "Nobody of them is without an account any more" in text
    assert "2 have an account already, handed out" in text
    assert "2 of them have signed in" in text
    sign_in({row["user name"]: row["password"] for row in found}, "ana")


def test_new_passwords_and_removal_are_pressed_for(
    admin_client: Client, passwords: dict[str, str], ana: Person, ben: Person, zoe: Person
) -> None:
    found = rows(press(admin_client, [ana, zoe], "renew"))
    assert [row["handle"] for row in found] == ["ana"]
    assert found[0]["password"] != passwords["ana@class-7b"]
    sign_in({"ana@class-7b": found[0]["password"]}, "ana")
    page = press(admin_client, [ana, zoe], "remove").content.decode()
    assert "Removed: 1." in page
    assert list(User.objects.filter(is_staff=False).values_list("person__handle", flat=True)) == [
        "ben"
    ]
    assert "None of them has an account." in press(admin_client, [zoe], "remove").content.decode()


def test_the_trail_says_who_did_it_and_no_password(
    admin_client: Client, admin_user: User, ana: Person, ben: Person
) -> None:
    for which in ("make", "renew", "remove"):
        press(admin_client, [ana], which)
    entries = LogEntry.objects.order_by("pk").values_list(
        "user", "object_id", "object_repr", "change_message"
    )
    assert list(entries) == [
        (admin_user.pk, str(ana.pk), "ana", message)
        for message in (
            "Sign-in account made and handed out.",
            "New password handed out.",
            "Sign-in account removed.",
        )
    ]


def test_what_a_spreadsheet_would_run_is_defused(admin_client: Client, room: Room) -> None:
    person = PersonFactory.create(room=room, handle="=1+1", name="@SUM(A1)")
    (row,) = rows(press(admin_client, [person], "make"))
    assert (row["handle"], row["name"], row["user name"]) == (
        "'=1+1",
        "'@SUM(A1)",
        "'=1+1@class-7b",
    )


def test_people_of_the_demo_get_a_warning_with_them(
    admin_client: Client, demo: Room, ana: Person
) -> None:
    warning = "in the demo room: every visitor sees what they do there"
    assert warning in " ".join(choose(admin_client, [demo.people.get()]).content.decode().split())
    assert warning not in " ".join(choose(admin_client, [ana]).content.decode().split())


def test_who_cannot_have_an_account_gets_none(admin_client: Client, room: Room) -> None:
    gone = PersonFactory.create(room=room, left_at=NOON)
    page = " ".join(press(admin_client, [gone], "make").content.decode().split())
    assert "Nobody of them is without one but 1 who left or is in a visitor’s copy" in page
    assert not User.objects.filter(is_staff=False).exists()


@pytest.fixture
def seeding(room: Room, ana: Person, ben: Person, zoe: Person) -> Seeding:
    seeding = Seeding.objects.create(
        token="00000000-0000-4000-8000-000000000000",
        room=room,
        room_name=room.name,
        made_room=False,
        options={"people": 2},
        until=NOON,
        started_at=NOON,
        state=Seeding.State.DONE,
    )
    seeding.people.set([ana, ben])
    return seeding


def test_all_of_a_seeding_get_theirs_at_one_address(
    admin_client: Client, seeding: Seeding, zoe: Person
) -> None:
    address = reverse("admin:feed_seeding_accounts", args=[seeding.pk])
    page = admin_client.get(address)
    assert (page.status_code, "Make 2 accounts" in page.content.decode()) == (200, True)
    found = rows(admin_client.post(address, {"press": "make"}))  # type: ignore[arg-type]
    assert sorted(row["handle"] for row in found) == ["ana", "ben"]
    zoe.refresh_from_db()
    assert zoe.user is None


def test_looking_at_the_page_hands_out_nothing(admin_client: Client, seeding: Seeding) -> None:
    address = reverse("admin:feed_seeding_accounts", args=[seeding.pk])
    admin_client.get(address, {"press": "make"})
    admin_client.post(address, {"press": "whatever"})
    assert admin_client.get(CHOSEN)["Location"] == "/admin/feed/person/"
    assert admin_client.post(CHOSEN, {"people": "x,", "press": "make"})["Location"] == (
        "/admin/feed/person/"
    )
    assert not User.objects.filter(is_staff=False).exists()


@pytest.mark.parametrize("allowed", [True, False])
def test_it_takes_a_permission_of_its_own(
    client: Client, seeding: Seeding, ana: Person, allowed: bool
) -> None:
    user = User.objects.create_user("seeder", is_staff=True)
    names = ["view_person", "change_person", "view_seeding"] + ["give_account"] * allowed
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/feed/person/").content.decode()
    assert ("Sign-in accounts: make and hand out" in page) is allowed
    address = reverse("admin:feed_seeding_accounts", args=[seeding.pk])
    statuses = [
        client.get(address).status_code,
        client.post(address, {"press": "remove"}).status_code,
        press(client, [ana], "make").status_code,
    ]
    assert statuses == ([200] * 3 if allowed else [403] * 3)
    assert User.objects.filter(is_staff=False).exists() is allowed


def test_whoever_has_no_admin_hands_out_nothing(
    passwords: dict[str, str], seeding: Seeding, zoe: Person
) -> None:
    for client in (Client(), sign_in(passwords, "ana")):
        address = reverse("admin:feed_seeding_accounts", args=[seeding.pk])
        assert client.post(address, {"press": "renew"}).status_code == 302
        assert press(client, [zoe], "make").status_code == 302
    assert User.objects.count() == 2


@pytest.mark.parametrize("number", [1, 20])
def test_the_page_takes_as_many_queries_however_many_they_are(
    admin_client: Client,
    seeding: Seeding,
    room: Room,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = PersonFactory.create_batch(number, room=room)
    seeding.people.set(people)
    handed(*people[: number // 2])
    address = reverse("admin:feed_seeding_accounts", args=[seeding.pk])
    with django_assert_num_queries(4):  # user, seeding, counts, people
        admin_client.get(address)


# At the same moment


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scenes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    if request.param == "sqlite":
        return run_handouts(f"sqlite:///{tmp_path_factory.mktemp('handouts')}/db.sqlite3")
    if server_binaries() is None:
        pytest.skip("NOT TESTED ON POSTGRESQL: no server binaries here (initdb, pg_ctl)")
    with postgres() as url:
        return run_handouts(url)


def run_handouts(database_url: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.feed.handouts"],
        cwd=project.BASE_DIR,
        env=os.environ
        | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "socialsite.settings"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_of_all_who_hand_out_at_once_one_gets_each_password(scenes: Any) -> None:
    """And each opens its account; with the room the accounts are gone."""
    assert scenes["all_hand_out_at_once"] == {
        "errors": [],
        "changed": 20,
        "users": 20,
        "cheap": 20,
        "opened": 3,
        "renewed": 4,
        "linked": 20,
        "left": 0,
        "people": 20,
    }


def test_wrong_passwords_at_once_are_all_counted(scenes: Any) -> None:
    assert scenes["all_send_a_wrong_password_at_once"] == {
        "errors": [],
        "changed": 5,
        "numbers": [5, 5, 5],
        "locked": True,
    }


def test_presses_land_in_the_room_that_is_shared(scenes: Any) -> None:
    assert scenes["two_press_in_one_room"] == {
        "statuses": [[303, 303, 303]] * 2,
        "likes": 2,
        "copies": 0,
    }
