"""What the admin tells of the site and of its rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from feed import actions
from feed.admin.state import checked
from feed.models import Person, Photo, Room
from feed.modes import platforms
from feed.rules import TITLES
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
    """The user, five counts, the kind of the audits, they and the jobs."""
    admin = User.objects.get()
    for _ in range(rows):
        PhotoFactory.create(liked_by=[])
    reverse("admin:index")
    given = {"action": "audit", "_selected_action": [room.pk for room in Room.objects.all()]}
    admin_client.post(reverse("admin:feed_room_changelist"), given)
    with django_assert_num_queries(8):
        page = admin_client.get(reverse("admin:state"))
    assert page.context["facts"]["Photos"] == str(rows)
    assert [(a.object_repr, a.user, a.get_change_message()) for a in page.context["audits"]] == [
        ("Room", admin, "Audited: all follows.")
    ] * rows


def test_the_state_tells_what_audits_found(
    admin_client: Client, photo: Photo, ana: Person, room: Room
) -> None:
    actions.like(photo=photo, person=ana, at=NOON)
    Photo.objects.update(like_count=7)
    given = {"action": "audit", "_selected_action": [room.pk]}
    admin_client.post(reverse("admin:feed_room_changelist"), given)
    page = admin_client.get(reverse("admin:state")).content.decode()
    assert "<td>Audited: 1 differ.</td>" in page
    assert "No seeding is running." in page


@pytest.mark.parametrize("slug", platforms())
def test_each_platform_has_its_rules_with_evidence(admin_client: Client, slug: str) -> None:
    page = admin_client.get(reverse("admin:platform_rules", args=[slug]))
    parts = page.context["parts"]
    assert [card.key for _, cards in parts for card in cards] == list(platforms()[slug].rules)
    text = page.content.decode()
    assert text.count("<h3>") == len(platforms()[slug].rules) <= len(TITLES)
    urls = {source.url for _, cards in parts for card in cards for source in card.sources}
    assert urls
    assert "<form" not in text.split('id="content"')[1]


def test_rules_can_be_searched(admin_client: Client) -> None:
    address = reverse("admin:rules")
    assert len(admin_client.get(address).context["ages"]) == len(platforms())
    for platform in platforms().values():
        found = admin_client.get(address, {"q": platform.name.upper()}).context["ages"]
        assert platform in [age.platform for age in found]
    assert "No platform is called that." in admin_client.get(address, {"q": "zzz"}).content.decode()
    assert admin_client.get(reverse("admin:platform_rules", args=["zzz"])).status_code == 404


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
