"""The timeline, a photo and a person."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from feed import queries, visits
from feed.cards import called, cards
from feed.forms import place
from feed.models import Person
from feed.views.common import around, page_of_the_room
from socialsite.pages import HtmxHttpRequest, render_page

PAGE = 6


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
    photo = queries.photos(visit.room, visit.you).get(number=number)
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
    photos = list(queries.photos(visit.room, visit.you).filter(poster=person))
    context = {**around(visit), "person": person, "called": called(person), "photos": photos}
    return render_page(request, "feed/person.html", context, partial="feed")
