"""Every address of the admin, and which group gets further there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, reverse

import explainer.models
from feed import actions, jobs
from feed.crowds import Options
from feed.models import Comment, Event, Follow, Person, Photo, Room
from tests.factories import NOON

VIEWS = ("changelist", "add", "history", "change", "delete")
POSTED = {
    "see_person", "see_room", "feed_seeding_step", "feed_seeding_stop", "feed_seeding_resume",
    "feed_seeding_undo",
}  # fmt: skip
OPEN = {"login", "logout"}


def seen(*models: str) -> set[str]:
    """What there is to look at of these models."""
    return {f"{model}_{view}" for model in models for view in ("changelist", "history", "change")}


ALL_STAFF = {"index", "password_change", "password_change_done", "jsi18n", "rules",
             "platform_rules"}  # fmt: skip
MAY = {
    "": ALL_STAFF,
    "moderator": ALL_STAFF
    | seen("feed_comment", "feed_photo", "explainer_comment")
    | {"app_list", "feed_comment_delete", "explainer_comment_delete"},
    "seeder": ALL_STAFF
    | seen("feed_room", "feed_person", "feed_follow", "feed_photo", "feed_event", "feed_seeding")
    | {"app_list", "state", "see_person", "see_room", "export_room", "import_room"}
    | {"feed_seeding_add", "feed_seeding_step", "feed_seeding_stop", "feed_seeding_resume"}
    | {"feed_seeding_undo", "feed_seeding_accounts", "feed_person_accounts"},
}
NOBODY_MAY = {"autocomplete"} | {
    f"{model}_{view}"
    for model, views in {
        "feed_person": ("delete",),
        "feed_follow": ("add", "delete"),
        "feed_photo": ("add", "delete"),
        "feed_comment": ("add",),
        "feed_event": ("add", "delete"),
        "feed_seeding": ("delete",),
        "explainer_comment": ("add",),
    }.items()
    for view in views
}
"""Not even whoever may do everything: it is done elsewhere, or never."""


def names() -> set[str]:
    return {pattern.name for pattern in patterns(admin.site.get_urls()) if pattern.name}


def patterns(entries: Any) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from patterns(entry.url_patterns)


@pytest.fixture
def rows(photo: Photo, ana: Person) -> dict[str, Any]:
    """One row of each model, by how its addresses begin."""
    said = actions.comment(photo=photo, person=ana, text="Ah", at=NOON)
    read = explainer.models.Comment.objects.create(chapter="lists", text="Ah", written_at=NOON)
    options = Options(
        people=2, names="mixed", photos_each=1, weeks=1, likes=1, unlikes=0, looks=0, seed=1
    )
    job, _new = jobs.start(options=options, room=None, name="Class", token=uuid4(), now=NOON)
    return {
        "feed_room": photo.room, "feed_person": ana, "feed_photo": photo, "feed_comment": said,
        "feed_follow": Follow.objects.earliest("pk"), "feed_event": Event.objects.earliest("pk"),
        "feed_seeding": job, "explainer_comment": read,
        "auth_user": User.objects.create_user("somebody"), "auth_group": Group.objects.first(),
    }  # fmt: skip


@pytest.fixture
def addresses(rows: dict[str, Any]) -> dict[str, str]:
    """Each address of the admin by its name."""
    room, person, job = rows["feed_room"].pk, rows["feed_person"].pk, rows["feed_seeding"].pk
    arguments: dict[str, list[Any]] = {
        "see_person": [person], "see_room": [room], "import_room": [room],
        "export_room": [room, "people"], "platform_rules": ["instagram"],
        "feed_seeding_accounts": [job], "auth_user_password_change": [rows["auth_user"].pk],
        "app_list": ["feed"],
    }  # fmt: skip
    arguments |= {f"feed_seeding_{press}": [job] for press in ("step", "stop", "resume", "undo")}
    arguments |= {
        f"{model}_{view}": [row.pk]
        for model, row in rows.items()
        for view in ("history", "change", "delete")
    }
    return {
        name: reverse(f"admin:{name}", args=arguments.get(name, []))
        for name in sorted(names() - {"view_on_site"})
    }


def answer(client: Client, name: str, address: str) -> int:
    return (client.post(address) if name in POSTED else client.get(address)).status_code


def staff(group: str) -> Client:
    client, user = Client(), User.objects.create_user(f"staff {group}", is_staff=True)
    if group:
        user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return client


def test_the_tables_name_what_there_is() -> None:
    """A name that is no longer there would be tested by nothing."""
    assert (NOBODY_MAY | set().union(*MAY.values())) - names() == set()


@pytest.mark.parametrize("group", MAY)
def test_a_group_gets_where_its_work_is_and_nowhere_else(
    addresses: dict[str, str], group: str
) -> None:
    client = staff(group)
    answers = {
        name: answer(client, name, address)
        for name, address in addresses.items()
        if name not in OPEN
    }
    assert {name for name, code in answers.items() if code in (200, 302, 303)} == MAY[group]
    refused = {name: code for name, code in answers.items() if name not in MAY[group]}
    nothing_listed = {"app_list": 404} if group == "" else {}
    assert refused == dict.fromkeys(refused, 403) | nothing_listed


def test_even_whoever_may_do_everything_does_it_where_it_is_done(
    admin_client: Client, addresses: dict[str, str]
) -> None:
    answers = {
        name: answer(admin_client, name, address)
        for name, address in addresses.items()
        if name not in OPEN
    }
    assert {name for name, code in answers.items() if code == 403} == NOBODY_MAY
    assert {code for name, code in answers.items() if name not in NOBODY_MAY} == {200, 302, 303}


@pytest.mark.parametrize("signed_in", [True, False])
def test_who_is_no_staff_is_led_to_sign_in_everywhere(
    client: Client, addresses: dict[str, str], signed_in: bool
) -> None:
    if signed_in:
        client.force_login(User.objects.create_user("pupil"))
    for name, address in addresses.items():
        if name in OPEN:
            continue
        send = client.post if name in POSTED else client.get
        assert send(address).headers["Location"].startswith("/admin/login/?next="), name


# What they change there


def act(client: Client, model: str, action: str, row: Any) -> None:
    given = {"action": action, "_selected_action": [row.pk], "post": "yes"}
    client.post(reverse(f"admin:{model}_changelist"), given)


@pytest.mark.parametrize(("group", "moderates"), [("moderator", True), ("seeder", False)])
def test_comments_are_for_moderators(rows: dict[str, Any], group: str, moderates: bool) -> None:
    client, read = staff(group), rows["explainer_comment"]
    act(client, "feed_comment", "remove", rows["feed_comment"])
    assert Comment.objects.filter(pk=rows["feed_comment"].pk).exists() is not moderates
    act(client, "explainer_comment", "approve", read)
    read.refresh_from_db()
    assert read.state == ("approved" if moderates else "held")
    act(client, "explainer_comment", "delete_selected", read)
    assert explainer.models.Comment.objects.exists() is not moderates


@pytest.mark.parametrize(
    ("group", "model", "words"),
    [
        ("moderator", "feed_photo", ["Ben (ben)", "Harbour"]),
        ("moderator", "feed_comment", ["Ana (ana)", "1: Harbour skyline at dusk", "Harbour"]),
    ],
)
def test_what_a_moderator_reads_leads_to_no_page_that_refuses_them(
    rows: dict[str, Any], group: str, model: str, words: list[str]
) -> None:
    """With the picture, since that is what they judge."""
    client, row = staff(group), rows[model]
    page = client.get(reverse(f"admin:{model}_change", args=[row.pk])).content.decode()
    content = page.split('id="content"')[1]
    assert [word for word in words if f'<div class="readonly">{word}</div>' not in content] == []
    assert f'<img src="{rows["feed_photo"].src}"' in content
    links = set(re.findall(r'href="(/admin/[^"]*)"', page))
    assert {href: client.get(href).status_code for href in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize(("group", "moderates"), [("moderator", True), ("seeder", False)])
def test_photos_are_taken_down_by_moderators_with_their_words_and_pictures(
    rows: dict[str, Any], group: str, moderates: bool
) -> None:
    client, photo = staff(group), rows["feed_photo"]
    file = default_storage.save(f"{photo.room.key}/{'0' * 24}-480.webp", ContentFile(b"x"))
    Photo.objects.update(image=file.removesuffix("-480.webp"), widths="480")
    act(client, "feed_photo", "remove", photo)
    photo.refresh_from_db()
    assert (photo.title == "", photo.removed_at is not None) == (moderates, moderates)
    assert default_storage.exists(file) is not moderates
    assert LogEntry.objects.filter(change_message="Removed.").count() == moderates


@pytest.mark.parametrize("group", ["moderator", "seeder"])
def test_neither_group_changes_or_removes_what_is_there(rows: dict[str, Any], group: str) -> None:
    client = staff(group)
    photo, person, room = (rows[f"feed_{name}"] for name in ("photo", "person", "room"))
    client.post(reverse("admin:feed_photo_change", args=[photo.pk]), {"title": "X", "alt": "X"})
    given = {"name": "X", "handle": "x", "pronouns": "she", "avatar": person.avatar}
    client.post(reverse("admin:feed_person_change", args=[person.pk]), given)
    client.post(reverse("admin:feed_room_change", args=[room.pk]), {"name": "X"})
    for model, action, row in (
        ("feed_person", "leave", person),
        ("feed_room", "repair", room),
        ("feed_room", "delete_selected", room),
    ):
        act(client, model, action, row)
    photo_now, person_now = Photo.objects.get(pk=photo.pk), Person.objects.get(pk=person.pk)
    assert photo_now.title == photo.title
    assert (person_now.name, person_now.left_at) == (person.name, None)
    assert Room.objects.get(pk=room.pk).name == room.name


def test_a_group_keeps_what_an_admin_gave_it_besides(db: None) -> None:
    group = Group.objects.get(name="moderator")
    given = group.permissions.count()
    extra = Group.objects.get(name="seeder").permissions.get(codename="view_room")
    group.permissions.add(extra)
    group.permissions.remove(
        group.permissions.get(codename="delete_comment", content_type__app_label="feed")
    )
    call_command("migrate", verbosity=0)
    assert group.permissions.count() == given + 1
    assert extra in group.permissions.all()
