"""Posting, changing and removing a photo, as a browser without script does it."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from feed import rooms
from feed.models import Person, Photo, Room
from feed.views.posting import FULL, MOST
from tests.factories import PhotoFactory
from tests.feed.test_pictures import BAD, kept

WORDS = {"title": "Tea", "alt": "A cup of tea", "caption": "at last"}
HTMX = {"HX-Request": "true"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def you(client: Client, photo: Photo, ben: Person) -> str:
    """You are Ben, who has posted the photo."""
    client.post("/feed/eyes/", {"person": ben.handle})
    return ben.handle


def jpeg(width: int = 1000, height: int = 700) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), "#336699").save(file, "JPEG")
    return file.getvalue()


def sent(content: bytes | None = None, **words: str) -> dict[str, Any]:
    picture = SimpleUploadedFile("IMG_0001.exe", jpeg() if content is None else content)
    return {**WORDS, **words, "picture": picture}


def posted() -> Photo:
    return Photo.objects.exclude(widths="").get()


def wrong(client: Client, data: Mapping[str, Any], path: str = "/feed/post/") -> dict[str, str]:
    """What the page says is wrong, by field, with all that was typed still there."""
    page = client.post(path, data)
    assert page.status_code == 200
    form = page.context["form"]
    for name in set(WORDS) & set(data):
        assert form[name].value() == data[name]
    return {name: errors[0] for name, errors in form.errors.items()}


def test_a_posted_photo_is_there_with_its_sizes(client: Client, you: str, media: Path) -> None:
    page = client.post("/feed/post/", sent())
    photo = posted()
    assert (page.status_code, page["Location"]) == (303, f"/feed/photo/{photo.number}/")
    assert (photo.poster.handle, photo.title, photo.alt, photo.caption) == (you, *WORDS.values())
    assert (photo.width, photo.height, photo.colour) == (1000, 700, "#336799")
    assert [name.rpartition("-")[2] for name in kept(media)] == [
        "1000.webp",
        "480.webp",
        "960.webp",
    ]
    shown = client.get(page["Location"]).content.decode()
    assert f'srcset="{photo.srcset}"' in shown
    for size in photo.srcset.split(", "):
        picture = client.get(size.split()[0])
        assert picture.headers["Content-Type"] == "image/webp"
        assert picture.headers["Cache-Control"] == "private, max-age=86400, immutable"
        assert picture.headers["X-Content-Type-Options"] == "nosniff"
        assert b"".join(picture).startswith(b"RIFF")  # type: ignore[arg-type]


def test_htmx_is_led_on_as_well(client: Client, you: str) -> None:
    page = client.post("/feed/post/", sent(), headers=HTMX)
    assert page.headers["HX-Redirect"] == f"/feed/photo/{posted().number}/"


@pytest.mark.parametrize(("content", "why"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_and_leaves_nothing(
    client: Client, you: str, media: Path, content: bytes, why: str
) -> None:
    assert wrong(client, sent(content)) == {"picture": why}
    assert (kept(media), Photo.objects.exclude(widths="").count()) == ([], 0)


@pytest.mark.parametrize(
    ("left_out", "field", "why"),
    [
        ({"picture": None}, "picture", "Choose a photo."),
        ({"title": " "}, "title", "Give it a title, of a word or two."),
        ({"alt": ""}, "alt", "Say what is on it, for those who cannot see it."),
        (
            {"caption": "a" * 501},
            "caption",
            "Ensure this value has at most 500 characters (it has 501).",
        ),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    client: Client, you: str, media: Path, left_out: dict[str, Any], field: str, why: str
) -> None:
    data = {name: value for name, value in (sent() | left_out).items() if value is not None}
    page = client.post("/feed/post/", data)
    assert {name: errors[0] for name, errors in page.context["form"].errors.items()} == {field: why}
    html = page.content.decode()
    assert f'id="id_{field}_error"' in html
    assert f'aria-describedby="id_{field}_error' in html
    assert "The photo has to be chosen again." in html
    assert kept(media) == []


def test_a_room_takes_so_many(client: Client, you: str, media: Path) -> None:
    client.post("/feed/post/", sent())
    own = Room.objects.get(original__isnull=False)
    ben = own.people.get(handle=you)
    PhotoFactory.create_batch(MOST - 1, poster=ben, widths="480")
    assert wrong(client, sent(title="More tea")) == {"__all__": FULL}
    assert len(kept(media)) == 3


def test_pressed_twice_it_is_posted_once(client: Client, you: str, media: Path) -> None:
    first, second = (client.post("/feed/post/", sent())["Location"] for _ in range(2))
    assert (first == second, len(kept(media))) == (True, 3)


def test_removed_twice_it_is_gone_and_nobody_is_lost(client: Client, you: str) -> None:
    client.post("/feed/post/", sent())
    path = f"/feed/photo/{posted().number}/remove/"
    assert [client.post(path).status_code for _ in range(2)] == [303, 404]


def test_a_form_drawn_for_somebody_else_does_nothing(
    client: Client, you: str, ana: Person, media: Path
) -> None:
    client.post("/feed/post/", sent())
    number = posted().number
    client.post("/feed/eyes/", {"person": ana.handle})
    for path in ("post/", f"photo/{number}/edit/", f"photo/{number}/remove/"):
        page = client.post(f"/feed/{path}", {**sent(title="Mine"), "you": you})
        assert page.status_code == 303
    assert (posted().title, len(kept(media))) == ("Tea", 3)


def test_what_is_far_too_large_is_refused_unread(client: Client, you: str) -> None:
    page = client.post("/feed/post/", sent(bytes(17 * 2**20)))
    assert page.status_code == 413
    assert "at most 15 MB" in page.content.decode()


def test_words_are_changed_by_whose_they_are(client: Client, you: str, photo: Photo) -> None:
    path = f"/feed/photo/{photo.number}/edit/"
    form = client.get(path).context["form"]
    assert {name: form[name].value() for name in WORDS} == {
        name: getattr(photo, name) for name in WORDS
    }
    assert wrong(client, {**WORDS, "title": ""}, path)["title"].startswith("Give it a title")
    assert client.post(path, WORDS)["Location"] == f"/feed/photo/{photo.number}/"
    changed = Photo.objects.get(room__original__isnull=False, number=photo.number)
    assert {name: getattr(changed, name) for name in WORDS} == WORDS


def test_a_removed_photo_goes_with_its_files(client: Client, you: str, media: Path) -> None:
    client.post("/feed/post/", sent())
    path = f"/feed/photo/{posted().number}/remove/"
    assert "It cannot be undone." in client.get(path).content.decode()
    assert len(kept(media)) == 3
    page = client.post(path, follow=True)
    assert "“Tea” is gone" in page.content.decode()
    assert kept(media) == []
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("what", ["edit", "remove"])
def test_another_ones_photo_is_not_yours_to_change(
    client: Client, photo: Photo, ana: Person, what: str
) -> None:
    client.post("/feed/eyes/", {"person": ana.handle})
    path = f"/feed/photo/{photo.number}/{what}/"
    assert (client.get(path).status_code, client.post(path, WORDS).status_code) == (404, 404)
    photo.refresh_from_db()
    assert (photo.title, photo.removed_at) == ("Harbour skyline at dusk", None)


def test_a_pruned_room_takes_its_pictures_along_and_no_others(
    client: Client, you: str, photo: Photo, media: Path
) -> None:
    """A copy shows what was posted in its original, and does not own it."""
    client.post("/feed/post/", sent())
    Photo.objects.filter(pk=photo.pk).update(image="harbour/picture", widths="480")
    (media / "harbour").mkdir()
    (media / "harbour" / "picture-480.webp").write_bytes(b"")
    own = Room.objects.get(original__isnull=False)
    Photo.objects.filter(room=own, number=photo.number).update(
        image="harbour/picture", widths="480"
    )
    assert len(kept(media)) == 4
    assert rooms.prune(unused_since=own.touched_at.replace(year=2999)) == 1
    assert kept(media) == ["harbour/picture-480.webp"]


@pytest.mark.parametrize(
    "path",
    [
        "harbour/nothing-480.webp",
        "../settings.webp",
        "harbour/..%2f..%2fdb.webp",
        "a/b.jpg",
        "a.webp",
    ],
)
def test_only_pictures_are_served(client: Client, media: Path, path: str) -> None:
    (media.parent / "settings.webp").write_bytes(b"secret")
    assert client.get(f"/media/{path}").status_code == 404


@pytest.mark.parametrize("photos", [1, 9])
@pytest.mark.parametrize(
    ("path", "queries"), [("post/", 2), ("photo/99/edit/", 3), ("photo/99/remove/", 3)]
)
def test_its_pages_take_the_same_queries(
    client: Client,
    you: str,
    ben: Person,
    path: str,
    queries: int,
    photos: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(photos):
        PhotoFactory.create(poster=ben, number=99 - number)
    with django_assert_num_queries(queries):
        client.get(f"/feed/{path}")
