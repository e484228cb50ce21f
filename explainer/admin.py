from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator

from explainer.chapters import chapters
from explainer.models import Comment, State
from feed.admin import Admin


class ChapterFilter(admin.SimpleListFilter):
    """By the guide's own list, which asks nothing of the database."""

    title = "chapter"
    parameter_name = "chapter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(slug, chapter.title) for slug, chapter in chapters().items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        return queryset.filter(chapter=self.value()) if self.value() else queryset


@admin.register(Comment)
class CommentAdmin(Admin):
    """What a reader wrote is not for others to change: it is shown, not shown, or deleted."""

    list_display = ("said", "by", "chapter", "state", "written_at")
    list_filter = ("state", ChapterFilter)
    search_fields = ("text", "name")
    ordering = ("-pk",)
    actions = ("approve", "refuse")
    readonly_fields = ("chapter", "name", "text", "written_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="comment")
    def said(self, comment: Comment) -> str:
        return Truncator(comment.text).chars(120)

    @admin.display(description="by", ordering="name")
    def by(self, comment: Comment) -> str:
        return comment.name or "A reader"

    @admin.action(permissions=["change"], description="Approve: everybody sees them")
    def approve(self, request: HttpRequest, chosen: QuerySet[Comment]) -> None:
        self._decide(request, chosen, State.APPROVED, "Approved")

    @admin.action(permissions=["change"], description="Refuse: only their writers see them")
    def refuse(self, request: HttpRequest, chosen: QuerySet[Comment]) -> None:
        self._decide(request, chosen, State.REFUSED, "Refused")

    def _decide(
        self, request: HttpRequest, chosen: QuerySet[Comment], state: State, done: str
    ) -> None:
        """Changes those that are not in that state yet, and logs each of them."""
        assert request.user.pk is not None
        with transaction.atomic():
            others = Comment.objects.select_for_update().exclude(state=state)
            changed = list(others.filter(pk__in=chosen.values("pk")))
            Comment.objects.filter(pk__in=[comment.pk for comment in changed]).update(state=state)
            LogEntry.objects.log_actions(request.user.pk, changed, CHANGE, f"{done}.")
        self.message_user(request, f"{done}: {len(changed)}.", messages.SUCCESS)
