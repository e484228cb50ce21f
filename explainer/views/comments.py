"""What readers write under a chapter: a page of its own, so that the chapter needs no cookie."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from explainer.chapters import chapters
from explainer.comments import RefusedError, comments_under, delete, new_key, write
from explainer.forms import CommentForm
from explainer.models import Comment
from feed.forms import whole
from feed.views.common import see_other
from socialsite.pages import render_page

WRITER = "writer"
"""The cookie that holds a writer's key."""

KEPT = 365 * 24 * 3600
"""Seconds for which a browser keeps it, from the latest comment."""

UNDER = "/guide/"
"""No other page is sent it."""

SALT = "explainer.comments.cookie"

HELD = "Thank you. Somebody reads it before others see it."
DELETED = "Your comment is deleted. Nothing of it is kept."
NOT_YOURS = "That comment is no longer here, or it was written in another browser."


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def comments(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in chapters():
        raise Http404
    now = timezone.now()
    form = CommentForm(request.POST if request.method == "POST" else None, now=now)
    if form.is_valid():
        key = writer_key(request) or new_key(request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""))
        if written := _written(request, slug, form, key=key, now=now):
            messages.success(request, HELD, extra_tags=str(written.pk))
            return _remember(see_other(reverse("explainer:comments", args=[slug])), key)
    if form.errors:
        form.point_at_errors()
    context = {
        "title": chapters()[slug].title,
        "chapter": slug,
        "comments": comments_under(
            slug, key=writer_key(request), after=whole(request.GET, "after")
        ),
        "form": form,
        "post": reverse("explainer:comments", args=[slug]),
    }
    return render_page(request, "explainer/comments.html", context, partial="part")


@require_POST
@never_cache
def uncomment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    if delete(chapter=slug, number=number, key=writer_key(request)):
        messages.success(request, DELETED)
    else:
        messages.warning(request, NOT_YOURS)
    return see_other(reverse("explainer:comments", args=[slug]))


def writer_key(request: HttpRequest) -> str | None:
    """The key that this browser holds, if it ever wrote a comment."""
    key: str | None = request.get_signed_cookie(WRITER, default=None, salt=SALT)
    return key


def _written(
    request: HttpRequest, slug: str, form: CommentForm, *, key: str, now: datetime
) -> Comment | None:
    """The new comment, or a reason in the form."""
    try:
        return write(
            chapter=slug,
            name=form.cleaned_data["name"],
            text=form.cleaned_data["text"],
            key=key,
            address=_address(request),
            now=now,
        )
    except RefusedError as refusal:
        form.add_error(None, str(refusal))
        return None


def _address(request: HttpRequest) -> str:
    """Where the request came from; the proxy in front, if there is one, adds it at the end."""
    passed_on = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return passed_on.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def _remember(response: HttpResponse, key: str) -> HttpResponse:
    response.set_signed_cookie(
        WRITER,
        key,
        salt=SALT,
        max_age=KEPT,
        path=UNDER,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
