"""Presses on a photo.

A press is answered with a redirect to the page that it was made on. htmx follows it as a browser
does and takes from that page the part that changed.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from feed import actions, queries, visits
from feed.forms import back
from feed.views.common import page_of_the_room, see_other
from socialsite.pages import HtmxHttpRequest

ANOTHER = "You are {name} since another tab or window. Press again if you mean it."


@require_POST
@page_of_the_room
def like(request: HtmxHttpRequest, number: int) -> HttpResponse:
    return press(request, number, actions.like)


@require_POST
@page_of_the_room
def unlike(request: HtmxHttpRequest, number: int) -> HttpResponse:
    return press(request, number, actions.unlike)


@require_POST
@page_of_the_room
def look(request: HtmxHttpRequest, number: int) -> HttpResponse:
    """The photo's poster opens the app, whoever you are."""
    return press(request, number, actions.look, by_poster=True)


def press(
    request: HtmxHttpRequest,
    number: int,
    act: Callable[..., actions.Done],
    *,
    by_poster: bool = False,
) -> HttpResponse:
    """Does what was pressed on a photo, unless the page on which it was pressed is outdated."""
    visit = visits.to_write(request)
    if request.POST.get("you", visit.you.handle) != visit.you.handle:
        messages.warning(request, ANOTHER.format(name=visit.you.name))
        return HttpResponseClientRefresh() if request.htmx else see_other(back(request))
    photo = queries.photos(visit.room, visit.you).get(number=number)
    try:
        act(photo=photo, person=photo.poster if by_poster else visit.you, at=visit.at)
    except actions.RefusedError as refusal:
        messages.warning(request, str(refusal))
    return see_other(f"{back(request)}#photo-{number}")
