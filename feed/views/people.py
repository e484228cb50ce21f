"""What you do to other people, and how you leave."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from feed import actions, queries, visits
from feed.models import Person
from feed.views.common import around_person, outdated, page_of_the_room, see_other
from feed.visits import Visit
from socialsite.pages import HtmxHttpRequest, render_page

Act = Callable[[Visit, Person], object]


@require_POST
@page_of_the_room
def follow(request: HtmxHttpRequest, handle: str) -> HttpResponse:
    return do(request, handle, lambda v, p: actions.follow(follower=v.you, followed=p, at=v.at))


@require_POST
@page_of_the_room
def unfollow(request: HtmxHttpRequest, handle: str) -> HttpResponse:
    return do(request, handle, lambda v, p: actions.unfollow(follower=v.you, followed=p))


@require_POST
@page_of_the_room
def block(request: HtmxHttpRequest, handle: str) -> HttpResponse:
    return do(request, handle, lambda v, p: actions.block(blocker=v.you, blocked=p))


@require_POST
@page_of_the_room
def unblock(request: HtmxHttpRequest, handle: str) -> HttpResponse:
    return do(request, handle, lambda v, p: actions.unblock(blocker=v.you, blocked=p))


@require_http_methods(["GET", "HEAD", "POST"])
@page_of_the_room
def leave(request: HtmxHttpRequest) -> HttpResponse:
    """You delete the account that you are, once you have read what goes with it."""
    if request.method != "POST":
        visit = visits.to_read(request)
        if request.GET.get("as", visit.you.handle) != visit.you.handle:
            messages.info(request, f"You are {visit.you.name} now.")  # after Back, say
            return see_other(reverse("feed:timeline"))
        context = around_person(visit, visit.you)
        return render_page(request, "feed/leave.html", context, partial="feed")
    visit = visits.to_write(request)
    present = Person.objects.filter(room=visit.room, left_at__isnull=True).count()
    if present == 1:
        messages.warning(request, "You are the last one here. Somebody has to stay.")
    elif not outdated(request, visit) and "you" in request.POST:
        actions.leave(person=visit.you, at=visit.at)
        request.session.pop(visits.YOU, None)
        messages.info(request, f"{visit.you.name} has left. You are somebody else now.")
    return see_other(reverse("feed:timeline"))


def do(request: HtmxHttpRequest, handle: str, act: Act) -> HttpResponse:
    visit = visits.to_write(request)
    if outdated(request, visit):
        return see_other(visit.here)
    act(visit, queries.person(visit.room, visit.you, handle))
    return see_other(visit.here)
