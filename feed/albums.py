"""Pictures that came in a ZIP archive: taken as posted ones are, and kept once, whoever shows them.

An album is a folder of the storage: its pictures, and ``album.json``, which says what they are and
whether the album may still be asked for. Photos show its pictures and do not own them. So a picture
goes when no photo shows it any more, and not before every job that needs the album is over.
"""

from __future__ import annotations

import io
import json
import logging
import re
import secrets
import time
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from feed import pictures
from feed.actions.common import can_be_read
from feed.models import Photo, Seeding
from feed.pictures import MOST_BYTES, PictureError
from feed.stills import Still

log = logging.getLogger(__name__)

MOST = 60
"""Files in an archive."""

FOLDER = re.compile(r"album-([0-9a-f]{24})")
INSIDE = rf"^{FOLDER.pattern}/"
"""How a picture is called that is an album's, so that others may show it as well."""

OFFERED = timedelta(days=1)
"""So long a dry run can be turned into a job."""

KEPT = 2 * OFFERED
"""So long an album stays that no job needs: longer, so that none starts while it goes."""

LATE = (
    "There was no time left to look at it. Put fewer pictures into the archive, or smaller ones;"
    " manage.py seed --zip takes its time."
)

UNPACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED, IN_UTF_8 = 0x1, 0x800  # bits of an entry's flags
SYSTEM = ("__macosx", "thumbs.db", "desktop.ini")
LONGEST_NAME, LONGEST_TITLE = 80, 120

CAMERA = re.compile(
    r"\S*\d\S*|img|image|picture|photo|foto|pic|dscn?|dcim|pxl|mvimg|scan|screenshot|signal"
    r"|whatsapp|at|edited|copy",
    re.IGNORECASE,
)
"""Words by which cameras, phones and programs call pictures: they tell nobody what is there."""

NUMBERING = re.compile(r"(?:0\d*|\d{4}[\d ]*)\s+(?=\D)")
SEPARATORS = re.compile(r"[\s_.,;~+()\[\]{}#-]+")


class ArchiveError(ValueError):
    """An archive of which nothing can be taken; the message says why, for people."""


@dataclass(frozen=True, slots=True)
class Refusal:
    file: str
    why: str

    def __str__(self) -> str:
        return f"{self.file}: {self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """``archive`` is what the file was called."""

    key: str
    archive: str
    at: datetime
    stills: tuple[Still, ...]
    refusals: tuple[Refusal, ...]


def keep(file: IO[bytes], archive: str, *, at: datetime, seconds: float = float("inf")) -> Album:
    """Stores the pictures of an archive. Raises ArchiveError, and then nothing is kept.

    Nothing is written under a name that the archive gives, and no more of a file is unpacked than
    a posted picture may have. What cannot be looked at within so many seconds is refused.
    """
    end = time.monotonic() + seconds
    key = secrets.token_hex(12)
    stills: list[Still] = []
    refusals: list[Refusal] = []
    try:
        with _opened(file) as zipped:
            for entry in _entries(zipped):
                name = _name(entry)
                try:
                    if stills and time.monotonic() >= end:
                        raise PictureError(LATE)
                    picture = pictures.receive(*_content(zipped, entry))
                except PictureError as error:
                    refusals.append(Refusal(_said(name), str(error)))
                else:
                    title, alt = words(name, len(stills) + 1)
                    stills.append(_stored(picture, key, title, alt))
        if not stills:
            raise ArchiveError(f"None of its files can be taken. {refusals[0]}")
        album = Album(
            key=key,
            archive=_said(archive),
            at=at,
            stills=tuple(stills),
            refusals=tuple(refusals),
        )
        told = asdict(album) | {"at": at.isoformat()}
        default_storage.save(_about(key), ContentFile(json.dumps(told).encode()))
    except OSError as error:
        _delete(key, shown=set())
        raise ArchiveError(
            "The pictures could not be kept on this server. Try again later."
        ) from error
    except BaseException:
        _delete(key, shown=set())
        raise
    return album


def find(key: str) -> Album | None:
    """The album, or None where it is gone or never was. Raises OSError out of reach."""
    if not FOLDER.fullmatch(_folder(key)):
        return None
    try:
        with default_storage.open(_about(key)) as file:
            told = json.load(file)
    except FileNotFoundError:
        return None
    return Album(
        key=key,
        archive=told["archive"],
        at=datetime.fromisoformat(told["at"]),
        stills=tuple(Still(**still) for still in told["stills"]),
        refusals=tuple(Refusal(**refusal) for refusal in told["refusals"]),
    )


def offered(key: str, *, at: datetime) -> Album | None:
    """The album, if a job may still start from it."""
    album = find(key)
    return album if album and at < album.at + OFFERED else None


def release(key: str) -> None:
    """Deletes what no photo shows any more; nothing while a job is not over that needs it."""
    unfinished = (Seeding.State.RUNNING, Seeding.State.STOPPED)
    if Seeding.objects.filter(options__album=key, state__in=unfinished).exists():
        return
    inside = Photo.objects.filter(image__startswith=f"{_folder(key)}/", removed_at=None)
    _delete(key, shown=set(inside.values_list("image", flat=True)))


def sweep(*, at: datetime) -> None:
    """Releases the albums that are no longer offered: never used, or whose last copy is gone."""
    try:
        for folder in _listed("")[0]:
            if match := FOLDER.fullmatch(folder):
                album = find(match[1])
                if album is None or album.at + KEPT <= at:
                    release(match[1])
    except OSError:
        log.exception("Albums could not be looked through.")


# Where it is kept


def _folder(key: str) -> str:
    return f"album-{key}"


def _about(key: str) -> str:
    return f"{_folder(key)}/album.json"


def _stored(picture: pictures.Picture, key: str, title: str, alt: str) -> Still:
    try:
        image, widths = pictures.store(picture, _folder(key))
    except PictureError as error:
        raise ArchiveError(str(error)) from error
    return Still(
        image=image,
        widths=widths,
        width=picture.width,
        height=picture.height,
        colour=picture.colour,
        title=title,
        alt=alt,
    )


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _delete(key: str, *, shown: set[str]) -> None:
    """What cannot be removed now is found later, by ``sweep``."""
    folder = _folder(key)
    try:
        files = _listed(folder)[1]
        # The list goes first: nothing can be asked any more of an album that lacks something.
        for file in sorted(files, key=lambda name: not name.endswith(".json")):
            if f"{folder}/{file.rpartition('-')[0]}" not in shown:
                default_storage.delete(f"{folder}/{file}")
        if not shown:
            default_storage.delete(folder)  # what is left of it on a disk
    except OSError:
        log.exception("Pictures of an album could not be removed.")


# The archive


@contextmanager
def _opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        zipped = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise ArchiveError(
            "This is not a ZIP archive, or not all of one. Pack the pictures again."
        ) from error
    with zipped:
        yield zipped


def _entries(zipped: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files that somebody put in, without what their computer added."""
    entries = [entry for entry in zipped.infolist() if not _ignored(entry)]
    if not entries:
        raise ArchiveError("There are no files in the archive.")
    if len(entries) > MOST:
        raise ArchiveError(
            f"There are {len(entries):,} files in the archive, and {MOST} is the most."
        )
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise ArchiveError("The archive is encrypted. Pack the pictures without a password.")
    return entries


def _ignored(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(_name(entry).lower()).parts
    return entry.is_dir() or any(part in SYSTEM for part in parts) or parts[-1].startswith(".")


def _name(entry: zipfile.ZipInfo) -> str:
    """With folders. Many programs write UTF-8 without saying so."""
    name = entry.filename
    if not entry.flag_bits & IN_UTF_8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return name.replace("\\", "/")


def _content(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[IO[bytes], int]:
    """What is in a file, and its size; nothing of one that is too large. Raises PictureError."""
    if entry.file_size > MOST_BYTES:
        return io.BytesIO(), entry.file_size
    if entry.compress_type not in UNPACKED:
        raise PictureError("It is packed in an unusual way. Pack it as a usual ZIP archive.")
    try:
        with zipped.open(entry) as file:
            content = file.read(MOST_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise PictureError("It is damaged in the archive. Pack it again.") from error
    return io.BytesIO(content), len(content)


def _said(name: str) -> str:
    """A name from elsewhere as it can be shown: in one line, and the end of a long one."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in name)
    return shown if len(shown) <= LONGEST_NAME else f"…{shown[1 - LONGEST_NAME :]}"


def words(name: str, number: int) -> tuple[str, str]:
    """Title and description of a picture, in plain words, from the name of its file."""
    stem = unicodedata.normalize("NFC", PurePosixPath(name).stem)
    plain = SEPARATORS.sub(" ", stem).strip()
    if all(CAMERA.fullmatch(word) for word in plain.split()) or not can_be_read(plain):
        return f"Photo {number}", f"Photo {number}, which nobody has described yet"
    shown = "".join(letter for letter in NUMBERING.sub("", plain, count=1) if letter.isprintable())
    title = f"{shown[:1].upper()}{shown[1:LONGEST_TITLE]}".strip()
    return title, title
