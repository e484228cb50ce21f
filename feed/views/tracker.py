"""An app that claims to know who unliked you, beside the truth."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from feed import queries, visits
from feed.disclosure.tracker import BLOCK_REPORTS, PRESETS, REQUESTS_BORNE, punishes
from feed.rules import rule_card, rule_cards
from feed.tracking import ALL, EVERY, PHOTOS, POLLS, PRESSES, WAYS, settings, tracked, watchable
from feed.views.common import around, page_of_the_room
from socialsite.pages import HtmxHttpRequest, render_page

RULES = (
    "developer.tracking",
    "developer.penalty",
    "developer.likers",
    "developer.count",
    "developer.unlikes",
)
TERMS = {
    "developer.tracking": "Tracking likes by software",
    "developer.penalty": "What it can cost you",
}


@require_safe
@page_of_the_room
def tracker(request: HtmxHttpRequest) -> HttpResponse:
    """All of its state is in the address. Nothing is written, and nobody is locked out."""
    visit = visits.to_read(request)
    photos = list(watchable(queries.photos(visit.room, visit.you).filter(poster=visit.you)))
    chosen = settings(request.GET, photos)
    watched = [photo for photo in photos if chosen.on in (ALL, str(photo.number))]
    found = watched and tracked(
        watched,
        platform=visit.platform,
        preset=chosen.preset,
        every=chosen.every,
        now=visit.at,
    )
    page = around(visit)
    keys = [card.key for card in page["rules"]]
    context = {
        **page,
        "rules": rule_cards(visit.platform, (*keys, *RULES)),
        "photos": photos,
        "chosen": chosen,
        "watched": watched,
        "tracked": found or None,
        "way": WAYS[found.way.kind] if found else "",
        "way_rule": rule_card(visit.platform, found.way.rule) if found else None,
        "intervals": EVERY,
        "presets": PRESETS.values(),
        "limits": {"photos": PHOTOS, "polls": POLLS, "presses": PRESSES},
        "terms": [(label, rule_card(visit.platform, key)) for key, label in TERMS.items()],
        "penalty": rule_card(visit.platform, "developer.penalty"),
        "ends": punishes(visit.platform),
        "borne": REQUESTS_BORNE,
        "block_reports": BLOCK_REPORTS,
    }
    return render_page(request, "feed/tracker.html", context, partial="feed")
