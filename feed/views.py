"""The feed's pages, and the presses on them.

A press is answered with a redirect to the page that it was made on. htmx follows it as a browser
does and takes from that page the part that changed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from feed import actions, queries, visits
from feed.cards import called, cards
from feed.forms import back, place
from feed.models import Person, Photo, Room
from feed.modes import platforms
from feed.rules import rule_cards
from feed.visits import Visit
from socialsite.pages import HtmxHttpRequest, render_page

PAGE = 6
KEY_RULES = {
    "inbox.like": "Told when you like",
    "inbox.unlike": "Told when you unlike",
    "inbox.withdrawn": "Like notice withdrawn",
    "likers.audience": "Who likes it now",
    "unlikers.audience": "Who took it back",
    "count.audience": "Number of likes",
}
NOT_IN_THE_FEED = ("developer.", "network.")
ANOTHER = "You are {name} since another tab or window. Press again if you mean it."

P = ParamSpec("P")
View = Callable[Concatenate[HtmxHttpRequest, P], HttpResponse]


def page_of_the_room(view: View[P]) -> View[P]:
    """A page that may hold nothing, or not be there, depending on who visits: never kept."""

    @never_cache
    @wraps(view)
    def wrapped(request: HtmxHttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Room.DoesNotExist:
            return render_page(request, "feed/no_room.html", {}, status=503)
        except (Photo.DoesNotExist, Person.DoesNotExist) as error:
            missing = "photo" if isinstance(error, Photo.DoesNotExist) else "person"
            return render_page(request, "feed/missing.html", {"missing": missing}, status=404)

    return wrapped


@require_safe
@page_of_the_room
def timeline(request: HtmxHttpRequest) -> HttpResponse:
    visit = visits.to_read(request)
    before, turned = place(request.GET)
    photos = list(queries.timeline(visit.room, visit.you, before=before)[: PAGE + 1])
    shown = photos[:PAGE]
    followed = {photo.poster_id for photo in shown}  # or else it would not be there
    drawn = cards(visit, shown, followed=followed, turned=turned)
    older = shown[-1].number if len(photos) > PAGE else None
    context = {**around(visit), "cards": drawn, "before": before, "older": older}
    return render_page(request, "feed/timeline.html", context, partial="feed")


@require_safe
@page_of_the_room
def photo(request: HtmxHttpRequest, number: int) -> HttpResponse:
    visit = visits.to_read(request)
    photo = queries.photos(visit.room).get(number=number)
    followed = visit.you.followed.filter(pk=photo.poster_id).values_list("pk", flat=True)
    (card,) = cards(visit, [photo], followed=followed, turned=number)
    context = {**around(visit), "card": card}
    return render_page(request, "feed/photo.html", context, partial="feed")


@require_safe
@page_of_the_room
def person(request: HtmxHttpRequest, handle: str) -> HttpResponse:
    visit = visits.to_read(request)
    person = {each.handle: each for each in visit.present}.get(handle)
    if person is None:
        raise Person.DoesNotExist
    photos = list(queries.photos(visit.room).filter(poster=person))
    context = {**around(visit), "person": person, "called": called(person), "photos": photos}
    return render_page(request, "feed/person.html", context, partial="feed")


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


@require_POST
@page_of_the_room
def eyes(request: HtmxHttpRequest) -> HttpResponse:
    """You are somebody else from here on. The whole page is loaded anew: all of it may change."""
    visit = visits.to_read(request)
    handle = request.POST.get("person")
    if handle in {person.handle for person in visit.present}:
        request.session[visits.YOU] = handle
    else:
        messages.warning(request, "Nobody of that name is in the room. Pick somebody who is.")
    return HttpResponseClientRefresh() if request.htmx else see_other(back(request))


@require_POST
@page_of_the_room
def mode(request: HtmxHttpRequest) -> HttpResponse:
    slug = request.POST.get("platform")
    if slug in platforms():
        request.session[visits.MODE] = slug
    else:
        messages.warning(request, "There is no such platform. Pick one of those shown.")
    return see_other(back(request))


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
    photo = queries.photos(visit.room).get(number=number)
    try:
        act(photo=photo, person=photo.poster if by_poster else visit.you, at=visit.at)
    except actions.RefusedError as refusal:
        messages.warning(request, str(refusal))
    return see_other(f"{back(request)}#photo-{number}")


def see_other(address: str) -> HttpResponse:
    """To another page, by GET whatever came before."""
    response = redirect(address)
    response.status_code = 303
    return response


def around(visit: Visit) -> dict[str, Any]:
    """What every page of the feed has around it."""
    keys = [key for key in visit.platform.rules if not key.startswith(NOT_IN_THE_FEED)]
    return {
        "you": visit.you,
        "your": called(visit.you),
        "people": visit.present,
        "platform": visit.platform,
        "platforms": platforms().values(),
        "key_rules": zip(KEY_RULES.values(), rule_cards(visit.platform, KEY_RULES), strict=True),
        "rules": rule_cards(visit.platform, keys),
    }
