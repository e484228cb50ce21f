"""Pictures from a ZIP: which are taken, what they are called, and when they go."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.storage.filesystem import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from feed import actions, albums, jobs, rooms
from feed.albums import LATE, Album, ArchiveError, Refusal
from feed.leftovers import stored as files
from feed.models import Person, Photo, Room, Seeding
from feed.pictures import MOST_BYTES
from feed.views.posting import MOST
from tests.factories import NOON, PhotoFactory

from . import s3
from .test_pictures import SECRET, TALKATIVE, picture, written
from .test_seeding_admin import ADD, ASKED, run, said, started, step
from .test_storage import keep_in

JPEG = written(picture())
UNREADABLE = "This is not a picture that we can read. Choose a JPEG, PNG, WebP or HEIC file."


@pytest.fixture(autouse=True)
def storage(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def packed(files: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def kept(content: bytes) -> Album:
    return albums.keep(io.BytesIO(content), "class.zip", at=NOON)


def claimed(content: bytes, name: str, size: int) -> bytes:
    """The archive, with another size of a file noted in its list."""
    at = content.rindex(name.encode()) - 46 + 24
    return content[:at] + struct.pack("<I", size) + content[at + 4 :]


# What is taken


def test_pictures_are_taken_as_posted_ones_are_with_words_from_their_names() -> None:
    album = kept(
        packed(
            {
                "class/": b"",
                "class/02_the_old-harbour.JPG": TALKATIVE,
                "class/IMG_2034.png": written(picture(), "PNG"),
                "__MACOSX/class/._02_the_old-harbour.JPG": b"resource fork",
                "class/.DS_Store": b"folder",
                "Thumbs.db": b"thumbs",
                "../../etc/Ünter Linden.webp": written(picture(1600, 900), "WEBP"),
            }
        )
    )
    assert [(still.title, still.alt, still.widths) for still in album.stills] == [
        ("The old harbour", "The old harbour", "300"),
        ("Photo 2", "Photo 2, which nobody has described yet", "300"),
        ("Ünter Linden", "Ünter Linden", "480 960 1440"),
    ]
    assert album.refusals == ()
    assert albums.find(album.key) == album
    names = list(files())
    assert len(names) == 1 + 1 + 1 + 3
    assert all(file.startswith(f"album-{album.key}/") for file in names)
    for file in names:
        with default_storage.open(file) as content:
            assert SECRET not in content.read()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("a/b/Beach at dusk.jpg", "Beach at dusk"),
        ("2024-05-01 beach.jpg", "Beach"),
        ("DSC01234.JPG", "Photo 7"),
        ("WhatsApp Image 2024-05-01 at 12.03.11 (1).jpeg", "Photo 7"),
        ("3f2a9c.png", "Photo 7"),
        ("3 dogs.jpg", "3 dogs"),
        ("Ben’s_cat.jpg", "Ben’s cat"),
        ("हिन्दी.jpg", "हिन्दी"),
        ("\u200b.jpg", "Photo 7"),
        ("x" * 300 + ".jpg", "X" + "x" * 119),
    ],
)
def test_a_title_is_the_plain_words_of_a_name(name: str, title: str) -> None:
    assert albums.words(name, 7)[0] == title


def test_names_are_read_whether_or_not_the_archive_says_that_they_are_utf_8() -> None:
    unsaid = packed({"Stra\u00dfe.jpg": JPEG}).replace(b"\x00\x08\x08\x00", b"\x00\x00\x08\x00")
    assert [still.title for still in kept(unsaid).stills] == ["Straße"]


def test_each_file_that_is_refused_is_named_with_the_reason() -> None:
    broken = packed({"fine.jpg": JPEG, "broken.jpg": JPEG}, zipfile.ZIP_STORED)
    at = broken.index(JPEG, broken.index(b"broken.jpg")) + len(JPEG) // 2
    damaged = broken[:at] + bytes([broken[at] ^ 0xFF]) + broken[at + 1 :]
    assert kept(damaged).refusals == (
        Refusal("broken.jpg", "It is damaged in the archive. Pack it again."),
    )
    album = kept(
        packed(
            {
                "fine.jpg": JPEG,
                "notes/read me.txt": b"Hello",
                "tiny.png": written(picture(40, 40), "PNG"),
                "huge.png": written(picture(1, 1).resize((8000, 7000)), "PNG"),
                "bomb.jpg": bytes(MOST_BYTES + 1),
                "empty.jpg": b"",
                "half.jpg": JPEG[: len(JPEG) // 2],
                "line\nbreak.gif": b"GIF89a",
            }
        )
    )
    too_large = (
        "The picture has more than 50 million pixels. Make it smaller, or choose another one."
    )
    assert [still.title for still in album.stills] == ["Fine"]
    assert list(map(str, album.refusals)) == [
        f"notes/read me.txt: {UNREADABLE}",
        "tiny.png: The picture is 40 by 40 pixels. It needs at least 100 each way.",
        f"huge.png: {too_large}",
        "bomb.jpg: The file has 15 MB. Choose one of at most 15 MB.",
        "empty.jpg: The file is empty. Choose another one.",
        "half.jpg: The file breaks off or is damaged. Choose it again, or another one.",
        f"line�break.gif: {UNREADABLE}",
    ]


def test_no_more_is_unpacked_than_the_list_of_the_archive_admits() -> None:
    """A bomb that claims to be small breaks off; one that says its size is not unpacked at all."""
    bomb = packed({"fine.jpg": JPEG, "bomb.jpg": bytes(200 * 2**20)})
    assert len(bomb) < 2**19
    assert [str(each) for each in kept(bomb).refusals] == [
        "bomb.jpg: The file has 200 MB. Choose one of at most 15 MB."
    ]
    assert [str(each) for each in kept(claimed(bomb, "bomb.jpg", 5000)).refusals] == [
        "bomb.jpg: It is damaged in the archive. Pack it again."
    ]


def encrypted() -> bytes:
    content = bytearray(packed({"fine.jpg": JPEG}))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "This is not a ZIP archive, or not all of one."),
        (JPEG, "This is not a ZIP archive, or not all of one."),
        (packed({"fine.jpg": JPEG})[:-40], "This is not a ZIP archive, or not all of one."),
        (packed({}), "There are no files in the archive."),
        (packed({"a/": b"", "__MACOSX/x": b""}), "There are no files in the archive."),
        (
            packed({f"{n}.jpg": b"" for n in range(1_001)}),
            "There are 1,001 files in the archive, and 60 is the most.",
        ),
        (encrypted(), "The archive is encrypted. Pack the pictures without a password."),
        (
            packed({"a.jpg": JPEG}, zipfile.ZIP_BZIP2),
            "None of its files can be taken. a.jpg: It is packed in an unusual way.",
        ),
    ],
    ids=["empty", "no zip", "cut off", "no files", "only folders", "many", "encrypted", "bzip2"],
)
def test_an_archive_of_which_nothing_can_be_taken_is_refused_and_leaves_nothing(
    content: bytes, why: str
) -> None:
    with pytest.raises(ArchiveError, match=f"^{re.escape(why)}"):
        kept(content)
    assert list(files()) == []


def test_what_there_is_no_time_for_is_refused_and_the_rest_stays() -> None:
    content = io.BytesIO(packed({"one.jpg": JPEG, "two.jpg": JPEG, "three.jpg": JPEG}))
    album = albums.keep(content, "class.zip", at=NOON, seconds=0)
    assert [still.title for still in album.stills] == ["One"]
    assert album.refusals == (Refusal("two.jpg", LATE), Refusal("three.jpg", LATE))


def test_where_the_disk_is_full_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    save = FileSystemStorage.save

    def until_full(self: FileSystemStorage, name: str, content: object) -> str:
        if name.endswith(".json"):
            raise OSError(28, "No space left on device")
        return save(self, name, content)  # type: ignore[arg-type]

    monkeypatch.setattr(FileSystemStorage, "save", until_full)
    with pytest.raises(ArchiveError, match="could not be kept"):
        kept(packed({"fine.jpg": JPEG}))
    assert list(files()) == []


@pytest.mark.parametrize("key", ["", "../media", "0" * 24, "0" * 24 + "/../x"])
def test_what_is_no_album_is_none(key: str) -> None:
    assert albums.find(key) is None


# When they go

THREE = packed({f"{name}.jpg": JPEG for name in ("one", "two", "three")})


def shown() -> set[str]:
    """The pictures, in whatever sizes."""
    return {name.rpartition("-")[0] for name in files() if name.endswith(".webp")}


@pytest.mark.django_db
def test_photos_share_the_pictures_and_each_is_shown_before_any_comes_again() -> None:
    album = kept(THREE)
    job = jobs.advance(started(people=4, album=album.key), done=0)
    assert jobs.stop(job)
    assert jobs.resume(job)
    run(Seeding.objects.get())
    images = list(Photo.objects.order_by("number").values_list("image", flat=True))
    known = {still.image for still in album.stills}
    assert [set(images[n : n + 3]) for n in range(0, 12, 3)] == [known] * 4
    assert set(Photo.objects.values_list("title", "widths", "caption")) == {
        ("One", "300", ""),
        ("Two", "300", ""),
        ("Three", "300", ""),
    }
    assert shown() == known


@pytest.mark.django_db
def test_undone_they_go_except_those_that_others_show(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    album = kept(THREE)
    one = run(started(people=1, album=album.key))
    other = run(started(people=1, album=album.key, seed=8))
    assert one.room
    assert other.room
    mine = rooms.copy(one.room, key="mine", at=NOON)
    Photo.objects.filter(room__in=(other.room, mine), title="Two").update(removed_at=NOON)
    for job, left in ((one, 2), (other, 2)):
        jobs.undo(job)
        with django_capture_on_commit_callbacks(execute=True):
            run(Seeding.objects.get(pk=job.pk))
        assert len(shown()) == left
    assert albums.find(album.key) is None
    with django_capture_on_commit_callbacks(execute=True):
        rooms.prune(unused_since=NOON + timedelta(days=1))
    albums.sweep(at=NOON)
    assert list(files()) == []
    assert default_storage.listdir("")[0] == []


@pytest.mark.django_db
def test_undoing_one_job_takes_nothing_from_another_that_goes_on(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    album = kept(THREE)
    one = run(started(people=2, album=album.key))
    other = jobs.advance(started(people=2, album=album.key), done=0)
    jobs.stop(other)
    jobs.undo(one)
    with django_capture_on_commit_callbacks(execute=True):
        run(Seeding.objects.get(pk=one.pk))
    albums.sweep(at=NOON + timedelta(days=365))
    assert jobs.resume(other)
    run(Seeding.objects.get(pk=other.pk))
    assert shown() == {still.image for still in album.stills}
    assert {still.image for still in album.stills} == set(
        Photo.objects.values_list("image", flat=True)
    )


@pytest.mark.django_db
def test_what_nobody_started_with_goes_after_two_days_and_is_not_offered_after_one() -> None:
    album = kept(THREE)
    day = timedelta(days=1)
    moments = [NOON + day - timedelta(seconds=1), NOON + day]
    assert [bool(albums.offered(album.key, at=at)) for at in moments] == [True, False]
    albums.sweep(at=NOON + 2 * day - timedelta(seconds=1))
    assert len(shown()) == 3
    albums.sweep(at=NOON + 2 * day)
    assert list(files()) == []


@pytest.mark.django_db
def test_in_a_bucket_it_is_the_same_and_a_job_waits_where_that_is_out_of_reach(
    settings: Settings,
) -> None:
    with s3.s3() as service:
        s3.client(service).create_bucket(Bucket="class")
        keep_in(settings, s3.address(service, "class"))
        album = kept(THREE)
        assert albums.find(album.key) == album
        job = run(started(people=1, photos_each=2, album=album.key))
        albums.sweep(at=NOON + timedelta(days=3))
        assert shown() == set(Photo.objects.values_list("image", flat=True))
        waiting = jobs.advance(started(people=1, album=kept(THREE).key), done=0)
        waiting = jobs.advance(waiting, done=1)
        with s3.s3() as elsewhere:
            keep_in(settings, s3.address(elsewhere, "gone"))
            with pytest.raises(jobs.JobError, match="cannot be had at the moment"):
                jobs.advance(waiting, done=2)
        keep_in(settings, s3.address(service, "class"))
        assert run(waiting).state == Seeding.State.DONE
        for each in (job, waiting):
            jobs.undo(each)
            run(Seeding.objects.get(pk=each.pk))
        albums.sweep(at=NOON + timedelta(days=3))
        assert list(files()) == []


@pytest.mark.django_db
def test_prune_sweeps_albums_and_leaves_those_that_somebody_may_still_start_with() -> None:
    keys = [
        albums.keep(io.BytesIO(THREE), "class.zip", at=timezone.now() - age).key
        for age in (timedelta(days=2), timedelta(hours=1))
    ]
    call_command("prune", stdout=io.StringIO())
    assert [albums.find(key) is not None for key in keys] == [False, True]


@pytest.mark.django_db
def test_pictures_that_no_photo_shows_go_later_and_those_shown_stay() -> None:
    album = kept(THREE)
    run(started(people=1, photos_each=2, album=album.key))
    albums.sweep(at=NOON + timedelta(days=3))
    assert shown() == set(Photo.objects.values_list("image", flat=True))
    assert len(shown()) == 2
    photo = Photo.objects.select_related("poster").earliest("number")
    actions.remove(photo=photo, person=photo.poster, at=timezone.now())
    albums.sweep(at=NOON + timedelta(days=3))
    assert shown() == {Photo.objects.latest("number").image}


@pytest.mark.django_db
def test_a_job_whose_pictures_are_gone_says_so() -> None:
    job = started(people=1, album="0" * 24)
    for done in range(2):
        job = jobs.advance(job, done=done)
    with pytest.raises(jobs.JobError, match="The pictures that were uploaded for it are gone"):
        jobs.advance(job, done=2)


@pytest.mark.django_db
def test_who_is_in_a_room_with_an_album_may_still_post(
    client: Client, photo: Photo, ben: Person
) -> None:
    client.post(reverse("feed:eyes"), {"person": ben.handle})
    for number in range(MOST):
        PhotoFactory.create(image=f"album-{'0' * 24}/{number}", widths="300", number=number + 100)
    here = {"picture": SimpleUploadedFile("a.jpg", JPEG), "title": "Mine", "alt": "Mine"}
    client.post(reverse("feed:post"), here)
    assert Photo.objects.filter(title="Mine").count() == 1


# The page and the command


@pytest.mark.django_db
def test_the_dry_run_says_what_was_found_and_the_job_shows_it(admin_client: Client) -> None:
    content = packed({"old harbour.jpg": JPEG, "<b>.txt": b"Hello"})
    asked = ASKED | {"people": "2", "archive": SimpleUploadedFile("class <7b>.zip", content)}
    answer = admin_client.post(reverse(ADD), asked)
    assert answer.status_code == 303
    dry = admin_client.get(answer.headers["Location"])
    page = unescape(dry.content.decode())
    assert "1 picture from class <7b>.zip" in page
    assert re.search(r'<li><img src="/media/album-[^"]+\.webp"[^>]*>Old harbour</li>', page)
    assert "<b><b>.txt</b>: This is not a picture that we can read." in page
    form = dry.context["form"]
    given = form.data.dict() | {"token": str(uuid4())}
    admin_client.post(reverse(ADD), given)
    job = Seeding.objects.get()
    while job.state == Seeding.State.RUNNING:
        assert step(admin_client, job, job.done).status_code == 303
        job.refresh_from_db()
    assert set(Photo.objects.values_list("title", flat=True)) == {"Old harbour"}
    assert dry.context["library"].endswith("&album=")


@pytest.mark.django_db
def test_an_archive_that_is_refused_is_said_beside_its_field(admin_client: Client) -> None:
    asked = ASKED | {"archive": SimpleUploadedFile("class.zip", JPEG)}
    page = admin_client.post(reverse(ADD), asked)
    assert page.context["form"].errors == {
        "archive": ["This is not a ZIP archive, or not all of one. Pack the pictures again."]
    }
    assert page.context["form"]["people"].value() == ASKED["people"]
    gone = admin_client.get(reverse(ADD), ASKED | {"album": "0" * 24})
    assert gone.context["form"].errors == {
        "archive": ["These pictures are gone by now. Choose the file again."]
    }
    assert Seeding.objects.count() == 0


@pytest.mark.django_db
def test_the_command_takes_an_archive_too(tmp_path: Path) -> None:
    path = tmp_path / "class.zip"
    path.write_bytes(packed({"one.jpg": JPEG, "two.jpg": JPEG, "notes.txt": b"Hello"}))
    asked = ["--people=2", "--photos-each=2", f"--zip={path}"]
    found = [
        "2 pictures in class.zip, and not taken:",
        f"  notes.txt: {UNREADABLE}",
    ]
    assert said(*asked, "--dry-run")[:2] == found
    assert list(files()) == []
    assert said(*asked)[:2] == found
    assert set(Photo.objects.values_list("title", flat=True)) == {"One", "Two"}
    assert shown() == set(Photo.objects.values_list("image", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (None, "--zip: {} cannot be read: No such file or directory."),
        (b"x", "--zip: This is not a ZIP archive, or not all of one. Pack the pictures again."),
    ],
)
def test_the_command_refuses_an_archive_with_the_reason(
    tmp_path: Path, content: bytes | None, refusal: str
) -> None:
    path = tmp_path / "class.zip"
    if content:
        path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        call_command("seed", "--people=2", f"--zip={path}")
    assert str(error.value) == refusal.format(path)
    assert Room.objects.count() == 0
