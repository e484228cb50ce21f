"""Posted pictures: what is taken, how it is kept, and where it is found.

Nothing of a file is kept but its pixels, which are encoded anew: place, time, camera, thumbnail,
comments and colour profile stay behind because nothing copies them.
"""

from __future__ import annotations

import errno
import io
import logging
import secrets
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pi_heif import register_heif_opener
from PIL import Image, ImageCms

register_heif_opener()

log = logging.getLogger(__name__)

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
MOST_BYTES = 15 * 2**20
MOST_PIXELS = 50_000_000
LEAST_SIDE = 100
"""Pixels; less cannot be looked at."""

STEEPEST = 5
"""How many times as long as wide a picture may be, or as wide as long."""

WIDTHS = (480, 960, 1440)
QUALITY = 80
ORIENTATION, ON_THE_SIDE = 0x0112, (5, 6, 7, 8)
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by the orientation that its camera noted."""


class PictureError(ValueError):
    """A file that is not taken, or cannot be kept; the message says why and what would be."""


class StorageError(OSError):
    """Where pictures are kept elsewhere, and do not come from there or go there now."""


@dataclass(frozen=True, slots=True)
class Picture:
    """``sizes`` holds WebP by width, the narrowest first; width and height are of the widest."""

    width: int
    height: int
    colour: str  # on the whole: #rrggbb
    sizes: dict[int, bytes]


def receive(file: IO[bytes], size: int) -> Picture:
    """The picture in a file of so many bytes. Raises PictureError.

    What a file claims to be by its name does not matter. The header is read first: a picture with
    too many pixels is refused before any of them is.
    """
    if not size:
        raise PictureError("The file is empty. Choose another one.")
    if size > MOST_BYTES:
        raise PictureError(
            f"The file has {size / 2**20:.0f} MB. Choose one of at most {MOST_BYTES // 2**20} MB."
        )
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = _opened(file)
        try:
            return _sized(_upright(image))
        except Exception as error:  # whatever a damaged file makes its decoder raise
            raise PictureError(
                "The file breaks off or is damaged. Choose it again, or another one."
            ) from error


def _opened(file: IO[bytes]) -> Image.Image:
    """The picture as its header describes it, before anything is decoded."""
    too_large = PictureError(
        f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels. "
        "Make it smaller, or choose another one."
    )
    try:
        image = Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large from error
    except Exception as error:
        raise PictureError(
            "This is not a picture that we can read. Choose a JPEG, PNG, WebP or HEIC file."
        ) from error
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise too_large
    if min(width, height) < LEAST_SIDE:
        raise PictureError(
            f"The picture is {width} by {height} pixels. It needs at least {LEAST_SIDE} each way."
        )
    if max(width, height) > STEEPEST * min(width, height):
        raise PictureError(
            f"The picture is {width} by {height} pixels. "
            f"One side may be at most {STEEPEST} times as long as the other."
        )
    return image


def _upright(image: Image.Image) -> Image.Image:
    """In the colours of screens, as it was held, on white where it is clear."""
    across = image.size
    orientation = _orientation(image)
    if orientation in ON_THE_SIDE:
        across = across[::-1]
    part = min(1, WIDTHS[-1] / across[0])
    # A JPEG is decoded at a half, a quarter or an eighth where that is enough.
    image.draft("RGB", (round(image.width * part), round(image.height * part)))
    image.load()
    profile = image.info.get("icc_profile")
    held = image.transpose(TURNS[orientation]) if orientation in TURNS else image
    small = _shrunk(_smooth(held))
    if small.has_transparency_data:
        clear = small.convert("RGBA")
        small = Image.new("RGB", clear.size, "white")
        small.paste(clear, mask=clear)
    elif profile and small.mode in ("RGB", "CMYK"):
        small = _on_screens(small, profile)
    return small if small.mode == "RGB" else small.convert("RGB")


def _orientation(image: Image.Image) -> int:
    """As the camera noted it; upright where what it noted makes no sense."""
    try:
        noted = image.getexif().get(ORIENTATION)
    except Exception:
        return 1
    return noted if isinstance(noted, int) else 1


def _smooth(image: Image.Image) -> Image.Image:
    """In a mode whose values can be mixed."""
    if image.mode.startswith("I"):  # 16 bits, of which a conversion would cut off the bright
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("P", "1"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _shrunk(image: Image.Image) -> Image.Image:
    """No wider than the widest size, before anything else is made of so many pixels."""
    if image.width <= WIDTHS[-1]:
        return image
    size = (WIDTHS[-1], _height(image, WIDTHS[-1]))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _on_screens(image: Image.Image, profile: bytes) -> Image.Image:
    """In sRGB; as it is where the profile makes no sense."""
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        screens = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, own, screens, outputMode="RGB") or image
    except (ImageCms.PyCMSError, OSError):
        return image


def _sized(image: Image.Image) -> Picture:
    widest = image.width
    widths = [*(width for width in WIDTHS if width < widest), widest]
    sizes = {width: _encoded(image, width) for width in widths}
    red, green, blue = image.resize((1, 1), Image.Resampling.BOX).tobytes()
    return Picture(
        width=widest,
        height=image.height,
        colour=f"#{red:02x}{green:02x}{blue:02x}",
        sizes=sizes,
    )


def _height(image: Image.Image, width: int) -> int:
    return max(1, round(image.height * width / image.width))


def _encoded(image: Image.Image, width: int) -> bytes:
    """Only the pixels: what else the file said stays with the image it came with."""
    size = (width, _height(image, width))
    bare = Image.new("RGB", size)
    bare.paste(image.resize(size, Image.Resampling.LANCZOS))
    written = io.BytesIO()
    bare.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()


def store(picture: Picture, room_key: str) -> tuple[str, str]:
    """Keeps all sizes, or none: what a photo has as ``image`` and ``widths``.

    Raises PictureError where there is no room for them, or no way to write.
    """
    image = f"{room_key}/{secrets.token_hex(12)}"
    widths = " ".join(map(str, picture.sizes))
    try:
        for width, content in picture.sizes.items():
            default_storage.save(f"{image}-{width}.webp", ContentFile(content))
    except OSError as error:
        log.exception("A picture could not be kept.")
        delete(image, widths)
        if isinstance(error, StorageError):
            why = "Pictures cannot be kept at the moment. Nothing was posted. Try again later."
        elif error.errno in (errno.ENOSPC, errno.EDQUOT):
            why = "There is no room left for pictures on this server. Nothing was posted."
        else:
            why = "The picture could not be kept on this server. Nothing was posted."
        raise PictureError(why) from error
    return image, widths


def delete(image: str, widths: str) -> None:
    """Removes the sizes that are there; a picture that came with the site stays.

    What cannot be removed now is found later, by ``manage.py prune``: whoever took a photo away,
    or has a room at last, has nothing to do with it.
    """
    try:
        for name in names(image, widths):
            default_storage.delete(name)
    except OSError:
        log.exception("A picture could not be removed.")


def names(image: str, widths: str) -> Iterable[str]:
    return (f"{image}-{width}.webp" for width in widths.split())


def srcset(image: str, widths: str) -> str:
    """What a browser chooses from by width; nothing for a picture that came with the site."""
    return ", ".join(
        f"{default_storage.url(name)} {width}w"
        for name, width in zip(names(image, widths), widths.split(), strict=True)
    )


def src(image: str, widths: str) -> str:
    """The widest, for whoever chooses from nothing."""
    return default_storage.url([*names(image, widths)][-1])
