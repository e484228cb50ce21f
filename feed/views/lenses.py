"""How you look at all of it: with whose eyes, and under which platform."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from feed import visits
from feed.forms import back
from feed.models import Person
from feed.modes import platforms
from feed.views.common import page_of_the_room, see_other
from socialsite.pages import HtmxHttpRequest

ANOTHERS = "{name} has an account here, so nobody else can be {name}. Pick somebody without one."


@require_POST
@page_of_the_room
def eyes(request: HtmxHttpRequest) -> HttpResponse:
    """You are somebody else from here on. The whole page is loaded anew: all of it may change."""
    visit = visits.to_read(request)
    handle = request.POST.get("person", "").replace("\0", "")
    person = Person.objects.filter(room=visit.room, handle=handle, left_at__isnull=True).first()
    if person is None:
        messages.warning(request, "Nobody of that name is in the room. Pick somebody who is.")
    elif visit.account and person.user_id not in (None, visit.user):
        messages.warning(request, ANOTHERS.format(name=person.name))
    else:
        request.session[visits.YOU] = handle
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
