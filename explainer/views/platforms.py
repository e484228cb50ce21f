"""The platforms' own pages, the versions of their rules, and both as data."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from explainer.answers import answered
from explainer.changes import ChangesFeed, corrections, shown
from explainer.demos import Demo
from explainer.evidence import (
    answers,
    channels,
    clocks,
    confidence,
    near,
    neighbour,
    seats,
    shelves,
    stale,
)
from explainer.published import COLUMNS, LICENCE, as_csv, as_json, example, schema
from explainer.scenes import scene
from explainer.situations import SITUATIONS
from feed.disclosure.versions import current_version, versions
from feed.modes import counted
from feed.modes import platforms as modes
from feed.rules import rule_cards
from socialsite.pages import public, render_page

ORIGINS = 4
"""For how many names of this site the data is kept ready."""

DATA = 24 * 3600
"""Seconds for which anybody may keep the data."""


@require_safe
@conditional_page
def platforms(request: HttpRequest) -> HttpResponse:
    context = {
        "shelves": shelves(modes(), timezone.localdate()),
        "counted": counted(modes()),
        "version": current_version(),
    }
    return public(render_page(request, "explainer/platforms.html", context))


@require_safe
@conditional_page
def platform(request: HttpRequest, slug: str) -> HttpResponse:
    found = modes().get(slug)
    if found is None:
        asked_for = {"slug": slug, "near": near(slug, modes())}
        return render_page(request, "explainer/no_platform.html", asked_for, status=404)
    usual = Demo(on=slug)
    drawn = scene(usual, modes())
    context: dict[str, object] = {
        "platform": found,
        "stale": stale(found, timezone.localdate()),
        "answers": answers({slug: found})[0],
        "confidence": confidence(found),
        "scene": drawn,
        "dialogs": rule_cards(found, [card.key for card in drawn.side.rules]),
        "usual": usual.address("/"),
        "asked": [
            (each, each.demo(slug).address(), answered(each.slug, slug)) for each in SITUATIONS
        ],
        "channels": channels(found),
        "clocks": clocks(found),
        "neighbour": neighbour(found, modes()),
        "seats": seats(found),
        "corrections": corrections(0, slug),
    }
    return public(render_page(request, "explainer/platform.html", context))


@require_safe
@conditional_page
def data(request: HttpRequest) -> HttpResponse:
    context = {
        "columns": COLUMNS,
        "licence": LICENCE,
        "version": current_version(),
        "example": example(modes(), current_version(), _origin(request)),
    }
    return public(render_page(request, "explainer/data.html", context))


@require_safe
@conditional_page
def changes(request: HttpRequest) -> HttpResponse:
    context = {"versions": [shown(version, modes()) for version in versions()[::-1]]}
    return public(render_page(request, "explainer/changes.html", context))


@require_safe
@conditional_page
def changes_feed(request: HttpRequest) -> HttpResponse:
    return public(ChangesFeed()(request))


@require_safe
@conditional_page
def platforms_json(request: HttpRequest) -> HttpResponse:
    return _open(HttpResponse(_json(_origin(request)), content_type="application/json"))


@require_safe
@conditional_page
def platforms_csv(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(_csv(_origin(request)), content_type="text/csv; charset=utf-8")
    name = f"can-they-tell-platforms-v{current_version().number}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _open(response)


@require_safe
@conditional_page
def platforms_schema(request: HttpRequest) -> HttpResponse:
    return _open(JsonResponse(schema(), content_type="application/schema+json"))


@lru_cache(maxsize=ORIGINS)
def _json(origin: str) -> str:
    return as_json(modes(), current_version(), origin)


@lru_cache(maxsize=ORIGINS)
def _csv(origin: str) -> str:
    return as_csv(modes(), origin)


def _origin(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")


def _open(response: HttpResponse) -> HttpResponse:
    """Data that anybody may keep, and that the pages of other sites may read."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return public(response, seconds=DATA)
