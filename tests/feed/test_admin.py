"""The admin's lists stay cheap, and what only the actions write is read-only there."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from feed import actions
from feed.models import Event, Person, Photo
from tests.factories import NOON, PersonFactory, PhotoFactory

MODELS = ("room", "person", "follow", "photo", "like", "event")


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", MODELS)
def test_a_list_takes_as_many_queries_whatever_its_length(
    admin_client: Client, model: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Session, user, count and rows; for the log also the ends of its dates."""
    for _ in range(rows):
        poster = PersonFactory.create()
        fan = PersonFactory.create(room=poster.room, follows=[poster])
        PhotoFactory.create(poster=poster, liked_by=[fan])
    with django_assert_num_queries(5 if model == "event" else 3):
        page = admin_client.get(reverse(f"admin:feed_{model}_changelist"))
    assert page.status_code == 200
    assert len(page.context["cl"].result_list) == rows * (2 if model == "person" else 1)


@pytest.mark.parametrize("model", ["like", "event"])
def test_what_the_actions_write_is_read_only(
    admin_client: Client, photo: Photo, ana: Person, model: str
) -> None:
    actions.like(photo=photo, person=ana, at=NOON)
    row = Event.objects.get() if model == "event" else photo.likes.get()
    kept = type(row).objects.values().get()
    shown = admin_client.get(reverse(f"admin:feed_{model}_change", args=[row.pk]))
    assert (shown.status_code, shown.context["has_change_permission"]) == (200, False)
    for page, arguments in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
        address = reverse(f"admin:feed_{model}_{page}", args=arguments)
        assert admin_client.post(address, {"post": "yes"}).status_code == 403
    assert type(row).objects.values().get() == kept
