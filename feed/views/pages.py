"""The timeline, Explore, a photo with its log, a person, and search."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from feed import queries, visits
from feed.cards import backed, cards, clock, front, named
from feed.disclosure.disclose import Viewer, summarise
from feed.disclosure.platforms import Seat
from feed.forms import searched, whole
from feed.models import Photo
from feed.ranking import ranked, reason
from feed.replay import logged, replay
from feed.views.common import around, around_person, page_of_the_room
from feed.visits import Visit
from socialsite.pages import HtmxHttpRequest, render_page

PAGE = 20
TILES = 24
COMMENTS = 30
LOGGED, PEOPLE = 100, 60
FOUND = 30

Row = TypeVar("Row", bound=Model)


@require_safe
@page_of_the_room
def timeline(request: HtmxHttpRequest) -> HttpResponse:
    """In the platform's order or, with ``?order=time``, the newest first."""
    visit = visits.to_read(request)
    by_time = request.GET.get("order") == "time"
    page = _by_time(request, visit) if by_time else _by_rank(request, visit)
    context = {**around(visit), **page, "by_time": by_time}
    return render_page(request, "feed/timeline.html", context, partial="feed")


def _by_time(request: HtmxHttpRequest, visit: Visit) -> dict[str, object]:
    before, turned = whole(request.GET, "before"), whole(request.GET, "turned")
    photos = list(queries.timeline(visit.room, visit.you, before=before)[: PAGE + 1])
    return {
        "cards": cards(visit, photos[:PAGE], turned=turned),
        "below": before is not None,
        "older": f"?order=time&before={photos[PAGE - 1].number}" if len(photos) > PAGE else "",
    }


def _by_rank(request: HtmxHttpRequest, visit: Visit) -> dict[str, object]:
    after, turned = whole(request.GET, "after") or 0, whole(request.GET, "turned")
    room, you, platform = visit.room, visit.you, visit.platform
    ranking = ranked(room, you, platform, visit.at, limit=PAGE, after=after)
    found = ranking.photos(room, you)
    places = [each for each in ranking.page if each.number in found]
    photos = [found[each.number] for each in places]
    drawn = cards(visit, photos, turned=turned)
    return {
        "cards": [
            replace(card, reason=reason(each, card.photo, you, platform))
            for card, each in zip(drawn, places, strict=True)
        ],
        "below": after > 0,
        "older": f"?after={ranking.older}" if ranking.older else "",
    }


@require_safe
@page_of_the_room
def explore(request: HtmxHttpRequest) -> HttpResponse:
    visit = visits.to_read(request)
    before = whole(request.GET, "before")
    photos = list(queries.photos(visit.room, visit.you, before=before)[: TILES + 1])
    older = photos[TILES - 1].number if len(photos) > TILES else None
    context = {
        **around(visit),
        "photos": photos[:TILES],
        "before": before,
        "older": older,
    }
    return render_page(request, "feed/explore.html", context, partial="feed")


@require_safe
@page_of_the_room
def search(request: HtmxHttpRequest) -> HttpResponse:
    visit = visits.to_read(request)
    words = searched(request.GET)
    people, photos = queries.search(visit.room, visit.you, words)
    context = {
        **around(visit),
        "words": words,
        "found": list(people[:FOUND]) if words else [],
        "photos": list(photos[:FOUND]) if words else [],
    }
    return render_page(request, "feed/search.html", context, partial="feed")


@require_safe
@page_of_the_room
def photo(request: HtmxHttpRequest, number: int) -> HttpResponse:
    """Both faces of a photo, now or, with ``?then=``, as they were after so many events."""
    visit = visits.to_read(request)
    photo = queries.photos(visit.room, visit.you).get(number=number)
    then = whole(request.GET, "then")
    about = _now(visit, photo) if then is None else _then(visit, photo, then)
    comments = queries.comments(photo, visit.you)
    if played := about["replay"]:
        comments = comments.filter(at__lte=played.at)
    shown = list(comments if "comments" in request.GET else comments.reverse()[:COMMENTS][::-1])
    context = {
        **around(visit),
        **about,
        "comments": shown,
        "earlier": comments.count() - len(shown) if len(shown) == COMMENTS else 0,
    }
    return render_page(request, "feed/photo.html", context, partial="feed")


def _now(visit: Visit, photo: Photo) -> dict[str, Any]:
    (card,) = cards(visit, [photo], turned=photo.number)
    return {"card": card, "replay": None}


def _then(visit: Visit, photo: Photo, step: int) -> dict[str, Any]:
    history = queries.history(photo)
    played = replay(
        history=history,
        platform=visit.platform,
        cast=named(visit.people),
        you=visit.you.handle,
        step=step,
        clock=lambda at: clock(at, visit.at),
    )
    summary = summarise(history, Viewer(Seat.LIKER, visit.you.handle), played.at)
    card = front(visit, photo, summary, then=played.at)
    return {"card": backed(visit, card, history, played.at), "replay": played}


@require_safe
@page_of_the_room
def log(request: HtmxHttpRequest, number: int) -> HttpResponse:
    """Everything that happened to the photo, as nobody on the platform gets to read it."""
    visit = visits.to_read(request)
    photo = queries.photos(visit.room, visit.you).get(number=number)
    skipped, events, older = _from(request, queries.log(photo), LOGGED)
    rows = logged(
        events,
        history=queries.history(photo),
        platform=visit.platform,
        cast=named(visit.people),
        clock=lambda at: clock(at, visit.at),
    )
    context = {
        **around(visit),
        "photo": photo,
        "rows": rows,
        "skipped": skipped,
        "older": older,
    }
    return render_page(request, "feed/log.html", context, partial="feed")


def _from(
    request: HttpRequest, rows: QuerySet[Row], most: int
) -> tuple[int, list[Row], int | None]:
    """How many rows the address skips, the next ones, and where it goes on, if it does."""
    skipped = whole(request.GET, "skip") or 0
    found = list(rows[skipped : skipped + most + 1])
    return skipped, found[:most], skipped + most if len(found) > most else None


@require_safe
@page_of_the_room
def person(request: HtmxHttpRequest, handle: str) -> HttpResponse:
    visit = visits.to_read(request)
    person = queries.person(visit.room, visit.you, handle)
    before = whole(request.GET, "before")
    photos = queries.photos(visit.room, visit.you, before=before).filter(poster=person)
    tiles = list(photos[: TILES + 1])
    context = {
        **around_person(visit, person),
        "photos": tiles[:TILES],
        "before": before,
        "older": tiles[TILES - 1].number if len(tiles) > TILES else None,
    }
    return render_page(request, "feed/person.html", context, partial="feed")


@require_safe
@page_of_the_room
def person_likes(request: HtmxHttpRequest, handle: str) -> HttpResponse:
    """What somebody likes now, for whom the platform shows it."""
    visit = visits.to_read(request)
    person = queries.person(visit.room, visit.you, handle)
    context = around_person(visit, person)
    shown = context["shows_likes"] and not context["blocks"]
    liked = queries.photos(visit.room, visit.you).filter(likes__person=person)
    liked = liked.order_by("-likes__since", "-likes__pk") if shown else liked.none()
    _, context["photos"], context["older"] = _from(request, liked, TILES)
    return render_page(request, "feed/person_likes.html", context, partial="feed")


@require_safe
@page_of_the_room
def followers(request: HtmxHttpRequest, handle: str) -> HttpResponse:
    return _people(request, handle, "followers")


@require_safe
@page_of_the_room
def following(request: HtmxHttpRequest, handle: str) -> HttpResponse:
    return _people(request, handle, "following")


def _people(request: HtmxHttpRequest, handle: str, which: str) -> HttpResponse:
    visit = visits.to_read(request)
    person = queries.person(visit.room, visit.you, handle)
    listed = person.followers if which == "followers" else person.followed
    people = listed.filter(left_at__isnull=True).exclude(pk__in=queries.kept_apart(visit.you))
    skipped, found, older = _from(request, people.order_by("name", "pk"), PEOPLE)
    context = {
        **around_person(visit, person),
        "which": which,
        "skipped": skipped,
        "listed": found,
        "older": older,
    }
    return render_page(request, "feed/people.html", context, partial="feed")
