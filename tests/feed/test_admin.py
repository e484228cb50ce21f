"""The admin's lists stay cheap, and what only the actions write is read-only there."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from feed import actions, rooms
from feed.auditing import audit
from feed.models import Comment, Event, Follow, Person, Photo, Room
from tests.factories import NOON, PersonFactory, PhotoFactory, RoomFactory

PEEP = "avatars/peep-01-ada.svg"

QUERIES = {"room": 3, "person": 4, "follow": 4, "photo": 4, "comment": 4, "event": 5}
"""User, count and rows; the rooms that most lists can be narrowed down to; and which the log is of.
"""
PLENTY = [1, 3]


@pytest.mark.parametrize("rows", PLENTY)
@pytest.mark.parametrize("model", QUERIES)
def test_a_list_takes_as_many_queries_whatever_its_length(
    admin_client: Client, model: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    room = RoomFactory.create()
    for number in range(rows):
        poster = PersonFactory.create(room=room if model == "event" else RoomFactory.create())
        fan = PersonFactory.create(room=poster.room, follows=[poster])
        photo = PhotoFactory.create(poster=poster, number=number + 1)
        comment = actions.comment(photo=photo, person=fan, text="Ah", at=NOON)
        assert comment.pk
    with django_assert_num_queries(QUERIES[model]):
        page = admin_client.get(reverse(f"admin:feed_{model}_changelist"))
    assert page.status_code == 200
    found = {"room": rows + 1, "person": 2 * rows}.get(model, rows)
    assert len(page.context["cl"].result_list) == found


@pytest.mark.parametrize("rows", PLENTY)
def test_copies_are_many_and_found_only_where_they_are_asked_for(
    admin_client: Client, photo: Photo, ana: Person, rows: int
) -> None:
    actions.comment(photo=photo, person=ana, text="Ah", at=NOON)
    for number in range(rows):
        rooms.copy(photo.room, key=f"copy{number}", at=NOON)
    for model, one in (("person", 2), ("photo", 1), ("comment", 1), ("follow", 1), ("room", 1)):
        address = reverse(f"admin:feed_{model}_changelist")
        asked = {"kind" if model == "room" else "room": "copies"}
        own, copies = (
            admin_client.get(address, given).context["cl"].result_count for given in ({}, asked)
        )
        assert (own, copies) == (one, one * rows), model


@pytest.mark.parametrize("model", QUERIES)
def test_a_list_can_be_searched_and_narrowed_down(
    admin_client: Client, photo: Photo, ana: Person, model: str
) -> None:
    """Those of another room are there, and are not found here."""
    actions.comment(photo=photo, person=ana, text="Ah", at=NOON)
    other = PersonFactory.create()
    fan = PersonFactory.create(room=other.room, follows=[other])
    theirs = PhotoFactory.create(poster=other, title="Elsewhere")
    actions.comment(photo=theirs, person=fan, text="Oh", at=NOON)
    address = reverse(f"admin:feed_{model}_changelist")

    def found(**given: Any) -> set[Any]:
        return set(admin_client.get(address, given).context["cl"].queryset)

    if model == "room":
        assert found(q=photo.room.key) == {photo.room}
        return
    here, there = found(room=photo.room_id), found(room=other.room_id)
    assert here
    assert there
    assert found() == (here if model == "event" else here | there)
    assert here & there == set()
    word = {"photo": photo.title, "comment": "Ah"}.get(model, "ana")
    assert found(q=word) == {row for row in here if getattr(row, "handle", "ana") == "ana"}
    assert found(q="nothing is called that") == set()


def test_the_log_is_searched_by_handle_or_among_its_newest(
    admin_client: Client, photo: Photo, ana: Person, mika: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feed.admin.lists.NEWEST", 2)
    likes, twin = [], PersonFactory.create(room=photo.room, handle="ana.b", name="Banana")
    for n, person in enumerate((ana, mika, twin, ana, mika)):
        act = actions.unlike if n > 2 else actions.like
        act(photo=photo, person=person, at=NOON + timedelta(minutes=n + 1))
        likes.append(Event.objects.latest("pk"))
    address = reverse("admin:feed_event_changelist")

    def found(**given: Any) -> list[int]:
        rows = admin_client.get(address, given).context["cl"].queryset
        return [likes.index(row) for row in rows]

    assert found() == [4, 3, 2, 1, 0]
    assert found(q="ana") == [3, 0]
    assert found(q="@ana.b") == [2]
    assert found(q="an") == [3]
    assert found(action="unlike") == [4, 3]
    assert found(action="like") == []
    assert found(room="copies") == [4, 3, 2, 1, 0]


def test_people_are_found_by_whether_they_left(
    admin_client: Client, ana: Person, ben: Person
) -> None:
    actions.leave(person=ben, at=NOON)
    address = reverse("admin:feed_person_changelist")
    found = {
        left: set(admin_client.get(address, {"left": left}).context["cl"].queryset)
        for left in ("", "no", "yes")
    }
    assert found == {"": {ana, ben}, "no": {ana}, "yes": {ben}}


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
    what = "Room harbour, photo 1: like_count is 5 and should be 1."
    found = f"Harbour: Audited: 1 differ. {what}"
    assert act(admin_client, "room", "audit", room)[-1] == found
    assert len(audit(room)) == 1
    mended = f"Harbour: Audited: 1 differ and were mended. {what}"
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


def test_a_room_is_seen_as_it_is_and_copied_once_something_is_pressed(
    admin_client: Client, photo: Photo, ana: Person
) -> None:
    other = PersonFactory.create(handle="other", name="Somebody Else")
    seen = PhotoFactory.create(poster=PersonFactory.create(room=other.room))
    for view, row, name in (
        ("see_person", ana, "Ana"),
        ("see_person", other, "Somebody Else"),
        ("see_room", other.room, "Somebody Else"),
    ):
        assert admin_client.get(reverse(f"admin:{view}", args=[row.pk])).status_code == 405
        page = admin_client.post(reverse(f"admin:{view}", args=[row.pk]), follow=True)
        assert page.redirect_chain == [("/feed/", 302)]
        assert page.context["you"].name == name
    assert page.context["room"] == other.room
    assert not Room.objects.exclude(original=None).exists()
    for _ in range(2):
        admin_client.post(reverse("feed:like", args=[seen.number]))
    (copy,) = Room.objects.exclude(original=None)
    assert (copy.original, copy.photos.get().like_count) == (other.room, 1)
    trail = [(e.object_repr, e.get_change_message()) for e in LogEntry.objects.order_by("pk")]
    assert trail == [
        ("ana", "Seen as this person."),
        ("other", "Seen as this person."),
        (str(other.room), "Seen."),
    ]


def test_nobody_is_seen_as_who_left_nor_in_an_empty_room(admin_client: Client, ana: Person) -> None:
    actions.leave(person=ana, at=NOON)
    empty = RoomFactory.create(name="Class")
    for view, row, back, said in (
        ("see_person", ana, "person", "ana has left."),
        ("see_room", empty, "room", "Nobody is in Class yet."),
    ):
        page = admin_client.post(reverse(f"admin:{view}", args=[row.pk]), follow=True)
        assert page.redirect_chain == [(reverse(f"admin:feed_{back}_changelist"), 302)]
        assert [str(message) for message in page.context["messages"]] == [said]


def test_where_one_sees_from_stands_on_lists_and_pages(
    admin_client: Client, ana: Person, mika: Person
) -> None:
    actions.leave(person=mika, at=NOON)
    for model, row in (("person", ana), ("room", ana.room)):
        press = f'formaction="{reverse(f"admin:see_{model}", args=[row.pk])}"'
        for address in (
            reverse(f"admin:feed_{model}_changelist"),
            reverse(f"admin:feed_{model}_change", args=[row.pk]),
        ):
            assert press in admin_client.get(address).content.decode()
    gone = reverse("admin:see_person", args=[mika.pk])
    assert gone not in admin_client.get(reverse("admin:feed_person_changelist")).content.decode()


# Rooms


def test_the_key_of_a_room_is_given_once(admin_client: Client, room: Room) -> None:
    address = reverse("admin:feed_room_change", args=[room.pk])
    assert admin_client.post(address, {"name": "Port", "key": "port"}).status_code == 302
    room.refresh_from_db()
    assert (room.name, room.key) == ("Port", "harbour")
    made = admin_client.post(reverse("admin:feed_room_add"), {"name": "Class", "key": "class"})
    assert made.status_code == 302
    new = Room.objects.get(key="class")
    assert (new.name, new.original, new.touched_at > NOON) == ("Class", None, True)


@pytest.mark.parametrize("people", [1, 3])
def test_what_goes_with_a_room_is_told_by_number(
    admin_client: Client, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """User, room, and five counts, however much there is."""
    room = RoomFactory.create(name="Class")
    PersonFactory.create_batch(people, room=room)
    rooms.copy(room, key="copy", at=NOON)
    address = reverse("admin:feed_room_delete", args=[room.pk])
    with django_assert_num_queries(6):
        page = admin_client.get(address)
    assert dict(page.context["model_count"]) == {
        "rooms": "1", "visitors’ copies of them": "1", "people": f"{people}", "photos": "0",
        "events": "0",
    }  # fmt: skip
    assert page.context["deleted_objects"] == ["Class"]
    assert admin_client.post(address, {"post": "yes"}).status_code == 302
    assert (Room.objects.count(), Person.objects.count()) == (0, 0)
    assert [(e.object_repr, e.action_flag) for e in LogEntry.objects.all()] == [("Class", 3)]


@pytest.mark.parametrize("bulk", [True, False])
def test_pictures_go_with_their_room_and_with_its_copies(
    admin_client: Client, room: Room, settings: Settings, tmp_path: Path, bulk: bool
) -> None:
    """Others' stay, though a photo here may show them."""
    settings.MEDIA_ROOT = tmp_path
    here = RoomFactory.create(key="class")
    copy = RoomFactory.create(key="copy", original=here)
    kept = {}
    for key, where in (("class", here), ("copy", copy), ("harbour", here)):
        image = f"{key}/{'0' * 24}"
        kept[key] = default_storage.save(f"{image}-480.webp", ContentFile(b"x"))
        poster = PersonFactory.create(room=where)
        PhotoFactory.create(poster=poster, image=image, widths="480", number=len(kept))
    if bulk:
        given = {"action": "delete_selected", "_selected_action": [here.pk], "post": "yes"}
        admin_client.post(reverse("admin:feed_room_changelist"), given)
    else:
        admin_client.post(reverse("admin:feed_room_delete", args=[here.pk]), {"post": "yes"})
    assert list(Room.objects.all()) == [room]
    assert [key for key, name in kept.items() if default_storage.exists(name)] == ["harbour"]


def test_the_demo_is_not_deleted(admin_client: Client, room: Room) -> None:
    given = {"action": "delete_selected", "_selected_action": [room.pk], "post": "yes"}
    admin_client.post(reverse("admin:feed_room_changelist"), given)
    page = admin_client.post(reverse("admin:feed_room_delete", args=[room.pk]), {"post": "yes"})
    assert "Harbour, in which visitors begin" in page.content.decode()
    assert list(Room.objects.all()) == [room]


@pytest.mark.parametrize("model", ["follow", "event"])
def test_what_the_actions_write_is_read_only(
    admin_client: Client, photo: Photo, ana: Person, model: str
) -> None:
    actions.like(photo=photo, person=ana, at=NOON)
    row: Any = Event.objects.get() if model == "event" else Follow.objects.get()
    kept = type(row).objects.values().get()
    shown = admin_client.get(reverse(f"admin:feed_{model}_change", args=[row.pk]))
    assert (shown.status_code, shown.context["has_change_permission"]) == (200, False)
    for page, arguments in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
        address = reverse(f"admin:feed_{model}_{page}", args=arguments)
        assert admin_client.post(address, {"post": "yes"}).status_code == 403
    assert type(row).objects.values().get() == kept
