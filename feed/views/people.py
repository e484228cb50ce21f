"""What you do to other people, and how you leave."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from feed import accounts, actions, queries, visits
from feed.models import Person
from feed.views.common import around_person, outdated, page_of_the_room, see_other
from feed.visits import Visit
from socialsite.pages import HtmxHttpRequest, render_page

Act = Callable[[Visit, Person], object]

NOT_FOR_OTHERS = (
    "Others are {name} as well in this room, so {name} stays. You can leave as yourself."
)


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
    if visit.account and visit.account != visit.you:
        messages.warning(request, NOT_FOR_OTHERS.format(name=visit.you.name))
    elif present == 1:
        messages.warning(request, "You are the last one here. Somebody has to stay.")
    elif not outdated(request, visit) and "you" in request.POST:
        actions.leave(person=visit.you, at=visit.at)
        _after_leaving(request, visit)
    return see_other(reverse("feed:timeline"))


def _after_leaving(request: HtmxHttpRequest, visit: Visit) -> None:
    """Whoever had an account has none any more, and is back in the demo."""
    if visit.account:
        accounts.remove(Person.objects.filter(pk=visit.you.pk))
        accounts.sign_out(request)
        messages.info(request, f"You have left {visit.room}, and your account is gone.")
    else:
        request.session.pop(visits.YOU, None)
        messages.info(request, f"{visit.you.name} has left. You are somebody else now.")


def do(request: HtmxHttpRequest, handle: str, act: Act) -> HttpResponse:
    visit = visits.to_write(request)
    if outdated(request, visit):
        return see_other(visit.here)
    act(visit, queries.person(visit.room, visit.you, handle))
    return see_other(visit.here)
