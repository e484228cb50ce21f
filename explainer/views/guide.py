"""The guide: its contents, and a chapter with its demos."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from explainer.addresses import AddressError
from explainer.chapters import Chapter, Demonstration, Place, chapters
from explainer.comments import number_under
from explainer.trying import Tried, query_of, try_out, wanted
from feed.disclosure.platforms import Platform
from feed.modes import platforms
from feed.rules import RuleCard, rule_card
from socialsite.pages import HtmxHttpRequest, public, render_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A rule that a place's words rest on."""

    platform: Platform
    rule: RuleCard

    @property
    def rules(self) -> tuple[RuleCard]:
        return (self.rule,)


@require_safe
@conditional_page
def guide(request: HtmxHttpRequest) -> HttpResponse:
    context = {"chapters": chapters().values()}
    return public(render_page(request, "explainer/guide.html", context))


@require_safe
@conditional_page
def chapter(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    found = chapters().get(slug)
    if found is None:
        raise Http404
    path = reverse("explainer:chapter", args=[slug])
    shown = _demos(found)
    query = query_of(request, shown)
    try:
        tried = {name: try_out(name, demo, query, path) for name, demo in shown.items()}
    except AddressError as error:
        bad = {"problem": str(error), "usual": path, "start": "Open the chapter as it starts"}
        return render_page(request, "explainer/bad_address.html", bad, status=400)
    if alone := wanted(request, shown):
        response = render_page(request, "explainer/_demo.html", {"tried": tried[alone]})
        response.headers["HX-Push-Url"] = f"{path}?{query.urlencode()}"
        patch_cache_control(response, no_store=True)
        return response
    return public(page_of(request, found, tried))


def page_of(request: HtmxHttpRequest, chapter: Chapter, tried: dict[str, Tried]) -> HttpResponse:
    """The whole chapter with these demos beside its places."""
    order = [*chapters().values()]
    number = order.index(chapter)
    context = {
        "chapter": chapter,
        "places": [(place, tried.get(place.slug), _evidence(place)) for place in chapter.places],
        "before": order[number - 1] if number else None,
        "after": order[number + 1] if number + 1 < len(order) else None,
        "comments": number_under(chapter.slug),
    }
    return render_page(request, "explainer/chapter.html", context)


def _demos(chapter: Chapter) -> dict[str, Demonstration]:
    return {place.slug: place.front.demo for place in chapter.places if place.front.demo}


def _evidence(place: Place) -> list[Evidence]:
    named = [entry.split(":") for entry in place.front.evidence]
    return [
        Evidence(platform=platforms()[slug], rule=rule_card(platforms()[slug], key))
        for slug, key in named
    ]
