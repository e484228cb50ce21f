"""Posting a photo, changing what is said about it, and taking it away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from feed import actions, albums, pictures, queries, visits
from feed.cards import address
from feed.forms import Post, Words
from feed.models import Photo
from feed.views.common import around, outdated, page_of_the_room, see_other
from feed.visits import Visit
from socialsite.pages import HtmxHttpRequest, render_page

MOST = 30
"""How many photos a visitor may post into their copy of a room, and everybody into a shared one."""

TWICE = timedelta(seconds=20)
"""The same words again within this time are a second press on the same button."""

FULL = f"You have posted {MOST} photos, which is as many as fit in here. Remove one first."


@csp_update({"img-src": [SELF, "blob:"]})  # type: ignore[arg-type] # a look before it is sent
@require_http_methods(["GET", "HEAD", "POST"])
@page_of_the_room
def post(request: HtmxHttpRequest) -> HttpResponse:
    if request.method != "POST":
        visit = visits.to_read(request)
        return render_page(request, "feed/post.html", {**around(visit), "form": Post()})
    visit = visits.to_write(request)
    if outdated(request, visit):
        return _on_to(request, reverse("feed:post"))
    form = Post(request.POST, request.FILES)
    if form.is_valid() and (photo := _posted(visit, form)):
        messages.success(request, f"“{photo.title}” is posted. Nothing but the picture was kept.")
        return _on_to(request, address(photo.number))
    context = {**around(visits.to_read(request)), "form": form}
    return render_page(request, "feed/post.html", context, partial="form")


def _posted(visit: Visit, form: Post) -> Photo | None:
    """The new photo, or a reason in the form."""
    words = {name: form.cleaned_data[name] for name in Words.base_fields}
    picture: pictures.Picture = form.cleaned_data["picture"]
    theirs = Photo.objects.filter(room=visit.room, poster=visit.you, removed_at=None)
    if twice := theirs.filter(**words, posted_at__gt=visit.at - TWICE).first():
        return twice
    room = Photo.objects.filter(room=visit.room, removed_at=None)
    counted = room if visit.room.private else theirs
    if counted.exclude(widths="").exclude(image__regex=albums.INSIDE).count() >= MOST:
        form.add_error(None, FULL)
        return None
    try:
        image, widths = pictures.store(picture, visit.room.key)
    except pictures.PictureError as error:
        form.add_error("picture", str(error))
        return None
    try:
        return actions.post(
            poster=visit.you,
            image=image,
            widths=widths,
            width=picture.width,
            height=picture.height,
            colour=picture.colour,
            at=visit.at,
            **words,
        )
    except BaseException:
        pictures.delete(image, widths)
        raise


@require_http_methods(["GET", "HEAD", "POST"])
@page_of_the_room
def edit(request: HtmxHttpRequest, number: int) -> HttpResponse:
    if request.method != "POST":
        visit = visits.to_read(request)
        photo = _mine(visit, number)
        form = Words({name: getattr(photo, name) for name in Words.base_fields})
        return render_page(request, "feed/edit.html", _about(visit, photo, form))
    visit = visits.to_write(request)
    if outdated(request, visit):
        return _on_to(request, address(number))
    photo = _mine(visit, number)
    form = Words(request.POST)
    if not form.is_valid():
        context = _about(visits.to_read(request), photo, form)
        return render_page(request, "feed/edit.html", context, partial="form")
    actions.edit(photo=photo, person=visit.you, **form.cleaned_data)
    return _on_to(request, address(number))


@require_http_methods(["GET", "HEAD", "POST"])
@page_of_the_room
def remove(request: HtmxHttpRequest, number: int) -> HttpResponse:
    """Asks first."""
    if request.method != "POST":
        visit = visits.to_read(request)
        return render_page(request, "feed/remove.html", _about(visit, _mine(visit, number)))
    visit = visits.to_write(request)
    if outdated(request, visit):
        return _on_to(request, address(number))
    photo = _mine(visit, number)
    actions.remove(photo=photo, person=visit.you, at=visit.at)
    if photo.image.startswith(f"{visit.room.key}/"):
        pictures.delete(photo.image, photo.widths)
    messages.success(request, f"“{photo.title}” is gone, and so is what was said about it.")
    return _on_to(request, reverse("feed:person", args=[visit.you.handle]))


def _mine(visit: Visit, number: int) -> Photo:
    """One of your own photos. Raises Photo.DoesNotExist for another's as for none."""
    return queries.photos(visit.room, visit.you).get(number=number, poster=visit.you)


def _about(visit: Visit, photo: Photo, form: Words | None = None) -> dict[str, Any]:
    return {**around(visit), "photo": photo, "form": form}


def _on_to(request: HtmxHttpRequest, where: str) -> HttpResponse:
    return HttpResponseClientRedirect(where) if request.htmx else see_other(where)
