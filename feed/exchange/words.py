"""What may be written in a cell, whatever the table."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.staticfiles import finders
from import_export.widgets import Widget  # type: ignore[import-untyped]

from feed.actions.common import can_be_read


def handle_problem(handle: str) -> str | None:
    """Why this cannot be a handle, which is a part of an address; None where it can."""
    if "/" in handle or "\0" in handle:
        return "A handle has no slash, since it stands in addresses."
    if handle in (".", ".."):
        return "A handle is more than dots, since it stands in addresses."
    if not can_be_read(handle) or any(letter.isspace() for letter in handle):
        return "A handle has letters, digits and signs, and no spaces."
    return None


def portrait_problem(path: str) -> str | None:
    known = path.startswith("avatars/") and ".." not in path and finders.find(path)
    return None if known else "There is no such portrait. They are called avatars/….svg."


def moment(text: str) -> datetime:
    """A moment, in UTC, from how ISO 8601 writes it. Raises ValueError, with a message for people.

    >>> moment("2026-03-14T13:00:00+01:00")
    datetime.datetime(2026, 3, 14, 12, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        at = datetime.fromisoformat(text)
        offset = at.utcoffset()
        if offset is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("This is no moment. Write it as 2026-03-14T12:00:00+00:00.") from error
    raise ValueError("The time zone is missing. Write it as 2026-03-14T12:00:00+00:00.")


def whole(text: str) -> int:
    """A number of at least 0 that any database can hold. Raises ValueError."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise ValueError("This is no whole number from 0 to 999999999.")
    return int(text)


class MomentWidget(Widget):  # type: ignore[misc] # the library has no types
    def __init__(self, *, optional: bool = False) -> None:
        super().__init__()
        self.optional = optional

    def clean(self, value: str, row: object = None, **_: object) -> datetime | None:
        return None if self.optional and not value else moment(value)

    def render(self, value: datetime | None, obj: object = None, **_: object) -> str:
        return value.astimezone(UTC).isoformat() if value else ""


class NumberWidget(Widget):  # type: ignore[misc]
    def __init__(self, *, optional: bool = False) -> None:
        super().__init__()
        self.optional = optional

    def clean(self, value: str, row: object = None, **_: object) -> int | None:
        return None if self.optional and not value else whole(value)

    def render(self, value: int | None, obj: object = None, **_: object) -> str:
        return "" if value is None else str(value)
