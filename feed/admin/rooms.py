"""Rooms as a list: to see, to audit, to take out and in as files, to delete as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from feed import pictures
from feed.admin.common import SEE, counted, enter
from feed.admin.exchange import ExchangeAdmin
from feed.admin.state import StateAdmin
from feed.models import Event, Person, Photo, Room
from feed.rooms import DEMO


class KindFilter(admin.SimpleListFilter):
    """Visitors’ copies are many and come and go: they stand apart."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("copies", "Visitors’ copies")]

    def choices(self, changelist: Any) -> Any:
        every, *others = super().choices(changelist)
        return [every | {"display": "The site’s own"}, *others]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Room]) -> QuerySet[Room]:
        return queryset.filter(original__isnull=self.value() != "copies")


@admin.register(Room)
class RoomAdmin(StateAdmin, ExchangeAdmin):
    """Deleting a room deletes all that is in it, the log too; its copies as well."""

    list_display = ("name", "key", "address", "touched_at", "see", "files")
    list_filter = (KindFilter,)
    search_fields = ("name", "key")
    ordering = ("-pk",)
    actions = ("audit", "repair")

    def get_fields(self, request: HttpRequest, obj: Room | None = None) -> tuple[str, ...]:
        names = ("name", "key", "address", "original", "touched_at", "see", "files")
        return names if obj else ("name", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Room | None = None) -> tuple[str, ...]:
        """Pictures and sessions name a room by its key: it stays."""
        return ("key", "address", "original", "touched_at", "see", "files") if obj else ()

    def get_urls(self) -> list[URLPattern]:
        see = self.admin_site.admin_view(require_POST(self.see_view))
        return [path("<int:pk>/see/", see, name="see_room"), *super().get_urls()]

    @admin.display(description="for others")
    def address(self, room: Room) -> SafeString | str:
        if room.private:
            return ""
        return format_html('<a href="{}">Its address</a>', reverse("feed:room", args=[room.key]))

    def save_model(self, request: HttpRequest, obj: Room, form: Any, change: bool) -> None:
        if not change:
            obj.touched_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.display(description="feed")
    def see(self, room: Room) -> SafeString:
        return format_html(SEE, reverse("admin:see_room", args=[room.pk]), "See this room")

    @admin.display(description="CSV")
    def files(self, room: Room) -> SafeString | str:
        if room.private:
            return ""
        return format_html(
            '<a href="{}">Out and in</a>', reverse("admin:import_room", args=[room.pk])
        )

    def see_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        room = get_object_or_404(Room, pk=pk)
        if not self.has_view_permission(request, room):
            raise PermissionDenied
        if not room.people.filter(left_at=None).exists():
            self.message_user(request, f"Nobody is in {room} yet.", messages.WARNING)
            return redirect("admin:feed_room_changelist")
        enter(request, room)
        self.note(request, [room], "Seen.")
        return redirect("feed:timeline")

    @admin.action(permissions=["view"], description="Audit: do likes and counts follow?")
    def audit(self, request: HttpRequest, chosen: QuerySet[Room]) -> None:
        self.audited(request, chosen, repair=False)

    @admin.action(permissions=["change"], description="Audit and mend what differs")
    def repair(self, request: HttpRequest, chosen: QuerySet[Room]) -> None:
        self.audited(request, chosen, repair=True)

    def get_deleted_objects(
        self, objs: Iterable[Room], request: HttpRequest
    ) -> tuple[list[Any], dict[str, Any], set[str], list[Any]]:
        """By number: Django would load and name every row of them. The demo is where all begin."""
        chosen = list(objs)
        rooms = Room.objects.filter(pk__in=[room.pk for room in chosen])
        copies = Room.objects.filter(original__in=rooms)
        held = {
            "rooms": str(len(chosen)),
            "visitors’ copies of them": counted(copies),
            "people": counted(Person.objects.filter(room__in=rooms)),
            "photos": counted(Photo.objects.filter(room__in=rooms)),
            "events": counted(Event.objects.filter(room__in=rooms)),
        }
        lacking = set() if self.has_delete_permission(request) else {"room"}
        kept = [f"{room}, in which visitors begin" for room in chosen if room.key == DEMO]
        return [str(room) for room in chosen], held, lacking, kept

    def delete_model(self, request: HttpRequest, obj: Room) -> None:
        self.delete_queryset(request, Room.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Room]) -> None:
        """Their pictures go with them, once the rooms are gone."""
        rooms = Room.objects.filter(pk__in=list(queryset.values_list("pk", flat=True)))
        everything = rooms | Room.objects.filter(original__in=rooms)
        posted = Photo.objects.filter(room__in=everything).exclude(widths="")
        own = [
            (image, widths)
            for key, image, widths in posted.values_list("room__key", "image", "widths")
            if image.startswith(f"{key}/")
        ]
        rooms.delete()
        for image, widths in own:
            pictures.delete(image, widths)
