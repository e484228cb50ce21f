"""Presses on a photo.

A press is answered with a redirect to the page that it was made on. htmx follows it as a browser
does and takes from that page the part that changed. A press on the front of a card changes its
foot alone, so htmx is sent that at once.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from feed import actions, queries, visits
from feed.cards import front
from feed.forms import whole
from feed.models import Comment, Photo
from feed.views.common import outdated, page_of_the_room, see_other
from feed.visits import Visit
from socialsite.pages import HtmxHttpRequest

Act = Callable[[Visit, Photo], object]

OWN_LOOKS = "{name} has an account here, so nobody else can look as {name}."


@require_POST
@page_of_the_room
def like(request: HtmxHttpRequest, number: int) -> HttpResponse:
    return press(request, number, lambda v, p: actions.like(photo=p, person=v.you, at=v.at))


@require_POST
@page_of_the_room
def unlike(request: HtmxHttpRequest, number: int) -> HttpResponse:
    return press(request, number, lambda v, p: actions.unlike(photo=p, person=v.you, at=v.at))


@require_POST
@page_of_the_room
def share(request: HtmxHttpRequest, number: int) -> HttpResponse:
    def act(visit: Visit, photo: Photo) -> None:
        actions.share(photo=photo, person=visit.you, at=visit.at)
        photo.shared = True  # type: ignore[attr-defined]

    return press(request, number, act)


@require_POST
@page_of_the_room
def unshare(request: HtmxHttpRequest, number: int) -> HttpResponse:
    def act(visit: Visit, photo: Photo) -> None:
        actions.unshare(photo=photo, person=visit.you, at=visit.at)
        photo.shared = False  # type: ignore[attr-defined]

    return press(request, number, act)


@require_POST
@page_of_the_room
def look(request: HtmxHttpRequest, number: int) -> HttpResponse:
    """The photo's poster opens the app, whoever you are; one with an account does so alone."""

    def act(visit: Visit, photo: Photo) -> None:
        if photo.poster.user_id not in (None, visit.user):
            raise actions.RefusedError(OWN_LOOKS.format(name=photo.poster.name))
        actions.look(photo=photo, person=photo.poster, at=visit.at)

    return press(request, number, act)


@require_POST
@page_of_the_room
def comment(request: HtmxHttpRequest, number: int) -> HttpResponse:
    text = request.POST.get("text", "")
    return press(
        request,
        number,
        lambda v, p: actions.comment(photo=p, person=v.you, text=text, at=v.at),
        part="comments",
    )


@require_POST
@page_of_the_room
def uncomment(request: HtmxHttpRequest, number: int) -> HttpResponse:
    """Deletes one of your own comments; one that is not there is gone already."""

    def act(visit: Visit, photo: Photo) -> None:
        mine = Comment.objects.filter(photo=photo, person=visit.you)
        if found := mine.filter(pk=whole(request.POST, "comment") or 0).first():
            actions.uncomment(comment=found, at=visit.at)

    return press(request, number, act, part="comments")


@require_POST
@page_of_the_room
def view(request: HtmxHttpRequest, number: int) -> HttpResponse:
    """You have had the photo before you for so many seconds. The demo does not keep it."""
    visit = visits.to_read(request)
    seconds = whole(request.POST, "seconds")
    if visit.kept and seconds and request.POST.get("you") == visit.you.handle:
        photo = queries.photos(visit.room, visit.you).get(number=number)
        actions.view(photo=photo, person=visit.you, seconds=seconds, at=visit.at)
    return HttpResponse(status=204)


def press(
    request: HtmxHttpRequest, number: int, act: Act, *, part: str | None = None
) -> HttpResponse:
    """Does what was pressed on a photo, unless the page on which it was pressed is outdated.

    ``part`` is the id of the element at which the page is shown again, else the card's.
    """
    visit, photo = visits.to_press(request, number)
    if outdated(request, visit):
        return HttpResponseClientRefresh() if request.htmx else see_other(visit.here)
    only_foot = request.htmx and request.htmx.target == f"foot-{number}"
    try:
        act(visit, photo)
    except actions.RefusedError as refusal:
        messages.warning(request, str(refusal))
        if only_foot:
            return HttpResponseClientRefresh()
    if only_foot:
        return foot(request, visit, photo)
    return see_other(f"{visit.here}#{part or f'photo-{number}'}")


def foot(request: HtmxHttpRequest, visit: Visit, photo: Photo) -> HttpResponse:
    """What a press on the front of a card changes."""
    card = front(visit, photo, queries.summary(photo, visit.you))
    context = {"card": card, "you": visit.you, "platform": visit.platform, "here": visit.here}
    return render(request, "feed/_foot.html", context)
