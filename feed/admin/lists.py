"""Rooms, people, photos and what was said and done, as lists to look things up in."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from feed import actions, pictures, rooms, visits
from feed.admin.accounts import AccountsAdmin
from feed.admin.common import Admin, FollowerRoomFilter, PhotoRoomFilter, ReadOnlyAdmin, RoomFilter
from feed.admin.exchange import ExchangeAdmin
from feed.admin.state import AUDITED, StateAdmin
from feed.auditing import audit
from feed.credits import avatar_credits
from feed.exchange import handle_problem
from feed.exchange.things import blocked, follow_problem
from feed.models import Comment, Event, Follow, Like, Person, Photo, Room

SEE = '<button type="submit" class="button" formaction="{}" formnovalidate>{}</button>'
"""It stands in a list's form, which it sends elsewhere: forms cannot stand in each other."""


def enter(request: HttpRequest, room: Room) -> None:
    """Puts whoever asks into the demo, or into a copy of another room: nobody's own is touched."""
    if room.key == rooms.DEMO:
        request.session.pop(rooms.SESSION_KEY, None)
        return
    copy = rooms.copy(room, key=secrets.token_hex(20), at=timezone.now())
    request.session[rooms.SESSION_KEY] = copy.key


@admin.register(Room)
class RoomAdmin(StateAdmin, ExchangeAdmin):
    """Deleting a room deletes all that is in it, the log too; its copies as well."""

    list_display = ("name", "key", "original", "touched_at", "see", "files")
    list_select_related = ("original",)
    list_filter = (("original", admin.EmptyFieldListFilter),)
    search_fields = ("name", "key")
    ordering = ("-pk",)
    actions = ("audit", "repair")
    readonly_fields = ("original", "touched_at")

    def get_urls(self) -> list[URLPattern]:
        see = self.admin_site.admin_view(require_POST(self.see_view))
        return [path("<int:pk>/see/", see, name="see_room"), *super().get_urls()]

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
        enter(request, room)
        return redirect("feed:timeline")

    @admin.action(permissions=["view"], description="Audit: do likes and counts follow?")
    def audit(self, request: HttpRequest, chosen: QuerySet[Room]) -> None:
        self._audit(request, chosen, repair=False)

    @admin.action(permissions=["change"], description="Audit and mend what differs")
    def repair(self, request: HttpRequest, chosen: QuerySet[Room]) -> None:
        self._audit(request, chosen, repair=True)

    def _audit(self, request: HttpRequest, chosen: QuerySet[Room], *, repair: bool) -> None:
        for room in chosen:
            drifts = audit(room, repair=repair)
            found = (
                f"{len(drifts)} differ{' and were mended' * repair}" if drifts else "all follows"
            )
            self.note(request, [room], f"{AUDITED}{found}.")
            level = messages.WARNING if drifts else messages.SUCCESS
            self.message_user(request, f"{room}: {found}.", level)
            for drift in drifts[:20]:
                self.message_user(request, str(drift), messages.WARNING)


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    avatar = forms.ChoiceField(choices=lambda: [(a.image, a.image) for a in avatar_credits()])

    class Meta:
        model = Person
        fields = ("room", "handle", "name", "pronouns", "place", "bio", "avatar")

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if problem := handle_problem(handle):
            raise forms.ValidationError(problem)
        return handle


@admin.register(Person)
class PersonAdmin(AccountsAdmin):
    """Nobody is deleted, since the log speaks of them: who goes leaves."""

    form = PersonForm
    list_display = ("handle", "name", "place", "room", "left_at", "signs_in_as", "see")
    list_select_related = ("room", "room__original", "user")
    list_filter = (RoomFilter, ("left_at", admin.EmptyFieldListFilter))
    search_fields = ("handle", "name")
    autocomplete_fields = ("room",)
    ordering = ("-pk",)
    actions = ("accounts", "leave")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("room", "left_at") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        see = self.admin_site.admin_view(require_POST(self.see_view))
        return [path("<int:pk>/see/", see, name="see_person"), *super().get_urls()]

    @admin.display(description="feed")
    def see(self, person: Person) -> SafeString | str:
        if person.left_at:
            return ""
        address = reverse("admin:see_person", args=[person.pk])
        return format_html(SEE, address, "See as this person")

    def see_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(Person.objects.select_related("room"), pk=pk)
        if not self.has_view_permission(request, person):
            raise PermissionDenied
        enter(request, person.room)
        request.session[visits.YOU] = person.handle
        return redirect("feed:timeline")

    @admin.action(permissions=["change"], description="Let them leave, for good")
    def leave(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        with transaction.atomic():
            at = timezone.now()
            gone = [p for p in chosen if actions.leave(person=p, at=at).changed]
            self.note(request, gone, "Left.")
        self.message_user(request, f"Left: {len(gone)}.", messages.SUCCESS)


class FollowForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Follow
        fields = ("follower", "followed")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        follower, followed = given.get("follower"), given.get("followed")
        if follower and followed:
            between = blocked(follower, followed)
            if problem := follow_problem(follower, followed, blocked=between):
                raise forms.ValidationError(problem)
        return given


@admin.register(Follow)
class FollowAdmin(Admin):
    form = FollowForm
    list_display = ("follower", "followed", "since")
    list_select_related = ("follower", "followed")
    list_filter = (FollowerRoomFilter,)
    search_fields = ("follower__handle", "followed__handle")
    autocomplete_fields = ("follower", "followed")
    ordering = ("-pk",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Follow, form: Any, change: bool) -> None:
        obj.since = timezone.now()
        super().save_model(request, obj, form, change)


@admin.register(Photo)
class PhotoAdmin(Admin):
    """Only the words change here. A photo is posted in the feed, which prepares the picture."""

    list_display = ("thumbnail", "number", "title", "poster", "posted_at", "like_count", "room")
    list_display_links = ("number", "title")
    list_select_related = ("poster", "room", "room__original")
    list_filter = (RoomFilter,)
    search_fields = ("title", "caption")
    ordering = ("-pk",)
    fields = ("thumbnail", "title", "alt", "caption", "poster", "room", "number", "posted_at",
              "removed_at", "like_count", "unlike_count", "comment_count", "share_count",
              "latest_at")  # fmt: skip
    readonly_fields = ("thumbnail", *fields[4:])
    actions = ("remove",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Photo | None = None) -> bool:
        removed = obj is not None and obj.removed_at is not None
        return not removed and super().has_change_permission(request, obj)

    @admin.display(description="photo")
    def thumbnail(self, photo: Photo) -> SafeString | str:
        if photo.removed_at:
            return "Removed"
        mark = '<img src="{}" alt="{}" width="90" height="{}" loading="lazy">'
        return format_html(mark, photo.src, photo.alt, round(90 * photo.height / photo.width))

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:
        words = {name: getattr(obj, name) for name in ("title", "alt", "caption")}
        actions.edit(photo=obj, person=obj.poster, **words)

    @admin.action(permissions=["change"], description="Remove: their pictures and words go")
    def remove(self, request: HttpRequest, chosen: QuerySet[Photo]) -> None:
        standing = list(chosen.filter(removed_at=None).select_related("poster", "room"))
        with transaction.atomic():
            for photo in standing:
                actions.remove(photo=photo, person=photo.poster, at=timezone.now())
            self.note(request, standing, "Removed.")
        for photo in standing:
            if photo.image.startswith(f"{photo.room.key}/"):
                pictures.delete(photo.image, photo.widths)
        self.message_user(request, f"Removed: {len(standing)}.", messages.SUCCESS)

    def called(self, row: Any) -> str:
        return f"Photo {row.number}"


@admin.register(Comment)
class CommentAdmin(Admin):
    """What somebody wrote is not for others to change: it stands, or it goes."""

    list_display = ("said", "person", "photo", "at")
    list_select_related = ("person", "photo")
    list_filter = (PhotoRoomFilter,)
    search_fields = ("text", "person__handle")
    ordering = ("-pk",)
    actions = ("remove",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without Django's own, which would leave the count and the log behind."""
        found: dict[str, Any] = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def delete_model(self, request: HttpRequest, obj: Comment) -> None:
        actions.uncomment(comment=obj, at=timezone.now())

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        self.note(request, list(queryset), "Removed.")

    @admin.display(description="comment")
    def said(self, comment: Comment) -> str:
        return Truncator(comment.text).chars(120)

    @admin.action(permissions=["delete"], description="Remove: nobody sees them any more")
    def remove(self, request: HttpRequest, chosen: QuerySet[Comment]) -> None:
        with transaction.atomic():
            standing = list(chosen.select_related("person", "photo"))
            self.note(request, standing, "Removed.")
            for comment in standing:
                actions.uncomment(comment=comment, at=timezone.now())
        self.message_user(request, f"Removed: {len(standing)}.", messages.SUCCESS)

    def called(self, row: Any) -> str:
        return f"Comment {row.pk}"


@admin.register(Like)
class LikeAdmin(ReadOnlyAdmin):
    list_display = ("photo", "person", "since")
    list_select_related = ("photo", "person")
    list_filter = (PhotoRoomFilter,)
    ordering = ("-pk",)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "person", "action", "photo", "room")
    list_select_related = ("person", "photo", "room", "room__original")
    list_filter = (RoomFilter,)
    search_fields = ("=person__handle",)
    ordering = ("-pk",)

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """By action within a room only: among all it would read the whole log for a rare one."""
        return (RoomFilter, "action") if "room" in request.GET else (RoomFilter,)
