"""Rooms, their people and photos, the log of what happened, and the likes as they stand.

The log is the truth; likes, counts and the moment of a photo's latest event are kept beside it by
``feed.actions`` and can be made anew from it (``manage.py audit --repair``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Never

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from feed import pictures
from feed.disclosure.history import Action
from socialsite.tags import asset


class Pronouns(models.TextChoices):
    SHE = "she", "she/her"
    HE = "he", "he/him"
    THEY = "they", "they/them"


class RoomQuerySet(models.QuerySet["Room"]):
    def unused_since(self, at: datetime) -> RoomQuerySet:
        """Private copies that nobody has written to since a moment."""
        return self.filter(original__isnull=False, touched_at__lt=at)


class Room(models.Model):
    """A closed set of people, photos and history: an original, or a visitor's copy of one."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    original = models.ForeignKey(
        "self", on_delete=models.CASCADE, related_name="copies", null=True, blank=True
    )
    touched_at = models.DateTimeField(help_text="When somebody last wrote to it, to the hour.")

    objects = models.Manager.from_queryset(RoomQuerySet)()

    class Meta:
        indexes = (
            models.Index(
                fields=["touched_at"], condition=Q(original__isnull=False), name="room_copies"
            ),
        )

    def __str__(self) -> str:
        return self.name if self.original_id is None else f"{self.name} (copy {self.key[:6]})"

    @property
    def private(self) -> bool:
        return self.original_id is not None


class Person(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="people", db_index=False)
    handle = models.CharField(max_length=30)
    name = models.CharField(max_length=80)
    pronouns = models.CharField(max_length=4, choices=Pronouns)
    place = models.CharField(max_length=80, blank=True)
    bio = models.CharField(max_length=160, blank=True)
    avatar = models.CharField(max_length=100, help_text="Path of a static file.")
    left_at = models.DateTimeField(null=True, blank=True)
    followed = models.ManyToManyField(
        "self", through="Follow", symmetrical=False, related_name="followers"
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="person",
        null=True,
        blank=True,
        help_text="Who signs in as them; in original rooms only. Nobody else may be them then.",
    )

    class Meta:
        verbose_name_plural = "people"
        permissions = (("give_account", "Can give people sign-in accounts and take them away"),)
        constraints = (
            models.UniqueConstraint(fields=["room", "handle"], name="person_handle_once_a_room"),
            models.CheckConstraint(
                condition=Q(pronouns__in=Pronouns.values), name="person_pronouns_known"
            ),
        )

    def __str__(self) -> str:
        return self.handle


class Follow(models.Model):
    follower = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    followed = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="follow_not_oneself"),
        )

    def __str__(self) -> str:
        return f"{self.follower} follows {self.followed}"


class Block(models.Model):
    """Neither of the two finds the other, or what the other posts and writes, in the feed."""

    blocker = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    blocked = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_not_oneself"),
        )

    def __str__(self) -> str:
        return f"{self.blocker} blocks {self.blocked}"


class Photo(models.Model):
    """``number`` is its address: a copy of the room keeps it.

    A photo that was removed keeps its row, since the log speaks of it; its words and picture go.
    """

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="photos", db_index=False)
    number = models.PositiveIntegerField()
    poster = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="photos")
    image = models.CharField(
        max_length=100, help_text="Path of a static file, or of a posted picture without its width."
    )
    widths = models.CharField(
        max_length=40, blank=True, help_text="The widths in which a posted picture is stored."
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    colour = models.CharField(max_length=7, help_text="Shown until the photo is there: #rrggbb.")
    title = models.CharField(max_length=120)
    alt = models.CharField(max_length=200)
    caption = models.CharField(max_length=500, blank=True)
    posted_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    like_count = models.PositiveIntegerField(default=0)
    unlike_count = models.PositiveIntegerField(default=0, help_text="Of all time, not of people.")
    comment_count = models.PositiveIntegerField(default=0)
    share_count = models.PositiveIntegerField(default=0)
    latest_at = models.DateTimeField(help_text="Its latest event, or else its posting.")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["room", "number"], name="photo_number_once_a_room"),
            models.CheckConstraint(
                condition=Q(latest_at__gte=F("posted_at")), name="photo_events_after_posting"
            ),
        )
        indexes = (models.Index(fields=["room", "-posted_at", "-number"], name="photo_timeline"),)

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"

    @property
    def src(self) -> str:
        return pictures.src(self.image, self.widths) if self.widths else asset(self.image)

    @property
    def srcset(self) -> str:
        return pictures.srcset(self.image, self.widths)


class Like(models.Model):
    """A like that stands. ``since`` is the moment of its event."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="likes", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="likes")
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["photo", "person"], name="like_once"),)
        indexes = (models.Index(fields=["photo", "-since"], name="like_newest"),)

    def __str__(self) -> str:
        return f"{self.person} likes {self.photo}"


class Comment(models.Model):
    """A comment that stands. ``at`` is the moment of its event."""

    photo = models.ForeignKey(
        Photo, on_delete=models.CASCADE, related_name="comments", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="comments")
    text = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["photo", "at"], name="comment_oldest"),)

    def __str__(self) -> str:
        return f"{self.person} on {self.photo}: {self.text}"


class Share(models.Model):
    """A photo that somebody shows to their followers. ``since`` is the moment of its event."""

    photo = models.ForeignKey(
        Photo, on_delete=models.CASCADE, related_name="shares", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="shares")
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["photo", "person"], name="share_once"),)

    def __str__(self) -> str:
        return f"{self.person} shares {self.photo}"


class AppendOnlyError(TypeError):
    def __init__(self) -> None:
        super().__init__("The event log is append-only: no event is ever changed or deleted.")


class EventQuerySet(models.QuerySet["Event"]):
    def update(self, **_: Any) -> Never:
        raise AppendOnlyError

    def delete(self) -> Never:
        raise AppendOnlyError

    def bulk_update(self, *_: Any, **__: Any) -> Never:
        raise AppendOnlyError


class Event(models.Model):
    """What somebody did to a photo, or, by leaving, to all photos of the room.

    Only a room as a whole is ever deleted, its log with it.
    """

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="events")
    photo = models.ForeignKey(
        Photo, on_delete=models.CASCADE, related_name="events", null=True, db_index=False
    )
    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    action = models.CharField(
        max_length=10, choices=[(action.value, action.value) for action in Action]
    )
    at = models.DateTimeField()
    seconds = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How long the photo was looked at; of a view only."
    )

    objects = models.Manager.from_queryset(EventQuerySet)()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(action__in=[action.value for action in Action]),
                name="event_action_known",
            ),
            models.CheckConstraint(
                condition=Q(action=Action.LEAVE.value, photo__isnull=True)
                | (~Q(action=Action.LEAVE.value) & Q(photo__isnull=False)),
                name="event_has_photo_unless_leave",
            ),
            models.CheckConstraint(
                condition=Q(action=Action.VIEW.value, seconds__isnull=False)
                | (~Q(action=Action.VIEW.value) & Q(seconds__isnull=True)),
                name="event_seconds_of_view",
            ),
        )
        indexes = (
            models.Index(fields=["photo", "at", "id"], name="event_history"),
            models.Index(fields=["person", "-at"], name="event_newest"),
            models.Index(
                fields=["room", "at"], condition=Q(photo__isnull=True), name="event_of_the_room"
            ),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.person} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> Never:
        raise AppendOnlyError


class Seeding(models.Model):
    """People made up in bulk: what was asked for, how far it is, and whom it has made.

    What these people post and do goes when they go.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"
        UNDOING = "undoing", "being undone"
        UNDONE = "undone"

    token = models.UUIDField(unique=True, help_text="So that pressed twice it starts once.")
    room = models.ForeignKey(Room, on_delete=models.SET_NULL, related_name="+", null=True)
    room_name = models.CharField(max_length=80)
    made_room = models.BooleanField(help_text="Whether the room was made for it.")
    options = models.JSONField()
    until = models.DateTimeField(help_text="When the history ends.")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    done = models.PositiveIntegerField(default=0, help_text="How many of its steps are done.")
    started_at = models.DateTimeField()
    people = models.ManyToManyField(Person, related_name="+")

    class Meta:
        verbose_name = "seeding"
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["running", "stopped", "done", "undoing", "undone"]),
                name="seeding_state_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.options['people']:,} people in {self.room_name}"


class WrongPasswords(models.Model):
    """How many were sent of late for one account, from one place, or both; ``key`` names neither.

    It counts until a moment and is deleted after it.
    """

    key = models.CharField(max_length=64, primary_key=True)
    number = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "wrong passwords"

    def __str__(self) -> str:
        return f"{self.number} until {self.until:%H:%M:%S}"
