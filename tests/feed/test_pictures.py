"""What becomes of a file: its pixels, upright and in sizes, and nothing else that it said."""

import errno
import io
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pi_heif
import pytest
from django.core.files.storage import default_storage
from django.core.files.storage.filesystem import FileSystemStorage
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin
from pytest_django import Settings

from feed import pictures
from feed.pictures import MOST_BYTES, WIDTHS, Picture, PictureError, receive

SECRET = b"52.5200N-13.4050E"
CORNERS = ("red", "lime", "blue", "white")


def picture(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    """Its quarters have four colours, so that it can be told which way up it is."""
    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(CORNERS):
        box = (number % 2 * width // 2, number // 2 * height // 2)
        image.paste(colour, (*box, width, height))
    image.paste("red", (0, 0, width // 2, height // 2))
    image.paste("lime", (width // 2, 0, width, height // 2))
    image.paste("blue", (0, height // 2, width // 2, height))
    return image.convert(mode)


def written(image: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **more)
    return file.getvalue()


def received(content: bytes) -> Picture:
    return receive(io.BytesIO(content), len(content))


def seen(found: Picture) -> tuple[str, ...]:
    """The colours of its quarters, the upper left one first."""
    image = Image.open(io.BytesIO(found.sizes[found.width])).convert("RGB")
    named = {(255, 0, 0): "red", (0, 255, 0): "lime", (0, 0, 255): "blue", (255,) * 3: "white"}
    quarters = []
    for down in (1, 3):
        for across in (1, 3):
            at = (image.width * across // 4, image.height * down // 4)
            pixel = image.getpixel(at)
            assert isinstance(pixel, tuple)
            near = min(named, key=lambda c: sum(abs(a - b) for a, b in zip(c, pixel, strict=True)))
            quarters.append(named[near])
    return tuple(quarters)


def talkative() -> bytes:
    """A JPEG that says where it was taken in every way that a JPEG can."""
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[29] = SECRET.decode()
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = written(
        picture(), exif=exif, xmp=xmp, comment=SECRET, icc_profile=profile, quality=95
    )
    iptc = b"Photoshop 3.0\x00" + SECRET
    return content[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + content[2:]


TALKATIVE = talkative()


def chatty() -> bytes:
    """A PNG that says it in its texts."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Location", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    return written(picture(), "PNG", pnginfo=texts, exif=exif)


@pytest.mark.parametrize("content", [TALKATIVE, chatty()], ids=["JPEG", "PNG"])
def test_nothing_is_kept_but_pixels(content: bytes) -> None:
    assert SECRET in content
    for kept in received(content).sizes.values():
        assert SECRET not in kept
        image = Image.open(io.BytesIO(kept))
        assert image.format == "WEBP"
        assert set(image.info) <= {"loop", "background", "timestamp", "duration"}
        assert not image.getexif()
        # A bare WebP: one chunk of pixels, none of anything else.
        assert kept[8:16] == b"WEBPVP8 "


MODES = {
    "JPEG": ("RGB", "L", "CMYK"),
    "PNG": ("RGB", "L", "P", "RGBA", "1", "LA"),
    "WEBP": ("RGB", "RGBA"),
}


@pytest.mark.parametrize(("kind", "mode"), [(k, m) for k, modes in MODES.items() for m in modes])
def test_every_kind_and_mode_is_taken(kind: str, mode: str) -> None:
    found = received(written(picture(mode=mode), kind))
    assert (found.width, found.height) == (300, 200)
    if mode not in ("L", "1", "LA"):
        assert seen(found) == CORNERS


def test_heic_is_taken() -> None:
    sample = Path(__file__).parent / "four-colours.heic"
    assert pi_heif.is_supported(sample)
    assert seen(received(sample.read_bytes())) == CORNERS


@pytest.mark.parametrize(
    ("orientation", "corners"),
    [
        (1, ("red", "lime", "blue", "white")),
        (3, ("white", "blue", "lime", "red")),
        (6, ("blue", "red", "white", "lime")),
        (8, ("lime", "white", "red", "blue")),
    ],
)
def test_it_is_shown_as_it_was_held(orientation: int, corners: tuple[str, ...]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = received(written(picture(3000, 2000), exif=exif))
    assert seen(found) == corners
    assert (found.width, found.height) == ((1440, 960) if orientation < 5 else (1440, 2160))


@pytest.mark.parametrize("tag", [0x011A, 0x0128, 0x0112])
def test_nonsense_in_its_metadata_does_no_harm(tag: int) -> None:
    """Some cameras write words where numbers belong."""
    exif = Image.Exif()
    exif[0x0112] = 6
    content = written(picture(), exif=exif)
    raw = exif.tobytes()
    entry = struct.pack(">HHI4s", tag, 2, 4, b"abc\0")
    little = raw[6:8] == b"II"
    entry = struct.pack("<HHI4s", tag, 2, 4, b"abc\0") if little else entry
    start = raw.index(b"\x12\x01" if little else b"\x01\x12")
    nonsense = raw[:start] + entry + raw[start + 12 :]
    found = received(content.replace(raw, nonsense))
    assert (found.width, found.height) == (300, 200)


@given(at=st.integers(0, 2000), byte=st.integers(0, 255))
def test_a_damaged_byte_is_taken_or_refused(at: int, byte: int) -> None:
    content = bytearray(TALKATIVE)
    content[at % len(content)] = byte
    with suppress(PictureError):
        received(bytes(content))


def test_what_is_clear_becomes_white() -> None:
    clear = Image.new("RGBA", (200, 200), (255, 0, 0, 0))
    assert seen(received(written(clear, "PNG"))) == ("white",) * 4


def test_sixteen_bits_keep_their_light() -> None:
    grey = Image.new("I;16", (200, 200), 0x8000)
    assert received(written(grey, "PNG")).colour in ("#7f7f7f", "#808080", "#818181")


def test_the_first_frame_stands_for_a_moving_picture() -> None:
    frames = [picture(), Image.new("RGB", (300, 200), "black")]
    content = written(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=100)
    assert seen(received(content)) == CORNERS


@given(width=st.integers(100, 3000), height=st.integers(100, 3000))
def test_sizes_are_never_larger_than_the_picture(width: int, height: int) -> None:
    if max(width, height) > 5 * min(width, height):
        return
    found = received(written(Image.new("RGB", (width, height), "#336699"), quality=50))
    widest = min(width, WIDTHS[-1])
    assert list(found.sizes) == [*(w for w in WIDTHS if w < widest), widest]
    for across, content in found.sizes.items():
        size = Image.open(io.BytesIO(content)).size
        assert size[0] == across
        assert abs(size[1] - height * across / width) <= 1
    assert (found.width, found.height) == Image.open(io.BytesIO(found.sizes[widest])).size


def bomb(width: int, height: int) -> bytes:
    """The header of a PNG, and hardly any pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


UNREADABLE = "This is not a picture that we can read. Choose a JPEG, PNG, WebP or HEIC file."
BROKEN = "The file breaks off or is damaged. Choose it again, or another one."
TOO_LARGE = "The picture has more than 50 million pixels. Make it smaller, or choose another one."
BAD = {
    "empty": (b"", "The file is empty. Choose another one."),
    "text": (b"<svg onload=alert(1)>", UNREADABLE),
    "gif": (written(picture(), "GIF"), UNREADABLE),
    "tiff": (written(picture(), "TIFF"), UNREADABLE),
    "header only": (written(picture())[:20], UNREADABLE),
    "breaks off": (written(picture(900, 900))[:-3000], BROKEN),
    "breaks off, PNG": (written(picture(900, 900), "PNG")[:-600], BROKEN),
    "bomb": (bomb(50_000, 50_000), TOO_LARGE),
    "large bomb": (bomb(10_000, 5_001), TOO_LARGE),
    "narrow": (
        written(picture(99, 300)),
        "The picture is 99 by 300 pixels. It needs at least 100 each way.",
    ),
    "long": (
        written(picture(100, 501)),
        "The picture is 100 by 501 pixels. One side may be at most 5 times as long as the other.",
    ),
    "heavy": (
        bytes(MOST_BYTES + 3 * 2**18),
        "The file has 16 MB. Choose one of at most 15 MB.",
    ),
}


@pytest.mark.parametrize(("content", "why"), BAD.values(), ids=BAD)
def test_what_is_no_picture_is_refused_with_one_sentence(content: bytes, why: str) -> None:
    with pytest.raises(PictureError) as refused:
        received(content)
    assert str(refused.value) == why


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("it was decoded"))
    with pytest.raises(PictureError, match="million pixels"):
        received(bomb(20_000, 20_000))


def kept(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*.webp"))


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def test_all_sizes_are_kept_and_deleted_together(media: Path) -> None:
    image, widths = pictures.store(received(written(picture(1000, 700))), "a-room")
    assert widths == "480 960 1000"
    assert kept(media) == sorted(f"{image}-{width}.webp" for width in widths.split())
    assert pictures.src(image, widths) == f"/media/{image}-1000.webp"
    assert pictures.srcset(image, widths).split(", ")[0] == f"/media/{image}-480.webp 480w"
    pictures.delete(image, widths)
    assert kept(media) == []


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.ENOSPC, "There is no room left for pictures on this server. Nothing was posted."),
        (errno.EACCES, "The picture could not be kept on this server. Nothing was posted."),
    ],
)
def test_a_full_disk_leaves_nothing_behind(
    media: Path, monkeypatch: pytest.MonkeyPatch, number: int, why: str
) -> None:
    """The disk is full when the second size is written."""
    whole: Callable[..., str] = FileSystemStorage._save
    saved: list[str] = []

    def full(storage: FileSystemStorage, name: str, content: Any) -> str:
        if saved:
            raise OSError(number, "no")
        saved.append(whole(storage, name, content))
        return saved[0]

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(PictureError) as refused:
        pictures.store(received(written(picture(1000, 700))), "a-room")
    assert (str(refused.value), len(saved), kept(media)) == (why, 1, [])
    assert not default_storage.exists(saved[0])
