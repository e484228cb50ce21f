"""What readers wrote under the chapters of the guide."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    HELD = "held", "waits to be read"
    APPROVED = "approved", "everybody sees it"
    REFUSED = "refused", "only its writer sees it"


class CommentQuerySet(models.QuerySet["Comment"]):
    def shown(self, chapter: str) -> CommentQuerySet:
        """What everybody sees under a chapter, the oldest first."""
        return self.filter(chapter=chapter, state=State.APPROVED).order_by("pk")

    def refused_before(self, at: datetime) -> CommentQuerySet:
        return self.filter(state=State.REFUSED, written_at__lt=at)


class Comment(models.Model):
    """``writer`` and ``digest`` are hashes, in hexadecimal, that ``explainer.comments`` makes.

    What it says stays out of its name: the admin's log keeps that for longer than the comment.
    """

    chapter = models.SlugField(max_length=60, db_index=False)
    name = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=2000)
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    writer = models.CharField(max_length=64, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    written_at = models.DateTimeField()

    objects = models.Manager.from_queryset(CommentQuerySet)()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["chapter", "digest"], name="comment_once_a_chapter"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="comment_state_known"),
        )
        indexes = (
            models.Index(
                fields=["chapter", "id"],
                condition=Q(state=State.APPROVED),
                name="comment_shown",
            ),
            models.Index(
                fields=["written_at"], condition=Q(state=State.REFUSED), name="comment_refused"
            ),
            models.Index(fields=["writer", "written_at"], name="comment_of_writer"),
        )

    def __str__(self) -> str:
        return f"Comment {self.pk} under {self.chapter}"
