"""The admin's lists stay cheap, and what only the actions write is read-only there."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from feed import actions
from feed.auditing import audit
from feed.models import Block, Comment, Event, Follow, Person, Photo, Room
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory

PEEP = "avatars/peep-01-ada.svg"

QUERIES = {"room": 3, "person": 4, "follow": 4, "photo": 4, "comment": 4, "like": 4, "event": 4}
"""User, count and rows; and the rooms that most lists can be narrowed down to."""


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("model", QUERIES)
def test_a_list_takes_as_many_queries_whatever_its_length(
    admin_client: Client, model: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        poster = PersonFactory.create(room__original=RoomFactory.create())
        fan = PersonFactory.create(room=poster.room, follows=[poster])
        photo = PhotoFactory.create(poster=poster, liked_by=[fan])
        actions.comment(photo=photo, person=fan, text="Ah", at=NOON)
    with django_assert_num_queries(QUERIES[model]):
        page = admin_client.get(reverse(f"admin:feed_{model}_changelist"))
    assert page.status_code == 200
    twice = model in ("person", "room", "event")
    assert len(page.context["cl"].result_list) == rows * (2 if twice else 1)


@pytest.mark.parametrize("model", QUERIES)
def test_a_list_can_be_searched_and_narrowed_down(
    admin_client: Client, photo: Photo, ana: Person, model: str
) -> None:
    """Those of another room are there, and are not found here."""
    actions.like(photo=photo, person=ana, at=NOON)
    actions.comment(photo=photo, person=ana, text="Ah", at=NOON)
    other = PersonFactory.create()
    fan = PersonFactory.create(room=other.room, follows=[other])
    theirs = PhotoFactory.create(poster=other, liked_by=[fan])
    actions.comment(photo=theirs, person=fan, text="Oh", at=NOON)
    address = reverse(f"admin:feed_{model}_changelist")
    if model == "room":
        found = admin_client.get(address, {"q": photo.room.key}).context["cl"].queryset
        assert list(found) == [photo.room]
        return
    everything = set(admin_client.get(address).context["cl"].queryset)
    here = set(admin_client.get(address, {"room": photo.room_id}).context["cl"].queryset)
    there = set(admin_client.get(address, {"room": other.room_id}).context["cl"].queryset)
    assert here
    assert there
    assert (here | there, here & there) == (everything, set())


def test_a_count_stops_at_its_bound(
    admin_client: Client, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    PersonFactory.create_batch(3, room=room)
    monkeypatch.setattr("feed.admin.common.MOST_COUNTED", 2)
    with CaptureQueriesContext(connection) as asked:
        page = admin_client.get(reverse("admin:feed_person_changelist"), {"_facets": "True"})
    assert page.context["cl"].result_count == 2
    counts = [query["sql"] for query in asked if "COUNT(" in query["sql"]]
    assert [sql.count("LIMIT 2)") for sql in counts] == [1]


@pytest.mark.parametrize("handle", ["a/b", "..", "a b", " "])
def test_a_handle_that_no_address_can_hold_is_refused(
    admin_client: Client, ana: Person, handle: str
) -> None:
    given = {"handle": handle, "name": "Ana", "pronouns": "she", "avatar": PEEP}
    address = reverse("admin:feed_person_change", args=[ana.pk])
    page = admin_client.post(address, given)
    assert list(page.context["adminform"].form.errors) == ["handle"]
    ana.refresh_from_db()
    assert ana.handle == "ana"
    assert admin_client.post(address, given | {"handle": "ana.b"}).status_code == 302
    ana.refresh_from_db()
    assert (ana.handle, ana.avatar) == ("ana.b", PEEP)


def test_of_a_photo_only_the_words_change(admin_client: Client, photo: Photo) -> None:
    address = reverse("admin:feed_photo_change", args=[photo.pk])
    given = {"title": "Dusk", "alt": "Towers", "caption": "", "like_count": 99, "number": 7,
             "posted_at_0": "2020-01-01", "posted_at_1": "12:00"}  # fmt: skip
    assert admin_client.post(address, given).status_code == 302
    photo.refresh_from_db()
    assert (photo.title, photo.alt, photo.caption) == ("Dusk", "Towers", "")
    assert (photo.like_count, photo.number, photo.posted_at) == (0, 1, NOON)
    assert admin_client.get(reverse("admin:feed_photo_add")).status_code == 403
    shown = admin_client.get(reverse("admin:feed_photo_changelist")).content.decode()
    assert f'<img src="{photo.src}" alt="Towers" width="90" height="60"' in shown


def test_only_who_can_follow_is_made_to(
    admin_client: Client, ana: Person, ben: Person, zoe: Person
) -> None:
    address = reverse("admin:feed_follow_add")
    Block.objects.create(blocker=ben, blocked=zoe)
    stranger = PersonFactory.create()
    tried = [(zoe, zoe), (zoe, ben), (zoe, stranger)]
    reasons = []
    for follower, followed in tried:
        page = admin_client.post(address, {"follower": follower.pk, "followed": followed.pk})
        reasons.append(str(page.context["adminform"].form.non_field_errors().data[0].message))
    assert reasons == [
        "Nobody follows themselves.",
        "One of them blocks the other.",
        "They are not in the same room.",
    ]
    assert admin_client.post(address, {"follower": zoe.pk, "followed": ana.pk}).status_code == 302
    assert set(Follow.objects.values_list("follower", "followed")) == {
        (ana.pk, ben.pk),
        (zoe.pk, ana.pk),
    }


def act(client: Client, model: str, name: str, *rows: Any) -> list[str]:
    """Presses an action of a list; what the trail says of it afterwards."""
    address = reverse(f"admin:feed_{model}_changelist")
    given = {"action": name, "_selected_action": [row.pk for row in rows]}
    assert client.post(address, given).status_code == 302
    log = LogEntry.objects.order_by("pk")
    return [f"{entry.object_repr}: {entry.get_change_message()}" for entry in log]


def test_comments_are_removed_in_bulk_with_a_trail_that_forgets_their_words(
    admin_client: Client, photo: Photo, ana: Person, mika: Person
) -> None:
    rude, other, kept = (
        actions.comment(photo=photo, person=person, text=text, at=NOON)
        for person, text in ((ana, "Rude"), (mika, "Ruder"), (mika, "Fine"))
    )
    trail = act(admin_client, "comment", "remove", rude, other)
    assert sorted(trail) == [f"Comment {rude.pk}: Removed.", f"Comment {other.pk}: Removed."]
    assert list(Comment.objects.all()) == [kept]
    photo.refresh_from_db()
    assert photo.comment_count == 1
    assert Event.objects.filter(action="uncomment").count() == 2
    address = reverse("admin:feed_comment_delete", args=[kept.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 302
    assert (Comment.objects.count(), audit(photo.room)) == (0, [])
    assert LogEntry.objects.filter(object_repr=f"Comment {kept.pk}").count() == 1


def test_actions_of_the_lists_go_through_the_feeds_own_and_leave_a_trail(
    admin_client: Client, photo: Photo, ana: Person, room: Room
) -> None:
    actions.like(photo=photo, person=ana, at=NOON)
    Photo.objects.update(like_count=5)
    assert act(admin_client, "room", "audit", room)[-1] == "Harbour: Audited: 1 differ."
    assert len(audit(room)) == 1
    mended = "Harbour: Audited: 1 differ and were mended."
    assert act(admin_client, "room", "repair", room)[-1] == mended
    assert act(admin_client, "person", "leave", ana)[-1] == "ana: Left."
    ana.refresh_from_db()
    assert ana.left_at is not None
    assert act(admin_client, "photo", "remove", photo)[-1] == "Photo 1: Removed."
    photo.refresh_from_db()
    assert (photo.title, photo.removed_at is not None, audit(room)) == ("", True, [])
    assert len(act(admin_client, "photo", "remove", photo)) == 4


def test_nobody_is_deleted_whom_the_log_speaks_of(admin_client: Client, ana: Person) -> None:
    address = reverse("admin:feed_person_delete", args=[ana.pk])
    assert admin_client.post(address, {"post": "yes"}).status_code == 403


def test_a_room_is_seen_in_a_copy_and_the_demo_as_it_is(
    admin_client: Client, photo: Photo, ana: Person
) -> None:
    other = PersonFactory.create(handle="other", name="Somebody Else")
    for view, row, name in (
        ("see_person", ana, "Ana"),
        ("see_person", other, "Somebody Else"),
        ("see_room", other.room, "Somebody Else"),
    ):
        assert admin_client.get(reverse(f"admin:{view}", args=[row.pk])).status_code == 405
        page = admin_client.post(reverse(f"admin:{view}", args=[row.pk]), follow=True)
        assert page.redirect_chain == [("/feed/", 302)]
        assert page.context["you"].name == name
    copies = list(Room.objects.exclude(original=None))
    assert [copy.original for copy in copies] == [other.room, other.room]


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
