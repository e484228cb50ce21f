"""The address of an original room, by which anybody opens it unless people sign in to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from feed import rooms, visits
from feed.cards import clock
from feed.models import Person, Photo, Room
from feed.views.common import see_other
from socialsite.pages import HtmxHttpRequest, render_page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def room(request: HtmxHttpRequest, key: str) -> HttpResponse:
    """What is in a room; a press opens it, and whoever has a copy of it goes on in that."""
    room = get_object_or_404(Room, key=key, original=None)
    account = visits.account_of(request)
    opens = account is None and rooms.is_open(room)
    if request.method == "POST" and opens:
        rooms.move(request, room, afresh="afresh" in request.POST)
        return see_other(reverse("feed:timeline"))
    present = Person.objects.filter(room=room, left_at=None)
    context: dict[str, object] = {
        "room": room,
        "account": account,
        "opens": opens,
        "used": opens or present.exists(),
    }
    if opens:
        people, since = present.count(), rooms.copied(request, room.key)
        photos = Photo.objects.filter(room=room, removed_at=None, poster__left_at=None).count()
        context |= {
            "people": f"{people:,} {'person' if people == 1 else 'people'}",
            "photos": f"{photos:,} photo{'' if photos == 1 else 's'}",
            "too_large": rooms.is_too_large(room),
            "as_of": clock(since, timezone.now()) if since else "",
        }
    return render_page(request, "feed/room.html", context)
