"""People, photos and follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import Max, QuerySet
from import_export.fields import Field  # type: ignore[import-untyped]
from import_export.widgets import Widget  # type: ignore[import-untyped]

from feed.credits import photo_credits
from feed.exchange.tables import Problems, Table
from feed.exchange.words import MomentWidget, NumberWidget, handle_problem, portrait_problem
from feed.models import Block, Event, Follow, Person, Photo, Room

STORED = re.compile(r"[-\w]+/[0-9a-f]{24}")
COLOUR = re.compile(r"#[0-9a-f]{6}")
AHEAD = "This is in the future."


class PersonWidget(Widget):  # type: ignore[misc] # the library has no types
    """Somebody of the room, by handle."""

    people: Mapping[str, Person]

    def clean(self, value: str, row: object = None, **_: object) -> Person:
        if value not in self.people:
            raise ValueError(f"There is nobody called “{value[:40]}” in this room.")
        return self.people[value]

    def render(self, value: Person, obj: object = None, **_: object) -> str:
        return value.handle


class People(Table):
    """Without when somebody left: the log says that."""

    class Meta:
        model = Person
        fields = ("handle", "name", "pronouns", "place", "bio", "avatar")
        import_id_fields = ("handle",)
        use_bulk = True
        skip_diff = True

    def __init__(self, *, room: Room, now: datetime | None) -> None:
        super().__init__(room=room, now=now)
        self.there = {person.handle: person for person in self.get_queryset()} if now else {}

    def get_queryset(self) -> QuerySet[Person]:
        return Person.objects.filter(room=self.room).order_by("pk")

    def key(self, row: Mapping[str, str]) -> str:
        return row["handle"]

    def name(self, row: Mapping[str, str]) -> str:
        return row["handle"]

    def get_instance(self, _: object, row: Mapping[str, str]) -> Person | None:
        return self.there.get(row["handle"])

    def check(self, instance: Person, row: Mapping[str, str], problems: Problems) -> None:
        problems.add("handle", handle_problem(instance.handle))
        if self.before is None or self.before["avatar"] != instance.avatar:
            problems.add("avatar", portrait_problem(instance.avatar))


class Photos(Table):
    """Of a photo that is there only the words change; a new one takes a picture that is kept."""

    poster = Field("poster", "poster", widget=PersonWidget())
    number = Field("number", "number", widget=NumberWidget())
    width = Field("width", "width", widget=NumberWidget())
    height = Field("height", "height", widget=NumberWidget())
    posted_at = Field("posted_at", "posted_at", widget=MomentWidget())
    removed_at = Field("removed_at", "removed_at", widget=MomentWidget(optional=True))

    fixed = (
        "poster",
        "image",
        "widths",
        "width",
        "height",
        "colour",
        "posted_at",
        "removed_at",
    )

    class Meta:
        model = Photo
        fields = (
            "number",
            "poster",
            "image",
            "widths",
            "width",
            "height",
            "colour",
            "title",
            "alt",
            "caption",
            "posted_at",
            "removed_at",
        )
        import_id_fields = ("number",)
        use_bulk = True
        skip_diff = True

    def __init__(self, *, room: Room, now: datetime | None) -> None:
        super().__init__(room=room, now=now)
        if now:
            self.there = {str(photo.number): photo for photo in self.get_queryset()}
            people = Person.objects.filter(room=room)
            self.fields["poster"].widget.people = {person.handle: person for person in people}
            left = Event.objects.filter(room=room, photo=None).aggregate(at=Max("at"))
            self.left: datetime | None = left["at"]

    def get_queryset(self) -> QuerySet[Photo]:
        return Photo.objects.filter(room=self.room).select_related("poster").order_by("number")

    def key(self, row: Mapping[str, str]) -> str:
        return row["number"].lstrip("0")

    def name(self, row: Mapping[str, str]) -> str:
        return f"{row['number']}: {row['title']}"

    def get_instance(self, _: object, row: Mapping[str, str]) -> Photo | None:
        return self.there.get(row["number"])

    def check(self, instance: Photo, row: Mapping[str, str], problems: Problems) -> None:
        if instance.removed_at:
            for column in ("title", "alt", "caption"):
                problems.found.pop(column, None)
                if getattr(instance, column):
                    problems.add(column, "A photo that was removed has no words.")
        if self.before is not None or problems.found:
            return
        assert self.now
        for column, at in (("posted_at", instance.posted_at), ("removed_at", instance.removed_at)):
            problems.add(column, AHEAD if at and at > self.now else None)
        if instance.removed_at and instance.removed_at <= instance.posted_at:
            problems.add("removed_at", "It was removed before it was posted.")
        left = instance.poster.left_at
        if left and left <= instance.posted_at:
            problems.add("posted_at", f"{instance.poster.name} had left by then.")
        if not instance.number or not 0 < instance.width <= 20000 >= instance.height > 0:
            problems.add("number", "Numbers, widths and heights begin with 1.")
        if row["number"].startswith("0"):
            problems.add("number", "A number does not begin with 0.")
        if not COLOUR.fullmatch(instance.colour):
            problems.add("colour", "Write a colour as #0d2a46.")
        if not instance.removed_at:
            problems.add("image", _picture_problem(instance.image, instance.widths))
        instance.latest_at = max(instance.posted_at, self.left or instance.posted_at)

    def get_bulk_update_fields(self) -> list[str]:
        return ["title", "alt", "caption"]


def _picture_problem(image: str, widths: str) -> str | None:
    """A picture of the site's own, or one that somebody posted here."""
    if not widths:
        known = any(picture.image == image for picture in photo_credits())
        return None if known else "The site has no such picture: they are called photos/….jpg."
    if not STORED.fullmatch(image) or not re.fullmatch(r"[1-9]\d{0,4}( [1-9]\d{0,4})*", widths):
        return "This is no posted picture."
    kept = all(default_storage.exists(f"{image}-{width}.webp") for width in widths.split())
    return None if kept else "This picture is not kept on this site. Post the photo instead."


class Follows(Table):
    follower = Field("follower", "follower", widget=PersonWidget())
    followed = Field("followed", "followed", widget=PersonWidget())
    since = Field("since", "since", widget=MomentWidget())

    class Meta:
        model = Follow
        fields = ("follower", "followed", "since")
        import_id_fields = ("follower", "followed")
        use_bulk = True
        skip_diff = True

    def __init__(self, *, room: Room, now: datetime | None) -> None:
        super().__init__(room=room, now=now)
        if now:
            people = {p.handle: p for p in Person.objects.filter(room=room)}
            for column in ("follower", "followed"):
                self.fields[column].widget.people = people
            self.there = {(f.follower.handle, f.followed.handle): f for f in self.get_queryset()}
            blocks = Block.objects.filter(blocker__room=room)
            self.blocked = {frozenset(pair) for pair in blocks.values_list("blocker", "blocked")}

    def get_queryset(self) -> QuerySet[Follow]:
        rows = Follow.objects.filter(follower__room=self.room).order_by("pk")
        return rows.select_related("follower", "followed")

    def key(self, row: Mapping[str, str]) -> tuple[str, str]:
        return row["follower"], row["followed"]

    def name(self, row: Mapping[str, str]) -> str:
        return f"{row['follower']} follows {row['followed']}"

    def get_instance(self, _: object, row: Mapping[str, str]) -> Follow | None:
        return self.there.get(self.key(row))

    def check(self, instance: Follow, row: Mapping[str, str], problems: Problems) -> None:
        if problems.found:
            return
        assert self.now
        problems.add("since", AHEAD if instance.since > self.now else None)
        if self.before is None:
            pair = (instance.follower, instance.followed)
            blocked = frozenset(person.pk for person in pair) in self.blocked
            problems.add("followed", follow_problem(*pair, blocked=blocked))

    def get_bulk_update_fields(self) -> list[str]:
        return ["since"]


def follow_problem(follower: Person, followed: Person, *, blocked: bool) -> str | None:
    """Why the one cannot follow the other; None where they can."""
    if follower.pk == followed.pk:
        return "Nobody follows themselves."
    if follower.room_id != followed.room_id:
        return "They are not in the same room."
    if gone := next((p for p in (follower, followed) if p.left_at), None):
        return f"{gone.name} has left."
    return "One of them blocks the other." if blocked else None
