"""CSV through the admin, and who may do what there."""

from __future__ import annotations

import os
import time

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from feed import exchange
from feed.models import Person, Photo, Room
from tests.factories import RoomFactory

HEAD = "handle,name,pronouns,place,bio,avatar\r\n"
IDA = "ida,Ida,she,,,avatars/peep-01-ada.svg"


def page(room: Room) -> str:
    return reverse("admin:import_room", args=[room.pk])


def upload(client: Client, room: Room, content: bytes, table: str = "people") -> HttpResponse:
    file = SimpleUploadedFile("people.csv", content)
    response: HttpResponse = client.post(page(room), {"table": table, "file": file})
    return response


def kept() -> list[str]:
    return default_storage.listdir("imports")[1] if default_storage.exists("imports") else []


def test_a_file_is_tried_out_first_and_taken_in_by_a_second_press(
    admin_client: Client, room: Room, ben: Person
) -> None:
    content = f"{HEAD}ben,Benno,he,,,{ben.avatar}\r\n{IDA}".encode()
    tried = upload(admin_client, room, content)
    text = tried.content.decode()
    assert "1 new, 1 changed, 0 as they are, 0 refused." in text
    assert "<td>ben</td><td>name</td><td>Ben</td><td>Benno</td>" in text
    assert list(room.people.values_list("name", flat=True)) == ["Ben"]
    press = {"kept": tried.context["kept"]}
    done = admin_client.post(page(room), press, follow=True)
    assert "Imported people: 1 new, 1 changed." in done.content.decode()
    assert list(room.people.order_by("pk").values_list("name", flat=True)) == ["Benno", "Ida"]
    assert [e.get_change_message() for e in LogEntry.objects.all()] == [
        "Imported people: 1 new, 1 changed."
    ]
    again = admin_client.post(page(room), press, follow=True)
    assert "That file was taken in already, or it waited for too long." in again.content.decode()
    assert (Person.objects.count(), kept()) == (2, [])


def test_a_dry_run_is_for_its_admin_and_its_room_only(admin_client: Client, room: Room) -> None:
    press = {"kept": upload(admin_client, room, (HEAD + IDA).encode()).context["kept"]}
    other = RoomFactory.create()
    somebody = Client()
    somebody.force_login(User.objects.create_superuser("somebody"))
    forged = {"kept": f"{press['kept']}x"}
    for client, where, given in (
        (admin_client, other, press),
        (somebody, room, press),
        (admin_client, room, forged),
    ):
        answer = client.post(page(where), given, follow=True)
        assert "That dry run is over." in answer.content.decode()
    assert Person.objects.count() == 0
    admin_client.post(page(room), press)
    assert Person.objects.count() == 1


def test_refusals_are_shown_by_row_and_column_and_offer_no_import(
    admin_client: Client, room: Room
) -> None:
    content = f"{HEAD}{IDA}\r\nx,{'n' * 10_000},it,,,avatars/peep-01-ada.svg".encode()
    tried = upload(admin_client, room, content)
    assert "kept" not in tried.context
    reason = "Ensure this value has at most 80 characters (it has 10000)."
    assert f"<tr><td>3</td><td>name</td><td>{reason}</td></tr>" in tried.content.decode()
    assert "1 new, 0 changed, 0 as they are, 1 refused." in tried.content.decode()
    assert (Person.objects.count(), kept()) == (0, [])


def test_a_file_that_is_no_table_is_refused_at_the_form(admin_client: Client, room: Room) -> None:
    tried = upload(admin_client, room, f"{HEAD}x,Zoë".encode("latin-1"))
    assert tried.context["form"].errors["file"] == [
        "The file is not UTF-8: line 2 has a byte that UTF-8 does not. Save it as “CSV UTF-8”."
    ]
    large = upload(admin_client, room, b"x" * (exchange.MOST_BYTES + 1))
    assert large.context["form"].errors["file"] == ["The file has more than 10 MB. Split it."]


class Unread:
    """A body that nobody may read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("It was read.")

    readline = read


def test_a_file_of_100_mb_is_refused_before_it_is_read(admin_client: Client, room: Room) -> None:
    answer = admin_client.generic(
        "POST",
        page(room),
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(100 * 2**20), "wsgi.input": Unread()},  # type: ignore[arg-type]
    )
    assert answer.status_code == 413


def test_a_room_comes_out_as_files(admin_client: Client, room: Room, photo: Photo) -> None:
    for table in ("people", "photos", "follows", "events"):
        answer = admin_client.get(reverse("admin:export_room", args=[room.pk, table]))
        assert answer.headers["Content-Disposition"] == (
            f'attachment; filename="harbour-{table}.csv"'
        )
        assert answer.getvalue() == b"".join(exchange.export(room, table))
    assert (
        admin_client.get(reverse("admin:export_room", args=[room.pk, "likes"])).status_code == 404
    )
    trail = [(e.object_repr, e.get_change_message()) for e in LogEntry.objects.order_by("pk")]
    assert trail == [
        ("Harbour", "Exported people."),
        ("Harbour", "Exported photos."),
        ("Harbour", "Exported follows."),
        ("Harbour", "Exported events."),
    ]


def test_a_visitors_own_room_takes_no_file(admin_client: Client, room: Room) -> None:
    copy = RoomFactory.create(original=room)
    assert admin_client.get(page(room)).status_code == 200
    assert admin_client.get(page(copy)).status_code == 404


def test_who_may_only_look_takes_files_out(client: Client, room: Room) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_room"))
    client.force_login(reader)
    shown = client.get(page(room)).content.decode()
    assert ("harbour-people.csv" in shown, 'type="file"' in shown) == (True, False)
    assert upload(client, room, (HEAD + IDA).encode()).status_code == 403
    assert Person.objects.count() == 0


def test_files_of_dry_runs_that_nobody_pressed_on_go(admin_client: Client, room: Room) -> None:
    """The next dry run takes them away once they are an hour old."""
    [old, new] = [default_storage.save(f"imports/{n}.csv", ContentFile(b"x")) for n in "ab"]
    hour_ago = time.time() - 3601
    os.utime(default_storage.path(old), (hour_ago, hour_ago))
    tried = upload(admin_client, room, (HEAD + IDA).encode())
    assert (default_storage.exists(old), default_storage.exists(new), len(kept())) == (
        False, True, 2,
    )  # fmt: skip
    default_storage.delete(new)
    admin_client.post(page(room), {"kept": tried.context["kept"]})
    assert kept() == []


def test_a_dry_run_names_some_changes_and_counts_all(admin_client: Client, room: Room) -> None:
    peep = IDA.rpartition(",")[2]
    rows = "\r\n".join(f"p{n},P {n},she,,,{peep}" for n in range(150))
    tried = upload(admin_client, room, (HEAD + rows).encode())
    text = tried.content.decode()
    assert "150 new, 0 changed" in text
    assert (text.count("<td>New</td>") or text.count(">New<"), "first 100" in text) == (100, True)
    admin_client.post(page(room), {"kept": tried.context["kept"]})
    assert Person.objects.count() == 150
