"""Who sends wrong passwords waits, and nobody else; and another password for oneself."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from feed import accounts, throttle
from feed.models import Person, WrongPasswords
from feed.throttle import OF_ONE_FROM_ONE, WINDOW
from tests.feed.accounts.conftest import said, sign_in, wrong, you


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
