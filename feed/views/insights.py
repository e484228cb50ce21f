"""The poster's figures, for one photo and for all of them, and the standing of the account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from feed import queries, visits
from feed.cards import called
from feed.disclosure.figures import figures
from feed.disclosure.platforms import Audience, Seat
from feed.forms import whole
from feed.insights import Span, of_account, of_photo, record, totals
from feed.models import Photo
from feed.panels import judged, panels, titles
from feed.rules import rule_card, rule_cards
from feed.views.common import KEY_RULES, around, page_of_the_room
from feed.visits import Visit
from socialsite.pages import HtmxHttpRequest, render_page

RANGES = {"7": "7 days", "28": "28 days", "all": "Since the beginning"}
USUAL = "28"
LISTED = 20
COLUMNS = ("likes", "comments", "views")


@require_safe
@page_of_the_room
def insights(request: HtmxHttpRequest) -> HttpResponse:
    """Your photos together and one by one, and what a platform would make of the account."""
    visit = visits.to_read(request)
    yours = queries.photos(visit.room, visit.you).filter(poster=visit.you)
    posted = yours.order_by().aggregate(number=Count("pk"), first=Min("posted_at"))
    if not posted["number"]:
        return render_page(request, "feed/insights.html", around(visit), partial="feed")
    drawn = _drawn(request, visit, of_account(visit.you), posted["first"])
    before = whole(request.GET, "before")
    page = queries.photos(visit.room, visit.you, before=before).filter(poster=visit.you)
    listed = list(page[: LISTED + 1])
    context = {
        **around(visit),
        **drawn,
        "posted": posted["number"],
        "standing": judged(drawn["record"], visit.platform),
        "columns": [titles(visit.platform.words)[name] for name in COLUMNS],
        "listed": _listed(visit, listed[:LISTED]),
        "before": before,
        "older": listed[LISTED - 1].number if len(listed) > LISTED else None,
    }
    context["rules"] = [*context["rules"], *context["standing"].rules]
    return render_page(request, "feed/insights.html", context, partial="feed")


@require_safe
@page_of_the_room
def photo_insights(request: HtmxHttpRequest, number: int) -> HttpResponse:
    """The figures of one photo of yours; of another's, who gets them."""
    visit = visits.to_read(request)
    photo = queries.photos(visit.room, visit.you).get(number=number)
    context = {
        **around(visit),
        "photo": photo,
        "poster": called(photo.poster),
        "audience": rule_card(visit.platform, "insights.audience"),
        "nobody": visit.platform.insights.audience.holds is Audience.NOBODY,
    }
    if photo.poster_id == visit.you.pk:
        context |= _drawn(request, visit, of_photo(photo), photo.posted_at)
    return render_page(request, "feed/photo_insights.html", context, partial="feed")


def _drawn(
    request: HtmxHttpRequest, visit: Visit, photos: Q, posted_at: datetime
) -> dict[str, Any]:
    """The figures of some photos in the range of the address."""
    days = request.GET.get("days", USUAL)
    days = days if days in RANGES else USUAL
    span = Span.of(
        int(days) if days.isdecimal() else None,
        born=timezone.localdate(posted_at),
        today=timezone.localdate(visit.at),
    )
    found = record(photos, span)
    drawn = panels(found, visit.platform)
    given = [panel for panel in drawn if panel.number is not None]
    return {
        "days": days,
        "ranges": RANGES.items(),
        "usual": USUAL,
        "record": found,
        "panels": drawn,
        "quiet": given != [] and all(panel.quiet for panel in given),
        "rules": rule_cards(visit.platform, [*KEY_RULES, *(panel.rule.key for panel in drawn)]),
    }


def _listed(visit: Visit, photos: Sequence[Photo]) -> list[tuple[Photo, list[int | None]]]:
    """Each photo with its figures of all time, as far as they are given."""
    found = figures(totals(photos), visit.platform, Seat.POSTER)
    numbers = [found[name].numbers for name in COLUMNS]
    return [
        (photo, [None if each is None else each[place] for each in numbers])
        for place, photo in enumerate(photos)
    ]
