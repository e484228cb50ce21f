"""What the admin tells of the site and of its rules."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from feed import actions, rooms
from feed.admin import rules
from feed.admin.rules import checked
from feed.admin.state import kept_here
from feed.crowds import Options
from feed.models import Person, Photo, Room, Seeding
from feed.modes import platforms
from feed.rules import TITLES
from socialsite.settings import pictures_at
from tests.factories import NOON, PersonFactory, PhotoFactory


@pytest.mark.parametrize(("days", "stale"), [(0, False), (365, False), (366, True)])
def test_evidence_is_stale_after_a_year(days: int, stale: bool) -> None:
    first = next(iter(platforms().values()))
    [age] = checked([first], today=first.checked + timedelta(days=days))
    assert (age.days, age.stale) == (days, stale)


def test_the_longest_unchecked_stand_first() -> None:
    ages = checked(platforms().values(), today=date(2030, 1, 1))
    days = [age.days for age in ages]
    assert days == sorted(days, reverse=True)
    assert {age.platform.slug for age in ages} == set(platforms())


@pytest.mark.parametrize("rows", [1, 4])
def test_the_state_of_the_site_asks_as_much_whatever_its_size(
    admin_client: Client, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """The user, five counts, the audits and the jobs; PostgreSQL is asked for its size."""
    admin = User.objects.get()
    for number in range(rows):
        PhotoFactory.create(liked_by=[])
        seeding(number)
    address = reverse("admin:state")
    assert admin_client.post(address).status_code == 302
    with django_assert_num_queries(8 + (connection.vendor == "postgresql")):
        page = admin_client.get(address)
    assert page.context["held"]["Photos"] == str(rows)
    assert [(a.object_repr, a.user, a.get_change_message()) for a in page.context["audits"]] == [
        ("Room", admin, "Audited: all follows.")
    ] * rows
    assert len(page.context["jobs"]) == rows


OPTIONS = Options(
    people=40, names="mixed", photos_each=1, weeks=1, likes=1, unlikes=0, looks=0, seed=1
)


def seeding(number: int, state: str = "running") -> Seeding:
    return Seeding.objects.create(
        token=UUID(int=number),
        room_name="Class",
        made_room=True,
        options=asdict(OPTIONS),
        until=NOON,
        started_at=NOON,
        state=state,
    )


def test_the_state_names_what_is_not_finished(admin_client: Client) -> None:
    for number, state in enumerate(Seeding.State.values):
        seeding(number, state)
    page = admin_client.get(reverse("admin:state"))
    assert [job.state for job, _ in page.context["jobs"]] == ["undoing", "stopped", "running"]
    assert "40 people in Class" in page.content.decode()


def test_the_state_tells_what_audits_found(
    admin_client: Client, photo: Photo, ana: Person, room: Room
) -> None:
    """Those of visitors' copies are for the command: they are many."""
    actions.like(photo=photo, person=ana, at=NOON)
    rooms.copy(room, key="copy", at=NOON)
    Photo.objects.update(like_count=7)
    page = admin_client.post(reverse("admin:state"), follow=True).content.decode()
    assert "Harbour: 1 differ. The state of the site says what." in page
    what = "Room harbour, photo 1: like_count is 7 and should be 1."
    assert f"<td>Audited: 1 differ. {what}</td>" in page
    assert "Room copy" not in page
    Photo.objects.update(like_count=1)
    page = admin_client.post(reverse("admin:state"), follow=True).content.decode()
    assert "All likes and counts follow from the log." in page
    assert "No seeding is unfinished." in page


def test_the_state_tells_what_the_command_found(
    admin_client: Client, photo: Photo, room: Room
) -> None:
    """Of visitors' copies only what differs. Nobody signs in as whom the log names."""
    copies = [rooms.copy(room, key=f"copy{number}", at=NOON) for number in range(2)]

    def audited(*arguments: str) -> list[tuple[str, str, str]]:
        with suppress(SystemExit):
            call_command("audit", *arguments, stdout=StringIO(), stderr=StringIO())
        audits = list(admin_client.get(reverse("admin:state")).context["audits"])
        return [(a.object_repr, str(a.user), a.get_change_message()) for a in audits]

    follows = ("Harbour", "manage.py", "Audited: all follows.")
    assert audited() == [follows]
    Photo.objects.filter(room=copies[1]).update(like_count=7)
    what = "Room copy1, photo 1: like_count is 7 and should be 0."
    differs = ("Harbour (copy copy1)", "manage.py", f"Audited: 1 differ. {what}")
    assert audited() == [differs, follows, follows]
    assert "and were mended." in audited("--repair")[0][2]
    user = User.objects.get(username="manage.py")
    assert (user.is_active, user.is_staff, user.has_usable_password()) == (False, False, False)


@pytest.mark.parametrize(
    ("storage", "pictures", "whose"),
    [("", "Folder", "pictures"), ("s3://k:s@s3.example.com/b", "Bucket b", "database")],
)
def test_what_is_free_is_told_of_where_this_machine_keeps_something(
    admin_client: Client,
    settings: Settings,
    tmp_path: Path,
    storage: str,
    pictures: str,
    whose: str,
) -> None:
    """With pictures in a bucket and the database on a server that is nowhere."""
    settings.MEDIA_ROOT = tmp_path / "pictures" / "not-there-yet"
    settings.STORAGES = {**settings.STORAGES, "default": pictures_at(storage)}
    kept = kept_here()
    facts = admin_client.get(reverse("admin:state")).context["machine"]
    on_disk = whose == "pictures" or connection.vendor == "sqlite"
    assert (facts["Pictures"], "Disk free" in facts) == (pictures, on_disk)
    database = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    assert kept == (settings.MEDIA_ROOT if whose == "pictures" else database)


def test_a_press_audits_no_more_than_one_request_can(
    admin_client: Client, photo: Photo, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left after the first room, in order, is as much as the others may have."""
    actions.like(photo=photo, person=ana, at=NOON)
    second = PhotoFactory.create(liked_by=[])
    third = PhotoFactory.create(poster__room__name="Third")
    for person in PersonFactory.create_batch(2, room=third.room):
        actions.like(photo=third, person=person, at=NOON)
    monkeypatch.setattr("feed.admin.state.AUDITED_AT_ONCE", 2)
    page = admin_client.post(reverse("admin:state"), follow=True)
    audited = [audit.object_repr for audit in page.context["audits"]]
    assert audited == [str(second.room), "Harbour"]
    assert "1 room had too long a log: run manage.py audit." in page.content.decode()


@pytest.mark.parametrize("slug", platforms())
def test_each_platform_has_its_rules_with_evidence(admin_client: Client, slug: str) -> None:
    page = admin_client.get(reverse("admin:platform_rules", args=[slug]))
    parts = page.context["parts"]
    assert [card.key for _, cards in parts for card in cards] == list(platforms()[slug].rules)
    text = page.content.decode()
    assert text.count("<h3>") == len(platforms()[slug].rules) <= len(TITLES)
    urls = {source.url for _, cards in parts for card in cards for source in card.sources}
    assert urls
    assert 'method="post"' not in text.split('id="content"')[1]


def test_rules_can_be_searched(admin_client: Client) -> None:
    address = reverse("admin:rules")

    def found(**given: str) -> dict[str, int]:
        rows = admin_client.get(address, given).context["rows"]
        return {age.platform.slug: rules for age, rules in rows}

    assert found() == dict.fromkeys(platforms(), 0)
    for platform in platforms().values():
        assert found(q=platform.label.upper())[platform.slug] == 0
    word = "lock screen"
    matching = {slug: len(rules.matching(each, word)) for slug, each in platforms().items()}
    assert found(q=word) == {slug: number for slug, number in matching.items() if number}
    slug, number = max(matching.items(), key=lambda item: item[1])
    page = admin_client.get(reverse("admin:platform_rules", args=[slug]), {"q": word})
    text = page.content.decode()
    assert 0 < text.count("<h3>") == number < len(platforms()[slug].rules)
    assert "No platform and no rule is like that." in (
        admin_client.get(address, {"q": "as nobody calls it"}).content.decode()
    )
    assert admin_client.get(reverse("admin:platform_rules", args=["zzz"])).status_code == 404


def test_stale_rules_can_be_shown_alone(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse("admin:rules")
    days = sorted({each.checked for each in platforms().values()})
    assert admin_client.get(address, {"stale": "yes"}).context["rows"] == []
    monkeypatch.setattr(rules, "OLD", days[0] - date.max)
    shown = admin_client.get(address, {"stale": "yes"})
    assert len(shown.context["rows"]) == len(platforms())
    assert shown.content.decode().count('<span class="stale">Yes</span>') == len(platforms())


@pytest.mark.parametrize(("group", "status"), [("moderator", 403), ("seeder", 200)])
def test_the_state_is_for_who_may_see_rooms(
    client: Client, db: None, group: str, status: int
) -> None:
    staff = User.objects.create_user("staff", is_staff=True)
    staff.groups.add(Group.objects.get(name=group))
    client.force_login(staff)
    PersonFactory.create()
    state = reverse("admin:state")
    assert client.get(state).status_code == status
    home = client.get(reverse("admin:index")).content.decode()
    assert (f'href="{state}"' in home, f'href="{reverse("admin:rules")}"' in home) == (
        status == 200, True,
    )  # fmt: skip
