"""What people ask, each on a page of its own, and what people claim."""

from __future__ import annotations

from difflib import get_close_matches

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from explainer import myths as claims
from explainer.addresses import AddressError, picked
from explainer.answers import answered, shared
from explainer.chapters import Demonstration
from explainer.situations import ALL, GROUPS
from explainer.trying import Tried, try_out, wanted
from feed.disclosure.platforms import Platform
from feed.modes import platforms, switch
from socialsite.pages import HtmxHttpRequest, public, render_page

DEMO = "demo"
"""The name of the demo on its page."""


@require_safe
@conditional_page
def situations(request: HttpRequest) -> HttpResponse:
    try:
        platform = picked(request.GET, platforms())
    except AddressError as error:
        return _bad(request, str(error), reverse("explainer:situations"), "Open the list")
    context = {
        "platform": platform,
        "groups": [
            (
                title,
                [
                    (each, f"{each.address}?on={platform.slug}", answered(each.slug, platform.slug))
                    for each in ALL.values()
                    if each.group == group
                ],
            )
            for group, title in GROUPS.items()
        ],
        "number": len(ALL),
        **_switch(platform),
    }
    return public(render_page(request, "explainer/situations.html", context))


@require_safe
@conditional_page
def situation(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    found, path = ALL.get(slug), reverse("explainer:situation", args=[slug])
    if found is None:
        return _missing(request, slug, [*ALL], "situation")
    try:
        platform = picked(request.GET, platforms(), found.on)
        tried = _tried(request, found.demonstration(platform.slug), platform, path)
    except AddressError as error:
        return _bad(request, str(error), path, "Open the question as it starts")
    if wanted(request, [DEMO]):
        return _alone(request, tried, path)
    groups = shared(slug)
    context = {
        "situation": found,
        "group": GROUPS[found.group],
        "platform": platform,
        "answered": answered(slug, platform.slug),
        "tried": tried,
        "shared": groups,
        "here": next(group for group in groups if group.holds(platform)),
        "marked": any(there.partly for group in groups for there in group.everywhere),
        "number": sum(each.today for each in platforms().values()),
        "near": [ALL[name] for name in found.near],
        **_switch(platform),
    }
    return public(render_page(request, "explainer/situation.html", context))


@require_safe
@conditional_page
def myths(request: HttpRequest) -> HttpResponse:
    context = {"judged": [claims.judged(slug) for slug in claims.MYTHS]}
    return public(render_page(request, "explainer/myths.html", context))


@require_safe
@conditional_page
def myth(request: HtmxHttpRequest, slug: str) -> HttpResponse:
    found, path = claims.MYTHS.get(slug), reverse("explainer:myth", args=[slug])
    if found is None:
        return _missing(request, slug, [*claims.MYTHS], "myth")
    judged = claims.judged(slug)
    try:
        platform = picked(request.GET, platforms(), judged.shown.slug)
        tried = _tried(request, found.demonstration(platform.slug), platform, path)
    except AddressError as error:
        return _bad(request, str(error), path, "Open the claim as it starts")
    if wanted(request, [DEMO]):
        return _alone(request, tried, path)
    context = {
        "judged": judged,
        "myth": found,
        "platform": platform,
        "rules": claims.rules_of(found, platform),
        "tried": tried,
        **_switch(platform),
    }
    return public(render_page(request, "explainer/myth.html", context))


def _switch(platform: Platform) -> dict[str, tuple[Platform, ...]]:
    first, more = switch(platform.slug)
    return {"first": first, "more": more}


def _tried(request: HtmxHttpRequest, demo: Demonstration, platform: Platform, path: str) -> Tried:
    """The demo of a page that is about one platform, which its address names beside it."""
    query = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name.startswith(f"{DEMO}."):
            query.setlist(name, values)
    if query:
        query[f"{DEMO}.on"] = platform.slug
    query["on"] = platform.slug
    return try_out(DEMO, demo, query, path)


def _alone(request: HtmxHttpRequest, tried: Tried, path: str) -> HttpResponse:
    """The demo without its page, which stays as it is and where it is."""
    response = render_page(request, "explainer/_demo.html", {"tried": tried})
    response.headers["HX-Push-Url"] = f"{path}?{request.GET.urlencode()}"
    return response


def _missing(request: HttpRequest, slug: str, slugs: list[str], kind: str) -> HttpResponse:
    """There is no such question or claim; the nearest is offered."""
    near = get_close_matches(slug, slugs, 1)
    page = reverse(f"explainer:{kind}", args=near) if near else reverse(f"explainer:{kind}s")
    start = "Open the nearest one" if near else "Open the list"
    what = "question" if kind == "situation" else "claim"
    problem = f"There is no {what} at this address."
    return _bad(request, problem, page, start, status=404)


def _bad(
    request: HttpRequest, problem: str, usual: str, start: str, status: int = 400
) -> HttpResponse:
    context = {"problem": problem, "usual": usual, "start": start}
    return render_page(request, "explainer/bad_address.html", context, status=status)
