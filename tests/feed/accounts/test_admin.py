"""Accounts in the admin: a file once, for whoever may give it."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from feed.models import Person, Room, Seeding
from tests.factories import NOON, PersonFactory
from tests.feed.accounts.conftest import PASSWORD, handed, sign_in, you

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
    user = User.objects.get(person=ana)
    moments = [f"{moment:%H:%M}" for moment in (user.date_joined, user.last_login) if moment]
    assert [cell[-5:] for cell in re.findall(r"<td>([^<]* \d\d:\d\d)</td>", text)[:2]] == moments
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


@pytest.mark.parametrize("number", ["9" * 19, "9" * 30])
def test_a_number_that_no_database_holds_is_nobody(
    admin_client: Client, seeding: Seeding, ana: Person, number: str
) -> None:
    answer = admin_client.post(CHOSEN, {"people": f"{number},{ana.pk}", "press": "make"})
    assert [row["handle"] for row in rows(answer)] == ["ana"]  # type: ignore[arg-type]
    answer = admin_client.post(CHOSEN, {"people": number, "press": "make"})
    assert answer["Location"] == "/admin/feed/person/"
    address = reverse("admin:feed_seeding_accounts", args=[seeding.pk])
    assert admin_client.get(address.replace(f"/{seeding.pk}/", f"/{number}/")).status_code == 404


@pytest.mark.parametrize("named", ["ana", "zoe"])
def test_with_another_handle_the_user_name_stays_and_that_is_said(
    admin_client: Client, passwords: dict[str, str], ana: Person, zoe: Person, named: str
) -> None:
    """Zoe has no account, so there is nothing to say."""
    person = {"ana": ana, "zoe": zoe}[named]
    sent = {"handle": f"{named}.b", "name": "N", "pronouns": "she", "avatar": person.avatar}
    address = reverse("admin:feed_person_change", args=[person.pk])
    for given, told in ((sent, named == "ana"), (sent | {"name": "M"}, False)):
        page = admin_client.post(address, given, follow=True)
        said = " ".join(page.content.decode().split())
        assert (
            "The user name of ana.b is still ana@class-7b, as it was handed out." in said
        ) is told
    person.refresh_from_db()
    assert (person.handle, person.name) == (f"{named}.b", "M")
    if named == "ana":
        client = Client()
        sent = {"username": "ana@class-7b", "password": passwords["ana@class-7b"]}
        assert client.post("/sign-in/", sent).status_code == 303
        assert you(client) == "ana.b"


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
