"""What all pages of the feed share: the answer when something is not there, and what is around."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRefresh

from feed import rooms
from feed.actions import RefusedError
from feed.cards import called, clock
from feed.forms import back
from feed.models import Person, Photo, Room
from feed.modes import platforms, switch
from feed.profiles import profile
from feed.rules import rule_cards
from feed.visits import Visit
from socialsite.pages import HtmxHttpRequest, render_page

KEY_RULES = {
    "inbox.like": "Told when you like",
    "inbox.unlike": "Told when you unlike",
    "inbox.withdrawn": "Like notice withdrawn",
    "likers.audience": "Who likes it now",
    "unlikers.audience": "Who took it back",
    "count.audience": "Number of likes",
}
NOT_IN_THE_FEED = ("developer.", "network.", "profile.", "figures.", "ranking.")

ANOTHER = "You are {name} since another tab or window. Press again if you mean it."

P = ParamSpec("P")
View = Callable[Concatenate[HtmxHttpRequest, P], HttpResponse]


def page_of_the_room(view: View[P]) -> View[P]:
    """A page that may hold nothing, or not be there, depending on who visits: never kept."""

    @never_cache
    @wraps(view)
    def wrapped(request: HtmxHttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        copy = request.session.get(rooms.SESSION_KEY)
        try:
            answer = view(request, *args, **kwargs)
        except Room.DoesNotExist:
            return render_page(request, "feed/no_room.html", {}, status=503)
        except RefusedError as refusal:
            messages.warning(request, str(refusal))
            return HttpResponseClientRefresh() if request.htmx else see_other(back(request))
        except (Photo.DoesNotExist, Person.DoesNotExist) as error:
            missing = "photo" if isinstance(error, Photo.DoesNotExist) else "person"
            return render_page(request, "feed/missing.html", {"missing": missing}, status=404)
        return HttpResponseClientRefresh() if _moved(request, copy) else answer

    return wrapped


def _moved(request: HtmxHttpRequest, copy: str | None) -> bool:
    """Whether a press made a copy of another room than the demo, which the page says on top."""
    pressed = request.htmx and request.method == "POST" and rooms.BASE in request.session
    return bool(pressed) and request.session.get(rooms.SESSION_KEY) != copy


def around(visit: Visit) -> dict[str, Any]:
    """What every page of the feed has around it."""
    return {
        "here": visit.here,
        "room": visit.room,
        "away": visit.away,
        "as_of": clock(visit.as_of, visit.at) if visit.as_of else "",
        "you": visit.you,
        "your": called(visit.you),
        "people": visit.present,
        "account": visit.account,
        "platform": visit.platform,
        "switch": switch(visit.platform.slug),
        **_rules(visit.platform.slug),
    }


def around_person(visit: Visit, person: Person) -> dict[str, Any]:
    """The same with what stands on top of somebody's pages."""
    near, about = around(visit), profile(visit, person)
    return {**near, **about, "rules": (*near["rules"], about["likes_rule"])}


@cache
def _rules(slug: str) -> dict[str, Any]:
    """The rules of a platform that every page shows."""
    platform = platforms()[slug]
    keys = [key for key in platform.rules if not key.startswith(NOT_IN_THE_FEED)]
    return {
        "key_rules": list(zip(KEY_RULES.values(), rule_cards(platform, KEY_RULES), strict=True)),
        "rules": rule_cards(platform, keys),
    }


def outdated(request: HttpRequest, visit: Visit) -> bool:
    """Whether the page on which something was pressed was drawn for somebody else; says so."""
    if request.POST.get("you", visit.you.handle) == visit.you.handle:
        return False
    messages.warning(request, ANOTHER.format(name=visit.you.name))
    return True


def see_other(address: str) -> HttpResponse:
    """To another page, by GET whatever came before."""
    response = redirect(address)
    response.status_code = 303
    return response
