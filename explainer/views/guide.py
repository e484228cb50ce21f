"""The guide: its contents, and a chapter with its demos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from explainer.chapters import Chapter, Place, chapters
from explainer.controls import (
    Choice,
    Press,
    Switch,
    bets,
    outcome,
    platform_choices,
    presses,
    switches,
)
from explainer.demos import AddressError, Demo, Where
from explainer.kinds import KINDS
from explainer.scenes import Scene
from feed.disclosure.platforms import Platform
from feed.modes import platforms, switch
from feed.rules import RuleCard, rule_card
from socialsite.pages import HtmxHttpRequest, public, render_page


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A demo as it is drawn, with what can be pressed beside it."""

    place: Place
    kind: str
    spot: str
    state: Any
    drawn: Any
    presses: tuple[Press, ...] = ()
    switches: tuple[Switch, ...] = ()
    first: tuple[Choice, ...] = ()  # the platforms that are a press away
    more: tuple[Choice, ...] = ()
    undo: str = ""
    bets: tuple[Choice, ...] = ()  # what the reader can say beforehand, if nothing is said yet
    outcome: str = ""  # of what was said

    @property
    def controlled(self) -> bool:
        """Whether it is about one photo, so that the same steps and switches go with it."""
        return isinstance(self.state, Demo)

    @property
    def asks(self) -> bool:
        return bool(self.bets)

    @property
    def template(self) -> str:
        return f"explainer/demos/{self.kind}.html"


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
    query = _query(request, found)
    try:
        tried = {
            place.slug: _tried(place, query, path) for place in found.places if place.front.demo
        }
    except AddressError as error:
        bad = {"problem": str(error), "usual": path, "start": "Open the chapter as it starts"}
        return render_page(request, "explainer/bad_address.html", bad, status=400)
    wanted = _wanted(request, found)
    if wanted:
        response = render_page(request, "explainer/_demo.html", {"tried": tried[wanted]})
        response.headers["HX-Push-Url"] = f"{path}?{query.urlencode()}"
        return response
    order = [*chapters().values()]
    number = order.index(found)
    context = {
        "chapter": found,
        "places": [(place, tried.get(place.slug), _evidence(place)) for place in found.places],
        "before": order[number - 1] if number else None,
        "after": order[number + 1] if number + 1 < len(order) else None,
    }
    return public(render_page(request, "explainer/chapter.html", context))


def _with_demos(chapter: Chapter) -> list[Place]:
    return [place for place in chapter.places if place.front.demo]


def _wanted(request: HtmxHttpRequest, chapter: Chapter) -> str:
    """The place whose demo alone is asked for, if one is."""
    htmx = request.htmx
    if not htmx or htmx.history_restore_request:
        return ""
    named = {
        Where(name=place.slug).spot: place.slug for place in chapter.places if place.front.demo
    }
    return named.get(htmx.target or "", "")


def _query(request: HtmxHttpRequest, chapter: Chapter) -> QueryDict:
    """What the address says of the demos here.

    A press tells the state of its own demo; what the others have come to since their links were
    drawn is in the address of the window.
    """
    wanted = _wanted(request, chapter)
    here = tuple(f"{place.slug}." for place in _with_demos(chapter))
    own = f"{wanted}." if wanted else here
    query = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name.startswith(own):
            query.setlist(name, values)
    window = urlsplit(request.htmx.current_url or "").query if wanted else ""
    for name, values in QueryDict(window).lists():
        if name.startswith(here) and not name.startswith(own):
            query.setlist(name, values)
    return query


def _tried(place: Place, query: QueryDict, path: str) -> Tried:
    """The demo of a place: as the address says, or as the chapter starts it.

    Raises AddressError when the address says what cannot be read.
    """
    front = place.front.demo
    assert front is not None
    own, beside = QueryDict(mutable=True), []
    for name, values in query.lists():
        if name.startswith(f"{place.slug}."):
            own.setlist(name.partition(".")[2], values)
        else:
            beside += [(name, value) for value in values]
    where = Where(path, place.slug, tuple(beside))
    kind = KINDS[front.kind]
    state = kind.read(own or QueryDict(front.state), platforms(), where)
    drawn = kind.draw(state, platforms())
    return Tried(
        place=place,
        kind=front.kind,
        spot=where.spot,
        state=state,
        drawn=drawn,
        **(_controls(state, front.controls) if isinstance(state, Demo) else {}),
        **(_bet(state, drawn.scene) if front.predict else {}),
    )


def _controls(demo: Demo, names: tuple[str, ...]) -> dict[str, Any]:
    first, more = switch(demo.on) if "platform" in names else ((), ())
    return {
        "presses": presses(demo, names, demo.platform(platforms())),
        "switches": switches(demo, names),
        "first": platform_choices(demo, first),
        "more": platform_choices(demo, more),
        "undo": demo.address(did=demo.did[:-1]) if demo.did and "undo" in names else "",
    }


def _bet(demo: Demo, scene: Scene) -> dict[str, Any]:
    return {"bets": bets(demo), "outcome": outcome(demo, scene.side.exposure)}


def _evidence(place: Place) -> list[Evidence]:
    named = [entry.split(":") for entry in place.front.evidence]
    return [
        Evidence(platform=platforms()[slug], rule=rule_card(platforms()[slug], key))
        for slug, key in named
    ]
