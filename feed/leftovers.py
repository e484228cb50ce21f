"""What is stored and belongs to nothing: when a process is killed between the picture and its
photo, when the storage could not be reached to remove one, or when an import was only tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from django.core.files.storage import default_storage

from feed.models import Photo
from feed.pictures import names

OURS = re.compile(
    r"(?!album-[0-9a-f]{24}/)[-\w]+/[0-9a-f]{24}-\d+\.webp|imports/[0-9a-f]+\.csv",
    re.ASCII,
)
"""What is looked at: posted pictures and files that were imported. Albums see to their own."""


def sweep(*, stored_before: datetime) -> int:
    """Removes it and returns how many files went. Raises OSError where the storage is out of reach.

    What was stored since is left alone: its photo may be about to come.
    """
    posted = (
        Photo.objects.filter(removed_at=None)
        .exclude(widths="")
        .values_list("image", "widths")
        .iterator()
    )
    shown = {name for image, widths in posted for name in names(image, widths)}
    left = [
        name
        for name in stored()
        if OURS.fullmatch(name)
        and name not in shown
        and default_storage.get_modified_time(name) < stored_before
    ]
    for name in left:
        default_storage.delete(name)
    return len(left)


def stored(folder: str = "") -> Iterator[str]:
    """The names of all files that are stored."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever posted
    yield from (f"{folder}{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from stored(f"{folder}{name}/")
