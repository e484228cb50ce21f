"""Posted pictures in a bucket, beside a real S3 service; and what is left behind anywhere."""

from __future__ import annotations

import logging
import os
import re
import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from itertools import count
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from feed import pictures, rooms
from feed.leftovers import sweep
from feed.models import Person, Photo, Room
from socialsite.settings import pictures_at
from tests.feed import s3
from tests.feed.test_posting import jpeg, posted, sent, wrong
from tests.test_backup import PICTURES, Place
from tests.test_project import python

NUMBERS = count()


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with s3.s3() as service:
        yield service


@pytest.fixture
def bucket(service: str, settings: Settings) -> str:
    """A new one, in which the site keeps its pictures."""
    name = f"pictures-{next(NUMBERS)}"
    s3.client(service).create_bucket(Bucket=name)
    keep_in(settings, s3.address(service, name))
    return name


def keep_in(settings: Settings, address: str) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": pictures_at(address)}


@pytest.fixture
def you(client: Client, photo: Photo, ben: Person) -> str:
    """You are Ben, who has posted the photo."""
    client.post("/feed/eyes/", {"person": ben.handle})
    return ben.handle


# The address


@pytest.mark.parametrize(
    ("address", "endpoint", "region"),
    [
        ("s3://K:S@s3.example.com/b", "https://s3.example.com", "us-east-1"),
        ("s3://K:S@s3.example.com/b/?region=eu-1", "https://s3.example.com", "eu-1"),
        ("s3+http://K:S@localhost:9000/b", "http://localhost:9000", "us-east-1"),
    ],
)
def test_an_address_leads_to_a_bucket(address: str, endpoint: str, region: str) -> None:
    assert pictures_at(address) == {
        "BACKEND": "feed.storage.Bucket",
        "OPTIONS": {
            "endpoint_url": endpoint,
            "bucket_name": "b",
            "access_key": "K",
            "secret_key": "S",
            "region_name": region,
        },
    }


def test_key_and_secret_may_hold_whatever_they_do() -> None:
    options = pictures_at(s3.address("localhost", "b"))["OPTIONS"]
    assert (options["access_key"], options["secret_key"]) == (s3.KEY, s3.SECRET)


@pytest.mark.parametrize(
    "address",
    [
        "bucket",
        "https://K:secret@s3.example.com/b",
        "s3://s3.example.com/b",
        "s3://K@s3.example.com/b",
        "s3://K:secret@/b",
        "s3://K:secret@s3.example.com",
        "s3://K:secret@s3.example.com/b/c",
        "s3://K:secret@s3.example.com:port/b",
        "s3://K:sec/ret@s3.example.com/b",
        "s3://K:secret@s3.example.com/b?regoin=eu-1",
        "s3://K:secret@s3.example.com/b?region=",
        "s3://K:secret@s3.example.com/b#c",
    ],
)
def test_an_address_that_leads_nowhere_is_refused_and_not_repeated(address: str) -> None:
    done = python("import socialsite.settings", MEDIA_STORAGE=address)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert "MEDIA_STORAGE must be s3://key:secret@host/bucket, or s3+http://" in last
    assert "secret@s3" not in last
    assert "sec/ret" not in last


def test_without_it_nothing_that_speaks_s3_is_read() -> None:
    said = (
        "import django, sys; django.setup(); import feed.views.media;"
        " from django.core.files.storage import default_storage as s; s.exists('a');"
        " print(type(s._wrapped).__name__, 'storages' in sys.modules, 'boto3' in sys.modules)"
    )
    assert python(said).stdout == "FileSystemStorage False False\n"


# Posting, looking, removing


@pytest.mark.django_db
def test_a_picture_is_kept_in_the_bucket_and_comes_from_this_site(
    client: Client, you: str, service: str, bucket: str
) -> None:
    page = client.post("/feed/post/", sent(), follow=True).content.decode()
    photo = posted()
    there = s3.contents(service, bucket)
    assert set(there) == {f"{photo.image}-{width}.webp" for width in (480, 960, 1000)}
    assert service not in page
    paths = re.findall(rf"/media/{photo.image}-\d+\.webp", page)
    assert set(paths) == {f"/media/{name}" for name in there}
    for path in set(paths):
        response = client.get(path)
        assert b"".join(response) == there[path.removeprefix("/media/")]
        assert response.headers["Content-Type"] == "image/webp"
        assert response.headers["Cache-Control"] == "private, max-age=86400, immutable"
        assert int(response.headers["Content-Length"]) == len(there[path.removeprefix("/media/")])
    kind = s3.client(service).head_object(Bucket=bucket, Key=f"{photo.image}-480.webp")
    assert kind["ContentType"] == "image/webp"
    client.post(f"/feed/photo/{photo.number}/remove/")
    assert s3.contents(service, bucket) == {}
    assert client.get(paths[0]).status_code == 404


@pytest.mark.django_db
def test_a_room_takes_its_pictures_out_of_the_bucket(
    client: Client, you: str, service: str, bucket: str
) -> None:
    client.post("/feed/post/", sent())
    assert len(s3.contents(service, bucket)) == 3
    assert rooms.prune(unused_since=timezone.now() + timedelta(days=1)) == 1
    assert s3.contents(service, bucket) == {}


# When it is out of reach


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


LATER = "Pictures cannot be kept at the moment. Nothing was posted. Try again later."


@pytest.mark.django_db
def test_nothing_is_posted_where_it_does_not_answer_and_the_rest_works(
    client: Client, you: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    keep_in(settings, s3.address(closed_port(), "b"))
    assert wrong(client, sent()) == {"picture": LATER}
    assert not Photo.objects.exclude(widths="").exists()
    assert "does not answer: EndpointConnectionError." in caplog.text
    assert client.get("/feed/").status_code == 200
    assert client.get("/readyz").status_code == 200
    shown = client.get("/media/room/abc-480.webp")
    assert (shown.status_code, shown.headers["Cache-Control"]) == (503, "no-store")


@pytest.mark.django_db
def test_a_photo_is_gone_although_its_picture_cannot_be_removed_yet(
    client: Client, you: str, service: str, bucket: str, settings: Settings
) -> None:
    client.post("/feed/post/", sent())
    there, photo = dict(settings.STORAGES), posted()
    keep_in(settings, s3.address(closed_port(), bucket))
    page = client.post(f"/feed/photo/{photo.number}/remove/", follow=True).content.decode()
    assert "“Tea” is gone" in page
    settings.STORAGES = there
    assert len(s3.contents(service, bucket)) == 3
    assert sweep(stored_before=timezone.now() + timedelta(days=1)) == 3
    assert s3.contents(service, bucket) == {}


@pytest.mark.django_db
def test_a_bucket_that_is_not_there_and_a_key_that_is_not_known_are_named(
    client: Client, you: str, service: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    keep_in(settings, s3.address(service, "nowhere"))
    assert wrong(client, sent()) == {"picture": LATER}
    assert "The storage for pictures refuses: NoSuchBucket." in caplog.text
    assert client.get("/media/room/abc-480.webp").status_code == 503
    with s3.s3(strict=True) as strict:
        keep_in(settings, s3.address(strict, "b"))
        assert wrong(client, sent()) == {"picture": LATER}
    assert "The storage for pictures refuses: InvalidAccessKeyId." in caplog.text


def test_one_that_hangs_makes_nobody_wait_a_second_time(client: Client, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        keep_in(settings, s3.address(f"127.0.0.1:{silent.getsockname()[1]}", "b"))
        begun = time.monotonic()
        assert client.get("/media/room/abc-480.webp").status_code == 503
        once = time.monotonic()
        assert [client.get(f"/media/room/a{n}.webp").status_code for n in range(9)] == [503] * 9
        assert time.monotonic() - once < once - begun


def test_what_is_logged_names_no_picture(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    keep_in(settings, s3.address(closed_port(), "b"))
    pictures.delete("roomkey/secret", "480 960")
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (
        logging.ERROR,
        "A picture could not be removed.",
    )
    assert record.exc_info
    assert "secret" not in str(record.exc_info[1])


# Backup and restore


def test_a_bucket_is_backed_up_and_restored_into_another(service: str, tmp_path: Path) -> None:
    there = s3.client(service)
    for name in ("full", "empty"):
        there.create_bucket(Bucket=name)
    for name, content in PICTURES.items():
        there.put_object(Bucket="full", Key=name, Body=content)

    def place(name: str, bucket: str) -> Place:
        url = f"sqlite:///{tmp_path}/{name}.sqlite3"
        return Place(url, tmp_path / "unused", s3.address(service, bucket))

    full, file = place("full", "full"), tmp_path / "backup.tar.gz"
    full.manage("migrate", "--verbosity=0")
    told = full.manage("backup", str(file))
    assert told == f"{file} holds the database and 2 pictures.\n"
    assert "There are pictures already." in place("a", "full").refused("restore", str(file))
    gone = place("b", "nowhere").refused("restore", str(file))
    assert "CommandError: The storage for pictures refuses: NoSuchBucket." in gone
    place("c", "empty").manage("restore", str(file))
    assert s3.contents(service, "empty") == PICTURES
    assert not (tmp_path / "unused").exists()


# What is left behind


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["folder", "bucket"])
def test_what_belongs_to_nothing_goes_after_a_day_and_nothing_else(
    client: Client, you: str, where: str, request: pytest.FixtureRequest, settings: Settings,
    tmp_path: Path,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    if where == "bucket":
        request.getfixturevalue("bucket")
    client.post("/feed/post/", sent(jpeg(480, 300)))
    shown = f"{posted().image}-480.webp"
    orphan, tried = f"room/{'a' * 24}-480.webp", f"imports/{'b' * 48}.csv"
    album, theirs = f"album-{'c' * 24}/{'d' * 24}-480.webp", "room/notes.txt"
    for name in (orphan, tried, album, theirs):
        default_storage.save(name, ContentFile(b"x"))
    now = timezone.now()
    assert sweep(stored_before=now - timedelta(days=1)) == 0
    assert sweep(stored_before=now + timedelta(minutes=1)) == 2
    there = [name for name in (shown, orphan, tried, album, theirs) if default_storage.exists(name)]
    assert there == [shown, album, theirs]


@pytest.mark.django_db
def test_prune_takes_what_is_left_behind_along(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    old = tmp_path / "room" / f"{'a' * 24}-480.webp"
    old.parent.mkdir()
    old.write_bytes(b"x")
    said = StringIO()
    call_command("prune", stdout=said)
    long_ago = time.time() - 25 * 3600
    os.utime(old, (long_ago, long_ago))
    call_command("prune", stdout=said)
    assert said.getvalue().splitlines() == [
        "Removed 0 unused copies.",
        "Removed 0 unused copies.",
        "Removed 1 file of no photo.",
    ]
    assert not old.exists()
    keep_in(settings, s3.address(closed_port(), "b"))
    with pytest.raises(CommandError, match="The storage for pictures does not answer"):
        call_command("prune", stdout=said)
    assert Room.objects.count() == 0
