"""What all lists of the admin share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from feed import rooms
from feed.models import Room

MOST_COUNTED = 10_000
"""Rows; who looks for one among more narrows the list down."""

SEE = '<button type="submit" class="button" formaction="{}" formnovalidate>{}</button>'
"""It stands in a list's form, which it sends elsewhere: forms cannot stand in each other."""


def counted(rows: QuerySet[Any]) -> str:
    number = rows.order_by()[:MOST_COUNTED].count()
    return f"{number:,}{' or more' if number == MOST_COUNTED else ''}"


def enter(request: HttpRequest, room: Room) -> None:
    """Puts whoever asks into the room as it is; their first press there makes a copy."""
    rooms.move(request, room, afresh=True)


class BoundedPaginator(Paginator):  # type: ignore[type-arg] # it takes none when it runs
    """Counts so many rows and no more, however many there are."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:MOST_COUNTED].count()


class Admin(admin.ModelAdmin):  # type: ignore[type-arg] # it takes none when it runs
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator

    def note(self, request: HttpRequest, rows: list[Any], what: str) -> None:
        """Leaves a trail of a custom action; by number only where a name holds what was said."""
        assert request.user.pk is not None
        LogEntry.objects.bulk_create(
            LogEntry(
                user_id=request.user.pk,
                content_type=ContentType.objects.get_for_model(self.model),
                object_id=str(row.pk),
                object_repr=self.called(row)[:200],
                action_flag=CHANGE,
                change_message=what,
            )
            for row in rows
        )

    def called(self, row: Model) -> str:
        return str(row)


class ReadOnlyAdmin(Admin):
    """For what only ``feed.actions`` writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class RoomFilter(admin.SimpleListFilter):
    """The site's own rooms, all or one of them, unless visitors' copies are asked for.

    A link may name any room.
    """

    title = "room"
    parameter_name = "room"
    through = "room"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = Room.objects.filter(original=None).order_by("name")[:50]
        return [*((str(room.pk), room.name) for room in own), ("copies", "Visitors’ copies")]

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        every, *others = super().choices(changelist)
        yield every | {"display": "All of the site’s own"}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        if value.isdecimal() and len(value) < 19:
            return queryset.filter(**{self.through: int(value)})
        return queryset.filter(**{f"{self.through}__original__isnull": value != "copies"})


class PhotoRoomFilter(RoomFilter):
    through = "photo__room"


class FollowerRoomFilter(RoomFilter):
    through = "follower__room"
