"""Accounts in a browser: handed out, signed in to on two machines, seen, and left again."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Download, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from feed import accounts
from feed.models import Like, Person, Photo, Room, WrongPasswords
from feed.throttle import OF_ONE_FROM_ONE
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory

from .conftest import Watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def hasher(settings: Settings) -> None:
    """What is handed out is hashed by it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]


@pytest.fixture
def room(demo_room: None) -> Room:
    """Ben posts, and all others follow him."""
    room = RoomFactory.create(key="class-7b", name="Class 7b")
    ben = PersonFactory.create(room=room, handle="ben", name="Ben", pronouns="he")
    for handle in ("ana", "mika", "zoe"):
        PersonFactory.create(room=room, handle=handle, name=handle.title(), follows=[ben])
    PhotoFactory.create(poster=ben, number=1)
    return room


@pytest.fixture
def passwords(room: Room) -> dict[str, str]:
    people = Person.objects.filter(room=room, handle__in=["ana", "ben"])
    return {each.person.handle: each.password for each in accounts.make(people, at=NOON)}


@pytest.fixture
def as_admin(room: Room, admin_client: Client, live_server: LiveServer) -> Callable[[Page], Page]:
    """The room comes first: with it all that was in the database goes."""
    cookie = admin_client.cookies[project.SESSION_COOKIE_NAME]

    def sign(page: Page) -> Page:
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )
        return page

    return sign


def sign_in(page: Page, handle: str, password: str) -> Page:
    page.goto("/sign-in/")
    page.get_by_label("User name").fill(f"{handle}@class-7b")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    return page


def handed(download: Download, folder: Path) -> dict[str, str]:
    """Passwords by handle."""
    file = folder / "accounts.csv"
    download.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return {row["handle"]: row["password"] for row in csv.DictReader(lines)}


def bar(page: Page) -> str:
    return page.get_by_role("region", name="Your account").inner_text()


def test_from_the_file_to_two_who_see_each_other(
    visitor: Callable[..., Page],
    as_admin: Callable[[Page], Page],
    room: Room,
    tmp_path: Path,
    axe: Callable[[Page], None],
) -> None:
    admin = as_admin(visitor())
    admin.goto(f"/admin/feed/person/?room={room.pk}")
    admin.get_by_label("Select all objects on this page for an action").check()
    admin.get_by_label("Action:").select_option("accounts")
    admin.get_by_role("button", name="Go", exact=True).click()
    expect(admin.get_by_role("heading", name="Make and hand out")).to_be_visible()
    with admin.expect_download() as download:
        admin.get_by_role("button", name="Make 4 accounts").click()
    got = handed(download.value, tmp_path)
    assert sorted(got) == ["ana", "ben", "mika", "zoe"]
    notice = admin.get_by_text("The passwords are in the file class-7b-accounts.csv")
    expect(notice).to_be_focused()
    expect(admin.get_by_text("Nobody of them is without one.")).to_be_visible()
    expect(admin.get_by_role("button", name="Make 4 accounts")).to_have_count(0)
    axe(admin)
    with admin.expect_download() as download:
        admin.get_by_role("button", name="Make 4 new passwords").click()
    got = handed(download.value, tmp_path)
    expect(notice).to_be_focused()

    ana, ben = sign_in(visitor(), "ana", got["ana"]), sign_in(visitor(), "ben", got["ben"])
    assert "Signed in to Class 7b as Ana" in bar(ana)
    ana.locator(".likes-not").first.click()
    expect(ana.locator(".likes").first).to_be_visible()
    ben.goto("/feed/photo/1/")
    expect(ben.locator("#foot-1")).to_contain_text("ana")
    ben.locator("#foot-1 .likes-not").first.click()
    expect(ben.locator("#foot-1 .likes").first).to_be_visible()
    ana.goto("/feed/photo/1/")
    expect(ana.locator("#foot-1")).to_contain_text("ben")
    names = Like.objects.filter(photo__room=room).values_list("person__handle", flat=True)
    assert sorted(names) == ["ana", "ben"]
    assert not Room.objects.exclude(original=None).exists()


def test_without_script_the_file_comes_all_the_same(
    page_without_js: Page, as_admin: Callable[[Page], Page], room: Room, tmp_path: Path
) -> None:
    page = as_admin(page_without_js)
    page.goto(f"/admin/feed/person/?room={room.pk}")
    page.locator("tr", has_text="Zoe").get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("accounts")
    page.get_by_role("button", name="Go", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Make 1 account").click()
    assert list(handed(download.value, tmp_path)) == ["zoe"]
    page.get_by_role("button", name="Make 1 account").click()
    expect(page.get_by_text("Nobody of them is without an account any more")).to_be_visible()


def test_a_file_that_does_not_come_leaves_the_page_as_things_stand(
    page: Page, as_admin: Callable[[Page], Page], room: Room, watch: Watch
) -> None:
    """Somebody else was quicker, or the answer is lost on its way."""
    as_admin(page).goto(f"/admin/feed/person/?room={room.pk}")
    page.locator("tr", has_text="Zoe").get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option("accounts")
    page.get_by_role("button", name="Go", exact=True).click()
    accounts.make(Person.objects.filter(handle="zoe"), at=NOON)
    page.get_by_role("button", name="Make 1 account").click()
    expect(page.get_by_text("Nobody of them is without an account any more")).to_be_visible()
    watch.allow("ERR_FAILED")
    page.route("**/accounts/", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Make 1 new password").click()
    expect(page.get_by_text("1 has an account already")).to_be_visible()
    expect(page.get_by_role("button", name="Make 1 new password")).to_be_enabled()


def test_whose_eyes_and_out_again(page: Page, passwords: dict[str, str]) -> None:
    sign_in(page, "ana", passwords["ana"])
    page.get_by_role("button", name="You are Ana").click()
    menu = page.get_by_role("dialog", name="Whose eyes?")
    expect(menu.locator(".eyes-person")).to_have_count(3)
    expect(menu).not_to_contain_text("Ben")
    menu.get_by_role("button", name="Mika").click()
    expect(page.get_by_role("region", name="Your account")).to_contain_text("and being Mika")
    page.get_by_role("button", name="Be yourself").click()
    expect(page.get_by_role("button", name="You are Ana")).to_be_visible()
    expect(page.get_by_role("region", name="Your account")).not_to_contain_text("being")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out. This is the demo.")).to_be_visible()
    expect(page.get_by_role("region", name="Your account")).to_have_count(0)


def test_without_script_all_of_it_works(page_without_js: Page, passwords: dict[str, str]) -> None:
    page = sign_in(page_without_js, "ana", passwords["ana"])
    assert "Signed in to Class 7b as Ana" in bar(page)
    page.goto("/feed/photo/1/")
    page.locator("#foot-1 .likes-not").first.click()
    expect(page.locator("#foot-1 .likes").first).to_be_visible()
    assert Photo.objects.get(room__key="class-7b").like_count == 1
    page.get_by_role("link", name="Change password").click()
    page.get_by_label("Your password now").fill(passwords["ana"])
    page.get_by_label("New password").fill("herring pie 4")
    page.get_by_label("The new one again").fill("herring pie 4")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "ana", "herring pie 4")
    assert "as Ana" in bar(page)


def test_an_admin_ends_it_between_two_presses(page: Page, passwords: dict[str, str]) -> None:
    sign_in(page, "ana", passwords["ana"])
    page.locator(".likes-not").first.click()
    expect(page.locator(".likes").first).to_be_visible()
    User.objects.filter(username="ana@class-7b").update(is_active=False)
    page.locator(".likes").first.click()
    expect(page.get_by_text(accounts.ENDED)).to_be_visible()
    assert Photo.objects.get(room__key="class-7b").like_count == 1


def test_wrong_passwords_have_to_wait(
    page: Page, passwords: dict[str, str], watch: Watch, axe: Callable[[Page], None]
) -> None:
    watch.allow("429")
    for _ in range(OF_ONE_FROM_ONE - 1):
        sign_in(page, "ana", "wrong")
        expect(page.get_by_role("alert").first).to_contain_text("do not go together")
    axe(page)
    sign_in(page, "ana", "wrong")
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many wrong passwords")
    expect(page.get_by_role("main")).to_contain_text("Try again in 15 minutes.")
    axe(page)
    sign_in(page, "ana", passwords["ana"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Too many wrong passwords")
    WrongPasswords.objects.all().delete()
    sign_in(page, "ana", passwords["ana"])
    assert "as Ana" in bar(page)


def test_it_is_accessible_and_fits(
    page: Page, phone: Page, passwords: dict[str, str], axe: Callable[[Page], None]
) -> None:
    for each in (page, phone):
        each.goto("/sign-in/")
        expect(each).to_have_title("Sign in · Can they tell?")
        axe(each)
        sign_in(each, "ana", passwords["ana"])
        for path in ("/feed/", "/feed/leave/", "/password/"):
            each.goto(path)
            axe(each)
            width = each.evaluate("document.documentElement.scrollWidth")
            assert width == each.evaluate("innerWidth"), path


def test_the_page_that_hands_out_is_accessible(
    page: Page,
    phone: Page,
    as_admin: Callable[[Page], Page],
    room: Room,
    passwords: dict[str, str],
    axe: Callable[[Page], None],
) -> None:
    for each in (page, phone):
        as_admin(each).goto(f"/admin/feed/person/?room={room.pk}")
        each.locator("#action-toggle").check()
        each.get_by_label("Action:").select_option("accounts")
        each.get_by_role("button", name="Go", exact=True).click()
        expect(each.get_by_role("button", name="Make 2 new passwords")).to_be_visible()
        expect(each.get_by_role("heading", level=1)).to_have_count(1)
        axe(each)
