"""Accounts: made and handed out, renewed and removed; one gets each password."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from math import log2
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries, Settings

from feed import accounts, rooms
from feed.models import Person, Room
from tests.factories import NOON, PersonFactory, RoomFactory
from tests.feed.accounts.conftest import PASSWORD, Quick, handed, said, sign_in, you
from tests.feed.postgres import postgres, server_binaries

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


def test_a_user_name_is_written_as_it_is_typed(room: Room) -> None:
    """Django takes compatibility letters for the plain ones, at the sign-in too."""
    people = [PersonFactory.create(room=room, handle=handle) for handle in ("ﬁnn", "finn")]
    first, second = handed(*people)
    assert (first.username, second.username) == ("finn@class-7b", "finn-2@class-7b")
    for each in (first, second):
        client = sign_in({each.username: each.password}, each.username.partition("@")[0])
        assert you(client) == each.person.handle


@pytest.mark.parametrize("number", [1, 30])
def test_accounts_take_as_many_queries_however_many_they_are(
    room: Room, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    PersonFactory.create_batch(number, room=room)
    with django_assert_num_queries(5 + 2):  # people, names, users, links, waits; and a savepoint
        made = accounts.make(Person.objects.filter(room=room), at=NOON)
    assert len(made) == number
    with django_assert_num_queries(3 + 2):
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
