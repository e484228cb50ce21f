"""Who sends wrong passwords waits, and nobody else; and another password for oneself."""

from __future__ import annotations

import io
import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core import signing
from django.core.cache import cache
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from feed import accounts, throttle
from feed.models import Person, WrongPasswords
from feed.throttle import (
    COOKIE,
    FROM_ONE,
    IN_A_CROWD,
    KNOWN,
    KNOWN_FOR,
    OF_ONE,
    OF_ONE_FROM_ONE,
    WINDOW,
    Browser,
)
from tests.factories import NOON
from tests.feed.accounts.conftest import said, sign_in, wrong, you


def right(
    client: Client, passwords: dict[str, str], handle: str, path: str = "/sign-in/"
) -> HttpResponse:
    username = f"{handle}@class-7b"
    given = {"username": username, "password": passwords[username]}
    return client.post(path, given)  # type: ignore[return-value]


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
    wrong(Client())
    (until,) = set(WrongPasswords.objects.values_list("until", flat=True))
    for _ in range(OF_ONE_FROM_ONE + 2):
        wrong(Client())
    assert set(WrongPasswords.objects.values_list("number", "until")) == {(5, until)}


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


def test_there_is_an_end_to_one_name_from_whatever_places(passwords: dict[str, str]) -> None:
    for number in range(OF_ONE):
        wrong(Client(REMOTE_ADDR=f"198.51.100.{number}"))
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert right(elsewhere, passwords, "ana").status_code == 429
    assert right(elsewhere, passwords, "ben").status_code == 303


@pytest.mark.parametrize("path", ["/sign-in/", "/admin/login/?next=/admin/"])
def test_nobody_locks_out_a_place_with_names_that_they_make_up(
    passwords: dict[str, str], ana: Person, path: str
) -> None:
    """Whoever is there has fewer tries meanwhile, and those elsewhere as many as ever."""
    if "admin" in path:
        User.objects.filter(person=ana).update(is_staff=True)
    for number in range(FROM_ONE + 1):
        assert wrong(Client(), f"somebody-{number}").status_code == 200
    assert wrong(Client(), path=path).status_code == 200
    assert right(Client(), passwords, "ana", path).status_code in (302, 303)
    statuses = [wrong(Client(), "ben@class-7b").status_code for _ in range(IN_A_CROWD + 1)]
    assert statuses == [200] * (IN_A_CROWD - 1) + [429, 429]
    assert wrong(Client(REMOTE_ADDR="203.0.113.9"), "ben@class-7b").status_code == 200


@pytest.mark.parametrize("path", ["/sign-in/", "/admin/login/?next=/admin/"])
def test_nobody_keeps_a_browser_waiting_that_knows_the_account(
    passwords: dict[str, str], ana: Person, path: str
) -> None:
    if "admin" in path:
        User.objects.filter(person=ana).update(is_staff=True)
    client, other = Client(), Client()
    right(client, passwords, "ana", path)
    sign_in(passwords, "ben", other)
    client.post("/sign-out/")
    for _ in range(OF_ONE_FROM_ONE):
        wrong(Client())
    assert right(Client(), passwords, "ana", path).status_code == 429
    assert right(other, passwords, "ana", path).status_code == 429, "it knows somebody else"
    for _ in range(OF_ONE_FROM_ONE - 1):
        assert wrong(client, path=path).status_code == 200
    assert right(client, passwords, "ana", path).status_code in (302, 303)
    statuses = [wrong(client, path="/sign-in/").status_code for _ in range(OF_ONE_FROM_ONE)]
    assert statuses == [200] * (OF_ONE_FROM_ONE - 1) + [429]
    assert right(client, passwords, "ana", path).status_code == 429


def test_what_a_browser_knows_is_signed_and_names_nobody(passwords: dict[str, str]) -> None:
    client = sign_in(passwords, "ana")
    sign_in(passwords, "ben", client)
    cookie = client.cookies[COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (
        KNOWN_FOR.total_seconds(),
        True,
        "Lax",
    )
    name, known = signing.loads(cookie.value, salt="feed.throttle")
    assert (len(known), "ana" in cookie.value, "ana" in str(known)) == (2, False, False)
    forged = signing.dumps([name, known], key="another", salt="feed.throttle")
    for value, status in ((cookie.value, 303), (forged, 429), ("", 429)):
        WrongPasswords.objects.all().delete()
        for _ in range(OF_ONE_FROM_ONE):
            wrong(Client())
        other = Client()
        other.cookies[COOKIE] = value
        assert right(other, passwords, "ana").status_code == status
    many = Browser(name="n")
    for number in range(KNOWN + 1):
        many = many.knowing(f"somebody-{number}")
    assert (len(many.accounts), many.knows("somebody-0"), many.knows("somebody-1")) == (
        KNOWN,
        False,
        True,
    )


@pytest.mark.parametrize("how", ["renewed", "made anew", "command"])
def test_a_wait_ends_with_a_new_password_or_for_whoever_looks_after_the_server(
    passwords: dict[str, str], ana: Person, how: str
) -> None:
    for _ in range(OF_ONE_FROM_ONE):
        wrong(Client())
        wrong(Client(), "ben@class-7b")
    assert "With that you need not wait." in right(Client(), passwords, "ana").content.decode()
    people = Person.objects.filter(pk=ana.pk)
    match how:
        case "renewed":
            given = accounts.renew(people, at=NOON)
        case "made anew":
            accounts.remove(people)
            given = accounts.make(people, at=NOON)
        case "command":
            given = []
            call_command("end_wait", "ana@class-7b", stdout=io.StringIO())
    sign_in(passwords | {each.username: each.password for each in given}, "ana")
    assert right(Client(), passwords, "ben").status_code == 429


def test_what_is_over_is_cleared_away(passwords: dict[str, str]) -> None:
    wrong(Client())
    call_command("prune", stdout=io.StringIO())
    assert WrongPasswords.objects.count() == 3
    WrongPasswords.objects.update(until=NOON)
    call_command("prune", stdout=io.StringIO())
    assert not WrongPasswords.objects.exists()


@pytest.mark.parametrize("next_", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_the_admins_sign_in_leads_nowhere_else(admin_user: User, next_: str) -> None:
    sent = {"username": "admin", "password": "password", "next": next_}
    assert Client().post("/admin/login/?next=", sent)["Location"] == "/admin/"


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


def test_whoever_guesses_at_the_password_of_now_has_to_wait(passwords: dict[str, str]) -> None:
    client, elsewhere = sign_in(passwords, "ana"), Client()
    old, new = passwords["ana@class-7b"], "herring pie 4"

    def change(now: str) -> HttpResponse:
        sent = {"old_password": now, "new_password1": new, "new_password2": new}
        return client.post("/password/", sent)  # type: ignore[return-value]

    statuses = [change("guessed").status_code for _ in range(OF_ONE_FROM_ONE)]
    assert statuses == [200] * (OF_ONE_FROM_ONE - 1) + [429]
    answer = change(old)
    assert (answer.status_code, 'href="/feed/">Back to the feed' in answer.content.decode()) == (
        429,
        True,
    )
    sign_in(passwords, "ana", elsewhere)
    WrongPasswords.objects.update(until=NOON)
    change("guessed")
    assert change(old)["Location"] == "/feed/"
    assert not WrongPasswords.objects.exists()
    sign_in({"ana@class-7b": new}, "ana")


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
