"""People, photos and what was said and done, as lists to look things up in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.views.decorators.http import require_POST

from feed import actions, pictures, visits
from feed.admin.accounts import AccountsAdmin
from feed.admin.common import (
    SEE,
    Admin,
    FollowerRoomFilter,
    PhotoRoomFilter,
    ReadOnlyAdmin,
    RoomFilter,
    enter,
)
from feed.admin.groups import REMOVE
from feed.credits import avatar_credits
from feed.exchange import handle_problem
from feed.exchange.log import ACTIONS
from feed.models import Comment, Event, Follow, Person, Photo, Room
from feed.rooms import DEMO

NEWEST = 20_000
"""So many events of a room are gone through at most."""


class LeftFilter(admin.SimpleListFilter):
    title = "whether they left"
    parameter_name = "left"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "Still there"), ("yes", "Left")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> QuerySet[Person]:
        if not self.value():
            return queryset
        return queryset.filter(left_at__isnull=self.value() == "no")


class PersonForm(forms.ModelForm):  # type: ignore[type-arg]
    room = forms.ModelChoiceField(Room.objects.filter(original=None).order_by("name"))
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
    list_display = ("handle", "name", "see", "room", "signs_in_as", "left_at")
    list_select_related = ("room", "user")
    list_filter = (RoomFilter, LeftFilter)
    search_fields = ("handle", "name")
    ordering = ("-pk",)
    actions = ("accounts", "leave")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("room", "left_at", "see") if obj else ()

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
        if person.left_at:
            self.message_user(request, f"{person} has left.", messages.WARNING)
            return redirect("admin:feed_person_changelist")
        enter(request, person.room)
        request.session[visits.YOU] = person.handle
        self.note(request, [person], "Seen as this person.")
        return redirect("feed:timeline")

    @admin.action(permissions=["change"], description="Let them leave, for good")
    def leave(self, request: HttpRequest, chosen: QuerySet[Person]) -> None:
        with transaction.atomic():
            at = timezone.now()
            gone = [p for p in chosen if actions.leave(person=p, at=at).changed]
            self.note(request, gone, "Left.")
        self.message_user(request, f"Left: {len(gone)}.", messages.SUCCESS)


@admin.register(Follow)
class FollowAdmin(ReadOnlyAdmin):
    """Who follows whom is for people themselves, and for files."""

    list_display = ("follower", "followed", "since", "room")
    list_select_related = ("follower__room", "followed")
    list_filter = (FollowerRoomFilter,)
    search_fields = ("follower__handle", "followed__handle")
    ordering = ("-pk",)
    sortable_by = ()

    @admin.display(description="room")
    def room(self, follow: Follow) -> Room:
        return follow.follower.room


def picture(photo: Photo) -> SafeString | str:
    if photo.removed_at:
        return "Removed"
    mark = '<img src="{}" alt="{}" width="90" height="{}" loading="lazy">'
    return format_html(mark, photo.src, photo.alt, round(90 * photo.height / photo.width))


def named(person: Person) -> str:
    """Who is meant, without a link: who keeps order may not see people's own pages."""
    return f"{person.name} ({person.handle})"


@admin.register(Photo)
class PhotoAdmin(Admin):
    """Only the words change here. A photo is posted in the feed, which prepares the picture."""

    list_display = ("thumbnail", "number", "title", "poster", "posted_at", "like_count", "room")
    list_display_links = ("number", "title")
    list_select_related = ("poster", "room")
    list_filter = (RoomFilter,)
    search_fields = ("title", "caption", "poster__handle")
    ordering = ("-pk",)
    fields = ("thumbnail", "title", "alt", "caption", "posted_by", "posted_in", "number",
              "posted_at", "removed_at", "like_count", "unlike_count", "comment_count",
              "share_count", "latest_at")  # fmt: skip
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
        return picture(photo)

    @admin.display(description="poster")
    def posted_by(self, photo: Photo) -> str:
        return named(photo.poster)

    @admin.display(description="room")
    def posted_in(self, photo: Photo) -> str:
        return str(photo.room)

    def has_remove_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"feed.{REMOVE}")

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:
        words = {name: getattr(obj, name) for name in ("title", "alt", "caption")}
        actions.edit(photo=obj, person=obj.poster, **words)

    @admin.action(permissions=["remove"], description="Remove: their pictures and words go")
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
    fields = ("text", "by", "under", "thumbnail", "room", "at")
    readonly_fields = fields
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

    @admin.display(description="by")
    def by(self, comment: Comment) -> str:
        return named(comment.person)

    @admin.display(description="under the photo")
    def under(self, comment: Comment) -> str:
        return str(comment.photo)

    @admin.display(description="photo")
    def thumbnail(self, comment: Comment) -> SafeString | str:
        return picture(comment.photo)

    @admin.display(description="room")
    def room(self, comment: Comment) -> str:
        return str(comment.photo.room)

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


def chosen_room(request: HttpRequest) -> int:
    """That of the address, else the demo, else any of the site's own; 0 where there is none."""
    given = request.GET.get("room", "")
    if given.isdecimal() and len(given) < 19:
        return int(given)
    own = {key: pk for pk, key in Room.objects.filter(original=None).values_list("pk", "key")}
    return own.get(DEMO) or min(own.values(), default=0)


class OneRoomFilter(RoomFilter):
    """One room at a time: the logs of all rooms are too long to look through."""

    def __init__(self, request: HttpRequest, *given: Any) -> None:
        self.room = chosen_room(request)
        super().__init__(request, *given)

    def value(self) -> str:
        return str(self.room)

    def choices(self, changelist: Any) -> Iterator[Any]:
        _all, *rooms, _copies = super().choices(changelist)
        yield from rooms


def newest(events: QuerySet[Event]) -> QuerySet[Event]:
    """Those among which one looks for what has no index: else a whole log would be read."""
    return events.filter(pk__in=events.order_by("-pk").values("pk")[:NEWEST])


class ActionFilter(admin.SimpleListFilter):
    title = f"action, of the newest {NEWEST:,}"
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(action.value, action.value) for action in ACTIONS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        if not self.value():
            return queryset
        return newest(queryset).filter(action=self.value())


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "person", "action", "photo", "seconds")
    list_select_related = ("person", "photo")
    list_filter = (OneRoomFilter, ActionFilter)
    search_fields = ("person__handle",)
    ordering = ("-pk",)
    sortable_by = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        """All that one person did, by the whole handle; else what those did lately who match."""
        word = search_term.strip().removeprefix("@")
        if not word:
            return queryset, False
        people = Person.objects.filter(room=chosen_room(request))
        if one := people.filter(handle=word).first():
            return queryset.filter(person=one), False
        matching = people.filter(Q(handle__icontains=word) | Q(name__icontains=word))
        return newest(queryset).filter(person__in=matching), False
