"""The page that says what is kept: it names everything, and nothing that is not there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from explainer import privacy
from explainer.comments import stamp
from explainer.models import Comment
from tests.factories import NOON, RoomFactory

from .pages import Element, read_page
from .test_comments import PATH, nobody_counted, two_chapters

__all__ = ["nobody_counted", "two_chapters"]


@pytest.fixture
def page() -> Element:
    response = Client().get("/privacy/")
    assert response.status_code == 200
    assert response.cookies == {}
    return read_page(response.content.decode())


def named(page: Element) -> set[str]:
    """Each field that the page names, as app.Model.field."""
    return {
        f"{table['data-model']}.{code.text}"
        for table in page.all("dl", having="data-model")
        for code in table.all("code")
    }


@pytest.mark.django_db
def test_every_field_of_every_model_is_named_and_no_other(page: Element) -> None:
    kept = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in (*model._meta.fields, *model._meta.many_to_many)
    }
    on_page = named(page)
    assert "feed.Like.person" in kept
    assert sorted(kept - on_page) == [], "say in privacy.toml what these hold"
    assert sorted(on_page - kept) == [], "privacy.toml names what is gone"


@pytest.mark.django_db
def test_each_table_is_there_once_and_says_why_how_long_and_for_whom(page: Element) -> None:
    tables = page.all("li", css="keeps-table")
    models = [
        table.one("dl", having="data-model")["data-model"]
        for table in tables[: -len(privacy.registry().cookie)]
    ]
    assert sorted(models) == sorted(model._meta.label for model in apps.get_models())
    for table in tables[: -len(privacy.registry().cookie)]:
        said = [each.text for each in (table.all("p")[0], *table.all("dl")[0].all("dd"))]
        assert len(said) == 3
        assert all(said)
        fields = table.one("dl", having="data-model")
        assert all(holds.text for holds in fields.all("dd"))
        assert len(fields.all("dt")) == len(fields.all("dd"))


@pytest.mark.django_db
def test_what_is_in_memory_or_passes_by_is_said(page: Element) -> None:
    said = " ".join(page.by_id("commenter").text.split())
    assert "in the server’s memory only, never in the database or in a file" in said
    assert "for at most 10 minutes" in said
    assert "30 days after it was written" in said


@pytest.mark.django_db
@pytest.mark.usefixtures("demo_room", "two_chapters")
def test_every_cookie_is_named_and_no_other(admin_client: Client) -> None:
    """Somebody reads, presses, writes and signs in."""
    client = Client()
    for path in ("/", "/guide/counts/", "/privacy/", "/credits/"):
        assert client.get(path).status_code == 200
        assert list(client.cookies) == [], path
    for path in ("/feed/", PATH):
        client.get(path)
        assert list(client.cookies) == [settings.CSRF_COOKIE_NAME], path
    client.post(reverse("feed:like", args=[1]), {"you": "ana"})
    words = {"text": "Words", "stamp": stamp(timezone.now() - timedelta(minutes=1))}
    assert client.post(PATH, words).status_code == 303
    day = 24 * 3600
    ages = {"sessionid": 14 * day, "csrftoken": 364 * day, "messages": "", "writer": 365 * day}
    assert {name: cookie["max-age"] for name, cookie in client.cookies.items()} == ages
    User.objects.create_user("runs-it", password="herring", is_staff=True)
    client.post("/admin/login/", {"username": "runs-it", "password": "herring"})
    ages |= {"sessionid": "", "signed_in_here": 26 * 7 * day}
    assert {name: cookie["max-age"] for name, cookie in client.cookies.items()} == ages
    cookies = privacy.registry().cookie
    assert set(client.cookies) | set(admin_client.cookies) == {cookie.name for cookie in cookies}
    assert [cookie.until.partition(" after")[0] for cookie in cookies] == [
        "2 weeks",
        "52 weeks",
        "26 weeks",
        "the next page, or until you close the browser",
        "a year",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("comments", [0, 3])
def test_the_numbers_are_those_of_now_in_one_query(
    comments: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(comments):
        Comment.objects.create(
            chapter="counts", text="x", writer="w", digest=f"{n}", written_at=NOON
        )
    RoomFactory.create()
    with django_assert_num_queries(1):
        page = read_page(Client().get("/privacy/").content.decode())
    numbers = {
        table.one("dl", having="data-model")["data-model"]: table.one("small").text
        for table in page.all("li", css="keeps-table")[: -len(privacy.registry().cookie)]
    }
    some = ("explainer.Comment", "feed.Room", "feed.Like", "sessions.Session")
    assert {name: numbers[name] for name in some} == {
        "explainer.Comment": f"{comments} now",
        "feed.Room": "1 now",
        "feed.Like": "0 now",
        "sessions.Session": "0 now",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("rooms", "said"), [(3, "3 now"), (4, "more than 3 now")])
def test_a_large_table_is_not_counted_to_its_end(
    rooms: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(privacy, "MOST", 3)
    monkeypatch.setattr("explainer.views.privacy.MOST", 3)
    RoomFactory.create_batch(rooms)
    page = read_page(Client().get("/privacy/").content.decode())
    assert said in [small.text for small in page.all("small")]
    RoomFactory.create_batch(5)
    assert privacy.rows()["feed.Room"] == 4


@pytest.mark.django_db
def test_what_an_admin_changes_is_logged_and_accounts_are_counted(admin_user: User) -> None:
    counted = privacy.rows()
    assert (counted["auth.User"], counted["admin.LogEntry"]) == (1, 0)


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (timedelta(minutes=10), "10 minutes"),
        (timedelta(minutes=1), "a minute"),
        (timedelta(hours=24), "a day"),
        (timedelta(days=30), "30 days"),
        (timedelta(weeks=2), "2 weeks"),
        (timedelta(days=365), "a year"),
    ],
)
def test_lengths_of_time_in_words(time: timedelta, said: str) -> None:
    assert privacy.lasting(time) == said


@pytest.mark.django_db
def test_it_can_be_reached_from_where_something_is_written(page: Element) -> None:
    ids = [each["id"] for each in page.all(having="id")]
    links: list[Any] = [link["href"][1:] for link in page.one(css="keeps-nav").all("a")]
    assert set(links) < set(ids)
    assert links == ["visitor", "player", "commenter", "account", "admin", "cookies", "never"]


@pytest.mark.django_db
def test_time_spent_is_said_where_it_is_kept(page: Element) -> None:
    """The feed does log it, so the page may not say that nobody does."""
    assert "seconds you had a photo before you" in page.by_id("player").text
    never = [li.text for li in page.one(css="keeps-never").all("li")]
    (where,) = [text for text in never if "time spent" in text]
    assert where.endswith("anywhere but in your own copy of a room or one that you sign in to")
    assert "seconds you had a photo before you is logged there too" in page.by_id("account").text
