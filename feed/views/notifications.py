"""Your inbox and your lock screen, the number of what is new, and marking all of it as read."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from feed import visits
from feed.models import Person
from feed.notifications import (
    PHOTOS,
    PRESSES,
    PUSHES,
    Phone,
    drawn,
    inbox,
    moment,
    place,
    withheld,
)
from feed.views.common import around, outdated, page_of_the_room, see_other
from socialsite.pages import HtmxHttpRequest, render_page

READ = "read"
REMEMBERED = 8
"""Of how many people the session keeps until when they have read; it is kept in a cookie."""

NEVER = "never"
"""The moment of whoever has read nothing yet, in an address."""


@require_safe
@page_of_the_room
def notifications(request: HtmxHttpRequest) -> HttpResponse:
    """``was`` in the address is until when you had read before, so that it can be taken back."""
    visit = visits.to_read(request)
    phone = Phone.ON
    if (asked := request.GET.get("phone", "")) in list(Phone):
        phone = Phone(asked)
    below = place(request.GET.get("before", ""))
    read = read_until(request, visit.you)
    found = inbox(visit, below=below, phone=phone)
    days, pushes = drawn(visit, found, read)
    was = request.GET.get("was", "")
    context = {
        **around(visit),
        "days": days,
        "new": sum(not line.quiet for day in days for line in day.lines),
        "older": found.older,
        "newest": below is None,
        "busy": found.busy,
        "withheld": withheld(visit.platform),
        "pushes": pushes,
        "more_pushes": len(found.sent) - len(pushes),
        "phone": phone,
        "until": visit.at.isoformat(),
        "was": was if was == NEVER or moment(was) else "",
        "limits": {"photos": PHOTOS, "presses": PRESSES, "pushes": PUSHES},
        "at": visit.at,
    }
    return render_page(request, "feed/notifications.html", context, partial="feed")


@require_safe
@page_of_the_room
def badge(request: HtmxHttpRequest) -> HttpResponse:
    """How many notices are new to you, or nothing at all."""
    visit = visits.to_read(request)
    found = inbox(visit, since=read_until(request, visit.you))
    return render(request, "feed/_badge.html", {"new": len(found.told), "more": found.older})


@require_POST
@page_of_the_room
def read(request: HtmxHttpRequest) -> HttpResponse:
    """What was there at one moment counts as read, or with ``undo`` as read until another.

    That is a moment of the session; nothing about a notice is stored.
    """
    visit = visits.to_read(request)
    address = reverse("feed:notifications")
    if outdated(request, visit):
        return see_other(address)
    before = read_until(request, visit.you)
    until = moment(request.POST.get("until", ""))
    _remember(request, visit.you, min(until, visit.at) if until else None)
    if "undo" in request.POST:
        return see_other(address)
    was = before.isoformat() if before else NEVER
    return see_other(f"{address}?{urlencode({'was': was})}")


def read_until(request: HttpRequest, you: Person) -> datetime | None:
    return moment(request.session.get(READ, {}).get(you.handle, ""))


def _remember(request: HttpRequest, you: Person, until: datetime | None) -> None:
    kept = request.session.get(READ, {})
    kept.pop(you.handle, None)
    if until is not None:
        kept[you.handle] = until.isoformat()
    request.session[READ] = dict(list(kept.items())[-REMEMBERED:])
